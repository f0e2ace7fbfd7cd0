"""Names in the language and script of each country."""

import numpy as np

from dealml.simulate.names import LANGUAGE, OWNERS, RENAMED, company_names, deal_names, person_names

COUNTRIES = np.array(sorted(LANGUAGE) * 5, dtype=object)


def test_hebrew_names_stand_in_israel_alone() -> None:
    for names in (company_names(np.random.default_rng(1), COUNTRIES), person_names(np.random.default_rng(1), COUNTRIES)):
        is_hebrew = np.array([any("\u0590" <= letter <= "\u05ff" for letter in name) for name in names])
        assert (is_hebrew == (COUNTRIES == "IL")).all()


def test_a_deal_is_called_by_its_plan_and_company() -> None:
    companies = company_names(np.random.default_rng(1), COUNTRIES)
    names = deal_names(np.random.default_rng(2), COUNTRIES, companies)
    assert all(name.endswith(f" – {company}") for name, company in zip(names, companies, strict=True))


def test_owners_who_change_their_name_keep_the_first() -> None:
    assert all(later.split()[0] == OWNERS[number].split()[0] and later != OWNERS[number] for number, later in RENAMED.items())
