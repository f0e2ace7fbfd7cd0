"""Merges must end somewhere: records that were merged into each other are refused."""

from __future__ import annotations

from collections.abc import Iterable

from dealml.errors import InputError


def require_no_cycle(merges: Iterable[tuple[str, str, str]]) -> None:
    """Check merges, each a kind of record, the record that was merged, and the one that it became part of.

    Raises
    ------
    InputError
        With the kind and the whole chain of the first cycle, in the order of ids.
    """
    targets: dict[tuple[str, str], set[str]] = {}
    for kind, merged, into in merges:
        targets.setdefault((kind, merged), set()).add(into)
    finished: set[tuple[str, str]] = set()
    for start in sorted(targets):
        if chain := _cycle_from(start, targets, finished):
            raise InputError(f"record_events: the {start[0]}s {' → '.join(chain)} are merged in a circle; nothing is imported")


def _cycle_from(start: tuple[str, str], targets: dict[tuple[str, str], set[str]], finished: set[tuple[str, str]]) -> list[str]:
    """The ids of a cycle that can be reached from a record, its first one again at the end; empty where there is none."""
    kind, path = start[0], [start[1]]
    branches = [iter(sorted(targets.get(start, ())))]
    while branches:
        following = next(branches[-1], None)
        if following is None:
            finished.add((kind, path.pop()))
            branches.pop()
        elif following in path:
            return [*path[path.index(following) :], following]
        elif (kind, following) not in finished:
            path.append(following)
            branches.append(iter(sorted(targets.get((kind, following), ()))))
    return []
