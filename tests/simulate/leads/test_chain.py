"""The states of leads, and what a day makes of them."""

import numpy as np

from dealml.simulate.leads.chain import (
    COLD,
    DISQUALIFIED,
    FAIR,
    LATE,
    NEW,
    QUICK,
    SLOW,
    SPELL,
    STATES,
    after,
    lead_chain,
    pack,
    unpack,
)


def _day(days: int, spell: int, answer: int, phase: int, *, touched: bool = False, answered: bool = False) -> tuple[int, ...]:
    state = pack(*(np.array([part]) for part in (days, spell, answer, phase)))
    left = after(state, np.array([phase]), np.array([touched]), np.array([answered]))
    return tuple(int(part[0]) for part in unpack(left))


def test_states_are_numbered_once():
    assert (pack(*unpack(np.arange(STATES))) == np.arange(STATES)).all()


def test_a_strong_touch_is_forgotten_after_a_month():
    assert _day(COLD - 1, 2, QUICK, NEW) == (COLD, 0, QUICK, NEW)
    assert _day(3, SPELL, QUICK, NEW, touched=True) == (0, SPELL, QUICK, NEW)
    assert _day(COLD, 0, QUICK, NEW, touched=True) == (0, 1, QUICK, NEW)


def test_waiting_decides_how_quick_an_answer_was():
    assert [_day(COLD, 0, waited, NEW, answered=True)[2] for waited in range(LATE + 1)] == [QUICK, *[FAIR] * (LATE - 1), SLOW]
    assert _day(COLD, 0, 0, NEW)[2] == 1
    assert _day(COLD, 0, LATE, NEW)[2] == LATE
    assert _day(COLD, 0, 2, DISQUALIFIED)[2] == 2


def test_only_qualified_leads_convert_and_only_answered_ones_are_qualified():
    chain, (_, _, answer, phase) = lead_chain(), unpack(np.arange(STATES))
    assert (chain.convert[:, phase != 1] == 0).all()
    assert (chain.qualify[:, answer <= LATE] == 0).all()
    assert (chain.convert + chain.drop + chain.qualify < 1).all()
