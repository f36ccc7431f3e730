"""The frames people read: their columns, their types, their order, and what they say of each row."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.frames import grade_type, join_flags
from tests.builders import records, scheme

TEXT = """
period = "half"
year_total = "mean"
categories.posts.when = { except = { post = "none" } }
categories.rest = {}
[components.base]
weight = 0.5
[components.base.items.meetings]
clause = "第四条"
per = "quarter"
start = 10
floor = 0
rules.absent = { from = "attendance", where = { status = "absent" }, points = -6 }
rules.late = { clause = "第五条", from = "attendance", where = { status = "late" }, points = -1 }
[components.bonus.items.bonus]
rules.help = { from = "events", where = { event = "mediation" }, points = 3 }
[components.work.items.work]
from = "marks"
max = 50
[grades."优秀"]
at_least = 45
[grades."合格"]
at_least = 20
[grades."不合格"]
"""
TABLE = [
    *("member_id", "name", "branch", "unit", "category", "stage", "period", "base", "bonus", "work", "total"),
    *("rank_branch", "rank_overall", "grade_by_total", "grade", "flags", "distance_to_next_grade"),
]


def result(text: str = TEXT, **tables: Any) -> Assessment:
    """Two members in the first half of 2024, one of them absent three times and late once."""
    given = {
        "members": [["1", "甲", "张甲", {"post": "deputy"}], ["2", "乙", {"unit": "社区", "stage": "probationary"}]],
        "attendance": [
            *(["1", f"2024-02-0{day}", "lecture", "absent"] for day in (1, 2)),
            ["1", "2024-05-01", "lecture", "absent"],
            ["1", "2024-05-02", "lecture", "late"],
        ],
        "marks": [["1", "2024H1", "work", 38.5]],
    }
    return assess(records(**(given | tables)), scheme(text))


# ---------------------------------------------------------------- the table


def test_the_table_has_its_columns() -> None:
    """As the public description lists them, components in file order."""
    assert list(result().table) == TABLE


def test_the_table_has_its_types() -> None:
    """Text as text, ranks as Int64, stage as a coded word, grades ordered with the lowest first, points as floats."""
    types = result().table.dtypes
    text = pd.StringDtype(na_value=np.nan)
    assert {types[name] for name in ("member_id", "name", "branch", "unit", "category", "period", "flags")} == {text}
    assert {types[name] for name in ("rank_branch", "rank_overall")} == {pd.Int64Dtype()}
    assert {types[name] for name in ("base", "bonus", "work", "total", "distance_to_next_grade")} == {
        np.dtype("float64")
    }
    assert types["stage"].categories.tolist() == ["full", "probationary", "activist", "none"]
    for name in ("grade", "grade_by_total"):
        assert (types[name].ordered, types[name].categories.tolist()) == (True, ["不合格", "合格", "优秀"])


def test_a_row_says_what_was_found() -> None:
    """0.5 of 0 + 3 of the quarters and 38.5 by mark; blanks are filled where a blank means something."""
    one, two = result().table.to_dict("records")
    assert one == pytest.approx(
        {
            "member_id": "1", "name": "张甲", "branch": "甲", "unit": "甲",
            "category": "posts", "stage": "full", "period": "2024H1",
            "base": 3, "bonus": 0, "work": 38.5, "total": 40, "rank_branch": 1, "rank_overall": 1,
            "grade_by_total": "合格", "grade": "合格", "flags": "", "distance_to_next_grade": 5,
        }
    )  # fmt: skip
    assert (two["unit"], two["category"], two["stage"], two["flags"]) == ("社区", "rest", "probationary", "incomplete")
    assert pd.isna([two["name"], two["work"], two["total"], two["rank_branch"], two["grade"]]).all()


def test_states_that_stand_alone_have_no_scores() -> None:
    """The exempt and those not on the roster have a row, a flag, and nothing else."""
    members = [["1", "甲"], ["2", "甲", {"exempt": True}], ["3", "甲", {"since": "2024-08-01"}]]
    table = result(members=members, marks=[[one, "2024H1", "work", 50] for one in "123"]).table
    assert table["flags"].tolist() == ["", "exempt", "not_assessed"]
    assert table.iloc[1:][TABLE[7:15]].isna().all(axis=None)


@pytest.mark.parametrize("size", [0, 1])
def test_flags_are_joined_in_the_order_of_the_alphabet(size: int) -> None:
    """Codes joined by semicolons; no flag is an empty text."""
    flags = {"veto": np.array([True, False]), "corrected": np.array([True, False])}
    some = {name: where[:size] for name, where in flags.items()}
    assert list(join_flags(some, size)) == ["corrected;veto"][:size]
    assert list(join_flags(flags, 2)) == ["corrected;veto", ""]


def test_the_grades_come_from_the_scheme() -> None:
    """Lowest first, so that grades compare like totals."""
    grades = pd.Series(["优秀", "合格"], dtype=grade_type(read_scheme("community_60_40").book))
    assert (grades > "不合格").all()
    assert (grades.max(), grades.min()) == ("优秀", "合格")


# ---------------------------------------------------------------- ledger and parts


def test_the_ledger_lists_what_happened() -> None:
    """By quarter, in file order: start, rules with their counts, the floor; the mark; nothing that did nothing."""
    ledger = result().ledger
    mine = ledger[ledger["member_id"] == "1"]
    columns = ["part", "item", "rule", "kind", "count", "points", "contribution", "clause"]
    assert mine[columns].astype({"kind": "str"}).to_numpy().tolist() == [
        ["2024Q1", "meetings", "", "start", 0, 10, 5, "第四条"],
        ["2024Q2", "meetings", "", "start", 0, 10, 5, "第四条"],
        ["2024Q1", "meetings", "absent", "rule", 2, -12, -6, "第四条"],
        ["2024Q2", "meetings", "absent", "rule", 1, -6, -3, "第四条"],
        ["2024Q2", "meetings", "late", "rule", 1, -1, -0.5, "第五条"],
        ["2024Q1", "meetings", "", "floor", 0, 2, 1, "第四条"],
        ["", "work", "mark", "rule", 1, 38.5, 38.5, ""],
    ]


def test_the_ledger_has_its_columns_and_kinds() -> None:
    """Kind is a coded word with all kinds there are."""
    ledger = result().ledger
    assert list(ledger) == [
        *(
            "member_id",
            "period",
            "part",
            "component",
            "item",
            "rule",
            "kind",
            "count",
            "points",
            "contribution",
            "clause",
        )
    ]
    kinds = ["start", "rule", "floor", "cap", "forfeit", "zero", "correction"]
    assert (ledger["kind"].dtype.categories.tolist(), ledger["count"].dtype) == (kinds, np.dtype("int64"))


def test_an_incomplete_member_keeps_his_lines() -> None:
    """What is known of the second member stands in the ledger, though there is no total."""
    ledger = result().ledger
    assert ledger.loc[ledger["member_id"] == "2", "kind"].tolist() == ["start", "start"]


def test_parts_are_the_scores_of_quarters() -> None:
    """Each quarter after its own floor; a quarter of the whole scheme sums up to the component."""
    parts = result().parts
    assert list(parts) == ["member_id", "period", "part", "component", "item", "score"]
    assert parts.query("member_id == '1'")[["part", "score"]].to_numpy().tolist() == [["2024Q1", 0], ["2024Q2", 3]]


def test_a_correction_stands_outside_the_parts() -> None:
    """It belongs to the half, not to a quarter."""
    decided = [["1", "2024H1", "meetings", {"points": 4, "reason": "复核"}]]
    ledger = result(corrections=decided).ledger
    line = ledger[ledger["kind"] == "correction"]
    assert line[["part", "points", "contribution"]].to_numpy().tolist() == [["", 4, 2]]


# ---------------------------------------------------------------- years, outcomes, flags


def test_years_have_their_types() -> None:
    """The year as a number, the grade ordered like that of a period."""
    years = result().years
    assert list(years) == ["member_id", "year", "total", "grade"]
    assert (years["year"].tolist(), years["grade"].dtype) == ([2024, 2024], grade_type(scheme(TEXT).book))


def test_flags_have_their_reasons() -> None:
    """The tidy form: one row a flag, in the order of member, period and flag."""
    flags = result().flags
    assert flags.to_numpy().tolist() == [["2", "2024H1", "incomplete", "待评"]]


@pytest.mark.parametrize("name", ["table", "ledger", "years", "parts", "flags", "outcomes"])
@pytest.mark.parametrize("text", [TEXT, 'period = "month"\ncomponents.base.items.base = { start = 1 }'])
def test_without_any_record_every_frame_is_empty(name: str, text: str) -> None:
    """All columns, no rows, the same types as with rows."""
    bare = scheme(text)
    empty = assess(records(members=[["1", "甲"]]), bare).frames(name)
    full = assess(records(members=[["1", "甲"]], events=[["1", "2024-01-01", "mediation"]]), bare).frames(name)
    assert len(empty) == 0
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


def test_outcomes_have_their_columns() -> None:
    """Also where the scheme has none."""
    columns = ["member_id", "period", "outcome", "reason", "clause", "decided_by", "quantity"]
    assert list(result().outcomes) == columns
