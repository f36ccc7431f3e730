"""Sheets of sums or means of the numbers on other sheets: held against them, and not counted a second time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import isnan
from pathlib import PurePath

import pandas as pd

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells.lexicon import MEANS, SUMS
from jifen_analysis.periods import Period
from jifen_analysis.tables import TABLES, Source

_NUMBERS = {
    "evaluations": (["member_id", "group"], ["mark"]),
    "marks": (["member_id", "item"], ["mark"]),
    "declarations": (["member_id", "item"], ["points"]),
    "ballots": (["member_id"], [name for name, column in TABLES["ballots"].items() if column.kind == "count"]),
}
"""By table what a number is of, beside its period, and which columns hold numbers.

A month of dues stands once, on whatever sheet, so no other sheet can count it again.
"""
_SURE = re.compile(f"汇总|{SUMS}|{MEANS}")
_PERHAPS = re.compile("年度|全年|总表|总成绩")
_CALLED = re.compile(f"{_SURE.pattern}|{_PERHAPS.pattern}")
_ROUNDED = 0.05
"""A mean of one decimal may be that far off."""


def sheets_made_of_others(tables: Mapping[str, pd.DataFrame], sources: Sequence[Source]) -> Mapping[int, Problem]:
    """Return the sheets called 汇总, 年度平均 or so that repeat the sums or means of numbers on other sheets.

    Those that do are no records of their own, and noted; where their numbers are others, or only some of them stand
    elsewhere, nobody knows what counts: an error. Other sheets may be of shorter periods: quarters beside their year.
    """
    return {
        number: said
        for table, (keys, columns) in _NUMBERS.items()
        if table in tables and {*keys, "period"} <= {*tables[table]}
        for number, said in _of_table(tables[table], keys, [one for one in columns if one in tables[table]], sources)
    }


def may_repeat_others(file: str) -> bool:
    """Return whether a file is called as one that repeats what stands in others."""
    return _CALLED.search(PurePath(file).stem) is not None


def _of_table(
    rows: pd.DataFrame, keys: list[str], columns: list[str], sources: Sequence[Source]
) -> Iterator[tuple[int, Problem]]:
    names = _names(rows, sources)
    called = {n: _SURE.search(name) is not None for n, name in names.items() if _CALLED.search(name)}
    detail = rows[~rows["_source"].isin(called)]
    made = cache(lambda periods: _made(detail, keys, columns, periods))
    for number, sure in called.items() if len(detail) else ():
        own = rows[rows["_source"] == number].reset_index(drop=True)
        others = own[[*keys, "period"]].merge(
            made(tuple(sorted(own["period"].dropna().astype(str).unique()))), on=[*keys, "period"], how="left"
        )
        said = _held(own, others, columns, sources, sure=sure) if others["times"].notna().any() else None
        if said:
            yield number, said


def _names(rows: pd.DataFrame, sources: Sequence[Source]) -> Mapping[int, str]:
    """Return how the sheets are called; the only one of a file is called as that, too, but for its year."""
    numbers = [number for number in rows["_source"].unique().tolist() if number]
    files = Counter(sources[number - 1].file for number in numbers)
    stems = {file: _PERHAPS.sub("", PurePath(file).stem) for file, sheets in files.items() if sheets == 1}
    return {n: f"{stems.get(sources[n - 1].file, '')} {sources[n - 1].sheet}" for n in numbers}


def _made(detail: pd.DataFrame, keys: list[str], columns: list[str], periods: Sequence[str]) -> pd.DataFrame:
    """Return mean and sum of every number of some periods and their parts, and of how many others it is."""
    within = {one: _around(one, periods) for one in detail["period"].dropna().astype(str).unique()}
    parts = detail.assign(period=detail["period"].astype("object").map(within)).dropna(subset=["period"])
    by = parts.groupby([*keys, "period"], observed=True)
    means, sums = by[columns].mean().add_suffix("_mean"), by[columns].sum(min_count=1).add_suffix("_sum")
    return pd.concat([means, sums, by.size().rename("times")], axis=1).reset_index()


def _held(
    own: pd.DataFrame, others: pd.DataFrame, columns: list[str], sources: Sequence[Source], *, sure: bool
) -> Problem | None:
    """Return what is to be said of a sheet: it repeats the others, or says otherwise; nothing where it does neither."""
    numbers = own[columns].astype("float64")
    ways = [others[[f"{name}_{way}" for name in columns]].astype("float64").set_axis(columns, axis=1) for way in _WAYS]
    wrong = [(numbers.notna() & ~((numbers - made).abs() <= _ROUNDED)).to_numpy() for made in ways]
    off, made = min(zip(wrong, ways, strict=True), key=lambda one: int(one[0].sum()))
    if not off.any():
        here = sources[int(own["_source"].iloc[0]) - 1]
        return Problem("note", "sheet_of_means", _REPEATS, here.file, here.sheet)
    if not sure or not ((others["times"] >= 2).any() or others["times"].notna().all()):
        return None  # beside one other number of some it may be the list of the others
    elsewhere = others["times"].notna().to_numpy()[:, None]
    i, j = divmod(int((off & elsewhere if (off & elsewhere).any() else off).argmax()), len(columns))
    return _otherwise(own.iloc[i], columns[j], float(made.to_numpy()[i, j]), sources)


_WAYS = ("mean", "sum")


@cache
def _parsed(code: str) -> Period:
    return Period.parse(code)


def _around(code: str, periods: Sequence[str]) -> str | None:
    """Return the period of a sheet that another's is, or is a part of."""
    return next((one for one in periods if _parsed(code) in _parsed(one)), None)


_REPEATS = Text(
    "各行都是别的表里各次数的平均或合计,已核对,不另计",
    "its rows are the means or sums of numbers on other sheets; not counted",
)


def _otherwise(row: pd.Series, column: str, made: float, sources: Sequence[Source]) -> Problem:
    source = sources[int(row["_source"]) - 1]
    said = f"{float(row[column]):g}"
    text = Text(
        f"汇总的数是 {said},别的表里明细算出来是 {made:g};请核对,只留明细或只留汇总",
        f"says {said}, the numbers on other sheets make {made:g}; keep one of both",
    )
    if isnan(made):
        text = Text(
            "表名说这是汇总,有的行在别的表里有明细,这一行没有,不知哪些该计;请只留明细或只留汇总",
            "is called a summary, and other sheets have the detail of some of its rows, not of this: keep one of both",
        )
    cell = source.cell(int(row["_row"]), column, int(row["_column"]))
    return Problem("error", "sheet_of_means", text, source.file, source.sheet, cell, said)
