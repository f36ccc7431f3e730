"""Which row of a sheet is its header, and as what it is read: of all readings the candidate that explains most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from jifen_analysis.intake.grid import Area, Grid, Value, is_blank
from jifen_analysis.intake.layouts.headers import Header, with_parts
from jifen_analysis.intake.layouts.labels import levels
from jifen_analysis.intake.layouts.readings.attendees import a_meeting_a_row
from jifen_analysis.intake.layouts.readings.deeds import a_column_a_deed
from jifen_analysis.intake.layouts.readings.groups import a_column_a_group
from jifen_analysis.intake.layouts.readings.items import a_column_a_claim, a_column_an_item
from jifen_analysis.intake.layouts.readings.judges import a_column_a_judge, a_column_a_member
from jifen_analysis.intake.layouts.readings.listed import a_record_a_row, best_table
from jifen_analysis.intake.layouts.readings.meetings import a_column_a_meeting
from jifen_analysis.intake.layouts.readings.months import a_column_a_month
from jifen_analysis.intake.layouts.readings.persons import a_list_of_those_present, a_sheet_a_person, tells_of_one
from jifen_analysis.intake.layouts.readings.statuses import a_column_a_status
from jifen_analysis.intake.layouts.readings.wide import a_column_a_period
from jifen_analysis.intake.layouts.scene import Scene, scene_of
from jifen_analysis.intake.layouts.spellings import DEEPEST, find_columns, likely_column, part_of
from jifen_analysis.vocabulary import Vocabulary

HeaderReader = Callable[[Grid, int, Scene], Header | None]

READINGS: Sequence[HeaderReader] = (
    a_record_a_row,
    a_column_a_period,
    a_column_a_status,
    a_column_a_meeting,
    a_column_a_month,
    a_column_a_group,
    a_column_a_judge,
    a_column_a_member,
    a_column_an_item,
    a_column_a_claim,
    a_column_a_deed,
    a_sheet_a_person,
    a_list_of_those_present,
    a_meeting_a_row,
)
"""A file for each layout: a function, grid and row in, a candidate or nothing out, listed here.

Of two that explain a sheet equally well the first is taken.
"""

_MORE = frozenset({a_column_a_member, a_sheet_a_person, a_list_of_those_present, a_meeting_a_row})
"""Readings that go by titles, or by what stands below, and not by the rows of the header alone."""


def goes_by_more(read: HeaderReader, values: Sequence[Value]) -> bool:
    """Return whether a reading looks at more than the rows of the header, given the first of them."""
    return read in _MORE or (read is a_column_a_month and any(part_of(value) == "year" for value in values))


@dataclass(frozen=True)
class HeaderMatch:
    """The header of a sheet, and what was known when it was chosen."""

    header: Header
    scene: Scene

    @cached_property
    def whole(self) -> bool:
        """Whether header and surroundings say all that a record needs."""
        return self.scene.suffices(self.header)

    @cached_property
    def evidence(self) -> tuple[int, bool]:
        """How much of the header is explained, and whether nothing is missing."""
        return len(self.header.used) + len(self.header.sums), self.whole


def find_header(grid: Grid, words: Vocabulary, year: int | None = None, only: str = "") -> HeaderMatch | None:
    """Return the row that is most like a header, read as that of the table it fits best; ``only`` settles which."""
    best: HeaderMatch | None = None
    for row in _possible(grid):
        found = _best_at(grid, row, scene_of(grid, row, words, year), only)
        if found and (best is None or _explains_more(found, best, grid)):
            best = found
    return best


def _possible(grid: Grid) -> list[int]:
    """Return the rows that say, or stand above one that says, what stands in a column."""
    top = [column[: DEEPEST + 1] for column in grid.columns]
    said = set(filter(_asks, set().union(*top)))
    known = {i for column in top if not said.isdisjoint(column) for i, value in enumerate(column) if value in said}
    rows = sorted(i for i in known | {i - 1 for i in known} if 0 <= i < DEEPEST)
    return [i for i in rows if sum(not is_blank(value) for value in grid.row(i)) > 1 and not tells_of_one(grid.row(i))]


@lru_cache(maxsize=1 << 15)
def _asks(value: Value) -> bool:
    named = find_columns(value) if isinstance(value, str) and not value.isdigit() else {}
    told = (named.get(table, ("",))[0] for table in ("attendance", "events"))
    return not _ASKED.isdisjoint(named) or not _TOLD.isdisjoint(told)


_ASKED = frozenset({"dues", "surveys", "marks"})
"""Tables between which they know every word for a person, a branch or a question."""
_TOLD = frozenset({"date", "event"})
"""What heads a list of one member's, or of people who are told by the kind of their header alone: 捐款人."""


