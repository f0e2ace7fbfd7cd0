"""Options that moved to a verb of their own: each is answered with the whole new command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

_FLAGS = {"--backtest", "--evidence", "--help", "--json", "--list", "--no-past", "--past", "--serve"}
"""Options of the old verbs that take no value; all others take one."""
_OVERRIDE = ("--probability", "--amount", "--currency", "--close", "--why", "--by", "--period", "--until", "--at")
"""What `dealml override DEAL` took of one deal."""


class MovedOption(NamedTuple):
    """A way to call a verb that is a verb of its own now."""

    old: str
    options: tuple[str, ...]
    """Any of these says that the call is meant for the new verb."""
    new: str
    dropped: tuple[str, ...] = ()
    """Options that the new verb does not need or never heeded."""
    renamed: Mapping[str, str] = MappingProxyType({})
    arguments: tuple[str, ...] = ()
    """Options whose values are arguments now, after all others."""
    also_old: tuple[str, ...] = ()
    """Options that ask for the old verb's own work too."""


class _Part(NamedTuple):
    """An option with its value, or an argument, whose `option` is empty."""

    option: str
    words: list[str]

    @property
    def value(self) -> str:
        """An option's value, given after it or after an equals sign."""
        return self.words[1] if len(self.words) > 1 else self.words[0].partition("=")[2]


MOVED_OPTIONS = (
    MovedOption("evaluate", ("--backtest", "--origins"), "backtest", dropped=("--backtest", "--against", "--capacity", "--version")),
    MovedOption("evaluate", ("--against", "--capacity", "--out"), "compare-baseline", renamed={"--against": "--baseline"}),
    MovedOption(
        "explain",
        ("--from", "--to", "--from-version"),
        "explain-change",
        dropped=("--as-of", "--what-if", "--evidence", "--past", "--no-past"),
    ),
    MovedOption("explain", ("--what-if",), "what-if", dropped=("--out", "--evidence", "--past", "--no-past"), arguments=("--what-if",)),
    MovedOption("explain", ("--out",), "deal-report", dropped=("--evidence", "--past", "--no-past")),
    MovedOption(
        "review",
        ("--serve", "--port"),
        "serve",
        dropped=("--serve", "--out", "--tables", "--changes", "--json"),
        renamed={"--to": "--as-of"},
        also_old=("--out", "--changes"),
    ),
    MovedOption("forecast", ("--backtest", "--period-kind", "--periods"), "forecast-backtest", dropped=("--backtest", "--period", "--out")),
    MovedOption("override", ("--import",), "override import", arguments=("--import",)),
    MovedOption("override", ("--list",), "override list", dropped=("--list", "--model")),
)
OVERRIDE_VERBS = ("add", "import", "list")


def moved(words: Sequence[str]) -> str | None:
    """What to say of a call whose option moved: the option, and the whole command to run instead; None for any other call."""
    verb, parts = (words[0], list(_parts(words[1:]))) if words else ("", [])
    if verb == "override":
        return _moved_override(parts)
    return _moved(verb, parts)


def _moved(verb: str, parts: Sequence[_Part]) -> str | None:
    for move in MOVED_OPTIONS:
        option = next((part.option for part in parts if move.old == verb and part.option in move.options), None)
        if option:
            return f"{option} moved; run: {_commands(move, parts)}"
    return None


def _moved_override(parts: Sequence[_Part]) -> str | None:
    if parts and parts[0].words[0] in OVERRIDE_VERBS:
        return None
    arguments = [part for part in parts if not part.option]
    if arguments and any(part.option in _OVERRIDE for part in parts):
        return f"override DEAL moved; run: {_command('override add', parts)}"
    return _moved("override", parts)


def _commands(move: MovedOption, parts: Sequence[_Part]) -> str:
    rest = [part for part in parts if part.option not in (*move.dropped, *move.arguments)]
    rest = [part._replace(words=_renamed(part, move.renamed)) for part in rest]
    rest += [_Part("", [part.value]) for part in parts if part.option in move.arguments]
    new = _command(move.new, rest)
    if not any(part.option in move.also_old for part in parts):
        return new
    return f"{_command(move.old, [part for part in parts if part.option not in move.options])} && {new}"


def _renamed(part: _Part, names: Mapping[str, str]) -> list[str]:
    name = names.get(part.option, part.option)
    return [word.replace(part.option, name, 1) if index == 0 else word for index, word in enumerate(part.words)]


def _command(verb: str, parts: Sequence[_Part]) -> str:
    import shlex

    return " ".join(["dealml", verb, *(shlex.quote(word) for part in parts for word in part.words)])


def _parts(words: Sequence[str]) -> Iterator[_Part]:
    rest = iter(words)
    for word in rest:
        if not word.startswith("--") or word == "--":
            yield _Part("", [word])
        elif "=" in word or word in _FLAGS:
            yield _Part(word.partition("=")[0], [word])
        else:
            yield _Part(word, [word, *[value for value in [next(rest, None)] if value is not None]])
