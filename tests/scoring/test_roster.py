"""Rows: who is on the roster of a period, in which branch, for which months, described how."""

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.periods import Period
from jifen_analysis.schemes.model import Who
from jifen_analysis.scoring.arrays import member_codes
from jifen_analysis.scoring.roster import (
    Roster,
    build_roster,
    enrol,
    scored_periods,
)
from tests.builders import records, scheme

ONE_ITEM = "components.base.items.base = { start = 10 }"


def rows_of(*members: list[object], periods: str = "2024", item: str = ONE_ITEM) -> Roster:
    """Rows of some members in some periods, under a scheme that may have categories and a population."""
    given = records(members=list(members))
    listed = [Period.parse(period) for period in periods.split()]
    return enrol(build_roster(given, listed), scheme(item).book)


def who(**columns: object) -> Who:
    """Members as a scheme file describes them."""
    return Who.model_validate(columns)


# ---------------------------------------------------------------- who has a row


def test_everyone_of_the_year_has_a_row() -> None:
    """Without a year a member is on every roster; with one, only on that year's."""
    rows = rows_of(["2", "甲"], ["1", "甲", {"year": 2023}], periods="2023H1 2024H1")
    assert [(rows.ids[m], str(rows.periods[p])) for m, p in zip(rows.member, rows.period, strict=True)] == [
        ("1", "2023H1"),
        ("2", "2023H1"),
        ("2", "2024H1"),
    ]


def test_rows_do_not_depend_on_the_order_of_the_roster() -> None:
    """The same members in another order make the same rows."""
    listed = [["2", "甲"], ["1", "乙", {"year": 2024}], ["3", "丙", {"since": "2024-05-01"}]]
    one, two = rows_of(*listed), rows_of(*reversed(listed))
    pd.testing.assert_frame_equal(one.facts, two.facts)
    assert one.member.tolist() == two.member.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (None, None, "111111"),
        ("2024-03-31", None, "001111"),
        ("2024-01-01", "2024-02-01", "110000"),
        ("2019-07-01", "2024-05-31", "111110"),
        ("2024-07-01", None, "000000"),
        (None, "2023-12-31", "000000"),
    ],
)
def test_a_month_touched_is_wholly_assessed(since: str | None, until: str | None, months: str) -> None:
    """One day on the roster makes the whole month count; no day of the period leaves nothing to assess."""
    rows = rows_of(["1", "甲", {"since": since, "until": until}], periods="2024H1")
    assert "".join(str(int(month)) for month in rows.months[0]) == months
    assert rows.assessed[0] == ("1" in months)
    assert rows.part[0] == (0 < months.count("1") < 6)


@pytest.mark.parametrize(("period", "branch"), [("2024Q1", "甲"), ("2024Q2", "乙"), ("2024Q3", "乙"), ("2024Q4", "乙")])
def test_a_transfer_counts_for_the_branch_of_the_last_day(period: str, branch: str) -> None:
    """Moved on 20 June and gone on 31 July: the row on the last day speaks, or the last one before it."""
    before, after = {"until": "2024-06-19"}, {"since": "2024-06-20", "until": "2024-07-31"}
    rows = rows_of(["1", "乙", after], ["1", "甲", before], periods=period)
    assert rows.facts["branch"].tolist() == [branch]
    assert rows.assessed.tolist() == [period != "2024Q4"]


def test_one_who_comes_only_later_is_known_by_the_first_row() -> None:
    """Before the first day on the roster the first row speaks, though nothing is assessed."""
    rows = rows_of(
        ["1", "乙", {"since": "2024-11-01"}],
        ["1", "甲", {"since": "2024-08-01", "until": "2024-10-31"}],
        periods="2024H1",
    )
    assert (rows.facts["branch"].tolist(), rows.assessed.tolist()) == (["甲"], [False])


def test_exempt_and_activists_are_told_apart() -> None:
    """The exempt are not scored; activists are, but never counted; one not on the roster is not called exempt."""
    rows = rows_of(
        ["1", "甲", {"exempt": True}],
        ["2", "甲", {"stage": "activist"}],
        ["3", "甲", {"exempt": True, "until": "2023-05-01"}],
        ["4", "甲"],
    )
    assert rows.exempt.tolist() == [True, False, False, False]
    assert rows.scored.tolist() == [False, True, False, True]
    assert rows.counted.tolist() == [False, False, False, True]


def test_before_is_the_period_just_before() -> None:
    """The first half of a year follows the second of the year before; a gap is not bridged."""
    rows = rows_of(["1", "甲"], ["2", "甲", {"year": 2024}], periods="2022H1 2023H2 2024H1")
    assert rows.before.tolist() == [-1, -1, 1, -1]


def test_groups_are_branches_within_a_period() -> None:
    """Members share a group when branch and period are the same."""
    rows = rows_of(["1", "甲"], ["2", "乙"], ["3", "甲"], periods="2023 2024")
    group = rows.groups("branch").reshape(3, 2)
    assert (group[0] == group[2]).all()
    assert len(np.unique(group)) == 4


