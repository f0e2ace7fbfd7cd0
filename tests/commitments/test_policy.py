"""A policy that contradicts itself is refused, by its subject and key."""

from __future__ import annotations

import pytest

from dealml import Commitment, CommitmentPolicy, InputError


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"measure": "rebate", "free": 0.1}, "commitment 'price': measure 'rebate' is none of discount, customisation"),
        ({"measure": "discount", "free": 0.4, "most": 0.1, "approver": "finance"}, "free=0.4 promises more than most=0.1 allows"),
        ({"measure": "implementation_days", "free": 20, "most": 45, "approver": "x"}, "free=20 promises more than most=45 allows"),
        ({"measure": "discount", "free": 0.1, "most": 0.4}, "more than free=0.1 needs an approval; name the approver"),
        ({"measure": "discount", "free": 0.1}, "name the approver"),
        ({"measure": "discount", "free": 0.1, "approver": "finance", "days": -1}, "days=-1 is negative"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(rule: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Commitment("price", **rule)  # type: ignore[arg-type]


def test_what_is_never_on_offer_needs_no_approver() -> None:
    assert Commitment("roadmap", "roadmap_promise", free=0, most=0).most == 0


def test_a_policy_has_one_rule_a_subject() -> None:
    price = Commitment("price", "discount", free=0.1, most=0.1)
    with pytest.raises(InputError, match="commitment 'price': there are two; a subject has one rule"):
        CommitmentPolicy((price, price))
    with pytest.raises(InputError, match="a policy needs at least one commitment"):
        CommitmentPolicy(())


def test_fewer_days_promise_more() -> None:
    days = Commitment("implementation", "implementation_days", free=45, most=20, approver="delivery")
    assert days.demands(20) > days.demands(45)
