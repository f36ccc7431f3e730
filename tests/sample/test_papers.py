"""Marks, declarations, corrections."""

import pandas as pd

from jifen_analysis.sample.habits import habits


def test_marks_stay_within_full_marks(tables: dict[str, pd.DataFrame]) -> None:
    """No mark is above the full marks of its item; most are below."""
    listed = {item: full for items in habits().marks.values() for item, full in items.items()}
    full = tables["marks"]["item"].map({**listed, "unlisted_category": 90})
    assert (tables["marks"]["mark"] <= full).all()
    assert (tables["marks"]["mark"] < full).mean() > 0.5


def test_inspectors_items_are_for_inspectors(tables: dict[str, pd.DataFrame]) -> None:
    """Only inspectors have marks for an inspector's items."""
    marks, members = tables["marks"], tables["members"]
    marked = marks.loc[marks["item"].isin(habits().marks["inspectors"]), "member_id"]
    assert set(marked) <= set(members.loc[members["post"] == "inspector", "member_id"])


def test_declarations_never_exceed_the_item(tables: dict[str, pd.DataFrame]) -> None:
    """Nobody declares more than the item's points, some declare less."""
    full = tables["declarations"]["item"].map(habits().declared)
    assert (tables["declarations"]["points"] <= full).all()
    assert (tables["declarations"]["points"] < full).any()


def test_corrections_are_documented(tables: dict[str, pd.DataFrame]) -> None:
    """Each decision names who decided, when, in which document and why."""
    corrections = tables["corrections"]
    assert corrections[["decided_by", "decided_on", "document", "reason"]].notna().all(axis=None)
    assert corrections["points"].notna().any()
    assert corrections["grade"].notna().any()
