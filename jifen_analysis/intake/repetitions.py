"""Records that may repeat, and do, and ids with two names: everything counts, and it is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.identity import fold_name
from jifen_analysis.intake.reconcile import sheets_alike
from jifen_analysis.tables import TABLES, Source


def repeated_events(events: pd.DataFrame, sources: Sequence[Source]) -> Iterator[Problem]:
    """Note, once a sheet, that events stand twice with everything that is said of them.

    Two good deeds of one day are two; a list that was copied looks the same.
    What a program wrote, without sheets, was copied by nobody.
    """
    columns = [name for name in TABLES["events"] if name in events]
    sheets = [number for number, source in enumerate(sources, start=1) if source.sheet]
    known = (
        events[events["_source"].isin(sheets) & events["member_id"].notna()] if "member_id" in events else events[:0]
    )
    said, _ = pd.factorize(pd.util.hash_pandas_object(known[columns], index=False))
    _, first = np.unique(said, return_index=True)
    again = np.flatnonzero(first[said] != np.arange(len(known)))
    for number, own in pd.Series(again).groupby(known["_source"].to_numpy()[again], sort=True):
        at = int(own.iloc[0])
        yield _twice(len(own), known.iloc[at], known.iloc[first[said[at]]], sources, int(str(number)))


def _twice(many: int, row: pd.Series, of: pd.Series, sources: Sequence[Source], number: int) -> Problem:
    here, there = sources[number - 1], sources[int(of["_source"]) - 1]
    where = f"第 {of['_row']} 行" if here == there else f"{there.file} {there.sheet} 第 {of['_row']} 行"
    text = Text(
        f"有 {many} 行与别的行完全相同(如第 {row['_row']} 行与{where}),各计一次;若是重复登记,请删去",
        f"{many} rows say the same as others (row {row['_row']} as {there.file} {there.sheet} row {of['_row']}); each "
        "counts: delete those that are one deed written twice",
    )
    return Problem("note", "repeated_events", text, here.file, here.sheet, "", str(row["_row"]))


def repeated_sheets(table: str, rows: pd.DataFrame, sources: Sequence[Source]) -> Iterator[Problem]:
    """Note that two sheets of one file have the same rows: those of two evaluators, or a copy."""
    if rows["_source"].nunique() > 1:
        for number, of in sheets_alike(table, rows[rows["_source"] > 0]).items():
            here, there = sources[number - 1], sources[of - 1]
            text = Text(
                f"与“{there.sheet}”各行相同,两张都计;若是复制的,请删去一张",
                f"has the rows of {there.sheet}; both count: delete one where it is a copy",
            )
            yield Problem("note", "repeated_sheet", text, here.file, here.sheet)


def renamed(members: pd.DataFrame, sources: Sequence[Source]) -> Iterator[Problem]:
    """Note the ids that stand beside different names: somebody was renamed, or one of the ids is wrong."""
    if "name" not in members or "member_id" not in members:
        return
    known = members.dropna(subset=["member_id", "name"]).drop_duplicates(["member_id", "name"])
    for _, rows in known[known["member_id"].duplicated(keep=False)].groupby("member_id", sort=True):
        names = {fold_name(str(name)): at for at, name in reversed(list(enumerate(rows["name"])))}
        if len(names) > 1:
            row, source = (one := rows.iloc[max(names.values())]), sources[int(one["_source"]) - 1]
            text = Text(
                f"编号 {row['member_id']} 在别处是另一个姓名;若是改过名,不必改动,否则请核对编号",
                f"the id {row['member_id']} stands beside another name, too: check it, unless somebody was renamed",
            )
            cell = source.cell(int(row["_row"]), "name", int(row["_column"]))
            yield Problem("note", "id_renamed", text, source.file, source.sheet, cell, str(row["name"]))
