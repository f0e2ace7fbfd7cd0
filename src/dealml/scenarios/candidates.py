"""Candidate rules: every combination of a few values that enough closed deals share, and sums over the deals of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Subset:
    """The rules over one subset of the columns."""

    columns: tuple[int, ...]
    cells: npt.NDArray[np.int32]
    """The rule that each deal matches, or the number of rules where it matches none."""
    values: Codes
    """The code of each column's value, one row a rule."""


@dataclass(frozen=True)
class Candidates:
    """Rules, each a conjunction of values of different columns.

    Rules are numbered: those with fewer conditions come first.
    """

    subsets: tuple[_Subset, ...]
    deals: int

    @classmethod
    def of(cls, codes: Codes, fewest_deals: int, most_conditions: int) -> Candidates:
        """Every rule that holds for enough deals, but not for all.

        Parameters
        ----------
        codes : array (n, k)
            The values of n deals in k columns, from 0; -1 where a value is missing, which no rule matches.
        fewest_deals
            How many deals a rule needs.
        most_conditions
            How many columns a rule may combine.
        """
        columns = range(codes.shape[1])
        sizes = range(1, min(most_conditions, codes.shape[1]) + 1)
        subsets = [_subset(codes, chosen, fewest_deals) for size in sizes for chosen in combinations(columns, size)]
        return cls(tuple(subset for subset in subsets if len(subset.values)), len(codes))

    def __len__(self) -> int:
        """Number of rules."""
        return sum(len(subset.values) for subset in self.subsets)

    def sums(self, weights: Floats) -> Floats:
        """The sums of weights over the deals of each rule.

        Parameters
        ----------
        weights : array (n,) or (n, m)
            One or several weights of each deal.

        Returns
        -------
        array (rules,) or (rules, m)
        """
        return np.asarray(self._members @ weights)

    def sampled(self, deals: Codes) -> Candidates:
        """The same rules over some of the deals, named by their places."""
        return Candidates(tuple(replace(subset, cells=subset.cells[deals]) for subset in self.subsets), len(deals))

    @cached_property
    def _members(self) -> csr_array:
        """Which deals each rule matches: a sparse matrix (rules, n) of ones."""
        from scipy.sparse import csr_array  # takes a while to import

        rows, columns, first = [], [], 0
        for subset in self.subsets:
            (matched,) = np.nonzero(subset.cells < len(subset.values))
            rows.append(subset.cells[matched] + first)
            columns.append(matched)
            first += len(subset.values)
        places = (np.concatenate(rows), np.concatenate(columns)) if rows else (np.zeros(0, int), np.zeros(0, int))
        return csr_array((np.ones(len(places[0])), places), shape=(len(self), self.deals))

    def conditions(self, rule: int) -> tuple[tuple[int, int], ...]:
        """The columns of a rule and the code of the value that each must have."""
        subset, row = self._at(rule)
        return tuple(zip(subset.columns, subset.values[row].tolist(), strict=True))

    def matches(self, rule: int) -> Flags:
        """Which deals a rule matches: array (n,)."""
        subset, row = self._at(rule)
        return np.asarray(subset.cells == row)

    def lengths(self) -> Codes:
        """The number of conditions of each rule: array (rules,)."""
        return np.concatenate([np.full(len(s.values), len(s.columns)) for s in self.subsets] or [np.zeros(0, int)])

    def _at(self, rule: int) -> tuple[_Subset, int]:
        for subset in self.subsets:
            if rule < len(subset.values):
                return subset, rule
            rule -= len(subset.values)
        raise IndexError(rule)


def _subset(codes: Codes, columns: tuple[int, ...], fewest_deals: int) -> _Subset:
    values = codes[:, columns]
    complete = (values >= 0).all(axis=1)
    sizes = values.max(axis=0, initial=0) + 1
    cells = np.ravel_multi_index(tuple(np.maximum(values, 0).T), tuple(sizes))
    counts = np.bincount(cells[complete], minlength=int(np.prod(sizes)))
    # A rule that holds for every deal tells nothing.
    chosen = np.flatnonzero((counts >= fewest_deals) & (counts < len(codes)))
    number = np.full(len(counts), len(chosen), np.int32)
    number[chosen] = np.arange(len(chosen))
    rows = np.where(complete, number[cells], len(chosen)).astype(np.int32)
    return _Subset(columns, rows, np.stack(np.unravel_index(chosen, tuple(sizes)), axis=1))
