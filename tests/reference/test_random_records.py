"""Random records are valid, and together they touch everything the schemes read."""

import random
from collections import Counter
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from .desk import Tables
from .random_events import LEVELS, QUANTITIES
from .random_records import random_records
from .random_roster import spans
from .random_votes import FULL_MARKS
from .roster import on_roster, roster_of
from .scoring import SCHEMES, Scored, score

SEEDS = range(6)
KEYS = {
    "attendance": ("member_id", "date", "activity"),
    "dues": ("member_id", "month"),
    "ballots": ("member_id", "period"),
    "marks": ("member_id", "period", "item"),
}
ALONE = {"exempt", "not_assessed"}
FLAGS = {
    "branch_scorecard": {"incomplete", "corrected", "quota_tied"},
    "village_inspector": {"incomplete", "corrected"},
    "community_60_40": {
        "incomplete",
        "corrected",
        "evaluation_partial",
        "dues_undated",
        "veto",
        "forced",
        "quota_tied",
    },
    "street_80_20": {"incomplete", "corrected", "dues_undated", "veto", "forced"},
    "school_framework": {"incomplete", "corrected", "dues_undated", "veto", "forced"},
    "town_tiered": {"category_assumed", "dues_undated", "veto", "forced"},
    "district_classified": {"incomplete", "corrected", "dues_undated", "veto", "forced"},
    "village_monthly": {"quota_tied"},
    "bureau_quarterly": {"incomplete", "corrected", "dues_undated", "quota_tied", "ballot_gap", "review"},
    "community_cadre": {"quota_tied"},
}
OUTCOMES = {
    "branch_scorecard": {"criticism_education", "demotion", "commendation"},
    "community_60_40": {
        "notice",
        "self_criticism",
        "removal_review",
        "correction",
        "cancel_probation",
        "honour_board",
        "warning_board",
        "most_improved",
        "exemplary",
        "persuade_withdrawal",
    },
    "street_80_20": {
        "charter_review",
        "extend_probation",
        "talk",
        "re_education",
        "persuade_withdrawal",
        "commendation",
    },
    "town_tiered": {"admonition", "yellow_card"},
    "village_monthly": {"talk", "incentive"},
    "bureau_quarterly": {
        "nominate_prefecture",
        "nominate_city",
        "admonition",
        "no_awards",
        "disposition",
        "removal_review",
    },
    "community_cadre": {"reward", "talk_no_awards", "organisational_handling", "redemption"},
}


@pytest.fixture(scope="module", params=SEEDS)
def tables(request: pytest.FixtureRequest) -> dict[str, list[dict[str, Any]]]:
    """One set of random records."""
    return random_records(request.param)


def test_the_same_seed_gives_the_same_records() -> None:
    """Records are a function of their arguments, and another seed gives others."""
    assert random_records(3, members=6) == random_records(3, members=6)
    assert random_records(3, members=6) != random_records(4, members=6)


def test_records_lie_within_the_dates_of_the_roster(tables: dict[str, Any]) -> None:
    """Every dated record has a roster row of its year in force on its day."""
    for row in (*tables["attendance"], *tables["events"]):
        rows = roster_of(tables["members"], str(row["date"].year))[row["member_id"]]
        assert any((r["since"] or date.min) <= row["date"] <= (r["until"] or date.max) for r in rows)
    for row in tables["dues"]:
        assert on_roster(roster_of(tables["members"], row["month"][:4])[row["member_id"]], row["month"])


def test_no_record_repeats_another(tables: dict[str, Any]) -> None:
    """One row for each key that the tables have."""
    for name, key in KEYS.items():
        seen = Counter(tuple(row[column] for column in key) for row in tables[name])
        assert max(seen.values()) == 1


def test_roster_rows_of_a_member_do_not_overlap(tables: dict[str, Any]) -> None:
    """Two rows of a member in a year are parted by their dates."""
    rows = [(r["member_id"], r["year"], r["since"] or date.min, r["until"] or date.max) for r in tables["members"]]
    for one, two in pairwise(sorted(rows, key=str)):
        if one[:2] == two[:2]:
            assert one[3] < two[2] or two[3] < one[2]


