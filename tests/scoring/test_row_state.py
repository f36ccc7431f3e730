"""What is known of rows: values compared as whole millionths, and blocks of rows that know the same."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.schemes.model import Condition, Decision
from jifen_analysis.scoring import roster
from jifen_analysis.scoring.row_state import (
    RowState,
    Years,
    below_mean,
    decision_holds,
    grade_matches,
    holds,
    holds_in_year,
    in_a_row,
    longest_run,
    millionths,
    ratio,
    running_sums,
    within_bounds,
)
from jifen_analysis.tables.records import Records
from tests.builders import facts_of, part, records, scheme

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (89.9999995, 90_000_000),
        (89.9999994, 89_999_999),
        (77.0328125, 77_032_812),
        (-0.5, -500_000),
        (0.1 + 0.2, 300_000),
    ],
)
def test_totals_are_compared_as_millionths(value: float, whole: int) -> None:
    """Six decimals, halves to the even neighbour."""
    assert millionths(np.array([value])).tolist() == [whole]


@given(st.permutations(["0.3", "0.01875", "15.984375", "60.7296875"]))
def test_the_order_of_adding_does_not_move_a_half(parts: list[str]) -> None:
    """The exact sum ends in a half millionth; whichever way floats add up to it, it is rounded alike."""
    exact = sum(map(Fraction, parts), Fraction(0)) * 10**6
    assert exact.denominator == 2
    assert millionths(np.array([sum(map(float, parts))])).tolist() == [round(exact)]


HALVES = """
period = "half"
[measures.absent]
count = [{ from = "attendance", where = { status = "absent" } }]
[components.base.items.base]
start = 10
"""


def test_a_block_knows_what_the_whole_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut between members, every block has its rows' sums, measures, branches and rows before."""
    monkeypatch.setattr(roster, "BLOCK", 3)
    members = [["1..5", "甲"], ["6", "乙", {"since": "2024-08-01"}]]
    days = [[str(at), f"2024-{at + 5:02d}-01", "lecture", "absent"] for at in range(1, 7)]
    facts = facts_of(records(members=members, attendance=days), scheme(HALVES))
    assert [(cut.start, cut.stop) for cut in facts.roster.cuts] == [(0, 2), (2, 6), (6, 8), (8, len(facts.roster))]
    for some in facts.roster.cuts:
        block = facts.block(some)
        assert np.array_equal(block.values["absent"], facts.values["absent"][some], equal_nan=True)
        assert [block.sums[query].tolist() for query in facts.sums] == [
            facts.sums[q][some].tolist() for q in facts.sums
        ]
        assert block.roster.facts.equals(facts.roster.facts[some].reset_index(drop=True))
        before = facts.roster.before[some]
        assert block.roster.before.tolist() == np.where(before < 0, -1, before - some.start).tolist()


# ---------------------------------------------------------------- conditions, and measures


def condition(text: str) -> Condition:
    """A condition as a file writes it."""
    return part(Condition, text)


# ---------------------------------------------------------------- on arrays


def test_in_a_row_needs_every_period_before() -> None:
    """It stands in the last of the periods; a period that is missing breaks the row."""
    now, before = np.array([True, True, True, True]), np.array([-1, 0, 1, -1])
    assert in_a_row(now, before, 2).tolist() == [False, True, True, False]
    assert in_a_row(now, before, 3).tolist() == [False, False, True, False]
    assert in_a_row(np.array([True, False, True, True]), before, 2).tolist() == [False] * 4


def test_running_sums_begin_anew_with_each_member() -> None:
    """Members 0 and 2; member 1 has no rows."""
    assert running_sums(np.array([1, 0, 2, 5, 1]), np.array([0, 0, 0, 2, 2])).tolist() == [1, 1, 3, 5, 6]
    assert running_sums(np.zeros(0, int), np.zeros(0, int)).tolist() == []


@pytest.mark.parametrize(
    ("bounds", "held"),
    [
        ("at_least = 60", [False, True, True, False]),
        ("above = 60", [False, False, True, False]),
        ("at_most = 60", [True, True, False, False]),
        ("below = 60", [True, False, False, False]),
        ("above = 50, below = 60", [True, False, False, False]),
    ],
)
def test_bounds_are_met_to_six_decimals(bounds: str, held: list[bool]) -> None:
    """59.9999996 is 60; a missing value meets no bound, not even below."""
    values = np.array([59.999999, 59.9999996, 60.000001, NAN])
    assert within_bounds(values, condition(f'measure = "total", {bounds}')).tolist() == held


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ('in = "合格"', [True, False, False]),
        ('not_in = "合格"', [False, True, False]),
        ('in = ["合格", "优秀"]', [True, True, False]),
    ],
)
def test_without_a_grade_no_grade_is_asked_for(asked: str, held: list[bool]) -> None:
    """Neither in nor not_in holds for one without a grade."""
    assert grade_matches(np.array(["合格", "优秀", ""]), condition(f'measure = "grade", {asked}')).tolist() == held


def test_the_mean_of_a_group_is_exact() -> None:
    """Three totals of 0.1 are not below their own mean; who is not counted is compared all the same."""
    total = np.array([0.1, 0.1, 0.1, 0.05, NAN, 3.0, 1.0])
    group, counted = np.array([0, 0, 0, 0, 0, 1, 1]), np.array([True, True, True, False, True, True, True])
    assert below_mean(total, group, counted).tolist() == [False, False, False, True, False, False, True]


