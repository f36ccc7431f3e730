"""How everyone stands at the end of a period and of a year."""

from __future__ import annotations

import pandas as pd
import pytest

import jifen_analysis as jf
from jifen_analysis.errors import UsageError
from jifen_analysis.report.standing import last_period, standing, yearly
from tests.report.sampled import result


def test_a_year_has_everyone_of_its_periods_once() -> None:
    """Totals and grades of the year are those of the result's years."""
    rows = standing(result(), "2024").set_index("member_id")
    years = result().years.query("year == 2024").set_index("member_id")
    assert rows.index.is_unique
    assert rows["total"].dropna().equals(years["total"].dropna().reindex(rows["total"].dropna().index))


def test_a_period_keeps_the_ranks_of_the_result() -> None:
    """Ranks in the branch are not counted anew."""
    rows, table = standing(result(), "2024H1"), result().table.query("period == '2024H1'")
    assert rows["rank"].tolist() == table["rank_branch"].tolist()


def test_everybody_is_assessed_pending_exempt_or_outside() -> None:
    """Whoever has a total is assessed; the exempt are not pending."""
    rows = standing(result(), "2024")
    assert rows.loc[rows["total"].notna(), "state"].eq("assessed").all()
    assert (rows["state"] == "exempt").sum() >= 1
    assert rows.loc[rows["state"] == "exempt", "total"].isna().all()


def test_where_years_are_not_totalled_the_last_period_stands_for_the_year() -> None:
    """A year stands for itself wherever the scheme makes one."""
    assert yearly(result(), 2024) == "2024"
    assert last_period(result()) == "2024H2"


def test_an_unknown_period_is_refused_with_the_known_ones() -> None:
    """The refusal lists what there is."""
    with pytest.raises(UsageError, match=r"没有考核期 2031.*2024H1"):
        standing(result(), "2031")
    with pytest.raises(UsageError, match="2031 年没有任何得分"):
        last_period(result(), 2031)


def test_why_nobody_has_a_total_is_said() -> None:
    """The component that nobody has a score in is named."""
    members = pd.DataFrame({"member_id": ["1", "2"], "branch": "一支部"})
    dues = pd.DataFrame({"member_id": ["1", "2"], "month": "2024-05", "due": 10.0, "paid": 10.0})
    waiting = jf.assess(jf.Records.from_frames({"members": members, "dues": dues}), jf.read_scheme("community_60_40"))
    with pytest.raises(UsageError, match="没有任何得分,不能出表:没有一个人有“民主评议”的分"):
        last_period(waiting)
