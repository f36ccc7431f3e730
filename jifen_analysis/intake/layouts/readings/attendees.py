"""Minutes: a meeting a row, with those who came, and those who did not, listed in cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from jifen_analysis.intake.cells import is_nothing, plain
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.layouts.block import Spread
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.readings.listed import header_in
from jifen_analysis.intake.layouts.readings.statuses import code_of
from jifen_analysis.intake.layouts.scene import Scene, texts_of
from jifen_analysis.intake.layouts.spellings import is_person
from jifen_analysis.vocabulary import Vocabulary

_LISTED = re.compile(
    r"(?P<said>参[加会]|[到与]会|实到|出席|出勤|签到|请假|[病事公]假|缺席|缺勤|未到会?|未参[加会]|迟到|早退)(?:的?(?:人员|党员|名单|人|同志))+(?:姓名)?(?:(?:及|和|\()(?:原因|事由)\)?)?"
)
_COUNT = re.compile(r"^共?(?P<n>\d+)[人名][::,(]?\s*|\s*[(,]?共?(?P<m>\d+)[人名]\)?$")
_NAME = r"(?:[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+)"
_ONE = re.compile(rf"(?P<name>{_NAME})(?:\((?P<why>[^()]+)\))?")
_PARTS = re.compile(r"[、,;\s/]+(?![^()]*\))")


def a_meeting_a_row(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read a row that heads days and lists of members as the header of the meetings' minutes."""
    lists = _lists(grid, row, scene.words)
    if not lists:
        return None
    header = header_in(grid, row, "attendance", named=True)
    first = min(lists)
    columns = {name: j for name, j in header.columns.items() if j not in lists and name != "status"}
    if "date" not in columns or {"member_id", "name"} & set(columns):
        return None
    spreads = (Spread({}, {"status": lists[first]}),)
    return Header("attendance", row, {**columns, "name": first}, {}, True, spreads, lists=lists)


def _lists(grid: Grid, row: int, words: Vocabulary) -> Mapping[int, str]:
    """Return the columns of lists, by headers such as 请假人员, or by 请假 over names alone, of several in one cell."""
    values = grid.row(row)
    found = {j: said for j, value in enumerate(values) if (said := announced(value))}
    if found or any(map(is_person, values)):
        return {j: code_of(said, words) or "present" for j, said in found.items()}
    bare = {j: code for j, value in enumerate(values) if (code := code_of(value, words))}
    cells = {value for j in bare for value in grid.columns[j][row + 1 :] if not is_nothing(value)}
    names = list(map(names_in, cells))
    return bare if names and all(names) and any(len(some) > 1 for some in names) else {}


@lru_cache(maxsize=1 << 14)
def announced(value: Value) -> str:
    """Return what a header says of those whom it announces, as 请假 of 请假人员; blank where it announces nobody."""
    found = _LISTED.fullmatch(plain(value)) if isinstance(value, str) else None
    return found["said"] if found else ""


def by_lists(grid: Grid, header: Header) -> list[Grid]:
    """Cut minutes with several lists a row: the first with all that stands beside them, the others alone."""
    first, *others = sorted(header.lists)
    shared, over = sorted(header.used - {first}), (*grid.above, *texts_of(grid, header.row))
    columns = list(grid.columns)
    for j in (j for j in header.lists if not announced(grid.columns[j][header.row])):
        label = f"{plain(str(grid.columns[j][header.row]))}人员"  # alone it would be a status
        columns[j] = (*columns[j][: header.row], label, *columns[j][header.row + 1 :])
    whole = replace(grid, columns=columns)
    alone = [replace(whole.picked([*shared, j]), above=over) for j in others]
    return [whole.picked([j for j in range(grid.width) if j not in others]), *alone]


def names_in(value: Value) -> Sequence[tuple[str, str]]:
    """Return the names that a cell lists, each with what stands behind it in brackets; nothing where anything else is.

    Examples
    --------
    >>> names_in("2人:张三、李四(病假)")
    [('张三', ''), ('李四', '病假')]
    >>> names_in("张三、李四等5人"), names_in("3人:张三")
    ([], [])
    """
    text = plain(value) if isinstance(value, str) else ""
    count = _COUNT.search(text)
    parts = [_ONE.fullmatch(part) for part in _PARTS.split(_COUNT.sub("", text).strip()) if part]
    names = [(found["name"], found["why"] or "") for found in parts if found]
    told = int(count["n"] or count["m"]) if count else len(names)
    return names if len(names) == len(parts) == told else []