def test_spans_never_meet() -> None:
    """A transfer's second row begins after the first has ended, on the last day of all at the latest."""
    rng = random.Random(1)
    drawn = [spans(rng, date(2023, 1, 1), date(2024, 12, 31)) for _ in range(3000)]
    parted = [(first[1], second[0]) for first, second in (span for span in drawn if len(span) == 2)]
    assert parted
    assert all(ended < begun <= date(2024, 12, 31) for ended, begun in parted if ended and begun)


def test_words_and_numbers_are_valid(tables: dict[str, Any]) -> None:
    """Levels are the event's own, marks within their span, numbers of at most 4 decimals."""
    for row in tables["events"]:
        assert row["level"] in LEVELS.get(row["event"], (None,))
        assert row["quantity"] is None or row["event"] in QUANTITIES
    assert all(0 <= row["mark"] <= FULL_MARKS[row["item"]] for row in tables["marks"])
    assert all(0 <= row["mark"] <= 100 for row in tables["evaluations"])
    numbers = [row["mark"] for row in (*tables["marks"], *tables["evaluations"])]
    numbers += [row[column] for row in tables["dues"] for column in ("due", "paid") if row[column] is not None]
    numbers += [row["points"] for row in tables["events"] if row["points"] is not None]
    assert all(number == round(number, 4) for number in numbers)


def test_every_event_occurs_with_every_level() -> None:
    """Some seed has each event, at each of its levels."""
    seen = {(row["event"], row["level"]) for seed in SEEDS for row in random_records(seed)["events"]}
    assert {(event, level) for event, levels in LEVELS.items() for level in levels} <= seen
    assert len({event for event, _ in seen}) == 46


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_state_grade_and_outcome_occurs(scheme: str) -> None:
    """The seeds together show each flag, grade and outcome; exempt and not_assessed stand alone."""
    monthly = SCHEMES[scheme].period == "month"
    results = [scored(seed, scheme) for seed in (SEEDS[:1] if monthly else SEEDS)]
    rows = [row for result in results for row in result.rows]
    assert set().union(*(row["flags"] for row in rows)) == FLAGS[scheme] | ALONE | (
        set() if monthly else {"part_period"}
    )
    assert {row["grade"] for row in rows} >= {grade for grade, _ in SCHEMES[scheme].bands}
    assert {name for result in results for *_, name in result.outcomes} == OUTCOMES.get(scheme, set())
    assert all(len(row["flags"]) == 1 for row in rows if row["flags"] & ALONE)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_order_of_records_changes_nothing(scheme: str) -> None:
    """The result of reversed tables is the same, member by member."""
    tables = random_records(11, members=16, years=(2024,), scheme=scheme)
    backwards = {name: rows[::-1] for name, rows in tables.items()}
    one, two = score(tables, scheme), score(backwards, scheme)

    def key(row: dict[str, Any]) -> tuple[str, str]:
        return row["member_id"], row["period"]

    assert sorted(one.rows, key=key) == sorted(two.rows, key=key)
    assert (one.outcomes, one.years) == (two.outcomes, two.years)


@pytest.mark.parametrize(("scheme", "reading"), [(s, r) for s in SCHEMES for r in SCHEMES[s].known_readings])
def test_every_reading_moves_somebody(scheme: str, reading: str) -> None:
    """A reading that changed no row and no outcome on any seed would not be read at all."""
    assert any(differs(scored(seed, scheme), scored(seed, scheme, reading)) for seed in SEEDS)


@cache
def drawn(seed: int, scheme: str) -> Tables:
    """Random records for a scheme."""
    return random_records(seed, members=44, scheme=scheme)


@cache
def scored(seed: int, scheme: str, *readings: str) -> Scored:
    """The same under it."""
    return score(drawn(seed, scheme), scheme, readings)


def differs(one: Scored, two: Scored) -> bool:
    """Whether two results differ in a row or an outcome."""
    return one.rows != two.rows or one.outcomes != two.outcomes
