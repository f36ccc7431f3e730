"""What is said of raters is what the frames hold, and accuses nobody."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.findings import raters as say
from tests.findings.assessed import answered


@given(st.floats(-0.5, 1), st.floats(0.001, 1), st.integers(2, 30))
def test_agreement_is_said_with_its_interval(value: float, p: float, persons: int) -> None:
    """Beyond chance or within it, as p has it; nothing of fewer than five persons."""
    table = pd.DataFrame({"value": value, "low": value - 0.1, "high": value + 0.1, "p": p}, index=["alpha_interval"])
    table.attrs = {"persons": persons, "raters": 4}
    found = answered(lambda: say.concordance(table))
    assert (found is None) == (persons < 5)
    if found is not None:
        assert ("未超出偶然" in found.sentence()) == (p >= 0.05)


@given(
    st.lists(st.tuples(st.sampled_from(["", "repeated", "straight", "both"]), st.booleans()), min_size=1, max_size=5)
)
def test_what_repeats_is_said_with_what_else_makes_it(rows: list[tuple[str, bool]]) -> None:
    """Named are the groups beyond chance that may be shown; other causes and what to look at stand beside."""
    table = pd.DataFrame(
        [(f"第{at}支部", 20, 6, 6, stands, small) for at, (stands, small) in enumerate(rows)],
        columns=["group", "n", "repeated", "straight", "stands", "withheld"],
    )
    found = answered(lambda: say.repeated_rows(table))
    assert (found is None) == all(small for _, small in rows)
    if found is not None:
        out = [f"第{at}支部" for at, (stands, small) in enumerate(rows) if stands and not small]
        assert list(found.about) == out
        assert ("宜查看原始评议票" in found.sentence()) == bool(out)
        assert not any(word in found.sentence() for word in ("造假", "作弊", "违规", "舞弊"))


@given(st.lists(st.integers(5, 30), min_size=1, max_size=4))
def test_where_copies_cannot_be_told_that_is_said(sizes: list[int]) -> None:
    """A group of fewer than twelve rows is not called within chance: of that many, one cannot see it."""
    table = pd.DataFrame(
        {"group": [f"第{n}支部" for n in range(len(sizes))], "n": sizes, "stands": "", "withheld": False}
    )
    found = answered(lambda: say.repeated_rows(table.assign(repeated=0, straight=0)))
    assert found is not None
    assert ("看不出来" in found.sentence()) == (min(sizes) < 12)
    assert ("未超出偶然" in found.sentence()) == (max(sizes) >= 12)
