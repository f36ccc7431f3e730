"""Evaluations with a column, or two, a group of evaluators."""

from __future__ import annotations

import re

from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.cells.lexicon import JUDGING, MARKS, MEANS
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.labels import Label
from jifen_analysis.intake.layouts.readings.wide import (
    Keys,
    Kind,
    WideColumn,
    digits,
    period_keys,
    read_wide,
    said_below,
)
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.spellings import column_of
from jifen_analysis.vocabulary import Vocabulary

_ENDS = re.compile(rf"(?:{JUDGING}|{MARKS}|{MEANS}|分|意见|占?\d+%|\(.*?\))+$")
_COUNTED = re.compile(r"(?P<group>.+?)(?P<count>参评人数|评议人数|评议人次|人数)")
_NUMBER_OF = re.compile(r"\((\d{1,3})[人名]\)")
"""How many evaluators a group has, behind its name."""


def a_column_a_group(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read rows as groups of evaluators, or periods of the one group that the title names, over their marks."""
    return read_wide(grid, row, scene, _GROUPS, "evaluations" in scene.called)


def _column(j: int, label: Label, scene: Scene) -> WideColumn | None:
    if any(column_of(part, "ballots") and not group_keys(part, scene.words) for part in label):
        return None  # votes of a group are votes
    parts = tuple(half for part in label for half in _halves(part, scene.words))
    year = scene.around.year
    for n, part in enumerate(parts):
        keys = group_keys(part, scene.words)
        keys = keys or (period_keys((part,), "evaluations", year) if scene.around.group else ())
        if keys:
            more = period_keys(parts, "evaluations", year)
            many = _NUMBER_OF.search(digits(part)) if _GROUPS.field(parts) == "mark" else None
            counted = (("count", int(many[1])),) if many else ()
            named = tuple(dict.fromkeys((*keys, *more, *counted)))
            return WideColumn(j, named, _GROUPS.field(parts), said_below(parts, n, _GROUPS.field_of))
    return None


def _halves(part: Value, words: Vocabulary) -> tuple[Value, ...]:
    """Take a header such as 党员评议人数 for the two that it is."""
    counted = _COUNTED.fullmatch(digits(part)) if isinstance(part, str) else None
    return (counted["group"], counted["count"]) if counted and group_keys(counted["group"], words) else (part,)


def group_keys(part: Value, words: Vocabulary) -> Keys:
    """Return the group of evaluators that one level of a header names."""
    if not isinstance(part, str):
        return ()
    text = re.sub(r"[\s*]", "", plain(part))
    bare = _ENDS.sub("", text)
    code = words.code("group", text) or words.code("group", bare) or ("members" if bare in _MUTUAL else "")
    return (("group", code),) if code else ()


_MUTUAL = ("互评", "互相评议", "相互评议", "互相", "互")
"""What the members think of each other."""


_GROUPS = Kind("evaluations", _column, ("mark", "count"))
