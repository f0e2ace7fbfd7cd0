from __future__ import annotations

from dealml.evaluation.figures.beeswarm import beeswarm
from dealml.page.model_card import Card, CardSection, card_html, card_markdown

HOSTILE = "<script>alert(1)</script> | x"
CARD = Card(
    "Model card: made",
    "does not beat the baseline",
    (CardSection("Data", ("A sentence.",), ("", "n"), ((HOSTILE, "3"),)), CardSection("Limits")),
)


def test_markdown_keeps_its_cells_together() -> None:
    text = card_markdown(CARD)
    assert text.startswith("# Model card: made\n\n**does not beat the baseline**")
    assert "| &lt;script>alert(1)&lt;/script> \\| x | 3 |" in text
    assert "## Limits" in text


def test_the_page_shows_a_hostile_name_as_text_and_asks_for_nothing() -> None:
    page = card_html(CARD)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; | x" in page
    assert "script-src &#39;none&#39;" in page
    assert "http" not in page.replace("http-equiv", "")


def test_pictures_stand_in_the_page_with_their_words() -> None:
    picture = beeswarm([[0.1, -0.2], [0.3, 0.4]], [[1, 2], [3, 4]], ["depth", "silence"])
    page = card_html(CARD, [picture])
    assert 'src="data:image/svg+xml;base64,' in page
    assert page.count(picture.alt) == 2
    assert "In pictures" not in card_html(CARD)
    assert "in pictures" not in card_html(CARD)
