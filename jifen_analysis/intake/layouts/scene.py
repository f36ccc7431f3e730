"""What is known of a row before it is read as a header: what stands around it, how its sheet is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import PurePath

from jifen_analysis.intake.cells import display_raw
from jifen_analysis.intake.cells.lexicon import REPORTING, RESULTS
from jifen_analysis.intake.cells.times import YEAR
from jifen_analysis.intake.grid import Grid, is_blank
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.spellings import find_tables, part_of
from jifen_analysis.intake.layouts.surroundings import Surroundings, surroundings
from jifen_analysis.vocabulary import Vocabulary


@dataclass(frozen=True)
class Scene:
    """What every reading of a row may go by."""

    around: Surroundings  # what title, sheet, file and folders say
    # tables that title or sheet name; ``results`` where they, or the file's name, speak of points, ``planned`` where
    # of what is not done yet, or was not
    called: frozenset[str]
    words: Vocabulary  # the words that may occur
    # what stands above the row, and above its part of a sheet
    titles: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def given(self) -> frozenset[str]:
        """The columns that the surroundings can stand in for."""
        known = {
            "activity": True,
            "period": bool(self.around.period),
            "branch": bool(self.around.branch),
            "date": self.around.day is not None,
            "month": self.around.month is not None,
            "due": self.around.due is not None,
            "group": bool(self.around.group),
            "event": bool(self.around.event) and self.called <= {"events", "members"},
            "item": bool(self.around.item) and not self.around.group,
        }
        return frozenset(column for column, is_known in known.items() if is_known)

    def suffices(self, header: Header) -> bool:
        """Return whether header and surroundings say all that a record needs."""
        dated = any({"day", "dated"} & set(spread.constants) for spread in header.spreads)
        return not header.missing(self.given | ({"date"} if dated else set()))


def scene_of(grid: Grid, row: int, words: Vocabulary, year: int | None) -> Scene:
    """Return what stands around the records below a row."""
    titles = texts_of(grid, row)
    around = surroundings(titles, grid.sheet, grid.file, year, words, grid.above)
    over = (*titles, *grid.above)
    titled = (grid.sheet, *over, PurePath(grid.file).stem)
    named = find_tables((grid.sheet, *over), words) or find_tables((titled[-1],), words) & {"members"}
    return Scene(around, named.union(*map(_spoken_of, titled)), words, over)


@lru_cache(maxsize=1 << 14)
def _spoken_of(text: str) -> frozenset[str]:
    return frozenset(name for name, form in _SPEAKS_OF.items() if form.search(text))


_SPEAKS_OF = {
    "results": re.compile(f"{RESULTS}|得分|成绩|学时|时长|次数"),
    "planned": re.compile(
        r"拟[\u4e00-\u9fff]|候选|提名|推荐(?:人选|名单|对象)|预[报选]|报名|(?:安排|计划|方案|通知)(?!.*(?:完成|落实|情况))|[未没不][能有]?[参到签出]|缺席|缺勤|应参加"
    ),
}


def texts_of(grid: Grid, rows: int) -> Sequence[str]:
    """Return the texts and days of the first rows; a label and what stands beside it are one."""
    texts: list[str] = []
    for row in grid.rows(0, rows):
        label: re.Match[str] | None = None
        for before, value in pairwise((None, *(value for value in row if value is not None and not is_blank(value)))):
            said, labelled = display_raw(value), isinstance(before, str) and part_of(_COLON.sub("", before)) == "year"
            if labelled and re.fullmatch(YEAR, said):
                texts.append(f"{said}年")
            elif isinstance(value, (str, date)):
                texts[-1:] = [texts[-1] + said] if label else [*texts[-1:], said]
                label = _LABEL.search(said)
    return texts


def titles_of(grid: Grid, row: int) -> tuple[str, ...]:
    """Return what stands over a row and over its part of a sheet, and how the sheet is called."""
    return (*texts_of(grid, row), *grid.above, grid.sheet)


_COLON = re.compile(r"[:\uff1a]\s*$")
_LABEL = re.compile(rf"{_COLON.pattern}|^\s*(?:{REPORTING}|统计)(?:日期|时间)\s*$")
