"""What is said of lines and quotas is what their frames hold."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import thresholds
from jifen_analysis.findings import thresholds as say
from tests.findings.assessed import CUTS, answered, number, numbers, tables


@settings(max_examples=40)
@given(tables())
def test_another_line_moves_as_many_as_counted(table: pd.DataFrame) -> None:
    """Who reaches the line, and who would a point higher and lower, are counted from the totals."""
    held = table["total"].dropna().round(6)
    if held.empty:
        return
    found = answered(lambda: say.pass_curve(thresholds.pass_curve(held, [89, 90, 91]), CUTS))
    assert found is not None
    here, higher, lower = (int((held >= cut).sum()) for cut in (90, 91, 89))
    said = numbers(found.sentence())
    assert [said[1], said[4], said[6]] == [here, here - higher, lower - here]
    assert say.pass_curve(thresholds.pass_curve(held, [89, 91]), CUTS) is None
    whole = thresholds.pass_curve(held)
    assert (again := say.pass_curve(whole, CUTS)) is not None
    assert again.text == found.text
    rest = whole[whole["cut"] != whole["cut"].min()]
    assert say.pass_curve(rest, CUTS) is None or 90 in rest["cut"].tolist()


@settings(max_examples=40, deadline=None)
@given(tables())
def test_few_beside_a_line_are_neither_accused_nor_cleared(table: pd.DataFrame) -> None:
    """Below twenty nothing is told; otherwise the verdict is that of p, and no sentence speaks of anybody's doing."""
    held = table["total"].dropna().round(6)
    if held.empty:
        return
    frame = thresholds.bunching(held, 90)
    found = answered(lambda: say.bunching(frame, "优秀"))
    above, below = (int(((held >= low) & (held < low + 1)).sum()) for low in (90, 89))
    assert (found is None) == (above + below == 0)
    if found is None:
        return
    said = found.sentence()
    assert [numbers(said)[2], numbers(said)[4]] == [above, below]
    assert found.sure == "unclear" or above + below >= 20
    assert ("看不出" in said) == (found.sure == "unclear")
    assert not any(word in said for word in ("抬分", "压线", "迹象", "推分"))


@settings(max_examples=20, deadline=None)
@given(tables(), st.integers(2, 6))
def test_rates_of_groups_are_those_of_the_frame(table: pd.DataFrame, least: int) -> None:
    """The span is that of the groups shown; those not shown are counted."""
    graded = table.dropna(subset="grade")
    if graded.empty:
        return
    frame = thresholds.selection_rates(graded["grade"] == "优秀", graded["branch"], min_n=least)
    found = answered(lambda: say.selection_rates(frame, "优秀"))
    seen = frame.loc[~frame["withheld"], "rate"].astype("float64")
    assert (found is None) == (len(seen) < 2)
    if found is None:
        return
    said = found.sentence()
    if "至" in said:
        low, high = numbers(said)[:2]
        assert abs(low - 100 * seen.min()) <= 0.0501
        assert abs(high - 100 * seen.max()) <= 0.0501
    else:
        assert seen.round(6).nunique() == 1
    hidden = int(frame["withheld"].sum())
    assert number(said.split("另有")[1]) == hidden if hidden else "另有" not in said


@given(st.dictionaries(st.sampled_from("abcde"), st.integers(0, 4)))
def test_readings_that_move_most_share_the_place(summary: dict[str, int]) -> None:
    """The largest count is that of everybody named, and none that has it is left out."""
    frame = pd.DataFrame({"member_id": ["1"] * sum(summary.values())})
    frame.attrs = {"summary": summary}
    found = answered(lambda: say.readings(frame))
    assert (found is None) == (not summary)
    if found is not None and any(summary.values()):
        most = max(summary.values())
        assert set(found.about) == {name for name, n in summary.items() if n == most}
        assert numbers(found.sentence())[-1] == most
    elif found is not None:
        assert "都不改变" in found.sentence()


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=6))
def test_who_lost_to_the_quota_is_counted(rows: list[tuple[bool, bool]]) -> None:
    """Those lost, those by a tie and those whom a pooled quota keeps."""
    frame = pd.DataFrame(rows, columns=["tied", "kept_if_pooled"], dtype="bool")
    found = answered(lambda: say.quota_audit(frame))
    assert found is not None
    counts = [len(rows), sum(tied for tied, _ in rows), sum(kept for _, kept in rows)]
    assert numbers(found.sentence()) == [count for count in counts if count]


@given(st.lists(st.tuples(st.floats(0.001, 3).map(lambda gap: round(gap, 6)), st.booleans()), max_size=14))
def test_who_is_close_is_counted(rows: list[tuple[float, bool]]) -> None:
    """Nobody is further off than said."""
    frame = pd.DataFrame({"distance": [gap for gap, _ in rows], "item": ["x" if one else None for _, one in rows]})
    found = answered(lambda: say.near_cut(frame))
    assert (found is None) == (not rows)
    if found is not None:
        bound, n, *single = numbers(found.sentence())
        ones = sum(one for _, one in rows)
        assert n == max(len(rows), 5)
        assert single == ([ones] if min(len(rows), ones, len(rows) - ones or 5) >= 5 else [])
        furthest = max(gap for gap, _ in rows)
        assert furthest < bound if "不到" in found.sentence() else furthest == bound
