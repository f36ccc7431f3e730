"""Who is where when."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.sample.habits import habits
from jifen_analysis.sample.people import branch_sizes, people, roster, stints

YEARS = (2023, 2024)


@given(st.integers(1, 200_000))
def test_everybody_has_a_branch(members: int) -> None:
    """The branches' sizes add up to the members, whatever their number."""
    sizes = branch_sizes(members, habits())
    assert sizes.sum() == members
    assert (sizes > 0).all()


def test_nobody_is_in_two_branches_at_once() -> None:
    """A person's stints follow one another without overlap."""
    born, _ = people(300, YEARS, 7, habits())
    rows = stints(born, YEARS)
    before = rows["last"].shift().where(rows["person"] == rows["person"].shift())
    assert (rows["first"] > before)[before.notna()].all()


def test_joiners_leavers_and_movers_are_dated(tables: dict[str, pd.DataFrame]) -> None:
    """Whoever comes, goes or moves has the day in the roster, in the year in which it falls."""
    members = tables["members"]
    for column in ("since", "until"):
        dated = members[members[column].notna() & members["year"].notna()]
        assert len(dated) > 5
        assert (dated[column].dt.year == dated["year"]).all()
    assert (members.groupby("member_id")["branch"].nunique() > 1).sum() >= 2


def test_units_of_many_and_of_few_posts(tables: dict[str, pd.DataFrame]) -> None:
    """Some units have six posts or more, some fewer."""
    members = tables["members"].query("year == 2024")
    posts = members[members["post"].notna() & (members["post"] != "none")].groupby("unit").size()
    assert posts.max() >= 6
    assert posts.min() < 6


def test_a_newcomer_without_a_year_has_one_row() -> None:
    """Where the roster names no year, the member stands there once, from his first day."""
    born, _ = people(300, YEARS, 7, habits())
    rows = roster(stints(born, YEARS), habits())
    yearless = rows[rows["year"].isna()]
    assert yearless["since"].tolist() == [pd.Timestamp("2024-08-01")]
    assert yearless["post"].tolist() == ["inspector"]
