"""The flat table: what is written is read back, with from what it was made."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.intake.grid.delimited import text_grid
from jifen_analysis.report.flat import METADATA, csv_text, in_chinese, write_table
from jifen_analysis.scoring.assess import assess
from jifen_analysis.sealing import digest
from tests.builders import records, scheme
from tests.report.sampled import MADE


@given(values=st.lists(st.floats(-1e6, 1e6), min_size=1))
def test_numbers_are_as_short_as_they_are_exact(values: list[float], tmp_path_factory: pytest.TempPathFactory) -> None:
    """CSV has each number rounded to six decimals, and nothing of how it was computed."""
    target = tmp_path_factory.mktemp("floats") / "x.csv"
    write_table(pd.DataFrame({"total": values}), target, MADE)
    assert pd.read_csv(target)["total"].tolist() == [round(value, 6) for value in values]
    written = target.read_text(encoding="utf-8-sig").split()[1:]
    assert all(len(one.partition(".")[2]) <= 6 for one in written if "e" not in one)


def test_a_sum_of_floats_does_not_show(tmp_path: Path) -> None:
    """Neither does a minus before nothing; Parquet keeps what was computed."""
    table = pd.DataFrame({"total": [99.30799999999999, -0.0000000001, None]})
    write_table(table, tmp_path / "x.csv", MADE)
    assert (tmp_path / "x.csv").read_text(encoding="utf-8-sig").split() == ["total", "99.308", "0.0", '""']
    write_table(table, tmp_path / "x.parquet", MADE)
    assert pd.read_parquet(tmp_path / "x.parquet")["total"].tolist()[:2] == table["total"].tolist()[:2]


def test_headers_can_be_chinese() -> None:
    """As people read them: titles of components, labels of stages and flags; two of one name keep their ids."""
    rules = scheme(
        '[components.a]\ntitle = "总分"\n[components.a.items.x]\nstart = 3\n'
        '[components.a.items.x.rules.d]\nfrom = "dues"\nwhere = { state = "unpaid" }\npoints = -1'
    )
    given_ = records(members=[["1", "甲"]], dues=[["1", "2024-01", 5, 5]])
    result = assess(given_, rules)
    said = in_chinese(result.table, result)
    assert {"党员编号", "党支部", "总分(a)", "总分(total)", "标记"} <= set(said)
    assert said[["标记", "总分(total)"]].values.tolist() == [["党费无缴纳日期", 3.0]]


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


TEXTS = st.lists(st.text("=+-@'\t甲a1 ,\"|", min_size=1, max_size=6), min_size=2, max_size=5)


@given(TEXTS)
def test_any_text_comes_back(texts: list[str]) -> None:
    """What an apostrophe kept from being a formula has lost it again; one of its own stays."""
    table = pd.DataFrame({"编号": [f"{n:05d}" for n in range(len(texts))], "branch": texts})
    cells = text_grid(csv_text(table).encode(), "x.csv").columns[1][1:]
    assert list(cells) == texts


@given(TEXTS)
def test_no_cell_is_a_formula(texts: list[str]) -> None:
    """Whatever a text begins with, the cell that a spreadsheet sees does not begin so."""
    lines = pd.read_csv(StringIO(csv_text(pd.DataFrame({"a": texts}))), dtype=str, keep_default_na=False)
    assert not lines["a"].str.startswith(("=", "+", "-", "@", "\t")).any()
