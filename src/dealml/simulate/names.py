"""Names of companies, people and deals in Polish, Croatian, Hebrew and English."""

from __future__ import annotations

import numpy as np

from dealml.simulate.clock import Array

LANGUAGE = {"PL": "pl", "HR": "hr", "IL": "he", "DE": "en", "GB": "en", "IE": "en", "US": "en", "NL": "en"}
"""Language of a country's names."""

_COMPANY = {
    "pl": (
        ["Żółta", "Śnieżna", "Dębowa", "Źródlana", "Nadwiślańska", "Łąkowa", "Święta", "Górna"],
        ["Przędza", "Łódź", "Huta", "Przystań", "Spółdzielnia", "Mleczarnia", "Fabryka", "Żegluga", "Gęś"],
        ["Sp. z o.o.", "S.A."],
    ),
    "hr": (
        ["Čvrsti", "Žuti", "Šumski", "Ćudljivi", "Jadranski", "Tiskarski", "Đakovački", "Lički"],
        ["Most", "Mlin", "Kamen", "Val", "Dućan", "Podrum", "Kolodvor", "Ključ"],
        ["d.o.o.", "d.d."],
    ),
    "he": (
        ["מגדל", "גשר", "נמל", "שדה", "אור", "מעיין", "כוכב", "יער"],
        ["הצפון", "הכרמל", "הגליל", "החוף", "הארז", "השחר", "הזית", "הנגב"],
        ["בע״מ", "ושות׳"],
    ),
    "en": (
        ["Harbour", "Oak", "Bright", "Stone", "Blue", "North", "River", "Silver", "Copper", "Red"],
        ["Mills", "Foods", "Freight", "Works", "Clinics", "Stores", "Press", "Castings", "Farms"],
        ["Ltd", "Holdings, Inc.", "& Sons", "plc"],
    ),
}

_PERSON = {
    "pl": (["Łucja", "Stanisław", "Żaneta", "Michał", "Agnieszka"], ["Wiśniewski", "Dąbrowska", "Zając", "Błaszczyk"]),
    "hr": (["Željko", "Mirjana", "Šime", "Đurđica", "Antun"], ["Kovačić", "Božić", "Perišić", "Jurčević"]),
    "he": (["יעל", "דוד", "נועה", "איתן", "שירה"], ["כהן", "מזרחי", "אברהם", "פרידמן"]),
    "en": (["Harriet", "Owen", "Priya", "Marcus", "Elaine"], ["Fletcher", "O'Neill", "Shah", "Whitlock"]),
}

_PLAN = {
    "pl": ["Wdrożenie raportowania", "Nowa księga danych", "Rozszerzenie licencji", "Porządek w źródłach"],
    "hr": ["Uvođenje izvještavanja", "Čišćenje podataka", "Proširenje licenci", "Planiranje za iduću godinu"],
    "he": ["הטמעת דוחות", "איחוד נתונים", "הרחבת רישיונות", "תכנון שנתי"],
    "en": ["Reporting rollout", "One source of data", "More licences", "Planning for next year"],
}

OWNERS = (
    "Anna Nowak", "Łukasz Wójcik", "Małgorzata Zielińska", "Piotr Żak", "Ivana Horvat", "Čedomir Šarić",
    "Marija Đurić", "Tomislav Babić", "נעמה לוי", "אורי ברק", "תמר שגב", "Grace Ellery", "Tom Hargreaves",
    "Sinead Doyle", "Victor Mensah", "Rachel Lindqvist", "Jakub Król", "Petra Vuković", "Dana Peretz", "Hugh Carrow",
)  # fmt: skip
RENAMED = {0: "Anna Nowak-Lis", 4: "Ivana Horvat Marić", 11: "Grace Ellery-Stone"}
"""The later names of the owners who changed theirs."""

HOSTILE = "Rollout <script>alert(1)</script> & partners"
"""The name of one deal: text that a report must escape."""


def company_names(rng: np.random.Generator, country: Array) -> Array:
    """A company name for each country code, in the country's language and script."""
    return _joined(rng, country, {k: list(v) for k, v in _COMPANY.items()})


def person_names(rng: np.random.Generator, country: Array) -> Array:
    """A person's name for each country code."""
    return _joined(rng, country, {k: list(v) for k, v in _PERSON.items()})


def deal_names(rng: np.random.Generator, country: Array, company: Array) -> Array:
    """What the salesperson calls the deal: the plan and the company."""
    plans = _joined(rng, country, {k: [v] for k, v in _PLAN.items()})
    return np.array([f"{plan} – {name}" for plan, name in zip(plans, company, strict=True)], dtype=object)


def _joined(rng: np.random.Generator, country: Array, words: dict[str, list[list[str]]]) -> Array:
    draws = rng.integers(0, 2**31, (len(country), 3))
    return np.array(
        [
            " ".join(options[draw % len(options)] for options, draw in zip(words[LANGUAGE[code]], row, strict=False))
            for code, row in zip(country, draws, strict=True)
        ],
        dtype=object,
    )