def _best_at(grid: Grid, row: int, scene: Scene, only: str) -> HeaderMatch | None:
    candidates = _candidates(grid, row, scene)
    if only:
        listed = best_table(grid, row, scene.called, scene.given, [only])
        candidates = [header for header in (listed, *candidates) if header and header.table == only]
    deeper = 1 if _heads_several(grid, row) else -1
    known = [HeaderMatch(header, scene) for header in candidates]
    best = max(known, key=lambda one: (one.evidence, deeper * one.header.depth, one.header.named), default=None)
    return replace(best, header=replace(best.header, row=row)) if best else None


def _candidates(grid: Grid, row: int, scene: Scene) -> list[Header]:
    by_head = _by_head(_Head.of(grid, row), replace(scene, around=scene.around.of_any_branch()))
    values = grid.row(row)
    found = {
        read: with_parts(grid, own) if (own := read(grid, row, scene)) else None
        for read in READINGS
        if goes_by_more(read, values)
    }
    headers = [header for read in READINGS if (header := found.get(read, by_head.get(read)))]
    keeper = likely_column(values, "name") if any(header.person for header in headers) else -1  # of one member's sheet
    return [header for header in headers if header.columns.get("name") != keeper]


@dataclass(frozen=True)
class _Head:
    """The rows of a sheet that may be its header: sheets of one form have the same.

    ``kinds`` are the types of the cells, for 1, 1.0 and True are equal.
    """

    columns: tuple[tuple[Value, ...], ...]
    kinds: tuple[tuple[type, ...], ...]
    row_numbers: tuple[int, ...]
    column_numbers: tuple[int, ...]
    merges: tuple[Area, ...]
    turned: bool

    @classmethod
    def of(cls, grid: Grid, row: int) -> _Head:
        """Return a row with those below it that may be levels of the same header."""
        last = row + next(levels(grid, row))
        rows = tuple(grid.row_numbers[row:last])
        merges = tuple(area for area in grid.merges if area.top <= rows[-1] and area.bottom >= rows[0])
        columns = tuple(tuple(column[row:last]) for column in grid.columns)
        kinds = tuple(tuple(map(type, column)) for column in columns)
        return cls(columns, kinds, rows, tuple(grid.column_numbers), merges, grid.turned)

    def grid(self) -> Grid:
        """Return the rows as a sheet."""
        return Grid("", "", self.columns, self.row_numbers, self.column_numbers, self.merges, turned=self.turned)


@lru_cache(maxsize=1 << 12)
def _by_head(head: _Head, scene: Scene) -> Mapping[HeaderReader, Header]:
    """Return what each reading makes of the first row, by the header alone: looked at once for all sheets of a form."""
    grid = head.grid()
    own = (read for read in READINGS if not goes_by_more(read, grid.row(0)))
    return {read: with_parts(grid, found) for read in own if (found := read(grid, 0, scene))}


def _explains_more(found: HeaderMatch, best: HeaderMatch, grid: Grid) -> bool:
    """Return whether a lower row is the header rather than one above; of two alike the lower one is."""
    if found.evidence == best.evidence and _is_level_of(best.header, found.header, grid):
        return False
    return (*found.evidence, -found.header.depth) > (*best.evidence, -best.header.depth)


def _is_level_of(header: Header, lower: Header, grid: Grid) -> bool:
    """Return whether a row is the last level of a header that says more, and whose first is more than a title."""
    several = sum(not is_blank(value) for value in grid.row(header.row)) > 1
    said = [sum(len(spread.constants) for spread in one.spreads) for one in (header, lower)]
    return lower.row < header.below and several and said[0] > said[1]


def _heads_several(grid: Grid, row: int) -> bool:
    """Return whether the row below says in words what this one leaves blank: it is no record, but a level."""
    below = grid.row(row + 1) if row + 1 < grid.height else ()
    words = all(is_blank(v) or (isinstance(v, str) and not any(map(str.isdigit, v))) for v in below)
    return words and any(
        is_blank(value) and not is_blank(lower) for value, lower in zip(grid.row(row), below, strict=False)
    )
