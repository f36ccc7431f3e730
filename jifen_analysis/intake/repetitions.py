"""Records that may repeat, and do; ids and names that say somebody a second time."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from jifen_analysis.errors import Problem, Severity, Text
from jifen_analysis.intake.cells.names import BETWEEN_NAMES, looks_like_name
from jifen_analysis.intake.identity import fold_name
from jifen_analysis.intake.layouts.notes import VOTES_OF_SOME
from jifen_analysis.intake.reconcile import sheets_alike
from jifen_analysis.tables import TABLES, Source
from jifen_analysis.vocabulary import spelling


def repetitions(tables: Mapping[str, pd.DataFrame], sources: Sequence[Source]) -> Iterator[Problem]:
    """Say who and what stands twice where it may: on rosters, then among the records."""
    members = tables["members"]
    for said in (renamed, several_in_one, letters_in_ids, written_twice, ids_alike):
        yield from said(members, sources)
    if "events" in tables:
        yield from shared_deeds(tables["events"], members, sources)
        yield from repeated_events(tables["events"], sources)
    if "evaluations" in tables:
        yield from repeated_evaluations(tables["evaluations"], sources)


def _at(
    code: str, text: Text, sources: Sequence[Source], row: pd.Series, column: str, severity: Severity = "note"
) -> Problem:
    """Return what there is to say at a cell of a row."""
    source = sources[int(row["_source"]) - 1]
    cell = source.cell(int(row["_row"]), column, int(row["_column"]))
    return Problem(severity, code, text, source.file, source.sheet, cell, str(row[column]))


# ---------------------------------------------------------------- records


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


def repeated_evaluations(rows: pd.DataFrame, sources: Sequence[Source]) -> Iterator[Problem]:
    """Note that two sheets of one file have the same rows: those of two evaluators, or a copy."""
    several = rows["_source"].nunique() > 1
    for number, of in sheets_alike("evaluations", rows[rows["_source"] > 0]).items() if several else ():
        here, there = sources[number - 1], sources[of - 1]
        text = Text(
            f"与“{there.sheet}”各行相同,两张都计;若是复制的,请删去一张",
            f"has the rows of {there.sheet}; both count: delete one where it is a copy",
        )
        yield Problem("note", "repeated_sheet", text, here.file, here.sheet)


def votes_apart(said: Sequence[Problem]) -> Iterator[Problem]:
    """Refuse votes of which each group's stand on a sheet of their own: nobody added them up."""
    sheets = [one for one in said if one.code == VOTES_OF_SOME]
    voters = "、".join(dict.fromkeys(one.value for one in sheets))
    text = Text(
        f"{voters}的票分在几处,一人只能有一行票数;请把各组的票加在一起报",
        f"the votes of {voters} stand apart: a member has one row of votes, give their sum",
    )
    if len({one.value for one in sheets}) > 1:
        yield from (replace(one, severity="error", code="votes_apart", text=text) for one in sheets)


_WITH = re.compile(r"[与和同跟及、](?=([\u4e00-\u9fff·]{2,4}))")
"""What stands before the name of somebody who had a part in it."""


def _companions(remark: object) -> list[str]:
    """Return what may be names of others who had a part, by a remark."""
    return [words[:n] for words in _WITH.findall(spelling(str(remark))) for n in (2, 3, 4)]


def name_companions(remarks: pa.Array, names: Collection[str]) -> bool:
    """Return whether one of these different remarks has one of these folded names behind 与, 和 or the like."""
    perhaps = remarks.filter(pc.match_substring_regex(remarks, _WITH.pattern[: _WITH.pattern.index("(?=")]))
    return any(name in names for remark in perhaps.to_pylist() for name in _companions(remark))


def shared_deeds(events: pd.DataFrame, members: pd.DataFrame, sources: Sequence[Source]) -> Iterator[Problem]:
    """Note, once a sheet, remarks on events that name another member, such as 与李四合捐: it is counted for one."""
    if not {"note", "member_id"} <= {*events} or "name" not in members:
        return
    noted = events[events["note"].notna() & (events["_source"] > 0)]
    said = noted["note"].astype("object").map(_companions)
    noted, said = noted[said.map(bool).astype(bool)], said[said.map(bool).astype(bool)]
    if not len(noted):
        return
    known = members.dropna(subset=["name", "member_id"])
    whose = dict(zip(map(fold_name, known["name"].astype(str)), known["member_id"].astype(str), strict=True))
    others = [
        any(whose.get(name, own) != own for name in found)
        for own, found in zip(noted["member_id"].astype(str), said, strict=True)
    ]
    for _, rows in noted[others].groupby("_source", sort=True):
        row = rows.iloc[0]
        text = Text(
            f"有 {len(rows)} 行的备注提到别的党员,只计在本行党员名下;若是几人合捐、合办的,请各写一行",
            f"{len(rows)} remarks name another member; each counts for the member of its row alone: write a row for "
            "everybody who had a part",
        )
        yield replace(_at("shared_deed", text, sources, row, "note"), value="")  # a remark may name anybody


