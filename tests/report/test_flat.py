"""The flat table: what is written is read back, with from what it was made."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.report.flat import METADATA, write_table
from jifen_analysis.sealing import digest
from tests.report.sampled import MADE


@given(values=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_floats_read_back_as_they_were(values: list[float], tmp_path_factory: pytest.TempPathFactory) -> None:
    """CSV keeps every bit of a float."""
    target = tmp_path_factory.mktemp("floats") / "x.csv"
    write_table(pd.DataFrame({"total": values}), target, MADE)
    assert pd.read_csv(target)["total"].tolist() == values


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_text_that_looks_like_a_formula(tmp_path: Path, text: str) -> None:
    """A spreadsheet that opens the CSV sees text; other text is untouched, and missing stays missing."""
    write_table(pd.DataFrame({"name": pd.array([text, "甲=一", None], dtype="str")}), tmp_path / "x.csv", MADE)
    assert pd.read_csv(tmp_path / "x.csv")["name"].fillna("").tolist() == [f"'{text}", "甲=一", ""]


def test_csv_has_its_origin_beside_it(tmp_path: Path) -> None:
    """The manifest names the table and its hash."""
    files = write_table(pd.DataFrame({"a": [1]}), tmp_path / "x.csv", MADE)
    assert [file.name for file in files] == ["x.csv", "x.csv.manifest.json"]
    made = json.loads(files[1].read_text(encoding="utf-8"))
    assert made == {**MADE, "outputs": {"x.csv": digest(files[0])}}


def test_parquet_has_its_origin_inside(tmp_path: Path) -> None:
    """The metadata names everything, and the table reads back as it was."""
    table = pd.DataFrame({"a": [1, 2], "name": pd.array(["=1", None], dtype="str")})
    assert write_table(table, tmp_path / "x.parquet", MADE) == [tmp_path / "x.parquet"]
    assert json.loads(pq.read_metadata(tmp_path / "x.parquet").metadata[METADATA]) == MADE
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "x.parquet"), table)