def test_a_decision_wants_all_of_all_and_one_of_any() -> None:
    """Where any is empty, all alone decides."""
    truths = {"for": np.array([True, True, False]), "from": np.array([True, False, True])}

    def told(one: Condition) -> np.ndarray:
        return truths["for" if one.who else "from"]

    who, what = 'all = [{ for = { post = "none" } }]', 'any = [{ from = "dues" }, { for = { stage = "full" } }]'
    assert decision_holds(part(Decision, who), told, 3).tolist() == [True, True, False]
    assert decision_holds(part(Decision, what), told, 3).tolist() == [True, True, True]
    assert decision_holds(part(Decision, f'{who}, any = [{{ from = "dues" }}]'), told, 3).tolist() == [
        True,
        False,
        False,
    ]


# ---------------------------------------------------------------- on records

ASKING = """
period = "half"
[measures.complaints]
count = [
    { from = "events", where = { event = "complaint" } },
    { from = "events", where = { event = "superior_criticism" } },
]
[components.base.items.base]
start = 10
[grades."不合格"]
[forced.silent]
all = [{ from = "events", where = { event = "report_missed" }, in_a_row = 2, per = "quarter" }]
[outcomes.any_complaint]
any = [{ from = "events", where = { event = "complaint" } }]
"""


def asked_facts(given: Records) -> RowState:
    """Facts of some records under a scheme that asks for what happened."""
    return facts_of(given, scheme(ASKING))


def test_records_that_exist_satisfy_a_condition() -> None:
    """Without a bound one record is enough; with one, as many as it says."""
    events = [["1", "2024-02-01", "complaint"], ["1", "2024-03-01", "complaint"], ["2", "2024-03-01", "complaint"]]
    facts = asked_facts(records(members=[["1..3", "甲"]], events=events))
    asked = 'from = "events", where = { event = "complaint" }'
    assert holds(condition(asked), facts).tolist() == [True, True, False]
    assert holds(condition(f"{asked}, at_least = 2"), facts).tolist() == [True, False, False]
    assert holds(condition(f"{asked}, at_most = 1"), facts).tolist() == [False, True, True]


@pytest.mark.parametrize(("days", "held"), [("03-31 04-01", True), ("01-01 03-31", False), ("01-01 06-30", True)])
def test_two_quarters_in_a_row(days: str, held: bool) -> None:
    """Two reports missed in one quarter are one quarter."""
    events = [["1", f"2024-{day}", "report_missed"] for day in days.split()]
    facts = asked_facts(records(members=[["1", "甲"]], events=events))
    silent = condition('from = "events", where = { event = "report_missed" }, in_a_row = 2, per = "quarter"')
    assert holds(silent, facts).tolist() == [held]


def years_of_complaints(*days: str) -> RowState:
    """Complaints of a member over several halves."""
    return asked_facts(records(members=[["1", "甲"]], events=[["1", day, "complaint"] for day in days]))


def test_the_first_the_second_the_third_time() -> None:
    """Counted in the periods in which it holds, whether or not these follow each other."""
    facts = years_of_complaints("2023-02-01", "2023-03-01", "2024-02-01", "2024-08-01")
    found = [
        holds(condition(f'from = "events", where = {{ event = "complaint" }}, nth = {n}'), facts).tolist()
        for n in (1, 2, 3)
    ]
    assert found == [[True, False, False], [False, True, False], [False, False, True]]


def test_over_the_data_counts_what_came_before() -> None:
    """The second complaint of all stands in its own period, and the third as well; a period without one in none."""
    facts = years_of_complaints("2023-02-01", "2023-08-01", "2024-08-01")
    facts = replace(facts, stands={"any_complaint": np.ones(3, bool)})
    twice = condition('from = "events", where = { event = "complaint" }, at_least = 2, over = "data"')
    assert holds(twice, facts).tolist() == [False, True, True]
    assert holds(condition('outcome = "any_complaint"'), facts).tolist() == [True] * 3


# ---------------------------------------------------------------- in a year


def year_facts(total: list[float], grade: list[str]) -> Years:
    """Three halves of 2023 and 2024 of one member: facts with totals and grades, years with their own."""
    facts = years_of_complaints("2023-08-01", "2024-02-01", "2024-03-01", "2024-08-01")
    facts = replace(facts.with_values(total=np.array(total)), grade=np.array(grade, dtype=object))
    return Years(
        facts, np.array([80.0, 95.0]), np.array(["合格", "优秀"], dtype=object), {"praised": np.array([False, True])}
    )


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ('measure = "total", at_least = 90', [False, True]),
        ('measure = "grade", in = "优秀"', [False, True]),
        ('outcome = "praised"', [False, True]),
        ('for = { post = "none" }', [True, True]),
        ('from = "events", where = { event = "complaint" }, at_least = 3', [False, True]),
        ('from = "events", where = { event = "complaint" }, at_least = 4, over = "data"', [False, True]),
        ('measure = "complaints", at_most = 1', [True, False]),
        ('measure = "total", at_least = 90, in_a_row = 2', [False, True]),
        ('measure = "grade", in = "不合格", in_a_row = 2', [False, False]),
    ],
)
def test_conditions_of_a_year(asked: str, held: list[bool]) -> None:
    """The year's own total, grade and outcomes; records added up; two halves of the same year in a row."""
    years = year_facts([95, 92, 91], ["不合格", "不合格", "优秀"])
    assert holds_in_year(condition(asked), years).tolist() == held


# ---------------------------------------------------------------- measures


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
