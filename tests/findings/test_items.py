"""What is said of items is what the frames hold."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.findings import items as say
from tests.findings.assessed import answered

KINDS = ("together", "alone", "against", "ceiling", "floor", "dead")


@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=9), st.integers(2, 40))
def test_every_kind_is_counted(kinds: list[str], n: int) -> None:
    """Items that tell apart and those that fill the sheet are as many as in the table; few members say nothing."""
    table = pd.DataFrame({"n": n, "share": 0.1, "stands": kinds}, index=[f"第{at}项" for at in range(len(kinds))])
    table.attrs = {"omega": 0.5, "omega_low": 0.25, "omega_high": 0.75}
    found = answered(lambda: say.item_analysis(table))
    assert (found is None) == (n < 5)
    if found is not None:
        said = found.sentence()
        assert ("没有一项" in said) == ("together" not in kinds)
        assert said.startswith(f"{len(kinds)}项之和的差别有10%出自第0项")
        assert f"全员同分的{kinds.count('dead')}项" in said or "dead" not in kinds
        assert len(found.about) == kinds.count("together")
        assert "ω=0.50" in said


@given(st.lists(st.tuples(st.sampled_from(["", "harder", "easier"]), st.booleans()), min_size=1, max_size=6))
def test_for_whom_an_item_is_harder(rows: list[tuple[str, bool]]) -> None:
    """Named are those beyond chance and shown; no misconduct is named, and other causes are."""
    table = pd.DataFrame(
        [(f"第{at}项", f"第{at}支部", 30, 90, 0.01, stands, small) for at, (stands, small) in enumerate(rows)],
        columns=["item", "group", "n", "others", "p", "stands", "withheld"],
    )
    found = answered(lambda: say.differential_functioning(table))
    assert (found is None) == all(small for _, small in rows)
    if found is not None:
        out = [f"第{at}支部" for at, (stands, small) in enumerate(rows) if stands and not small]
        assert list(found.about) == out
        assert ("须看材料" in found.sentence()) == bool(out)
        assert ("未超出偶然" in found.sentence()) == (not out)