# ---------------------------------------------------------------- rosters


def renamed(members: pd.DataFrame, sources: Sequence[Source]) -> Iterator[Problem]:
    """Note the ids that stand beside different names: somebody was renamed, or one of the ids is wrong."""
    if "name" not in members or "member_id" not in members:
        return
    known = members.dropna(subset=["member_id", "name"]).drop_duplicates(["member_id", "name"])
    for _, rows in known[known["member_id"].duplicated(keep=False)].groupby("member_id", sort=True):
        names = {fold_name(str(name)): at for at, name in reversed(list(enumerate(rows["name"])))}
        if len(names) > 1:
            row = rows.iloc[max(names.values())]
            text = Text(
                f"编号 {row['member_id']} 在别处是另一个姓名;若是改过名,不必改动,否则请核对编号",
                f"the id {row['member_id']} stands beside another name, too: check it, unless somebody was renamed",
            )
            yield _at("id_renamed", text, sources, row, "name")


def several_in_one(members: pd.DataFrame, sources: Sequence[Source]) -> Iterator[Problem]:
    """Refuse rows of a roster with the names of several people: one id is that of one."""
    if "name" not in members:
        return
    names = members["name"].astype("str").fillna("")
    for at in np.flatnonzero(names.str.contains(_PARTED).to_numpy(bool)).tolist():
        if len(parts := _PARTS.split(names.iloc[at])) > 1 and all(map(looks_like_name, parts)):
            yield _at("several_names", _SEVERAL, sources, members.iloc[at], "name", "error")


_SEVERAL = Text("一格里有几个人的姓名,编号却只有一个;请一人一行", "several names beside one id: give everybody a row")


_PARTED = r"[、，,；;/／\s]"
_PARTS = re.compile(rf"\s*[、，,；;/／]\s*|{BETWEEN_NAMES}")


def ids_alike(members: pd.DataFrame, sources: Sequence[Source]) -> Iterator[Problem]:
    """Note, once a sheet, ids that differ by leading zeros alone: two members, or one whose id lost some."""
    ids = members["member_id"].astype("str").dropna() if "member_id" in members else pd.Series(dtype="str")
    if ids.str.len().nunique() < 2:
        return
    ids = ids.drop_duplicates().astype("object")
    ids = ids[ids.map(str.isdecimal).astype(bool)]
    bare = ids.map(lambda one: one.lstrip("0"))
    again = members.loc[bare.index[bare.duplicated()]]
    for _, rows in again.groupby("_source", sort=True):
        row = rows.iloc[0]
        other = ids[bare == row["member_id"].lstrip("0")].iloc[0]
        text = Text(
            f"编号 {row['member_id']} 与 {other} 只差前面的零(共 {len(rows)} 个),按不同的人计;若是一人,请统一编号",
            f"the ids {row['member_id']} and {other} differ by leading zeros alone ({len(rows)} such); they count as "
            "two members: write them alike where they are one",
        )
        yield _at("ids_alike", text, sources, row, "member_id")


def written_twice(members: pd.DataFrame, sources: Sequence[Source]) -> Iterator[Problem]:
    """Note, once a sheet, people of one name and day of birth under two ids: one member, written twice?"""
    record = ["name", "birth_date"]
    if not {*record, "member_id"} <= {*members}:
        return
    known = members.dropna(subset=[*record, "member_id"])
    known = known[known.duplicated(record, keep=False)].drop_duplicates([*record, "member_id"])
    for _, rows in known[known.duplicated(record)].groupby("_source", sort=True):
        row = rows.iloc[0]
        other = known[(known[record] == row[record]).all(axis=1)].iloc[0]
        text = Text(
            f"与编号 {other['member_id']} 同名、同日出生(共 {len(rows)} 个),按不同的人计;若是一人,请只留一个编号",
            f"has name and day of birth of {other['member_id']} ({len(rows)} such); they count as two members: keep "
            "one id where they are one",
        )
        yield _at("written_twice", text, sources, row, "member_id")


_DIGITS = str.maketrans("OoIl", "0011")


def letters_in_ids(members: pd.DataFrame, sources: Sequence[Source]) -> Iterator[Problem]:
    """Note the ids that would be digits, as most are, but for an O, an l or Chinese signs among them."""
    ids = members["member_id"].astype("str").fillna("") if "member_id" in members else pd.Series(dtype="str")
    odd = np.flatnonzero(ids.str.contains("[OoIl\u4e00-\u9fff]").to_numpy(bool))
    if not 0 < 2 * len(odd) <= len(ids):
        return
    told = {at: re.sub("[\u4e00-\u9fff]", "", ids.iloc[at].translate(_DIGITS)) for at in odd.tolist()}
    for at, meant in ((at, meant) for at, meant in told.items() if meant.isdecimal()):
        text = Text(
            f"编号 {ids.iloc[at]} 里有字母或汉字,别的编号多是数字:是不是 {meant}?请核对",
            f"the id {ids.iloc[at]} has letters where most have digits: {meant}?",
        )
        yield _at("letter_in_id", text, sources, members.iloc[at], "member_id")
