"""Write the sample as branches would send it, or as a canonical folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import xlsxwriter

from jifen_analysis.errors import UsageError
from jifen_analysis.periods import Period
from jifen_analysis.sample.guide import guide
from jifen_analysis.sample.synthetic import synthetic
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import standard

Format = Literal["xlsx", "csv", "parquet"]

_CREATED = datetime(2025, 1, 1)
"""Stands in every workbook, so that the same records give the same bytes."""

_TIMES = {"attendance": "date", "events": "date", "dues": "month"}


def write(
    folder: str | Path,
    members: int = 300,
    years: Sequence[int] = (2023, 2024),
    seed: int = 7,
    format: Format = "xlsx",  # noqa: A002 — the name it has on the command line
) -> list[Path]:
    """Write synthetic records into a folder.

    Parameters
    ----------
    folder : str or Path
        Made where it does not exist; files of the same name are replaced.
    members, years, seed
        See :func:`synthetic`.
    format : {"xlsx", "csv", "parquet"}
        xlsx: in Chinese, one workbook a branch and year, in a sub-folder for
        each year. csv, parquet: one file a table, English headers and codes.

    Returns
    -------
    list of Path
        The files written; the same arguments give the same bytes.

    Raises
    ------
    UsageError
        Where the format is unknown, the folder cannot be made, or
        ``synthetic`` refuses.
    """
    if format not in _WRITERS:
        raise UsageError(
            f"格式只能是 xlsx、csv、parquet;收到 {format}", f"the format is xlsx, csv or parquet; found {format}"
        )
    tables = synthetic(members, years, seed)
    place = _made(Path(folder))
    written = list(_WRITERS[format](place, tables))
    readme = place / "README.md"
    readme.write_text(guide(tables, format), encoding="utf-8", newline="\n")
    return [readme, *written]


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as found:
        raise UsageError(
            f"建不了文件夹 {folder}:{found.strerror}", f"cannot make folder {folder}: {found.strerror}"
        ) from found
    return folder


# ---------------------------------------------------------------- canonical folder


def _csv(folder: Path, tables: Mapping[str, pd.DataFrame]) -> Iterator[Path]:
    for name, table in tables.items():
        path = folder / f"{name}.csv"
        pyarrow.csv.write_csv(_plain(table), path, pyarrow.csv.WriteOptions(quoting_style="needed"))
        yield path


def _parquet(folder: Path, tables: Mapping[str, pd.DataFrame]) -> Iterator[Path]:
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        pyarrow.parquet.write_table(pa.Table.from_pandas(table, preserve_index=False), path)
        yield path


def _plain(table: pd.DataFrame) -> pa.Table:
    """Return a table with days as days and words as text."""
    columns = {name: pa.Array.from_pandas(values) for name, values in table.items()}
    return pa.table({str(name): _as_text(column) for name, column in columns.items()})


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.date32())
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


# ---------------------------------------------------------------- workbooks


def _workbooks(folder: Path, tables: Mapping[str, pd.DataFrame]) -> Iterator[Path]:
    branches = list(dict.fromkeys(tables["surveys"]["branch"]))  # every branch, in the order of its number
    width = max(2, len(str(len(branches))))
    shares = {
        name: _placed(name, table, tables["members"]).groupby(["_year", "_branch"]) for name, table in tables.items()
    }
    for year in sorted(set(shares["surveys"].obj["_year"])):
        (folder / str(year)).mkdir(exist_ok=True)
        for number, branch in enumerate(branches, start=1):
            sheets = {
                name: share.get_group((year, branch))
                for name, share in shares.items()
                if (year, branch) in share.groups
            }
            if "members" in sheets:
                yield _workbook(folder / str(year) / f"{number:0{width}d}{branch}.xlsx", branch, year, sheets)


def _placed(name: str, table: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Add the year and branch of the workbook in which each row stands."""
    if name == "members":
        return table.assign(_year=table["year"].fillna(table["since"].dt.year.astype("Int64")), _branch=table["branch"])
    day = _last_day(table, _TIMES.get(name, "period"))
    if name == "surveys":
        return table.assign(_year=day.dt.year, _branch=table["branch"])
    return table.assign(_year=day.dt.year, _branch=_branch_on(table["member_id"], day, members))


