"""Sums: every question answered in one pass, the same however the records are cut."""

from datetime import date

import pandas as pd
import pytest

from jifen_analysis.periods import Period
from jifen_analysis.scoring.aggregate import answers, by_table, merge_tables
from jifen_analysis.scoring.queries import Query
from jifen_analysis.scoring.roster import build_roster
from jifen_analysis.tables.records import Records
from tests.builders import records

EVENTS = (("event", ("honour",)),)


def counted(given: Records, *queries: Query, period: str = "2024", seen: date | None = None) -> list[object]:
    """The answers for the first member in one period."""
    rows = build_roster(given, [Period.parse(period)])
    asked = frozenset(queries)
    count = merge_tables(table() for table in by_table(given, rows, asked, seen).values())
    sums = answers(count, rows, asked, given.vocabulary)
    return [sums[query][0].tolist() for query in queries]


def with_rows(**tables: list[object]) -> Records:
    """Records of one member, 1."""
    return records(members=[["1", "甲"]], **tables)


LIVELY = with_rows(
    attendance=[
        ["1", "2024-01-31", "lecture", "absent"],
        ["1", "2024-02-01", "lecture", "absent"],
        ["1", "2024-04-01", "theme_day", "absent"],
        ["1", "2024-12-31", "workday", "late"],
        ["1", "2023-12-31", "lecture", "absent"],
    ],
    events=[
        ["1", "2024-03-01", "honour", "city", {"award": "先进"}],
        ["1", "2024-03-02", "honour", "street", {"award": "先进"}],
        ["1", "2024-11-02", "honour", "street"],
        ["1", "2024-11-02", "honour", "street"],
        ["1", "2024-05-01", "public_benefit", {"quantity": 3}],
        ["1", "2024-06-01", "public_benefit"],
        ["1", "2024-06-01", "discretionary", {"points": -0.0001}],
        ["1", "2024-06-02", "discretionary", {"points": 2.5}],
        ["1", "2024-06-02", "discipline"],
        ["1", "2024-06-02", "discipline", "minor"],
    ],
)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        (Query("attendance", (("status", ("absent",)),)), 3),
        (Query("attendance", (("status", ("absent", "late")),), (("activity", ("lecture", "workday")),)), 1),
        (Query("attendance", (("activity", ("charity_activity",)),)), 0),
        (Query("attendance"), 4),
        (Query("events", (("event", ("public_benefit",)),), value="quantity"), 4),
        (Query("events", (("event", ("discretionary",)),), value="points"), 24_999),
        (Query("events", (("event", ("discipline",)),), (("level", ("minor",)),)), 1),
        (Query("events", (("event", ("discipline",)), ("level", ("minor",)))), 1),
        (Query("dues"), 0),
    ],
)
def test_records_are_counted_by_their_words(query: Query, answer: int) -> None:
    """What must be written and what must not; a blank level is none of the levels; points in ten-thousandths."""
    assert counted(LIVELY, query) == [answer]


def test_months_and_quarters_are_counted_apart() -> None:
    """The last of January and the first of April fall into their own months and quarters."""
    absent = (("status", ("absent",)),)
    months, quarters = counted(
        LIVELY, Query("attendance", absent, per="month"), Query("attendance", absent, per="quarter")
    )
    assert (months, quarters) == ([1, 1, 0, 1] + [0] * 8, [2, 1, 0, 0])


def test_one_award_counts_once() -> None:
    """Of two honours of the same name the dearer one counts; honours without a name each count."""
    dear = Query("events", (*EVENTS, ("level", ("city",))), distinct="award")
    cheap = Query("events", (*EVENTS, ("level", ("street",))), distinct="award", unless=(dear,))
    assert counted(LIVELY, dear, cheap) == [1, 2]
    assert counted(LIVELY, Query("events", EVENTS, per="quarter", distinct="award")) == [[1, 0, 0, 2]]


def test_batches_change_nothing() -> None:
    """Cut after every row the records give the same sums, also for awards that lie in two batches."""
    queries = [
        Query("attendance", (("status", ("absent",)),), per="month"),
        Query("events", (("event", ("public_benefit",)),), value="quantity"),
        Query("events", EVENTS, distinct="award"),
    ]
    assert counted(LIVELY.cut(1), *queries) == counted(LIVELY, *queries)


def test_counts_of_any_size_are_exact() -> None:
    """What two bytes cannot hold is counted again in four: 65,537 would else be 1."""
    days = pd.DataFrame({"member_id": "1", "date": ["2024-05-01"] * 65_537, "event": "mediation"})
    members = pd.DataFrame({"member_id": ["1", "2"], "branch": "甲"})
    given = Records.from_frames({"members": members, "events": days})
    assert counted(given, Query("events"), Query("events", per="quarter")) == [65_537, [0, 65_537, 0, 0]]


def test_nothing_after_the_day_is_seen() -> None:
    """Records of the day itself are; a month of dues only once it has ended."""
    given = with_rows(
        events=[["1", "2024-05-01", "mediation"], ["1", "2024-05-02", "mediation"]],
        dues=[["1", "2024-04", 10], ["1", "2024-05", 10]],
    )
    queries = Query("events"), Query("dues")
    assert counted(given, *queries, seen=date(2024, 5, 1)) == [1, 1]
    assert counted(given, *queries, seen=date(2024, 5, 31)) == [2, 2]


@pytest.mark.parametrize(
    ("row", "undated"),
    [((10, 10), 1), ((10, 11), 1), ((10, 10, "2024-05-03"), 0), ((10, 9), 0), ((0, 0), 0), ((10,), 0)],
)
def test_undated_is_settled_without_a_date(row: tuple[object, ...], undated: int) -> None:
    """Something was due, it was paid in full, and nobody wrote down when."""
    given = with_rows(dues=[["1", "2024-05", *row]])
    assert counted(given, Query("dues", (("undated", ("yes",)),))) == [undated]


@pytest.mark.parametrize(
    ("day", "answer"),
    [("2024-06-01", [1, 0, 0]), ("2024-06-30", [1, 0, 0]), ("2024-07-01", [0, 1, 0]), ("2024-07-30", [0, 0, 1])],
)
def test_days_late_fall_into_tiers(day: str, answer: list[int]) -> None:
    """A tier begins on its own day: 1, 31 and 60 days after 31 May."""
    tiers = [
        Query("dues", days=(1.0, 31.0)),
        Query("dues", days=(31.0, 60.0)),
        Query("dues", days=(60.0, float("inf"))),
    ]
    assert counted(with_rows(dues=[["1", "2024-05", 10, 10, day]]), *tiers) == answer


def test_questions_with_different_tiers_keep_apart() -> None:
    """Two rules with tiers of their own are answered together."""
    given = with_rows(dues=[["1", "2024-05", 10, 10, "2024-06-15"]])
    first, second = Query("dues", days=(1.0, 16.0)), Query("dues", days=(15.0, float("inf")))
    assert counted(given, first, second, Query("dues", days=(16.0, 20.0))) == [1, 1, 0]
