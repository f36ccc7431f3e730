"""Under every scheme the sample shows every rule, grade, flag, outcome and reading."""

from functools import cache

import numpy as np
import pytest

from jifen_analysis.sample import synthetic
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.tables import Records

EVERYWHERE = {"exempt", "not_assessed", "corrected"}
FLAGS = {
    "branch_scorecard": {"incomplete", "part_period", "quota_tied"},
    "village_inspector": {"incomplete", "part_period"},
    "community_60_40": {
        "incomplete",
        "part_period",
        "evaluation_partial",
        "dues_undated",
        "veto",
        "forced",
        "quota_tied",
    },
    "street_80_20": {"incomplete", "part_period", "dues_undated", "veto", "forced"},
    "school_framework": {"incomplete", "part_period", "dues_undated", "veto", "forced"},
    "town_tiered": {"part_period", "dues_undated", "veto", "forced", "category_assumed"},
    "district_classified": {"incomplete", "part_period", "dues_undated", "veto", "forced"},
    "village_monthly": {"quota_tied"},
    "bureau_quarterly": {"incomplete", "part_period", "dues_undated", "quota_tied", "ballot_gap", "review"},
    "community_cadre": {"part_period", "quota_tied"},
}
NEEDS_THREE_YEARS = {("town_tiered", "persuade_withdrawal")}
"""A third failed year; two years of data cannot show it."""


@cache
def _records() -> Records:
    return Records.from_frames(synthetic())


@cache
def _assessed(scheme: str, *readings: str) -> Assessment:
    return assess(_records(), read_scheme(scheme).variant(*readings) if readings else read_scheme(scheme))


def _rules(scheme: str) -> set[tuple[str, str, str]]:
    book = read_scheme(scheme).book
    items = [(name, code, item) for name, part in book.components.items() for code, item in part.items.items()]
    return {(name, code, rule) for name, code, item in items for rule in getattr(item, "rules", {})}


@pytest.mark.parametrize("scheme", scheme_names())
def test_every_rule_prices_something(scheme: str) -> None:
    """Each rule of the scheme has a line in the ledger."""
    ledger = _assessed(scheme).ledger.query("kind in ['rule', 'forfeit'] and count > 0")
    priced = set(ledger[["component", "item", "rule"]].astype("str").itertuples(index=False, name=None))
    assert _rules(scheme) <= priced


@pytest.mark.parametrize("scheme", scheme_names())
def test_every_grade_is_held(scheme: str) -> None:
    """Somebody holds each grade of the scheme, in some period."""
    assert set(read_scheme(scheme).book.grades) <= set(_assessed(scheme).table["grade"].dropna())


@pytest.mark.parametrize("scheme", scheme_names())
def test_every_outcome_follows_for_somebody(scheme: str) -> None:
    """Each outcome of the scheme befalls somebody."""
    missing = set(read_scheme(scheme).book.outcomes) - set(_assessed(scheme).outcomes["outcome"])
    assert {(scheme, outcome) for outcome in missing} == {pair for pair in NEEDS_THREE_YEARS if pair[0] == scheme}


@pytest.mark.parametrize("scheme", scheme_names())
def test_every_flag_is_raised(scheme: str) -> None:
    """Each flag that the scheme can raise stands with somebody, and no other."""
    assert set(_assessed(scheme).flags["flag"]) == EVERYWHERE | FLAGS[scheme]


@pytest.mark.parametrize(
    ("scheme", "reading"), [(name, reading) for name in scheme_names() for reading in read_scheme(name).book.readings]
)
def test_every_reading_moves_somebody(scheme: str, reading: str) -> None:
    """Read the other way, the text gives somebody another total, grade or outcome."""
    plain, other = _assessed(scheme), _assessed(scheme, reading)
    moved = any(
        not getattr(plain, name).astype("str").equals(getattr(other, name).astype("str"))
        for name in ("table", "outcomes", "years")
    )
    assert moved


def test_totals_bunch_at_the_honour_line() -> None:
    """In the default scheme many more end just above 90 than just below."""
    totals = _assessed("community_60_40").table["total"].dropna().to_numpy()
    above, below = np.sum((totals >= 90) & (totals < 91)), np.sum((totals >= 89) & (totals < 90))
    assert above > 3 * below
