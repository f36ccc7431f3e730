"""Evaluations, ballots and surveys."""

import pandas as pd


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
