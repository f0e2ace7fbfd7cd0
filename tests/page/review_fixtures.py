"""Reviews with every section, of any size: names, sums and reasons as a company has them; the same each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from dealml.forecast.result import BenchmarkForecast, Forecast, ForecastAccuracy, PastPeriod, Range, Recurring
from dealml.forecast.waterfall.result import CATEGORIES, DealToInspect, Move, Movement, PipelineWaterfall
from dealml.page import Reason, Review, Row
from dealml.page.review.annotations import CloseDateNote, OverrideNote
from dealml.page.review.metrics import MetricLine, RenewalLine
from dealml.period import Period
from tests.page.row_fixtures import CURVE, QUALITY

AS_OF = datetime(2026, 2, 2, 6, tzinfo=UTC)
EARLIER = datetime(2026, 1, 26, 6, tzinfo=UTC)
PERIOD = Period.parse("2026Q1")
TEAMS = ("Alps", "Benelux", "Iberia", "Nordics")
SEGMENTS = ("Enterprise", "Mid-market", "Public", "Small business")
STAGES = ("Qualified", "Discovery", "Proposal", "Negotiation", "Contract")
FIRST, LAST = ("Marta", "Priya", "Jonas", "Amélie", "Tomasz"), ("Kovač", "Shah", "Lindqvist", "Roux")
OWNERS = tuple(f"{first} {last}" for first in FIRST for last in LAST)
BUYERS = ("Northwind Logistics", "Žuti Mlin d.d.", "Halden Marine AS", "Rossi & Figli", "Øresund Energi", "Stadtwerke Fulda", "Vale SA")
THINGS = ("platform rollout", "planning for next year", "renewal and ten more seats", "pilot in two plants", "reporting for finance")
FACTS = (
    ("champion", "champion_depth", "Deepest engagement any champion has reached so far: {n} of 4", 5),
    ("activity", "days_since_meeting", "Days since the last meeting with the buyer: {n} days", 120),
    ("milestones", "milestones_reached", "Decision milestones reached so far: {n} milestones", 7),
    ("stage", "days_in_stage", "Days in the stage the deal is in now: {n} days", 200.0),
    ("competition", "competitors_named", "Competitors named in the deal so far: {n}", 4),
    ("economics", "days_since_offer", "Days since anything happened to an offer: {n} days", 90.0),
    ("economics", "amount_base", "Amount of the deal in the company's own currency: {n}", 400_000),
    ("timing", "pushes", "Times that the close date was moved to a later one: {n} times", 9),
    ("stakeholders", "people_met", "People of the buyer met in the last 90 days: {n} people", 25),
)


def rows(count: int, seed: int = 7) -> tuple[Row, ...]:
    """Open deals with six reasons each, an outlook, and a judgement for every twelfth."""
    random = Random(seed)
    return tuple(_row(number, random) for number in range(count))


def whole(count: int = 180, **changes: object) -> Review:
    """A review that has every section."""
    made = rows(count)
    plain = Review(
        "Forecast review of Adria Software", "deal_win", "7", "boosted trees", AS_OF, 90, datetime(2025, 11, 3, tzinfo=UTC),
        "sha256:9f2c1b7e", made, CURVE, QUALITY, (), "EUR",
        forecast=forecast(count), movement=movement(made), metrics=METRICS, renewals=RENEWALS,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def _row(number: int, random: Random) -> Row:
    amount = Decimal(round(random.lognormvariate(10.6, 0.9))) * 100 / 100
    probability = round(random.betavariate(1.4, 2.6), 4)
    close = AS_OF.date() + timedelta(days=random.randrange(-20, 200))
    facts = random.sample(FACTS, 6)
    found = sorted((_reason(fact, random) for fact in facts), key=lambda each: -abs(each.points))
    expected = close + timedelta(days=random.randrange(-10, 60))
    return Row(
        entity_id=f"0065E00000{number:06d}Qa",
        name=f"{random.choice(BUYERS)}, {random.choice(THINGS)} {number + 1}",
        account=random.choice(BUYERS),
        owner=random.choice(OWNERS),
        stage=random.choice(STAGES),
        segment=random.choice(SEGMENTS),
        close_date=close,
        amount=amount,
        currency="EUR",
        probability=probability,
        expected_value=(amount * Decimal(str(probability))).quantize(Decimal("0.01")),
        reasons_for=tuple(each for each in found if each.points > 0),
        reasons_against=tuple(each for each in found if each.points < 0),
        team=random.choice(TEAMS),
        close_date_note=CloseDateNote(expected, expected - timedelta(days=25), expected + timedelta(days=70), round(random.random(), 3)),
        override_note=_judged(random) if number % 12 == 0 else None,
    )


def _reason(fact: tuple[str, str, str, float], random: Random) -> Reason:
    subject, name, sentence, most = fact
    n = random.randrange(most) if isinstance(most, int) else round(random.random() * most, 1)
    return Reason(name, subject, str(n), round(random.gauss(0, 0.05), 4) or 0.01, sentence.format(n=f"{n:,}"))


def _judged(random: Random) -> OverrideNote:
    at = AS_OF - timedelta(days=random.randrange(1, 9))
    why = "The board approved the budget; legal has no open point."
    return OverrideNote("Marta Kovač", why, at, random.choice((0.2, 0.75, 0.9)), Decimal("52000"), date(2026, 3, 20))


def spread(mid: float, share: float = 0.18) -> Range:
    """A range around a middle."""
    return Range(mid * 1.02, mid * (1 - share), mid, mid * (1 + 1.25 * share))


def forecast(deals: int = 180) -> Forecast:
    """Four million and a bit, with a range that is not narrow."""
    total = Range(4_310_400.0, 3_612_000.0, 4_231_118.0, 5_087_500.0)
    bridge = (
        ("Won so far", 1_212_400.0),
        ("Open deals at their chances", 2_702_000.0),
        ("Correction learned from past periods", -118_000.0),
        ("Deals not yet created", 514_000.0),
    )
    causes = (
        ("How all deals went better or worse together in past quarters", 0.46),
        ("Three deals above €300,000", 0.31),
        ("Deals not yet created", 0.14),
        ("The luck of each deal by itself", 0.09),
    )
    rivals = (
        BenchmarkForecast("commit", "Commit", 4_730_000.0),
        BenchmarkForecast("best_case", "Best case", 6_240_000.0),
        BenchmarkForecast("stage_weighted", "Stage-weighted pipeline", 5_310_000.0),
        BenchmarkForecast("category_conversion", "Conversion by category", 4_020_000.0),
        BenchmarkForecast("run_rate", "Last period's run rate", None, "the last quarter has no won deal in another currency than USD"),
    )
    groups = {
        "team": {team: spread(share * total.p50, 0.3) for team, share in zip(TEAMS, (0.4, 0.3, 0.2, 0.1), strict=True)},
        "segment": {name: spread(share * total.p50, 0.35) for name, share in zip(SEGMENTS, (0.5, 0.25, 0.15, 0.1), strict=True)},
        "kind": {"New business": spread(3_100_000.0, 0.25), "Existing customers": spread(1_130_000.0, 0.2)},
    }
    recurring = Recurring(18_420_000.0, spread(18_900_000.0, 0.03), spread(410_000.0, 0.4), spread(890_000.0, 0.3), 1_284)
    return Forecast(
        PERIOD, AS_OF, "EUR", 1_212_400.0, deals, total, spread(2_702_000.0, 0.2), spread(514_000.0, 0.5), bridge, causes,
        groups, rivals, Range(4_390_000.0, 3_700_000.0, 4_330_000.0, 5_100_000.0), recurring, track(),
        ("3 open deals have no amount and are counted at the median of their segment.",),
    )  # fmt: skip


def track() -> ForecastAccuracy:
    """Thirteen past quarters, two of them outside."""
    random, past, period = Random(3), [], PERIOD.previous
    for number in range(13):
        mid = 3_900_000.0 - 90_000 * number
        actual = mid * (1.42 if number == 4 else 0.7 if number == 9 else random.uniform(0.88, 1.15))
        rivals = {"commit": actual * random.uniform(0.9, 1.4), "best_case": actual * 1.6, "stage_weighted": actual * random.uniform(1, 1.5)}
        rivals |= {"category_conversion": actual * random.uniform(0.8, 1.2), "run_rate": None if number > 11 else mid}
        past.append(PastPeriod(period, period.start + timedelta(days=33), spread(mid), actual, rivals))
        period = period.previous
    losses = {"model": 118e3, "commit": 244e3, "best_case": 702e3, "stage_weighted": 391e3, "category_conversion": 171e3, "run_rate": 260e3}
    return ForecastAccuracy(tuple(reversed(past)), 11 / 13, losses)


def movement(made: tuple[Row, ...], seed: int = 5) -> Movement:
    """Some deals moved under every head, so that it balances in total and for each team."""
    random = Random(seed)
    moves = tuple(_move(row, random) for row in made) + tuple(_closed(number, random) for number in range(24))
    before = dict(zip(TEAMS, (1.6e8, 1.2e8, 9e7, 5e7), strict=True))
    teams = {team: _fall([move for move in moves if move.team == team], cents) for team, cents in before.items()}
    total = PipelineWaterfall(
        sum(each.before for each in teams.values()),
        sum(each.after for each in teams.values()),
        {bar: sum(each.by_category.get(bar, 0) for each in teams.values()) for bar in CATEGORIES},
    )
    talk = tuple(_talk(row, kind, random) for kind in TALK for row in random.sample(made, min(8, len(made))))
    return Movement(PERIOD, EARLIER, AS_OF, "EUR", total, teams, moves, talk, ("4 deals were deleted in the CRM since then.",))


TALK = {
    "change": "Expected to bring €{n},000 less than a week ago: the close date was moved to June.",
    "slipping": "{n}% likely to be open still after its close date; three people of the buyer were not met for a month.",
    "stale": "Silent for {n} days; deals that were won at this stage were silent for 12 at most, nine times in ten.",
    "weak_commit": "In commit at a chance of {n}%: no economic buyer has been met.",
    "strong_omitted": "Left out of the forecast at a chance of {n}%: the offer was accepted in writing.",
}


def _talk(row: Row, kind: str, random: Random) -> DealToInspect:
    return DealToInspect(
        row.entity_id, row.name, kind, TALK[kind].format(n=random.randrange(20, 90)), random.randrange(1_000_000, 20_000_000)
    )


def _move(row: Row, random: Random) -> Move:
    bar = random.choice([bar for bar in CATEGORIES if bar not in ("won", "lost")])
    down = bar in ("lost", "pushed", "amount_down", "score_down")
    cents = round(float(row.expected_value or 0) * random.uniform(5, 40)) * (-1 if down else 1)
    before = None if bar == "new" else min(0.99, row.probability * random.uniform(0.6, 1.4))
    reasons = (FACTS[1][2].format(n=random.randrange(90)), "the close date was moved from 12 Mar 2026 to 30 Jun 2026")
    return Move(row.entity_id, row.name, row.team, bar, cents, before, row.probability, reasons)


def _closed(number: int, random: Random) -> Move:
    won = number % 2 == 0
    before = random.uniform(0.2, 0.8)
    amount = random.randrange(2_000_000, 16_000_000)
    cents = round(amount * ((1.0 if won else 0.0) - before))
    name = f"{random.choice(BUYERS)}, {random.choice(THINGS)} {9000 + number}"
    return Move(f"closed{number}", name, random.choice(TEAMS), "won" if won else "lost", cents, before, None, ("closed on 29 Jan 2026",))


def _fall(moves: list[Move], before: float) -> PipelineWaterfall:
    bars = {bar: sum(move.cents for move in moves if move.category == bar) for bar in CATEGORIES}
    return PipelineWaterfall(int(before), int(before) + sum(bars.values()), bars)


VELOCITY = "qualified × conversion × average size ÷ cycle length"
METRICS = (
    MetricLine("Win rate", "percent", "27%", "", (0.24, 0.26, 0.25, None, 0.29, 0.27), "won ÷ (won + lost)", 0.27),
    MetricLine("Pipeline velocity", "EUR a day", "€20,000 a day", "", (15e3, 17e3, 16e3, 19e3, 18e3, 20e3), VELOCITY, 20e3),
    MetricLine("Average deal size", "EUR", "€41,300", "", (38e3, 39e3, 43e3, 42e3, 40e3, 41.3e3), "won amount ÷ won deals", 41.3e3),
    MetricLine("Sales cycle length", "days", "84 days", "", (96, 92, 88, 90, 86, 84), "mean days from creation to won", 84),
    MetricLine("Pipeline coverage", "times", "3.1 times", "", (2.6, 2.9, 3.3, 3.0, 2.8, 3.1), "open amount ÷ missing quota", 3.1),
    MetricLine("Churn rate", "percent", "6%", "", (0.05, 0.05, 0.06, 0.06, 0.07, 0.06), "lost customers ÷ customers at the start", 0.06),
    MetricLine("CAC payback", "months", "", "costs of sales are not imported", (), "cost of winning a customer ÷ its monthly margin"),
    MetricLine("NPS", "points", "38 points", "", (38.0,), "share of promoters − share of detractors", 38),
)  # fmt: skip

ENDING = ((2, 31, 512_000, 9), (3, 44, 730_500, 14), (4, 28, 401_000, 6), (5, 39, 622_000, 7), (6, 52, 1_120_000, 11), (7, 18, 240_000, 5))
RENEWALS = tuple(
    RenewalLine(date(2026, month, 1), accounts, Decimal(arr), Decimal(arr) * share / 100) for month, accounts, arr, share in ENDING
)
