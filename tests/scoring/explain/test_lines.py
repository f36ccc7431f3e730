"""The explained lines are the ledger's, and their records add up to them, whatever the scheme."""

from __future__ import annotations

import random
from functools import cache

import pandas as pd
import pytest

from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.explain import explained_lines
from jifen_analysis.scoring.explain.lines import COLUMNS
from jifen_analysis.tables.records import Records
from tests.builders import records, records_of, scheme
from tests.reference.random_records import random_records

READINGS = [(name, reading) for name in scheme_names() for reading in ("", *read_scheme(name).book.readings)]
KEY = ["member_id", "period", "part", "component", "item", "rule", "kind"]
SEED = 31


@cache
def given(scheme: str, reverse: bool = False) -> Records:
    """Random records with something of everything that a scheme prices."""
    drawn = random_records(SEED, members=16, scheme=scheme)
    return records_of({name: rows[::-1] for name, rows in drawn.items()} if reverse else drawn)


@cache
def result_of(scheme: str, reading: str = "", *, reverse: bool = False) -> Assessment:
    """The same under a scheme and one of its readings."""
    return assess(given(scheme, reverse), read_scheme(scheme).variant(*([reading] if reading else [])))


@cache
def shown_of(scheme: str, reading: str = "") -> pd.DataFrame:
    """The explained lines of all members."""
    return explained_lines(result_of(scheme, reading))


def summed(frame: pd.DataFrame, by: list[str], value: str) -> pd.Series:
    """Sums by some columns."""
    return frame.astype(dict.fromkeys(by, str)).groupby(by)[value].sum()


@pytest.mark.parametrize(("scheme", "reading"), READINGS)
def test_records_add_up_to_their_line_and_lines_to_the_total(scheme: str, reading: str) -> None:
    """For everybody: each ledger line is there, its records' points make it, contributions make the total."""
    result = result_of(scheme, reading)
    shown, ledger, table = shown_of(scheme, reading), result.ledger, result.table
    for value in ("points", "contribution"):
        pd.testing.assert_series_equal(summed(shown, KEY, value), summed(ledger, KEY, value), atol=1e-9, rtol=0)
    totals = table[table["total"].notna()].set_index(["member_id", "period"])["total"]
    added = summed(shown, ["member_id", "period"], "contribution").reindex(totals.index)
    pd.testing.assert_series_equal(added, totals, check_names=False, check_dtype=False, atol=1e-9, rtol=0)


@pytest.mark.parametrize("scheme", scheme_names())
def test_every_priced_line_has_its_records(scheme: str) -> None:
    """As many records as the ledger counts stand behind a line that counts records."""
    result = result_of(scheme)
    table = result.table
    chosen = random.Random(SEED).choices(list(zip(table["member_id"], table["period"], strict=True)), k=6)
    for member, period in chosen:
        for line in result.explain(member, period).lines:
            assert bool(line.records) == (line.kind in ("rule", "correction"))
            assert sum(one.points for one in line.records) == pytest.approx(
                line.points if line.records else 0, abs=1e-9
            )


@pytest.mark.parametrize("scheme", scheme_names())
def test_one_member_is_explained_as_among_all(scheme: str) -> None:
    """Looking at one member's records alone shows the same lines."""
    result = result_of(scheme)
    everybody = shown_of(scheme)
    member, period = everybody["member_id"].iloc[-1], everybody["period"].iloc[-1]
    mine = everybody[(everybody["member_id"] == member) & (everybody["period"] == period)].reset_index(drop=True)
    pd.testing.assert_frame_equal(result.explain(member, period).frame, mine)


@pytest.mark.parametrize("scheme", ["community_60_40", "district_classified", "street_80_20"])
def test_the_order_of_rows_changes_nothing(scheme: str) -> None:
    """Which of two records counts and which does not never depends on the order of the files."""
    pd.testing.assert_frame_equal(shown_of(scheme), explained_lines(result_of(scheme, reverse=True)))


def test_batches_change_nothing() -> None:
    """Records in small batches are explained as in one."""
    drawn = records_of(random_records(SEED, members=12, scheme="community_60_40"))
    whole, cut = (assess(each, read_scheme("community_60_40")) for each in (drawn, drawn.cut(7)))
    pd.testing.assert_frame_equal(explained_lines(whole), explained_lines(cut))


def test_the_frame_is_fresh_and_typed() -> None:
    """Writing into it changes nothing; nobody scored leaves it empty, with its columns."""
    result = assess(
        records(members=[["1", "甲", {"exempt": True}]], attendance=[["1", "2024-03-04", "lecture", "present"]]),
        read_scheme("village_monthly"),
    )
    frame = result.explain("1").frame
    assert (tuple(frame), len(frame)) == (COLUMNS, 0)
    assert len(explained_lines(result)) == 0
    other = result_of("village_monthly")
    explanation = other.explain(other.table["member_id"].iloc[0])
    mine = explanation.frame
    mine.loc[:, "points"] = -1.0
    assert (explanation.frame["points"] != -1.0).any()


CHANGING = """
[components.all]
weight = 1
[components.all.items.item]
start = 10
clause = "第一条"
[components.all.items.item.rules.came]
from = "attendance"
by = "status"
points = { absent = -2 }
[changes."2024-01-01".set]
"components.all.weight" = 0.5
"components.all.items.item.clause" = "修订第一条"
"components.all.items.item.rules.came.points" = { absent = -3, late = -1 }
"components.all.items.item.rules.deed" = { from = "events", where = { event = "good_deed" }, points = 4 }
"""


def test_each_year_is_explained_by_the_rules_in_force() -> None:
    """Another price, a new rule, another weight and clause from 2024 on; 2023 as it was."""
    changing = records(
        members=[["1", "甲"]],
        attendance=[["1", f"{year}-03-0{day}", "lecture", word] for year in (2023, 2024)
                    for day, word in ((4, "absent"), (5, "late"))],
        events=[["1", "2023-05-01", "good_deed"], ["1", "2024-05-01", "good_deed"]],
    )  # fmt: skip
    result = assess(changing, scheme(CHANGING))
    shown = explained_lines(result)
    records_of_year = shown.groupby("period")[["what", "points", "contribution", "clause"]].apply(
        lambda frame: frame.to_numpy().tolist()
    )
    assert records_of_year["2023"] == [["起始分", 10.0, 10.0, "第一条"], ["党课", -2.0, -2.0, "第一条"]]
    assert records_of_year["2024"] == [
        ["起始分", 10.0, 5.0, "修订第一条"],
        ["党课", -3.0, -1.5, "修订第一条"],
        ["党课", -1.0, -0.5, "修订第一条"],
        ["为群众办实事好事", 4.0, 2.0, "修订第一条"],
    ]
    assert shown.groupby("period")["contribution"].sum().tolist() == result.table["total"].tolist() == [8.0, 5.0]
