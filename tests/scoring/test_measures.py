"""Measures of a member: counts, shares, and the longest runs of months."""

import numpy as np
import pytest

from jifen_analysis.scoring.measures import longest_run, ratio
from jifen_analysis.scoring.row_state import RowState
from jifen_analysis.tables.records import Records
from tests.builders import facts_of, records, scheme

NAN = float("nan")

MEASURES = """
period = "half"
[measures.rate]
share.part = [{ from = "attendance", where = { status = "attended" } }]
share.whole = [{ from = "attendance", except = { status = "excused" } }]
[measures.complaints]
count = [
    { from = "events", where = { event = "complaint" } },
    { from = "events", where = { event = "superior_criticism" } },
]
[measures.away.longest_run]
given_branch = [{ from = "attendance", where = { activity = "organisation_life" } }]
none_of = [{ from = "attendance", where = { activity = "organisation_life", status = "attended" } }]
[measures.unpaid.longest_run]
any_of = [{ from = "dues", where = { state = "unpaid" } }]
[components.base.items.base]
start = 10
[grades."不合格"]
"""


def measured_facts(given: Records) -> RowState:
    """Facts of some records under a scheme that measures everything."""
    return facts_of(given, scheme(MEASURES))


def lectures(*days: str, status: str = "present", member: str = "1") -> list[object]:
    """Attendance at lectures."""
    return [[member, f"2024-{day}", "lecture", status] for day in days]


def test_nothing_can_be_divided_by_nothing() -> None:
    """A rate without any row is missing, not 0."""
    assert ratio(np.array([3, 0]), np.array([4, 0])).tolist() == pytest.approx([0.75, NAN], nan_ok=True)


@pytest.mark.parametrize(
    ("months", "run"), [("000000", 0), ("110111", 3), ("111111", 6), ("100000", 1), ("011110", 4), ("101010", 1)]
)
def test_the_longest_run(months: str, run: int) -> None:
    """A month that does not hold breaks it."""
    assert longest_run(np.array([[month == "1" for month in months]])).tolist() == [run]


def test_shares_and_counts() -> None:
    """Two of three attended, the excused row aside; complaints of two kinds are counted together."""
    facts = measured_facts(
        records(
            members=[["1", "甲"], ["2", "甲"]],
            attendance=[
                *lectures("01-01", "01-02"),
                *lectures("02-01", status="absent"),
                *lectures("02-02", status="excused"),
            ],
            events=[["1", "2024-01-01", "complaint"], ["1", "2024-01-01", "superior_criticism"]],
        )
    )
    assert facts.values["rate"].tolist() == pytest.approx([2 / 3, NAN], nan_ok=True)
    assert facts.values["complaints"].tolist() == [2, 0]


def test_a_run_of_absence_needs_the_branch_to_meet() -> None:
    """Months in which nobody of the own branch met break the run; so does the month before one joined."""
    met = lectures("01-09", "02-09", "03-09", "05-09", "06-09", member="2")
    members = [["1", "甲"], ["2", "甲"], ["3", "乙"], ["4", "甲", {"since": "2024-02-20"}]]
    facts = measured_facts(records(members=members, attendance=met))
    assert facts.values["away"].tolist() == [3, 0, 0, 2]


@pytest.mark.parametrize(
    ("broken", "run"),
    [([], 6), ([["1", "2024-03", 0]], 3), ([["1", "2024-03", 10, 5]], 3), ([["1", "2024-06", 10, 10]], 5)],
)
def test_a_month_that_owes_nothing_breaks_a_run(broken: list[object], run: int) -> None:
    """So does a short month, or one settled without a date."""
    months = {f"2024-0{month}" for month in range(1, 7)} - {row[1] for row in broken}
    facts = measured_facts(records(members=[["1", "甲"]], dues=[*broken, *(["1", month, 10] for month in months)]))
    assert facts.values["unpaid"].tolist() == [run]


def test_a_month_without_a_row_breaks_a_run() -> None:
    """What nobody recorded is neither paid nor unpaid."""
    dues = [["1", f"2024-0{month}", 10] for month in (1, 2, 4, 5, 6)]
    assert measured_facts(records(members=[["1", "甲"]], dues=dues)).values["unpaid"].tolist() == [3]


def test_shares_of_a_year_are_shares_of_its_records() -> None:
    """One of one and one of three attended are two of four, not the mean of the halves."""
    rows = [*lectures("01-01", "08-01"), *lectures("08-02", "08-03", status="absent")]
    facts = measured_facts(records(members=[["1", "甲"]], attendance=rows))
    assert facts.values["rate"].tolist() == pytest.approx([1, 1 / 3])
    assert facts.values["year.rate"].tolist() == [0.5, 0.5]


def test_the_run_of_a_year_is_the_longest_of_its_periods() -> None:
    """Runs over the end of a half are not seen."""
    dues = [["1", f"2024-{month:02d}", 10] for month in (3, 4, 5, 6, 7, 8)]
    facts = measured_facts(records(members=[["1", "甲"]], dues=dues))
    assert (facts.values["unpaid"].tolist(), facts.values["year.unpaid"].tolist()) == ([4, 2], [4, 4])
