"""The sample's tables as a whole."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.errors import UsageError
from jifen_analysis.sample import synthetic
from jifen_analysis.tables import TABLES, Records
from jifen_analysis.vocabulary import standard


def test_accepted_without_a_note(records: Records) -> None:
    """The default sample has no problem, not even a note."""
    assert records.notes == ()
    assert records.years == (2023, 2024)


def test_every_table_has_its_columns_and_rows(tables: dict[str, pd.DataFrame]) -> None:
    """Every table of the design is there, in canonical order, and none is empty."""
    assert {name: list(table) for name, table in tables.items()} == {name: list(TABLES[name]) for name in TABLES}
    assert all(len(table) for table in tables.values())


@pytest.mark.parametrize(
    ("table", "column", "unused"),
    [
        ("members", "post", set()),
        ("members", "stage", {"none"}),
        ("members", "sex", set()),
        ("attendance", "activity", set()),
        ("attendance", "status", set()),
        ("events", "event", set()),
        ("evaluations", "group", set()),
    ],
)
def test_every_word_is_used(tables: dict[str, pd.DataFrame], table: str, column: str, unused: set[str]) -> None:
    """The sample uses every word of the vocabulary that can stand in it."""
    words = set(standard().codes(TABLES[table][column].words))
    assert words - set(tables[table][column].dropna().unique()) == unused


def test_every_event_occurs_at_every_level(tables: dict[str, pd.DataFrame]) -> None:
    """Each event stands in the sample with each of the levels it knows."""
    events = tables["events"]
    found = set(zip(events["event"].astype("str"), events["level"].astype("str"), strict=True))
    wanted = {(event, level) for event, word in standard().words["event"].items() for level in word.levels}
    assert wanted <= found


def test_the_same_seed_gives_the_same_tables() -> None:
    """Made twice, the sample is the same; another seed makes another."""
    one, again, other = synthetic(30), synthetic(30), synthetic(30, seed=8)
    for name, table in one.items():
        pd.testing.assert_frame_equal(table, again[name])
    assert not one["attendance"].equals(other["attendance"])


@settings(max_examples=6, deadline=None)
@given(
    members=st.integers(1, 90),
    years=st.lists(st.integers(1991, 2099), min_size=1, max_size=3, unique=True),
    seed=st.integers(0, 2**32),
)
def test_any_size_years_and_seed_are_accepted(members: int, years: list[int], seed: int) -> None:
    """However small the sample, whichever its years, its records are without error."""
    made = Records.from_frames(synthetic(members, years, seed))
    assert made.members["member_id"].nunique() == members
    assert set(made.years) == set(years)


@pytest.mark.parametrize(("members", "years"), [(0, [2024]), (10, []), (10, [1800])])
def test_nothing_to_invent(members: int, years: list[int]) -> None:
    """No member, no year or a year out of range is refused."""
    with pytest.raises(UsageError, match="人数至少为1"):
        synthetic(members, years)