# ---------------------------------------------------------------- how members are described


@pytest.mark.parametrize(
    ("asked", "columns", "fits"),
    [
        ({"post": "none"}, {}, True),
        ({"post": ["deputy", "committee"]}, {"post": "committee"}, True),
        ({"except": {"post": "none"}}, {}, False),
        ({"stage": "full"}, {}, True),
        ({"stage": "probationary"}, {}, False),
        ({"sex": "female"}, {}, False),
        ({"floating": False}, {}, True),
        ({"floating": True, "retired": True}, {"floating": True}, False),
        ({"infirm": True}, {"infirm": True}, True),
        ({"age_below": 60}, {}, False),
        ({"age_below": 60, "age_unknown": True}, {}, True),
    ],
)
def test_members_are_described_by_their_columns(
    asked: dict[str, object], columns: dict[str, object], fits: bool
) -> None:
    """A blank post is none, a blank stage full, a blank yes-or-no no; all that is written must hold."""
    assert rows_of(["1", "甲", columns]).are(who(**asked)).tolist() == [fits]


@pytest.mark.parametrize(
    ("born", "age"), [("1964-06-30", 60), ("1964-07-01", 59), ("1964-02-29", 60), ("2024-06-30", 0), (None, -1)]
)
def test_age_is_that_of_the_last_day(born: str | None, age: int) -> None:
    """On 30 June 2024 one born on that day has his birthday; without a date of birth the age is unknown."""
    assert rows_of(["1", "甲", {"birth_date": born}], periods="2024H1").age.tolist() == [age]


CATEGORIES = f"""
population = {{ except = {{ stage = "none" }} }}
categories.posts.when = {{ except = {{ post = "none" }} }}
categories.young.when = {{ age_below = 35, age_unknown = true }}
categories.rest = {{}}
{ONE_ITEM}
"""


@pytest.mark.parametrize(
    ("columns", "category", "assumed"),
    [
        ({"post": "deputy", "birth_date": "2000-01-01"}, "posts", False),
        ({"birth_date": "2000-01-01"}, "young", False),
        ({"birth_date": "1950-01-01"}, "rest", False),
        ({}, "young", True),
        ({"category": "rest"}, "rest", False),
        ({"category": "Rest", "post": "deputy"}, "posts", False),
    ],
)
def test_a_category_is_given_or_the_first_that_holds(columns: dict[str, object], category: str, assumed: bool) -> None:
    """The roster's word wins where the scheme knows it, letter for letter; an age not known is said."""
    facts = rows_of(["1", "甲", columns], item=CATEGORIES).facts
    assert facts[["scheme_category", "category_assumed"]].to_numpy().tolist() == [[category, assumed]]


def test_outside_the_population_nobody_is_scored() -> None:
    """One whom the scheme is not for keeps his row for his branch, but is not inside."""
    rows = rows_of(["1", "甲", {"stage": "none"}], ["2", "甲"], item=CATEGORIES)
    assert (rows.inside.tolist(), rows.scored.tolist()) == ([False, True], [False, True])


# ---------------------------------------------------------------- periods and codes


def test_attendance_events_and_dues_open_a_period() -> None:
    """The day of payment and the period of an evaluation open none."""
    given = records(
        members=[["1", "甲"]],
        attendance=[["1", "2023-12-31", "lecture", "present"]],
        events=[["1", "2024-04-01", "mediation"]],
        dues=[["1", "2024-09", 10, 10, "2025-02-01"]],
        evaluations=[["1", "2022H1", "members", 90]],
    )
    assert [str(period) for period in scored_periods(given, "quarter")] == ["2023Q4", "2024Q2", "2024Q3"]
    assert [str(period) for period in scored_periods(given, "year")] == ["2023", "2024"]


def test_a_record_outside_every_row_belongs_to_none() -> None:
    """Strangers and days outside the scored periods find no row, whatever stands next to them in memory."""
    rows = rows_of(["1", "甲"], ["2", "甲", {"year": 2024}], periods="2023 2024")
    ids = pd.Series(["1", "2", "2", "9", "1", "9"])
    months = np.array([12 * 2023, 12 * 2023, 12 * 2024, 12 * 2024, 12 * 2022 + 11, 12 * 2025])
    assert rows.rows(member_codes(ids, rows.ids), rows.position(months)).tolist() == [0, -1, 2, -1, -1, -1]


def test_there_may_be_no_period_at_all() -> None:
    """Members without any record have no rows."""
    rows = build_roster(records(members=[["1", "甲"]]), [])
    assert (len(rows), rows.months.shape, rows.before.tolist(), rows.age.tolist()) == (0, (0, 12), [], [])
    assert rows.position(np.array([12 * 2024])).tolist() == [-1]
