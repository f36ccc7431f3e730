"""What two frames say together holds in both."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.findings.together import means_and_marks
from tests.findings.assessed import answered, named, numbers

branches = st.lists(
    st.tuples(st.integers(5, 30), st.floats(70, 99), st.floats(0.1, 9), st.floats(-9, 9), st.floats(0.1, 9)),
    min_size=2,
    max_size=5,
)


@given(branches)
def test_who_is_named_stands_apart_in_both_the_same_way(rows: list[tuple[int, float, float, float, float]]) -> None:
    """Marks beyond their interval, totals on the same side: beyond theirs, or furthest; every number is a frame's."""
    names = [f"第{number}支部" for number, _ in zip("一二三四五", rows, strict=False)]
    means = pd.DataFrame(
        [(n, mean, mean - reach, mean + reach) for n, mean, reach, _, _ in rows],
        index=names,
        columns=["n", "shrunken", "low", "high"],
    )
    whole = float(means["shrunken"].mean())
    means.attrs = {"mean": whole}
    marks = pd.DataFrame(
        [(name, gap, gap - reach, gap + reach) for name, (*_, gap, reach) in zip(names, rows, strict=True)],
        columns=["branch", "difference", "difference_low", "difference_high"],
    )
    found = answered(lambda: means_and_marks(means, marks))
    if found is None:
        return
    aside = marks.set_index("branch")
    assert list(found.about) == named(found.sentence())
    for name, part in zip(found.about, found.sentence().split("；"), strict=False):
        gap, total = aside.loc[name], means.loc[name]
        assert gap["difference_low"] > 0 or gap["difference_high"] < 0
        assert (gap["difference"] > 0) == (total["shrunken"] > whole)
        said = numbers(part)
        assert abs(said[0] - abs(gap["difference"])) <= 0.0501
        assert abs(said[1] - total["shrunken"]) <= 0.0501
        beyond = total["low"] > whole or total["high"] < whole
        assert ("未超出偶然波动" in part) == (not beyond)
