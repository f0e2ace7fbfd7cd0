"""Which values have features: those of the time, and of a trained model its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

import numpy as np
import pytest

from dealml.features.families.value_names import safe_name
from dealml.learning.fitted import FittedModel
from dealml.learning.view import View
from dealml.moments import as_utc64
from tests.features.families.family_fixtures import EARLY, LATE, PERSON, SPEC, START, awkward_ledger, touch, view


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return awkward_ledger(tmp_path_factory.mktemp("choices") / "ledger")


@dataclass(frozen=True)
class Served:
    families: dict[str, Any]


def served(families: dict[str, Any]) -> list[FittedModel]:
    return [cast("FittedModel", Served(families))]


def at(days: int) -> np.datetime64:
    return as_utc64(START + timedelta(days=days))


def test_a_hold_out_never_sees_what_was_frequent_later_only(ledger: Any) -> None:
    whole, then = view(ledger, days=200), view(ledger, days=144)
    late, names = f"touch_count__{safe_name((LATE, None))}", whole.served_features()
    assert late in whole.families.visible(names, at(200))
    assert late not in whole.families.visible(names, at(144))
    assert late not in then.served_features()
    # 200 and 144 days lie on the same calendar of steps.
    assert whole.families.lists_at(at(144)) == then.families.lists_at(at(144))
    assert set(whole.families.visible(names, at(144))) == set(then.families.visible(then.served_features(), at(144))) - {
        name for name in then.served_features() if "__other_" in name
    }


def test_names_of_people_and_rare_kinds_are_no_values(ledger: Any) -> None:
    values = view(ledger).families.lists_at(at(200))["touch"]
    assert not {PERSON, "rare"} & {value[0] for value in values}
    assert {(LATE, None), (LATE, "phone")} <= set(values)


def test_a_trained_model_keeps_its_list(ledger: Any) -> None:
    theirs = ((EARLY, None), ("never seen", "phone"))
    seen = view(ledger, days=180, served=served({"touch": theirs}), learns=False)
    assert set(seen.served_features()) == {"all_of_them", *touch.names(theirs)}
    table = seen.at_stake()
    count, others = table[f"touch_count__{safe_name(theirs[0])}"], table[touch.count_of_others(theirs)]
    assert (table[f"touch_count__{safe_name(theirs[1])}"] == 0).all()
    assert (count + others == table["all_of_them"]).all()


def test_two_models_with_two_lists_each_see_their_own(ledger: Any) -> None:
    one, two = ((EARLY, None),), ((EARLY, None), (LATE, None))
    seen = view(ledger, served=[*served({"touch": one}), *served({"touch": two})], learns=False)
    assert set(seen.served_features()) == {"all_of_them", *touch.names(one), *touch.names(two)}


def test_before_the_first_list_there_are_no_values(ledger: Any) -> None:
    families = view(ledger).families
    assert families.lists_at(at(-400)) == {}
    assert families.visible([feature.name for feature in families.features], at(-400)) == []


def test_a_refit_may_have_every_value_of_its_family_of_any_time(ledger: Any) -> None:
    seen = view(ledger)
    assert set(seen.families.features_of(["touch"])) == set(seen.served_features()) - {"all_of_them"}
    assert list(seen.families.features_of([])) == []


def test_a_served_model_with_families_brings_them_though_the_specification_has_none(ledger: Any) -> None:
    off, theirs = replace(SPEC, families=False), ((EARLY, None),)
    then = View.of(ledger, off, START + timedelta(days=200), served=served({"touch": theirs}))
    assert set(touch.names(theirs)) <= set(then.served_features())
    assert (LATE, None) in then.families.lists_at(at(200))["touch"], "a refit chooses anew"
    assert View.of(ledger, off, START + timedelta(days=200), served=served({})).served_features() == ["all_of_them"]