def _last_day(table: pd.DataFrame, column: str) -> pd.Series:
    if column == "date":
        return table["date"]
    days = {code: pd.Timestamp(Period.parse(code).last_day) for code in table[column].unique()}
    return table[column].map(days).astype("datetime64[us]")


def _branch_on(member: pd.Series, day: pd.Series, members: pd.DataFrame) -> np.ndarray:
    """Return the branch of the roster row in force on a day, or of the last before it, or of the first."""
    opens = members["since"].fillna(pd.to_datetime(members["year"].astype("str") + "-01-01", errors="coerce"))
    held = members.assign(since=opens.astype("datetime64[us]")).sort_values("since", kind="stable")
    asked = pd.DataFrame({"member_id": member, "since": day.to_numpy(), "at": np.arange(len(day))})
    asked = asked.sort_values("since", kind="stable")
    found = pd.merge_asof(asked, held[["member_id", "since", "branch"]], on="since", by="member_id")
    first = held.drop_duplicates("member_id").set_index("member_id")["branch"]
    branch = found["branch"].fillna(found["member_id"].map(first))
    return branch.to_numpy()[np.argsort(found["at"].to_numpy(), kind="stable")]


def _workbook(path: Path, branch: str, year: int, sheets: Mapping[str, pd.DataFrame]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _CREATED, "title": f"{branch} {year}年度", "comments": "虚构数据,仅供试用"})
        looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
        for name, table in sheets.items():
            label = standard().tables[name].label
            sheet = book.add_worksheet(label)
            _fill(sheet, f"{branch} {year}年度 {label}(虚构数据)", name, table[list(TABLES[name])], looks)
    return path


_LOOKS: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "header": {"bold": True, "bg_color": "#E7EEF5", "border": 1, "text_wrap": True},
    "date": {"num_format": "yyyy-mm-dd"},
    "text": {"num_format": "@"},
    "plain": {},
}


def _fill(
    sheet: xlsxwriter.worksheet.Worksheet,
    title: str,
    name: str,
    table: pd.DataFrame,
    looks: Mapping[str, xlsxwriter.format.Format],
) -> None:
    sheet.write_string(0, 0, title, looks["title"])
    sheet.freeze_panes(2, 1)
    for at, (column, values) in enumerate(table.items()):
        label = standard().column(name, str(column)).label
        look = looks[{"date": "date", "id": "text"}.get(TABLES[name][str(column)].kind, "plain")]
        sheet.write_string(1, at, label, looks["header"])
        sheet.set_column(at, at, max(11, 2 * len(label) + 2))
        for row, value in enumerate(_shown(name, str(column), values), start=2):
            if not pd.isna(value):
                sheet.write(row, at, value, look)
    sheet.autofilter(1, 0, 1 + len(table), len(table.columns) - 1)


def _shown(name: str, column: str, values: pd.Series) -> list[Any]:
    """Return a column as a branch would type it: Chinese words, blanks for what is missing."""
    kind, words = TABLES[name][column].kind, TABLES[name][column].words
    if kind == "word":
        said: pd.Series = values.astype("object").map(lambda code: standard().label(words, code), na_action="ignore")
    elif kind == "period":
        said = values.map(lambda code: Period.parse(code).label(), na_action="ignore")
    elif kind == "boolean":
        said = values.map({True: "是", False: "否"}).astype("object")
    elif kind == "date":
        said = pd.Series(values.dt.to_pydatetime(), dtype="object")
    else:
        said = values.astype("object")
    return said.tolist()


_WRITERS = {"xlsx": _workbooks, "csv": _csv, "parquet": _parquet}
