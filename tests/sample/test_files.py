"""What is written, and that it reads back."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from jifen_analysis.errors import UsageError
from jifen_analysis.intake.load import load
from jifen_analysis.sample import write
from jifen_analysis.sample.files import Format, guide, workbooks
from jifen_analysis.sample.planted import cases
from jifen_analysis.sample.synthetic import synthetic
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import standard

COMMITTED = Path(__file__).parents[2] / "data" / "sample"


def _content(folder: Path) -> dict[str, object]:
    """Return what each file holds; of a workbook its unpacked parts, for compression differs between machines."""
    return {
        path.relative_to(folder).as_posix(): _unpacked(path) for path in sorted(folder.rglob("*")) if path.is_file()
    }


def _unpacked(path: Path) -> object:
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        return [(part.filename, part.date_time, packed.read(part)) for part in packed.infolist()]


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    own = frame[[column for column in frame if not str(column).startswith("_")]]
    return own.sort_values(list(own)).reset_index(drop=True)


def test_the_committed_sample_is_the_default(written: Path) -> None:
    """data/sample holds exactly what ``write`` makes with its defaults; made anew with ``jifen sample``."""
    assert _content(COMMITTED) == _content(written)


def test_the_sample_is_small(written: Path) -> None:
    """The workbooks stay under four megabytes: ten branches, two years."""
    sizes = [path.stat().st_size for path in written.rglob("*.xlsx")]
    assert len(sizes) == 20
    assert sum(sizes) < 4_000_000


def test_workbooks_read_back_as_the_tables(written: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Loading the workbooks gives exactly the tables they were made from, and nothing to note."""
    read = load(written)
    assert read.notes == ()
    for name, table in tables.items():
        pd.testing.assert_frame_equal(_sorted(read.table(name)), _sorted(table))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_canonical_folders_read_back_as_the_tables(form: Format, tmp_path: Path) -> None:
    """A canonical folder gives the same tables in the same order."""
    write(tmp_path, 30, format=form)
    read = load(tmp_path)
    for name, table in synthetic(30).items():
        pd.testing.assert_frame_equal(read.table(name)[list(table)], table)


FORMS: tuple[tuple[Format, tuple[int, ...]], ...] = (("csv", (2023, 2024)), ("xlsx", (2024,)))
"""What is written twice; workbooks of one year, for they take longest, and are laid out alike."""


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """A run with a hash seed of its own writes the same tables and workbooks as this one, whatever its is."""
    theirs = tmp_path / "theirs-"
    write_all = f"[write({str(theirs)!r} + form, 20, years, format=form) for form, years in {FORMS!r}]"
    code = f"from jifen_analysis.sample import write; {write_all}"
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONHASHSEED": "20240101"})
    for form, years in FORMS:
        write(tmp_path / form, 20, years, format=form)
        assert _bytes(tmp_path / form) == _bytes(tmp_path / f"theirs-{form}")


def test_a_single_year_reads_back(tmp_path: Path) -> None:
    """One year alone is a sample like any other, with whoever is on the roster of every year."""
    write(tmp_path, 100, years=(2024,))
    members = synthetic(100, years=(2024,))["members"]
    assert members["year"].isna().any()
    assert len(load(tmp_path).members) == len(members)


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    """Only three formats are known."""
    with pytest.raises(UsageError, match="格式只能是 xlsx、csv、parquet"):
        write(tmp_path, format="ods")  # type: ignore[arg-type]


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    """Where a file stands in the folder's place, the message names it."""
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="taken 不是空的文件夹"):
        write(tmp_path / "taken")


def test_only_an_earlier_sample_is_replaced(tmp_path: Path) -> None:
    """A file that no new one replaces is never removed, nor anything of a folder that is no sample."""
    sample = tmp_path / "样例"
    before = write(sample, 20, format="csv")
    assert write(sample, 20, format="csv") == before
    (sample / "mine.csv").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match=r"mine\.csv"):
        write(sample, 20, format="csv")
    (sample / "README.md").unlink()
    with pytest.raises(UsageError, match="不是空的文件夹"):
        write(sample, 20, format="csv")
    assert (sample / "mine.csv").read_text(encoding="utf-8") == "x"


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


def _rows(path: Path, sheet: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path, read_only=True)
    rows = list(book[sheet].values)
    book.close()
    return rows


def test_a_sheet_has_a_title_and_chinese_headers(written: Path) -> None:
    """Title first, then the header, then records in Chinese with the member's name."""
    title, header, first, *_ = _rows(written / "2023" / "01第一支部.xlsx", "考勤")
    assert title[0] == "第一支部 2023年度 考勤(虚构数据)"
    assert header == ("党员编号", "姓名", "日期", "活动类型", "出勤情况")
    assert first[:2] == ("00001", "甲一")
    assert first[3:] == ("党员大会", "出勤")


def test_a_mover_stands_in_both_branches(written: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Whoever changes branch within a year is on both rosters, his records where he was on the day."""
    members = tables["members"].query("year == 2023")
    mover = members.loc[members.duplicated("member_id"), "member_id"].iloc[0]
    old, new = members.loc[members["member_id"] == mover, ["branch", "since"]].itertuples(index=False)
    for row in (old, new):
        path = next((written / "2023").glob(f"*{row.branch}.xlsx"))
        assert mover in [line[0] for line in _rows(path, "花名册")]
        days = [line[2] for line in _rows(path, "考勤") if line[0] == mover]
        assert days
        assert all((pd.Timestamp(day) >= new.since) == (row is new) for day in days)


def test_empty_tables_have_no_sheet(tmp_path: Path, tables: dict[str, pd.DataFrame]) -> None:
    """A table of which a branch has no row is left out of its workbook."""
    none = {**tables, "corrections": tables["corrections"].iloc[:0]}
    first = next(workbooks(tmp_path, none))
    assert "异议复核" not in openpyxl.load_workbook(first, read_only=True).sheetnames
