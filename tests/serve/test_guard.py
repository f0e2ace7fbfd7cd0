"""Who is let in."""

import pytest

from dealml.serve.guard import new_token, refusal

HEADERS = {"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000"}


def refused(given: str = "secret", *, sent: bool = True, **headers: str | None) -> str | None:
    kept = {name: value for name, value in (HEADERS | headers).items() if value is not None}
    return refusal(kept, 8000, given, "secret", sent=sent)


def test_the_page_itself_may() -> None:
    assert refused() is None
    assert refused(host="localhost:8000", origin="http://localhost:8000") is None
    assert refused(origin=None, sent=False) is None


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1", "127.0.0.1:8001", "127.0.0.1:8000.evil.example", "", None]
)
@pytest.mark.parametrize("sent", [True, False])
def test_a_name_that_only_points_here_may_not(host: str | None, sent: bool) -> None:
    assert refused(host=host, sent=sent) == "this page is served to this machine under its own name alone"


@pytest.mark.parametrize("given", ["", "secre", "secrets", "SECRET", "sécret"])
@pytest.mark.parametrize("sent", [True, False])
def test_without_the_secret_nothing_is_shown_or_taken(given: str, sent: bool) -> None:
    assert refused(given, sent=sent) == "open the address that the command printed"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:8000", "http://127.0.0.1", "", None])
def test_a_form_of_another_site_may_not(origin: str | None) -> None:
    assert refused(origin=origin) == "judgements are taken from the page itself alone"


def test_secrets_are_long_and_never_the_same() -> None:
    made = {new_token() for _ in range(100)}
    assert len(made) == 100
    assert min(map(len, made)) >= 32
