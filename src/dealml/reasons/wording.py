"""Wording: the texts that reasons are made of, in one language, under a digest."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib import resources
from typing import Any

from dealml.errors import InputError
from dealml.features.definition import Feature
from dealml.features.families.definition import OTHERS
from dealml.formatting import counted_percent
from dealml.learning.encoding import HORIZON
from dealml.ledger.batches import digest_of

PLAIN_UNITS = ("text", "ratio", "place")
"""Units that say nothing behind a number."""


@dataclass(frozen=True)
class Meaning:
    """What a reason's sentence is made of."""

    text: str
    unit: str
    subject: str = ""
    """Which file of `features/` the feature stands in."""
    expect: str = ""
    actionable: bool = False


@dataclass(frozen=True)
class Wording:
    """All texts of reasons: what each feature means, and the sentences around it.

    What was said of a score can be said again word for word from this alone, whatever the
    files of texts and the docstrings of features have become.
    """

    language: str
    texts: Mapping[str, Any]
    """Sections of the language's file, as `language/en.toml` has them."""
    meanings: Mapping[str, Meaning]

    def meaning(self, feature: str) -> Meaning:
        """What a feature means; one that is not known is called by its name."""
        return self.meanings.get(feature, Meaning(feature, ""))

    def subject(self, name: str) -> str:
        """What a group of features is called."""
        return str(self.texts["subjects"].get(name, name.replace("_", " ").capitalize()))

    def say(self, section: str, key: str, **parts: object) -> str:
        """One of the texts, with its parts filled in."""
        return str(self.texts[section][key]).format(**parts)

    def sentence(self, feature: str, value: str | None) -> str:
        """A reason in words: what it is, and its value. Its effect on the probability is shown separately."""
        meaning = self.meaning(feature)
        if value is None:
            return self.say("reason", "unknown", meaning=meaning.text)
        return self.say("reason", "known", meaning=meaning.text, value=self.value(meaning.unit, value))

    def moved(self, feature: str, before: str | None, aged: str | None, value: str | None, points: float) -> str:
        """A change in words: what it is, its value then and now, and the probability points that it brought.

        Where the value is the one it had then, what the passage of time alone would have made of it (`waited`) is told instead.
        """
        meaning, unknown = self.meaning(feature), self.say("like", "unknown")
        then, alone, now = (unknown if value_then is None else self.value(meaning.unit, value_then) for value_then in (before, aged, value))
        key, other = ("moved", then) if now != then else ("kept", alone)
        return self.say("reason", key, meaning=meaning.text, value=now, other=other, points=self.points(points))

    def points(self, points: float) -> str:
        """Probability points with their sign and unit, from a share of one."""
        return f"{'−' if points < 0 else '+'}{self.value('points', f'{abs(points) * 100:.0f}')}"

    def value(self, unit: str, value: str) -> str:
        """A value with its unit; scales and texts explain themselves in the meaning."""
        if unit == "share":
            return counted_percent(float(value))
        if unit == "yes or no":
            return str(self.texts["reason"]["yes" if float(value) else "no"])
        grouped = f"{int(value):,}" if unit and value.isascii() and value.isdigit() else value
        return f"{grouped}{self._unit(unit, value)}"

    def _unit(self, unit: str, value: str) -> str:
        if forms := self.texts["units"].get(unit):
            return f" {forms[self._form(float(value))]}"
        readable = unit.replace(" ", "").isalpha() and unit not in PLAIN_UNITS
        return f" {unit}" if readable else ""

    def _form(self, number: float) -> int:
        """Which form of a unit goes with a number; a fraction takes the last one."""
        return self._plural(int(abs(number))) if number == int(number) else -1

    @cached_property
    def _plural(self) -> Callable[[int], int]:
        from gettext import c2py  # what translations of C programs use, in the standard library

        rule: Callable[[int], int] = c2py(self.texts["plural"])
        return rule

    @cached_property
    def digest(self) -> str:
        """Of all texts and meanings."""
        return digest_of(json.dumps(self.content(), sort_keys=True, ensure_ascii=False))

    def content(self) -> dict[str, Any]:
        """As plain values, from which `wording_from` makes it again."""
        return {
            "language": self.language,
            "texts": dict(self.texts),
            "meanings": {name: asdict(meaning) for name, meaning in self.meanings.items()},
        }


def wording_of(features: Sequence[Feature], language: str = "en") -> Wording:
    """The texts of a language, with what a model's features mean.

    Raises
    ------
    InputError
        When there is no such language.
    """
    texts = _texts(language)
    translated: Mapping[str, str] = texts.pop("meanings")
    meanings = {f.name: Meaning(_translated(f, translated).rstrip("."), f.unit, f.subject, f.expect, f.actionable) for f in features}
    return Wording(language, texts, meanings | {HORIZON: Meaning(texts["reason"]["horizon"], "days", "time")})


def _translated(feature: Feature, meanings: Mapping[str, str]) -> str:
    """What a feature means; the features of a family share a text with `{value}` in it, under what their names begin with."""
    if feature.value:
        value = meanings.get(feature.value, feature.value) if feature.value == OTHERS else feature.value
        return meanings.get(feature.name.partition("__")[0], "").replace("{value}", value) or feature.meaning
    return meanings.get(feature.name, feature.meaning)


def wording_from(content: Mapping[str, Any]) -> Wording:
    """The wording that `content()` told of."""
    return Wording(content["language"], content["texts"], {name: Meaning(**meaning) for name, meaning in content["meanings"].items()})


def languages() -> list[str]:
    """The languages that there are."""
    return sorted(path.name.removesuffix(".toml") for path in _folder().iterdir() if path.name.endswith(".toml"))


def _folder() -> Any:
    return resources.files("dealml.reasons").joinpath("language")


def _texts(language: str) -> dict[str, Any]:
    if language not in languages():
        raise InputError(f"company.language: {language!r} is not one of {', '.join(languages())}")
    return tomllib.loads(_folder().joinpath(f"{language}.toml").read_text(encoding="utf-8"))
