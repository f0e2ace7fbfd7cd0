"""The chain: its states, its levels and its chances."""

import numpy as np

from dealml.simulate.process import LEVELS, STATES, chain, index_of, level_of, moves, pack, unpack


def test_states_and_levels_translate_back():
    assert (pack(*unpack(np.arange(STATES))) == np.arange(STATES)).all()
    assert (level_of(index_of(np.arange(LEVELS))) == np.arange(LEVELS)).all()


def test_every_day_ends_or_moves_with_certainty():
    rules = chain()
    total = moves(rules).sum(axis=2) + rules.win + rules.lose
    np.testing.assert_allclose(total, 1, atol=1e-12)
    assert (moves(rules) >= 0).all()


def test_progress_and_fit_raise_the_chance_to_win():
    win = chain().win
    m, c, e = unpack(np.arange(STATES))
    assert (np.diff(win, axis=0) > 0).all()
    for axis in (m, c, e):
        assert np.corrcoef(axis, win[LEVELS // 2])[0, 1] > 0
    assert win[:, pack(5, 4, 1)].min() > win[:, pack(0, 0, 0)].max()


def test_milestones_are_never_lost_again():
    here, there = np.nonzero(moves(chain()).max(axis=0))
    assert (unpack(there)[0] >= unpack(here)[0]).all()
    assert (unpack(there)[2] >= unpack(here)[2]).all()
