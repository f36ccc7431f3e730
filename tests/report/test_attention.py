"""What needs people."""

from __future__ import annotations

from jifen_analysis.report.attention import needs_attention
from tests.builders import records
from tests.report.builders import assessed


def test_who_needs_attention() -> None:
    """The unfinished and the vetoed are named, by period, the last first; everyone else is not."""
    found = needs_attention(assessed()).set_index(["period", "flag"])
    assert found.loc[("2024H1", "incomplete")].tolist() == [1, "00004 @乙二"]
    assert found.loc[("2024H1", "veto")].tolist() == [1, "00003 =1+1"]
    assert found.index.get_level_values("period").is_monotonic_decreasing


def test_only_the_first_few_are_named() -> None:
    """Five are named, all are counted."""
    members = [[f"{n:05d}", "一支部", None] for n in range(1, 8)]
    found = needs_attention(
        assessed(members=members, evaluations=[], events=[], attendance=[["00001", "2024-03-05", "lecture", "present"]])
    )
    row = found.set_index(["period", "flag"]).loc[("2024H1", "incomplete")]
    assert row["cases"] == 7
    assert row["who"] == "00001、00002、00003、00004、00005"


def test_nothing_to_look_at() -> None:
    """A clean result needs nobody."""
    everyone = [[f"0000{n}", "2024H1", group, 85] for n in (1,) for group in ("committee", "members", "households")]
    members = [["00001", "一支部", "甲"]]
    attendance = [["00001", "2024-03-05", "lecture", "present"]]
    found = needs_attention(assessed(members=members, attendance=attendance, events=[], evaluations=everyone))
    assert found.empty
    assert records(members=members).members["member_id"].tolist() == ["00001"]
