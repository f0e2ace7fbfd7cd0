"""A chain of merges ends somewhere."""

import pytest

from dealml.errors import InputError
from dealml.importing.identity.lives.merge_cycles import require_no_cycle


def test_chains_and_two_records_merged_into_one_are_no_circle() -> None:
    require_no_cycle([("deal", "a", "b"), ("deal", "b", "c"), ("deal", "d", "c"), ("account", "c", "a")])


def test_a_long_circle_is_named_whole() -> None:
    with pytest.raises(InputError, match="the deals b → c → d → b are merged"):
        require_no_cycle([("deal", "a", "b"), ("deal", "b", "c"), ("deal", "c", "d"), ("deal", "d", "b")])


def test_a_chain_may_be_longer_than_the_stack_is_deep() -> None:
    require_no_cycle([("deal", f"{n:05}", f"{n + 1:05}") for n in range(5000)])
