"""Tables in files: what is left out of them is left out wherever it stands."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.errors import InvalidRecords
from jifen_analysis.intake import load
from jifen_analysis.store.table import StoredTable
from jifen_analysis.store.write import convert
from jifen_analysis.tables import Records

PEOPLE = 7


@pytest.fixture(scope="module")
def dues(tmp_path_factory: pytest.TempPathFactory) -> StoredTable:
    """Return dues of two years and some branches: a file each."""
    ids = [f"{number:05d}" for number in range(PEOPLE)]
    months = pd.MultiIndex.from_product([ids, ["2023-12", "2024-01"]], names=["member_id", "month"])
    frames = {
        "members": pd.DataFrame({"member_id": ids, "branch": [f"第{number // 2}支部" for number in range(PEOPLE)]}),
        "dues": months.to_frame(index=False).assign(due=5.0, paid=np.arange(float(len(months)))),
    }
    out: Path = convert(Records.from_frames(frames), tmp_path_factory.mktemp("stored") / "out", members_a_file=2)
    table = load(out).frames["dues"]
    assert isinstance(table, StoredTable)
    return table


ROWS = st.sets(st.integers(0, 2 * PEOPLE - 1)).map(lambda rows: np.array(sorted(rows), dtype="int64"))


@given(first=ROWS, second=ROWS)
@settings(max_examples=12, deadline=None)
def test_rows_are_left_out_as_of_one_frame(dues: StoredTable, first: np.ndarray, second: np.ndarray) -> None:
    """Twice in turn, in whole tables, in pieces and column by column; files of which nothing is left are not opened."""
    whole = pd.concat(list(dues), ignore_index=True)
    left = whole.drop(index=first.tolist()).reset_index(drop=True)
    again = second[second < len(left)]
    left = left.drop(index=again.tolist()).reset_index(drop=True)
    cut = dues.without(first).without(again)
    assert cut.rows == sum(file.left for file in cut.files) == len(left)
    assert all(file.left for file in cut.files)
    for batches in (cut, [batch for piece in cut.pieces().values() for batch in piece]):
        found = pd.concat([left[:0], *batches], ignore_index=True)
        pd.testing.assert_frame_equal(found, left)
    for processors in (1, 16):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "cpu_count", lambda n=processors: n)
            narrow = [value for batch in cut.narrow(["paid"]) for value in batch["paid"]]
        assert narrow == left["paid"].tolist()


@pytest.mark.parametrize("processors", [1, 16])
@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:100])])
def test_a_file_that_is_gone_or_cut_meanwhile_is_told(
    tmp_path: Path, change: Callable[[Path], object], processors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was whole when the folder was opened and is not when it is read is refused, with the file."""
    frames = {
        "members": pd.DataFrame({"member_id": ["1"], "branch": ["甲"]}),
        "dues": pd.DataFrame({"member_id": ["1"], "month": ["2024-01"], "due": [5.0], "paid": [5.0]}),
    }
    table = load(convert(Records.from_frames(frames), tmp_path / "out")).frames["dues"]
    assert isinstance(table, StoredTable)
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    change(table.files[0].path)
    for read in (len, lambda batches: [*batches], lambda batches: [*batches.narrow(["paid"])]):
        with pytest.raises(InvalidRecords, match="文件在转换之后改动过") as refused:
            read(table)
        assert refused.value.problems[0].file == str(table.files[0].path)
