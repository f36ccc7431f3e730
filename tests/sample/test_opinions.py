"""Evaluations, ballots and surveys."""

from __future__ import annotations

import pandas as pd

from jifen_analysis.sample.habits import habits


def _of_branch(tables: dict[str, pd.DataFrame], name: str, branch: str) -> pd.DataFrame:
    """Return the rows of members who never left a branch."""
    members = tables["members"]
    others = set(members.loc[members["branch"] != branch, "member_id"])
    table = tables[name]
    return table[table["member_id"].isin(set(members.loc[members["branch"] == branch, "member_id"]) - others)]


def test_one_branch_has_no_households(tables: dict[str, pd.DataFrame]) -> None:
    """The sixth branch never asks its households."""
    assert set(_of_branch(tables, "evaluations", "第六支部")["group"].unique()) == {"committee", "members", "residents"}


def test_one_branch_evaluates_by_the_year(tables: dict[str, pd.DataFrame]) -> None:
    """The ninth branch sends one evaluation a year."""
    assert set(_of_branch(tables, "evaluations", "第九支部")["period"]) == {"2023", "2024"}


def test_the_tiny_branch_sends_single_marks(tables: dict[str, pd.DataFrame]) -> None:
    """In the branch of four each of three committee members has a row of his own."""
    rows = _of_branch(tables, "evaluations", "第十支部").query("group == 'committee'")
    assert (rows.groupby(["member_id", "period"]).size() == 3).all()
    assert (rows["count"] == 1).all()


def test_one_branch_is_lenient(tables: dict[str, pd.DataFrame]) -> None:
    """The fifth branch marks clearly higher than the others."""
    lenient = _of_branch(tables, "evaluations", "第五支部")["mark"].mean()
    assert lenient > tables["evaluations"]["mark"].mean() + 5


def test_marks_stay_in_range(tables: dict[str, pd.DataFrame]) -> None:
    """No mark lies outside 0 to 100, whatever was lifted."""
    assert tables["evaluations"]["mark"].between(0, 100).all()
    assert tables["surveys"]["score"].between(0, 100).all()


def test_ballots_have_votes(tables: dict[str, pd.DataFrame]) -> None:
    """Every ballot but the planted empty one has twenty votes; nobody's count is negative."""
    ballots = tables["ballots"]
    cast = ballots[["excellent", "qualified", "basic", "unqualified", "abstained"]].sum(axis=1)
    assert sorted(cast.unique()) == [0, 20]
    assert (cast == 0).sum() == 1
    assert (ballots.select_dtypes("Int64") >= 0).all(axis=None)


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
