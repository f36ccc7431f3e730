"""What is said of choices is what the frame holds."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.findings import sensitivity as say
from tests.findings.assessed import answered, numbers

NAMES = ["weights", "cut.优秀", "missing", "reading"]
TOTALS = st.lists(st.sampled_from([0.0, 0.1, 0.3, 0.7, 1.2, float("nan")]), min_size=2, max_size=4)


@settings(max_examples=40)
@given(TOTALS, st.integers(3, 30), st.sampled_from([0.05, 0.125]))
def test_which_choice_matters_most(totals: list[float], members: int, shares: float) -> None:
    """The first is named where its interval stands alone; where several overlap none is called the most."""
    if any(total != total for total in totals):
        totals = [float("nan")] * len(totals)
    rows = pd.DataFrame({"factor": NAMES[: len(totals)], "total": totals}).sort_values("total", ascending=False)
    table = rows.assign(total_low=rows["total"] - 0.05, total_high=rows["total"] + 0.05, moved=rows["total"] / 10)
    table.attrs = {"members": members, "still": members // 2, "shares": shares, "cuts": 1.0, "readings": ["strict"]}
    found = answered(lambda: say.choices(table))
    assert (found is None) == (members < 5)
    if found is None:
        return
    said, alone = found.sentence(), bool((rows["total"].iloc[1:] < rows["total"].iloc[0] - 0.1).all())
    assert ("动不了任何人" in said) == rows["total"].isna().all()
    if rows["total"].notna().all():
        assert ("分不出高下" in said) != alone
        assert not alone or min(100, round(100 * rows["total"].iloc[0])) in numbers(said)
    assert "取法限于" in said
    assert ("2种读法" in said) == ("reading" in set(rows["factor"]))
