"""What is said of schemes side by side is what their frames hold."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import comparison
from jifen_analysis.findings import comparison as say
from tests.findings.assessed import answered, grades_of, number, numbers, sound, tables


def assessed(table: pd.DataFrame, moved: float) -> SimpleNamespace:
    """The same members under another scheme: every third total moved, graded anew where there are grades."""
    total = table["total"].where(table.index % 3 != 0, table["total"] + moved)
    graded = table["grade"].notna().any()
    return SimpleNamespace(table=table.assign(period="2024", total=total, grade=grades_of(total) if graded else None))


@settings(max_examples=15)
@given(tables(), st.sampled_from([-30.0, -1.0, 0.0, 0.05, 1.0]))
def test_changes_of_grade_are_counted(table: pd.DataFrame, moved: float) -> None:
    """How many change, of how many with a grade under either, and how many of those gained."""
    one, other = assessed(table, 0.0), assessed(table, moved)
    found = comparison.moves(one, other)
    said = answered(lambda: say.moves(found))
    grades = [side.table["grade"] for side in (one, other)]
    base = int((grades[0].notna() | grades[1].notna()).sum())
    assert (said is None) == (base == 0)
    if said is not None:
        changed = grades[0].fillna("") != grades[1].fillna("")
        gained = changed & (other.table["total"] > one.table["total"])
        counts = numbers(said.sentence())
        if changed.any():
            assert counts[:2] == [base, changed.sum()]
            assert abs(counts[2] - 100 * changed.sum() / base) <= 0.051
            both = (changed & one.table["total"].notna() & other.table["total"].notna()).sum()
            assert counts[3:] == ([gained.sum()] if both == changed.sum() else [both, gained.sum()] if both else [])
        else:
            assert counts == [base]
            assert "都没有改变" in said.sentence()
        assert say.transitions(found).text == said.text


@given(st.lists(st.sampled_from([0.3, 0.300001, 0.3000001, 0.8, 1.0, float("nan")]), min_size=1, max_size=6))
def test_the_most_and_the_least_alike_are_so(values: list[float]) -> None:
    """All that tie are named up to three; where all are alike nothing is called the highest."""
    pairs = [(a, b) for a in "甲乙丙丁" for b in "甲乙丙丁" if a < b][: len(values)]
    table = pd.DataFrame({"a": [a for a, _ in pairs], "b": [b for _, b in pairs], "n": 9, "tau_b": values})
    found = answered(lambda: say.schemes(table))
    known = table["tau_b"].dropna().round(6)
    assert (found is None) == known.empty
    if found is not None:
        claimed = re.search(r"最高的是(.+?)\uff08.+?\uff0c最低的是(.+?)\uff08", found.sentence())
        assert (claimed is None) == (known.nunique() == 1)
        for named, end in zip(claimed.groups() if claimed else (), (known.max(), known.min()), strict=False):
            whole = {f"{a}与{b}" for (a, b), tau in zip(pairs, table["tau_b"].round(6), strict=True) if tau == end}
            assert set(re.findall(r".与.", named)) <= whole


_ROW = st.tuples(
    st.sampled_from("123"),
    st.sampled_from(["2023", "2024"]),
    st.sampled_from(["优秀", None]),
    st.sampled_from(["优秀", "合格", None]),
)


@given(st.lists(_ROW, max_size=8))
def test_what_corrections_moved_is_counted(rows: list[tuple[str, str, str | None, str | None]]) -> None:
    """Members and periods are counted once, however many parts moved."""
    table = pd.DataFrame(rows, columns=["member_id", "period", "grade_before", "grade_after"], dtype="object")
    found = say.records(table)
    sound(found)
    changed = {(who, when) for who, when, before, after in rows if before != after}
    assert found.figures["moved"] == len({(who, when) for who, when, *_ in rows})
    assert found.figures["changed"] == len(changed)
    assert numbers(found.sentence())[:1] == ([found.figures["moved"]] if rows else [])


@given(st.lists(st.sampled_from([-2.0, -1.0, 0.0, 0.0000001, 2.0]), max_size=5))
def test_the_part_that_moves_most_does(steps: list[float]) -> None:
    """All parts that tie are named; where nothing differs the sentence says so."""
    table = pd.DataFrame({"part": [f"p{place}" for place in range(len(steps))], "difference": steps})
    table.attrs = {"gap": sum(steps), "member_id": "00001", "period": "2024"}
    found = say.why(table)
    sound(found)
    most = max((abs(round(step, 6)) for step in steps), default=0)
    assert ("相同" in found.sentence()) == (most == 0)
    assert set(found.about) == {f"p{place}" for place, step in enumerate(steps) if most and abs(step) == most}
    assert most == 0 or abs(number(found.sentence().partition("相差")[2]) - sum(steps)) < 0.0051
