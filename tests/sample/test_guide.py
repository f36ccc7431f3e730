"""The README beside the sample."""

import pandas as pd

from jifen_analysis.sample.guide import guide
from jifen_analysis.sample.planted import cases
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import standard


def test_every_sheet_and_column_is_explained(tables: dict[str, pd.DataFrame]) -> None:
    """The guide has a line for each column of each sheet, in Chinese and by its code."""
    text = guide(tables, "xlsx")
    for name, columns in TABLES.items():
        part = text.split(f"\n## {standard().tables[name].label} `{name}`\n")[1].split("\n## ")[0]
        lines = [line for line in part.splitlines() if line.startswith("| ")][1:]
        assert [line.split("`")[1] for line in lines] == list(columns)


def test_every_planted_case_is_listed(tables: dict[str, pd.DataFrame]) -> None:
    """The guide lists each planted case with the member who plays it."""
    text = guide(tables, "csv")
    listed = [line.split(" | ") for line in text.split("Planted cases")[1].splitlines() if line.startswith("| 0")]
    assert {line[2].removesuffix(" |") for line in listed} == {case.name for case in cases()}
    assert {line[0].removeprefix("| ") for line in listed} <= set(tables["members"]["member_id"])
