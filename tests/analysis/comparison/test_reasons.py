"""Tests of differences taken apart."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import comparison
from jifen_analysis.analysis.comparison.reasons import titles
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from tests.analysis.builders import ledger, result, table
from tests.builders import random_of, records, scheme

LINE = tuple[str, str, str, float]
PIECES = st.dictionaries(
    st.tuples(st.sampled_from(["dues", "life", "work"]), st.sampled_from(["", "late", "short"])),
    st.integers(-100, 100).map(lambda n: n / 8),
    max_size=6,
)


def tallied(pieces: dict[tuple[str, str], float], grade: str = "合格") -> SimpleNamespace:
    """A result of one member whose ledger adds up."""
    lines = [("00001", item, rule, points) for (item, rule), points in pieces.items()]
    return result(table([sum(pieces.values())], grade=grade), ledger=ledger(lines))


@settings(deadline=None, max_examples=40)
@given(PIECES, PIECES)
def test_the_parts_sum_to_the_gap(a: dict[tuple[str, str], float], b: dict[tuple[str, str], float]) -> None:
    """Whatever the two ledgers hold, the differences sum to the difference of the totals."""
    found = comparison.why(tallied(a), tallied(b), "00001", "2024")
    assert found["difference"].sum() == pytest.approx(found.attrs["gap"], abs=1e-9)
    assert set(found["part"]) == {".".join(filter(None, ("daily", *piece))) for piece in set(a) | set(b)}


def test_a_part_on_one_side_only_counts_from_nothing() -> None:
    """What the other scheme does not price contributes zero to it."""
    found = comparison.why(tallied({("dues", "late"): -2.0}), tallied({("life", "late"): -3.0}), "00001", "2024")
    assert found[["part", "a", "b", "difference"]].values.tolist() == [
        ["daily.life.late", 0.0, -3.0, -3.0],
        ["daily.dues.late", -2.0, 0.0, 2.0],
    ]


def test_the_grades_stand_beside_the_gap() -> None:
    """A grade may move without a point."""
    found = comparison.why(tallied({}, "合格"), tallied({}, "不合格"), "00001", "2024")
    assert (found.attrs["gap"], found.attrs["grade_a"], found.attrs["grade_b"]) == (0.0, "合格", "不合格")


@pytest.mark.parametrize(
    ("member", "period", "said"),
    [("00002", "2024", "没有人员 00002,最接近的是 00001"), ("00001", "2023", "没有考核期 2023")],
)
def test_who_is_not_there_is_refused(member: str, period: str, said: str) -> None:
    """An unknown member or period is shown the nearest."""
    with pytest.raises(UsageError, match=said):
        comparison.why(tallied({}), tallied({}), member, period)


@pytest.mark.parametrize("variant", ["floored", "bonus_in_daily", "dues_gap_strict"])
def test_readings_of_random_records_are_explained_exactly(variant: str) -> None:
    """For every member with a total under both readings the parts sum to the gap to 1e-9."""
    given_, base = random_of(3), read_scheme("community_60_40")
    before, after = assess(given_, base), assess(given_, base.variant(variant))
    scored = before.table.dropna(subset="total").head(10)
    for row in scored.itertuples():
        found = comparison.why(before, after, row.member_id, row.period)
        assert found["difference"].sum() == pytest.approx(found.attrs["gap"], abs=1e-9)


def corrected(**tables: list[list[object]]) -> SimpleNamespace:
    """The default scheme on two members, with changes."""
    base = {
        "members": [["00001..00002", "甲"]],
        "attendance": [["00001", "2024-03-05", "lecture", "late"]],
        "evaluations": [[member, "2024H1", "members", 80] for member in ("00001", "00002")],
    }
    return assess(records(**(base | tables)), read_scheme("community_60_40"))


def test_a_changed_record_moves_whom_it_concerns() -> None:
    """One late arrival struck out gives one member four points of daily work back."""
    changed = corrected(attendance=[["00001", "2024-03-05", "lecture", "present"]])
    found = comparison.records(corrected(), changed)
    columns = ["member_id", "total_before", "total_after", "part"]
    assert found[columns].values.tolist() == [
        ["00001", 89.6, 92.0, "daily.organisation_activities.attendance"],
    ]
    assert found["difference"].tolist() == pytest.approx([2.4])


def test_a_decision_on_the_grade_is_a_row_without_a_part() -> None:
    """A corrected grade moves no point."""
    decision = {"grade": "不合格", "reason": "复核"}
    found = comparison.records(corrected(), corrected(corrections=[["00002", "2024H1", "grade", decision]]))
    row = found.set_index("period").loc["2024H1"]
    assert row[["member_id", "grade_before", "grade_after", "part", "difference"]].tolist() == [
        "00002",
        "优秀",
        "不合格",
        "",
        0.0,
    ]


def test_the_same_records_move_nobody() -> None:
    """No difference, no row, the same columns."""
    found = comparison.records(corrected(), corrected())
    assert found.empty
    assert "part" in found


@cache
def scored(name: str) -> Assessment:
    """The same random records under one of the ten."""
    return assess(random_of(5), read_scheme(name))


@pytest.mark.parametrize("other", [name for name in scheme_names() if name != "community_60_40"])
def test_two_schemes_are_explained_exactly_from_full_marks(other: str) -> None:
    """In a period or year that both total, the parts sum to the gap; of full marks there is one part."""
    a, b = (scored(name) for name in ("community_60_40", other))
    try:
        both = comparison.moves(a, b).members.dropna(subset="difference").head(4)
    except UsageError:
        pytest.skip("nobody is assessed under both")
    for row in both.itertuples():
        found = comparison.why(a, b, row.member_id, row.period)
        assert found["difference"].sum() == pytest.approx(found.attrs["gap"], abs=1e-9)
        assert (found["part"] == "full_marks").sum() <= 1
        assert found.attrs["from_full_marks"]


BASE = """
[components.base]
title = "基础分"
items.life = { title = "组织生活", start = 60, rules.absent = { title = "缺席", from = "attendance", where = { status = "absent" }, points = -5 } }
[components.review]
title = "评议"
items.review = { title = "评议", from = "evaluations", scale = 0.4, groups.all = { weight = 1, pool = ["members"] } }
"""  # noqa: E501 - a scheme as a file writes it
EARNED = """
[components.base]
title = "日常"
items.life = { title = "三会一课", start = 100, rules.absent = { title = "缺课", from = "attendance", where = { status = "absent" }, points = -8 } }
"""  # noqa: E501


def two(absences: int, mark: float) -> pd.DataFrame:
    """Two schemes on one member: 60 and 40 against 100, the same codes under other titles."""
    rows = [["1", f"2024-0{month}-05", "lecture", "absent"] for month in range(1, absences + 1)]
    given_ = records(
        members=[["1", "甲"]], attendance=[*rows, ["1", "2024-09-05", "lecture", "present"]],
        evaluations=[["1", "2024", "members", mark]],
    )  # fmt: skip
    return comparison.why(
        assess(given_, scheme(BASE, id="sixty")), assess(given_, scheme(EARNED, id="all")), "1", "2024"
    )


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 5), st.integers(0, 100))
def test_how_a_scheme_divides_its_full_marks_is_no_difference(absences: int, mark: int) -> None:
    """Only what is lost is: in each scheme under its own titles, though the codes are the same."""
    found = two(absences, mark).set_index("title")["difference"]
    lost = found[found.round(9) != 0].to_dict()
    expected = {"基础分·组织生活·缺席": 5.0 * absences, "日常·三会一课·缺课": -8.0 * absences, "评议": 40 - 0.4 * mark}
    assert lost == pytest.approx({title: points for title, points in expected.items() if points})


def test_who_has_a_part_alone_is_said() -> None:
    """A code that both have under other titles is a part of each."""
    found = two(1, 50).set_index("title")["side"]
    assert found.loc[["基础分·组织生活·缺席", "日常·三会一课·缺课", "评议", "满分"]].tolist() == ["a", "b", "a", ""]


@pytest.mark.parametrize("name", scheme_names())
def test_every_part_of_the_library_has_a_chinese_title(name: str) -> None:
    """No component, item, rule, group or rung is called by its code."""
    book = read_scheme(name).book
    found = titles(book)
    parts = [(one, key, rule) for one, part in book.components.items() for key, item in part.items.items()
             for rule in item.parts]  # fmt: skip
    assert set(parts) <= set(found)
    assert all(not step.isascii() for said in found.values() for step in said)
    assert all(len(path) == len(said) for path, said in found.items())


def test_what_has_no_title_keeps_its_id() -> None:
    """And an assessor's mark, which follows no rule of the file, has a name all the same."""
    found = titles(scheme('[components.a.items.b]\nfrom = "marks"\nmax = 5').book)
    assert found == {("a",): ("a",), ("a", "b"): ("a", "b"), ("a", "b", "mark"): ("a", "b", "打分")}
