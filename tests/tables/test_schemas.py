import pandas as pd
import pandera.pandas as pa
import pytest

from jifen_analysis.tables import TABLES, canonical
from jifen_analysis.tables.schemas import schema
from jifen_analysis.vocabulary import standard


@pytest.mark.parametrize("table", list(TABLES))
def test_schemas_hold_what_columns_say(table: str) -> None:
    """Required columns are not nullable; an empty typed frame passes."""
    made = schema(table, standard())
    assert {name for name, column in made.columns.items() if not column.nullable and name in TABLES[table]} == {
        name for name, column in TABLES[table].items() if column.required
    }
    made.validate(canonical(table, pd.DataFrame(), standard())[0])


@pytest.mark.parametrize(
    ("column", "value"), [("period", "2024H3"), ("period", "1989"), ("mark", 100.5), ("mark", 1.00001), ("count", 0)]
)
def test_values_outside_are_refused(column: str, value: object) -> None:
    """A period that is none, a mark out of bounds or with five decimals, a count of nobody."""
    row = {"member_id": "1", "period": "2024", "group": "members", "mark": 90, "count": 1, column: value}
    frame, _ = canonical("evaluations", pd.DataFrame([row]), standard())
    with pytest.raises(pa.errors.SchemaError, match=column):
        schema("evaluations", standard()).validate(frame)
