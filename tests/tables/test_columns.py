import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.tables import TABLES, canonical
from jifen_analysis.tables.columns import KEYS, SCALE, dtype, fixed_point
from jifen_analysis.vocabulary import standard


@pytest.mark.parametrize("table", list(TABLES))
def test_an_empty_frame_has_every_column_in_its_type(table: str) -> None:
    """Missing columns are added blank, in canonical order and type."""
    typed, refused = canonical(table, pd.DataFrame(), standard())
    assert list(typed) == list(TABLES[table])
    assert {name: typed[name].dtype for name in typed} == {n: dtype(c, standard()) for n, c in TABLES[table].items()}
    assert refused == {}


def test_keys_are_columns() -> None:
    """What may stand only once is made of a table's own columns."""
    assert all(set(keys) <= set(TABLES[table]) for table, keys in KEYS.items())


@pytest.mark.parametrize(
    ("column", "value"),
    [("member_id", 17), ("since", "2024-13-01"), ("floating", "maybe"), ("year", 2024.5), ("sex", "其他")],
)
def test_values_of_another_type_are_handed_back(column: str, value: object) -> None:
    """A value that is not of its column's type is missing, and told."""
    frame = pd.DataFrame({"member_id": ["00001"], "branch": ["甲"], **{column: [value]}})
    typed, refused = canonical("members", frame, standard())
    assert typed[column].isna().all()
    assert list(refused) == [column]
    assert refused[column].tolist() == [value]


def test_defaults_fill_blanks() -> None:
    """A blank quantity is one."""
    typed, _ = canonical("events", pd.DataFrame({"member_id": ["00001"], "quantity": [None]}), standard())
    assert typed["quantity"].tolist() == [1]


@given(st.lists(st.integers(-(10**9), 10**9), max_size=20))
def test_four_decimals_are_exact(units: list[int]) -> None:
    """Numbers of at most four decimals are whole ten-thousandths."""
    assert fixed_point([unit / SCALE for unit in units]).tolist() == units
