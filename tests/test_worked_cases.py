"""Tests of the reader of the hand-worked cases, and of the cases as documents."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.worked_cases import COLUMNS, WorkedCase, arithmetic, cases, worked_cases


def read(folder: Path, text: str) -> dict[str, WorkedCase]:
    """Read one file of cases by name."""
    (folder / "scheme").mkdir()
    (folder / "scheme" / "topic.toml").write_text(text, encoding="utf-8")
    return {name: case for _, _, name, case in worked_cases(folder)}


HEAD = """
[defaults]
members = [["00001", "甲"]]
[case.one]
clause = "一"
why = "理由"
"""
EXPECT = """
[case.one.expect."00001 2024"]
total = "100-5"
"""


def test_there_are_enough_cases_of_every_scheme() -> None:
    """Twelve cases at least for each of the ten schemes, forty-five for the default."""
    counts = Counter(scheme for scheme, *_ in cases())
    assert len(counts) == 10
    assert min(counts.values()) >= 12
    assert counts["community_60_40"] >= 45


def test_every_case_cites_and_expects() -> None:
    """A case names its clause, its reason, and at least one value for a member it lists."""
    for scheme, file, name, case in cases():
        ids = {row["member_id"] for row in case.tables["members"]}
        assert all((case.clause, case.why, case.expect, *case.expect.values())), (scheme, file, name)
        assert {member_id for member_id, _ in case.expect} <= ids, (scheme, file, name)


def test_rows_are_canonical(tmp_path: Path) -> None:
    """A compact row gets every column of its table, blanks as None, days as dates."""
    extra = 'events = [["00001", "2024-03-05", "honour", { level = "city" }]]\n'
    row = read(tmp_path, HEAD + extra + EXPECT)["one"].tables["events"][0]
    assert tuple(row) == COLUMNS["events"]
    assert (row["date"], row["level"], row["quantity"]) == (date(2024, 3, 5), "city", None)


def test_ranges_are_written_out(tmp_path: Path) -> None:
    """Members, days and months may be given as from..to."""
    extra = 'dues = [["00009..00010", "2023-11..2024-02", 10]]\n'
    rows = read(tmp_path, HEAD + extra + EXPECT)["one"].tables["dues"]
    months = ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert [(r["member_id"], r["month"]) for r in rows] == [(i, m) for i in ("00009", "00010") for m in months]


def test_days_run_over_a_month_end(tmp_path: Path) -> None:
    """A range of days knows the calendar."""
    extra = 'attendance = [["00001", "2024-02-28..2024-03-01", "lecture", "late"]]\n'
    rows = read(tmp_path, HEAD + extra + EXPECT)["one"].tables["attendance"]
    assert [row["date"].day for row in rows] == [28, 29, 1]


def test_defaults_are_kept_or_replaced(tmp_path: Path) -> None:
    """A case adds to the rows of its file unless it replaces them."""
    extra = 'members = [["00002", "乙"]]\n'
    second = HEAD[HEAD.index("[case") :] + 'replace = ["members"]\n' + extra + EXPECT
    cases = read(tmp_path, HEAD + extra + EXPECT + second.replace("case.one", "case.two"))
    ids = {name: [row["member_id"] for row in case.tables["members"]] for name, case in cases.items()}
    assert ids == {"one": ["00001", "00002"], "two": ["00002"]}


def test_expectations_are_worked_out(tmp_path: Path) -> None:
    """Arithmetic becomes a number, a blank none, flags and outcomes a set."""
    more = 'grade = ""\nflags = ["part_period"]\noutcomes = []\nrank_branch = 1\n'
    expected = read(tmp_path, HEAD + EXPECT + more)["one"].expect["00001", "2024"]
    assert expected == {
        "total": 95.0,
        "grade": None,
        "flags": frozenset({"part_period"}),
        "outcomes": frozenset(),
        "rank_branch": 1,
    }


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        ("attendence = []\n", "attendence"),
        ('events = [["00001", "2024-03-05", "honour", { lvel = "city" }]]\n', "lvel"),
    ],
)
def test_unknown_words_are_refused(tmp_path: Path, extra: str, named: str) -> None:
    """A misspelt table or column is an error naming file, case and word."""
    with pytest.raises(ValueError, match=rf"topic\.toml, one: .*{named}"):
        read(tmp_path, HEAD + extra + EXPECT)


def test_more_values_than_columns_are_refused(tmp_path: Path) -> None:
    """A row longer than its table is an error, not a silent loss."""
    extra = 'attendance = [["00001", "2024-03-05", "lecture", "late", "late"]]\n'
    with pytest.raises(ValueError, match=r"topic\.toml, one: attendance: 5 values for 4 columns"):
        read(tmp_path, HEAD + extra + EXPECT)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.6*(100-5)+0.4*85", 91.0), ("0.1+0.2", 0.3), ("-5", -5.0), ("(90+60+75)/3", 75.0)],
)
def test_arithmetic_is_exact(text: str, value: float) -> None:
    """Sums are worked in fractions and turned into a float at the end."""
    assert arithmetic(text) == value


@pytest.mark.parametrize("text", ["total", "2**3", "min(1, 2)", "True", "'5'", "5 if 1 else 0", "1//2"])
def test_only_arithmetic_is_evaluated(text: str) -> None:
    """Names, calls, powers and words are refused."""
    with pytest.raises(ValueError, match="not arithmetic"):
        arithmetic(text)
