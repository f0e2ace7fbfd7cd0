"""The draft of an honest "no": a text with its reason, which a person reads and changes. Nothing is sent."""

from __future__ import annotations

from collections.abc import Sequence

from dealml.qualification.definition import QualificationTest

_TEXTS = {
    "en": {
        "greeting": "Dear …,",
        "decision": "thank you for your time. We asked ourselves whether we are the right partner for this project, and today we are not.",
        "reasons": "What speaks against it from our side:",
        "comes_back": "Should this change, we would be glad to talk again.",
        "end": "Kind regards",
    },
    "pl": {
        "greeting": "Szanowni Państwo,",
        "decision": "dziękujemy za poświęcony czas. Zastanawialiśmy się, czy jesteśmy właściwym partnerem; dziś nim nie jesteśmy.",
        "reasons": "Co z naszej strony przemawia przeciw:",
        "comes_back": "Jeśli to się zmieni, chętnie wrócimy do rozmowy.",
        "end": "Z poważaniem",
    },
}
_POLISH = {
    "nobody who decides on the budget has taken up the project": "nikt, kto decyduje o budżecie, nie wspiera tego projektu",
    "the problem does not seem pressing enough today": "problem nie wydaje się dziś dość pilny",
    "what matters most to you is not where we are strongest": "to, co dla Państwa najważniejsze, nie jest naszą najmocniejszą stroną",
    "there is no agreed way and date for the decision yet": "nie ma jeszcze uzgodnionego trybu ani terminu decyzji",
    "what you need differs too far from what our product does well": "Państwa potrzeby zbyt odbiegają od mocnych stron naszego produktu",
    "nobody who decides on the budget takes part yet": "nikt, kto decyduje o budżecie, jeszcze nie bierze udziału",
    "the problem does not seem pressing today": "problem nie wydaje się dziś pilny",
    "there is no next step planned on your side yet": "po Państwa stronie nie ma jeszcze zaplanowanego kolejnego kroku",
    "our product is made for companies of another kind": "nasz produkt jest przeznaczony dla innego rodzaju firm",
}
"""Reasons of the tests that dealml brings; a reason that an analyst wrote stands as it is."""


def refusal(language: str, failed: Sequence[QualificationTest]) -> str:
    """The draft.

    Parameters
    ----------
    language
        That of the company, `en` or `pl`; English for others.
    failed
        The failed tests, whose reasons it gives.
    """
    texts = _TEXTS.get(language, _TEXTS["en"])
    words = [test.refusal for test in failed if test.refusal]
    reasons = [f"- {_POLISH.get(reason, reason) if language == 'pl' else reason}" for reason in words]
    lines = [texts["greeting"], "", texts["decision"], *([texts["reasons"], *reasons] if reasons else []), "", texts["comes_back"], ""]
    return "\n".join([*lines, texts["end"]])
