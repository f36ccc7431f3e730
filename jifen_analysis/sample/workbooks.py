"""Write the sample as branches would fill it in: one workbook a branch and year, in Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from jifen_analysis.periods import Period
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import standard

_CREATED = datetime(2025, 1, 1)
"""Stands in every workbook, so that the same records give the same bytes."""

_TIMES = {"attendance": "date", "events": "date", "dues": "month"}

_LOOKS: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "header": {"bold": True, "bg_color": "#E7EEF5", "border": 1, "text_wrap": True},
    "date": {"num_format": "yyyy-mm-dd"},
    "id": {"num_format": "@"},
    "plain": {},
}


def workbooks(folder: Path, tables: Mapping[str, pd.DataFrame]) -> Iterator[Path]:
    """Write ``<year>/<number><branch>.xlsx`` for every branch and year.

    Parameters
    ----------
    folder : Path
        Where the sub-folders for the years are made.
    tables : mapping of str to DataFrame
        Canonical tables.

    Yields
    ------
    Path
        Each workbook written.
    """
    numbers = {branch: n for n, branch in enumerate(dict.fromkeys(tables["surveys"]["branch"]), start=1)}
    width = max(2, len(str(len(numbers))))
    shares = {name: _shares(name, table, tables["members"]) for name, table in tables.items()}
    for year, branch in sorted(shares["members"], key=lambda share: (share[0], numbers[share[1]])):
        sheets = {name: share[year, branch] for name, share in shares.items() if (year, branch) in share}
        path = folder / str(year) / f"{numbers[branch]:0{width}d}{branch}.xlsx"
        path.parent.mkdir(exist_ok=True)
        yield _workbook(path, f"{branch} {year}年度", sheets)


# ---------------------------------------------------------------- which row stands in which workbook


def _shares(name: str, table: pd.DataFrame, members: pd.DataFrame) -> dict[Any, pd.DataFrame]:
    """Return the rows of each workbook, by year and branch."""
    year, branch = _place(name, table, members)
    named = table if {"name", "branch"} & set(table) else _with_names(table, members)
    places = named.groupby([year, branch], sort=False).indices
    return {place: named.iloc[rows] for place, rows in places.items()}


def _with_names(table: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    names = members.drop_duplicates("member_id").set_index("member_id")["name"]
    rest = [column for column in table if column != "member_id"]
    return table.assign(name=table["member_id"].map(names))[["member_id", "name", *rest]]


def _place(name: str, table: pd.DataFrame, members: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the year and the branch of the workbook in which each row stands."""
    if name == "members":
        year = table["year"].fillna(table["since"].dt.year.astype("Int64"))
        first = year.min()  # of every year: whoever has neither a year nor a day of arrival
        return year.fillna(first).to_numpy("int64"), table["branch"].to_numpy()
    day = _last_day(table, _TIMES.get(name, "period"))
    branch = table["branch"].to_numpy() if "branch" in table else _branch_on(table["member_id"], day, members)
    return day.dt.year.to_numpy(), branch


def _last_day(table: pd.DataFrame, column: str) -> pd.Series:
    if column == "date":
        return table["date"]
    days = {code: pd.Timestamp(Period.parse(code).last_day) for code in table[column].unique()}
    return table[column].map(days).astype("datetime64[us]")


def _branch_on(member: pd.Series, day: pd.Series, members: pd.DataFrame) -> np.ndarray:
    """Return the branch of the roster row in force on a day, or of the last before it."""
    opens = members["since"].fillna(pd.to_datetime(members["year"].astype("str") + "-01-01", errors="coerce"))
    opens = opens.fillna(pd.Timestamp("1900-01-01"))  # of every year
    held = members.assign(since=opens.astype("datetime64[us]")).sort_values("since", kind="stable")
    asked = pd.DataFrame({"member_id": member, "since": day, "at": np.arange(len(day))})
    asked = asked.sort_values("since", kind="stable")
    found = pd.merge_asof(asked, held[["member_id", "since", "branch"]], on="since", by="member_id")
    return found.sort_values("at")["branch"].to_numpy()


# ---------------------------------------------------------------- one workbook


def _workbook(path: Path, title: str, sheets: Mapping[str, pd.DataFrame]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _CREATED, "title": title, "comments": "虚构数据,仅供试用"})
        looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
        for name, table in sheets.items():
            label = standard().tables[name].label
            _fill(book.add_worksheet(label), f"{title} {label}(虚构数据)", name, table, looks)
    return path


def _fill(
    sheet: xlsxwriter.worksheet.Worksheet,
    title: str,
    name: str,
    table: pd.DataFrame,
    looks: Mapping[str, xlsxwriter.format.Format],
) -> None:
    sheet.write_string(0, 0, title, looks["title"])
    for at, (column, values) in enumerate(table.items()):
        label = standard().column(name, str(column)).label
        kind, shown = _shown(name, str(column), values)
        sheet.write_string(1, at, label, looks["header"])
        sheet.set_column(at, at, max(11, 2 * len(label) + 2))
        for row, value in enumerate(shown, start=2):
            if not pd.isna(value):
                sheet.write(row, at, value, looks.get(kind, looks["plain"]))
    sheet.freeze_panes(2, 1)
    sheet.autofilter(1, 0, 1 + len(table), len(table.columns) - 1)


def _shown(name: str, column: str, values: pd.Series) -> tuple[str, list[Any]]:
    """Return a column's kind, and its values as a branch would type them: Chinese words, real dates."""
    own = TABLES[name].get(column)
    kind, words = (own.kind, own.words) if own else ("text", "")
    if kind == "word":
        return kind, values.astype("object").map(
            lambda code: standard().label(words, code), na_action="ignore"
        ).tolist()
    if kind == "period":
        return kind, [Period.parse(code).label() for code in values]
    if kind == "boolean":
        return kind, values.map({True: "是", False: "否"}).tolist()
    if kind == "date":
        return kind, [None if pd.isna(day) else day.to_pydatetime() for day in values]
    return kind, values.tolist()
