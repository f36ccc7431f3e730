"""What happened."""

import pandas as pd

from jifen_analysis.sample.habits import habits
from jifen_analysis.vocabulary import standard


def test_habits_know_their_events() -> None:
    """Every event with a rate is a word of the vocabulary."""
    assert set(habits().events) <= set(standard().codes("event"))


def test_commended_branches_commend_their_posts(tables: dict[str, pd.DataFrame]) -> None:
    """Where a branch is honoured, everybody with a post there has the event, every year."""
    events, members = tables["events"], tables["members"]
    noted = events[(events["event"] == "branch_honour") & (events["note"] == "支部受表彰")]
    posted = members[(members["branch"] == "第一支部") & (members["post"] != "none")]
    assert set(posted["member_id"]) <= set(noted["member_id"])
    assert set(noted["date"].dt.year) == {2023, 2024}


def test_events_carry_what_they_read(tables: dict[str, pd.DataFrame]) -> None:
    """Amounts, points, awards and clauses stand only where the event reads them."""
    events = tables["events"]
    reads = {code: set(word.reads) for code, word in standard().words["event"].items()}
    for column in ("amount", "points", "award", "clause"):
        noted = events.loc[events[column].notna(), "event"].unique()
        assert len(noted)
        assert all(column in reads[event] for event in noted)
