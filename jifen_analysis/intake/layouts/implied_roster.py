"""The roster that another table holds, where nobody sent one: ids, names and branches beside its records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.layouts.block import LONG, Block
from jifen_analysis.intake.layouts.notes import problem

_PERSON = ("member_id", "name", "branch")


def roster_implied(blocks: Sequence[Block]) -> tuple[Block, Problem] | None:
    """Return the members that the only table with id, name and branch in columns of their own lists, and a note.

    Parameters
    ----------
    blocks : sequence of Block
        Everything that was found, none of it a roster.
    """
    found = [block for block in blocks if set(_PERSON) <= set(block.columns)]
    if len(found) != 1:
        return None
    block = found[0]
    columns = {name: block.columns[name] for name in _PERSON}
    text = Text(
        "没有花名册;此表有编号、姓名、党支部,人员照此表读入",
        "no roster; members are taken from this sheet",
    )
    at = block.body[0] if block.body else 0, columns["member_id"]
    members = replace(block, table="members", columns=columns, spreads=LONG, constants={}, year=None, filled=0)
    return members, problem(block.grid, "roster_implied", text, at, "note")
