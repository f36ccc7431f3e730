"""Whose a row is: names without ids, ids held against names and against the branch whose sheet it is.

Where nobody sent a roster, one table with ids, names and branches may hold it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cell_problems import Mark
from jifen_analysis.intake.cells import Reading, display_raw, is_nothing, plain
from jifen_analysis.intake.cells.column import Coded, coded, distinct, rows_by
from jifen_analysis.intake.cells.names import is_card
from jifen_analysis.intake.grid import Value, cells_at
from jifen_analysis.intake.identity import MemberIndex, fold_name
from jifen_analysis.intake.layouts import Block
from jifen_analysis.intake.layouts.block import LONG, problem
from jifen_analysis.intake.layouts.spellings import PERSON


def with_persons(block: Block, columns: dict[str, Coded], roster: MemberIndex) -> tuple[dict[str, Coded], list[Mark]]:
    """Give rows without an id the id of their name, and hold the others' names against the roster."""
    if block.table in ("members", "surveys") or "name" not in block.columns:
        return columns, []
    names = cells_at(block.grid.columns[block.columns["name"]], block.body)
    ids = columns.get("member_id", Coded.constant(None, len(names)))
    blank = ids.missing()
    if "member_id" in block.columns and blank.any():
        raw = cells_at(block.grid.columns[block.columns["member_id"]], block.body)
        blank &= np.array([is_nothing(cell) for cell in raw], bool)
    known = roster.names
    # Numbers of identity cards, where the roster goes by other ids: their rows go by name.
    blank |= ids.where(lambda one: one is not None and one not in known and is_card(one))
    found, marks = _named(block, names, blank, roster)
    wrong = list(_mismatches(ids, block, roster))
    if blank.any():
        ids = Coded.of([found.get(row, one) for row, one in enumerate(ids.listed())])
    return {**columns, "member_id": ids}, marks + wrong


def of_other_branches(block: Block, columns: Mapping[str, Coded], roster: MemberIndex) -> Iterator[Mark]:
    """Say once that a sheet is of a branch on no roster, or ids on it are those of members of other branches."""
    j, branch = block.columns.get("member_id"), str(block.constants.get("branch", ""))
    if not branch or block.table == "members" or not block.body:
        return
    if roster.misses(branch):
        at = min(block.columns.values())
        text = Text(
            f"表题、表名或文件夹说是{branch}的,花名册上没有这个支部;照样读入,请核对",
            f"a sheet of {branch}, which no roster has; read all the same, check it",
        )
        reading = Reading(None, "note", "branch_unknown", text)
        yield Mark(np.zeros(1, "int64"), "member_id", at, block.grid.columns[at][block.body[0]], reading)
    if j is None:
        return
    others = roster.strangers(columns["member_id"].used(), branch)
    rows = np.flatnonzero(columns["member_id"].where(others.__contains__)) if others else np.zeros(0, "int64")
    if len(rows):
        text = Text(
            f"这张表是{branch}的,花名册上此人在别的支部;照样读入,请核对编号",
            f"a sheet of {branch}, but on the roster this member is of another branch; read all the same, check the id",
        )
        reading = Reading(None, "note", "of_another_branch", text)
        yield Mark(rows, "member_id", j, block.grid.columns[j][block.body[rows[0]]], reading)


def of_rows_elsewhere(block: Block, columns: Mapping[str, Coded], roster: MemberIndex) -> Iterator[Mark]:
    """Say once that rows name another branch than the roster has for their id."""
    j = block.columns.get("branch")
    if j is None or block.table in ("members", "surveys") or "member_id" not in block.columns:
        return
    codes, branches = coded(block.grid.columns[j], block.body)
    apart = np.zeros(len(codes), bool)
    for code, branch in enumerate(branches):
        others = roster.elsewhere(columns["member_id"].used(), "" if is_nothing(branch) else display_raw(branch))
        apart |= (codes == code) & columns["member_id"].where(others.__contains__) if others else False
    rows = np.flatnonzero(apart)
    if len(rows):
        text = Text("与花名册上此人的支部不同;照样读入,请核对编号", "another branch than on the roster")
        yield Mark(rows, "member_id", j, branches[codes[rows[0]]], Reading(None, "note", "branch_differs", text))


def branches_of_rows(block: Block) -> Sequence[Value]:
    """Return the branch of each row, as it is written or as its sheet is headed."""
    if "branch" in block.columns:
        return cells_at(block.grid.columns[block.columns["branch"]], block.body)
    return [str(block.constants.get("branch", ""))] * len(block.body)


def _named(
    block: Block, names: Sequence[Value], blank: np.ndarray, roster: MemberIndex
) -> tuple[dict[int, str | None], list[Mark]]:
    """Return the ids of the rows that go by name."""
    ids: dict[int, str | None] = {}
    told: dict[tuple[str, str], tuple[Reading, Value, list[int]]] = {}
    branches = branches_of_rows(block)
    for row in np.flatnonzero(blank).tolist():
        ids[row] = None
        if is_nothing(names[row]):
            continue
        key = plain(display_raw(names[row])), "" if is_nothing(branches[row]) else plain(display_raw(branches[row]))
        if key not in told:
            told[key] = roster.find(*key, block.grid.file), names[row], []
        ids[row] = told[key][0].value
        told[key][2].append(row)
    j = block.columns["name"]
    marks = [Mark(np.array(rows), "member_id", j, name, one) for one, name, rows in told.values() if one.severity]
    return ids, marks


def _mismatches(ids: Coded, block: Block, roster: MemberIndex) -> Iterator[Mark]:
    j = block.columns["name"]
    codes, names = coded(block.grid.columns[j], block.body)
    each = divmod(np.unique(ids.codes * len(names) + codes), max(len(names), 1))
    together = {(ids.values[one], names[other]) for one, other in zip(*(part.tolist() for part in each), strict=True)}
    if not any(_mismatch(member, name, roster) for member, name in together - roster.pairs):
        return
    codes, pairs = distinct([(one, names[code]) for one, code in zip(ids.listed(), codes.tolist(), strict=True)])
    readings = [_mismatch(member, name, roster) for member, name in pairs]
    found = np.array([reading is not None for reading in readings], bool)
    for code, rows in rows_by(codes, found[codes]):
        if (reading := readings[code]) is not None:
            yield Mark(rows, "member_id", j, pairs[code][1], reading)


def _mismatch(member: object, name: Value, roster: MemberIndex) -> Reading | None:
    known = roster.names.get(str(member), frozenset())
    if not known or is_nothing(name) or fold_name(display_raw(name)) in known:
        return None
    listed = "、".join(sorted(known))
    text = Text(
        f"编号 {member} 在花名册上是“{listed}”,这里写的是“{display_raw(name)}”;请核对编号或姓名",
        f"the id {member} belongs to {listed} on the roster, here it is {display_raw(name)}; check id or name",
    )
    return Reading(None, "error", "name_mismatch", text)


def roster_implied(blocks: Sequence[Block]) -> tuple[Block, Problem] | None:
    """Return the members that the only table with id, name and branch in columns of their own lists, and a note."""
    found = [block for block in blocks if set(PERSON) <= set(block.columns)]
    if len(found) != 1:
        return None
    block = found[0]
    columns = {name: block.columns[name] for name in PERSON}
    text = Text(
        "没有花名册;此表有编号、姓名、党支部,人员照此表读入",
        "no roster; members are taken from this sheet",
    )
    at = block.body[0] if block.body else 0, columns["member_id"]
    members = replace(block, table="members", columns=columns, spreads=LONG, constants={}, year=None, filled=0)
    return members, problem(block.grid, "roster_implied", text, at, "note")
