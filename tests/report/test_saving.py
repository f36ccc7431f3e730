"""Files are whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.errors import UsageError
from jifen_analysis.report.saving import replacing, writable, write_table


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    """Where writing breaks off, the old file stays and nothing else is left."""
    target = tmp_path / "x.csv"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError, match="division"), replacing(target) as beside:
        beside.write_text(f"half {1 / 0}", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_open_elsewhere_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that another program holds open is named, with what to do; the half-made one is gone."""

    def held(self: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(UsageError, match="可能正在 Excel/WPS 里打开"):
        write_table(pd.DataFrame({"a": [1]}), tmp_path / "x.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """Any other fault of the file system is told as well, never traced."""
    with pytest.raises(UsageError, match=r"写不进去.*No space"), replacing(tmp_path / "x.csv"):
        raise OSError(28, "No space left on device")


def test_a_new_file_is_as_readable_as_any(tmp_path: Path) -> None:
    """The file has the permissions of files that the user makes otherwise."""
    (tmp_path / "plain").write_text("", encoding="utf-8")
    write_table(pd.DataFrame({"a": [1]}), tmp_path / "x.csv")
    assert os.stat(tmp_path / "x.csv").st_mode == os.stat(tmp_path / "plain").st_mode  # noqa: PTH116


@pytest.mark.parametrize(
    ("name", "said"),
    [("x.txt", "可用后缀 .csv"), ("x", "没有后缀"), ("none/x.csv", "文件夹不存在"), ("folder.csv", "这是一个文件夹")],
)
def test_places_that_cannot_be_written(tmp_path: Path, name: str, said: str) -> None:
    """What cannot be written is refused before any work is done."""
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(UsageError, match=said):
        writable(tmp_path / name, [".csv"])


@given(values=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_floats_read_back_as_they_were(values: list[float], tmp_path_factory: pytest.TempPathFactory) -> None:
    """CSV keeps every bit of a float."""
    target = tmp_path_factory.mktemp("floats") / "x.csv"
    write_table(pd.DataFrame({"total": values}), target)
    assert pd.read_csv(target)["total"].tolist() == values


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_text_that_looks_like_a_formula(tmp_path: Path, text: str) -> None:
    """A spreadsheet that opens the CSV sees text; other text is untouched, and missing stays missing."""
    write_table(pd.DataFrame({"name": pd.array([text, "甲=一", None], dtype="str")}), tmp_path / "x.csv")
    assert pd.read_csv(tmp_path / "x.csv")["name"].fillna("").tolist() == [f"'{text}", "甲=一", ""]
