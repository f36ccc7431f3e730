"""异议复核: decisions after an objection, laid over the computed result.

``points`` are an adjustment, added to an item after its floor and cap; a
``grade`` is the last word on the grade. Nothing in the sources is edited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from jifen_analysis.errors import Problem, Text
from jifen_analysis.periods import Period
from jifen_analysis.schemes.model import PointsItem, RuleBook
from jifen_analysis.scoring.arrays import Bools, Ints, Names, label_at, member_codes, no_labels
from jifen_analysis.scoring.ledger import ItemKey
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.tables.columns import fixed_point
from jifen_analysis.tables.records import Records
from jifen_analysis.vocabulary import spelling

GRADE = ("", "grade")


@dataclass(frozen=True)
class Corrections:
    """What was decided, by row.

    ``points`` by component and item, in ten-thousandths; grades set for the period and for the year, blank where none;
    ``touched`` where the period's result was corrected; ``unused`` notes on what this scheme has no place for.
    """

    points: Mapping[ItemKey, Ints]
    grade: Names
    year_grade: Names
    touched: Bools
    unused: tuple[Problem, ...]


@dataclass(frozen=True)
class Placement:
    """Where each correction belongs.

    ``frame`` holds those that are seen, under their positions in the table. Of each: its ``target`` (component and
    item, or ``GRADE``), the ``row`` of its period, -1 where that is not scored, its calendar ``year``, whether its
    period is a whole one, and whether the scheme has a place for it.
    """

    frame: pd.DataFrame
    target: tuple[ItemKey | None, ...]
    row: Ints
    year: Ints
    whole_year: Bools
    fits: Bools

    @property
    def grades(self) -> Bools:
        """Which of them set a grade."""
        return self.fits & np.array([one == GRADE for one in self.target], dtype=bool)


def placement(table: pd.DataFrame, book: RuleBook, roster: Roster, seen: date | None = None) -> Placement:
    """Find of every correction of a table which item or grade of which row it changes."""
    frame = _visible(table, seen)
    targets = _targets(book)
    target = tuple(targets.get(spelling(text)) for text in frame["target"])
    row, year = _rows(frame, roster)
    whole_year = frame["period"].str.len().to_numpy() == 4
    each = zip(target, frame["grade"], row, year, whole_year, strict=True)
    fits = np.array([_fits(*one, book) for one in each], dtype=bool)
    return Placement(frame, target, row, year, whole_year, fits)


def corrections(records: Records, book: RuleBook, roster: Roster, seen: date | None = None) -> Corrections:
    """Add up what was decided, row by row."""
    if not records.frames.get("corrections"):
        return none(roster)
    placed = placement(records.table("corrections"), book, roster, seen)
    frame, row, fits = placed.frame, placed.row, placed.fits
    points: dict[ItemKey, Ints] = {}
    for at in np.flatnonzero(fits & (row >= 0) & ~placed.grades):
        values = points.setdefault(placed.target[at], np.zeros(len(roster), dtype="int64"))  # type: ignore[arg-type]
        values[row[at]] += fixed_point([frame["points"].iloc[at]])[0]
    touched = np.zeros(len(roster), bool)
    touched[row[fits & (row >= 0)]] = True
    unused = tuple(_unused(records, frame.iloc[at], book) for at in np.flatnonzero(~fits))
    code, whole_year = member_codes(frame["member_id"], roster.ids), placed.grades & placed.whole_year
    period = _set(frame, placed.grades & (row >= 0), lambda at: row[at], len(roster), book)
    year = _set(
        frame, whole_year, lambda at: (roster.member == code[at]) & (roster.year == placed.year[at]), len(roster), book
    )
    return Corrections(points, period, year, touched & roster.scored, unused)


def none(roster: Roster) -> Corrections:
    """Return corrections that change nothing."""
    return Corrections({}, no_labels(len(roster)), no_labels(len(roster)), np.zeros(len(roster), bool), ())


def _visible(frame: pd.DataFrame, seen: date | None) -> pd.DataFrame:
    if seen is None or frame.empty:
        return frame
    decided = frame["decided_on"]
    return frame[(decided.isna() | (decided <= pd.Timestamp(seen))).to_numpy()]


def _targets(book: RuleBook) -> dict[str, ItemKey]:
    """Return every name a correction may give to an item; a name of two items names none."""
    found: dict[str, ItemKey] = {}
    twice: set[str] = set()
    for name, key in _names(book):
        folded = spelling(name)
        if found.setdefault(folded, key) != key:
            twice.add(folded)
    return {**{name: key for name, key in found.items() if name not in twice}, "grade": GRADE, "等次": GRADE}


def _names(book: RuleBook) -> Iterator[tuple[str, ItemKey]]:
    items = book.items.items()
    for (component, item_id), item in items:
        yield from ((name, (component, item_id)) for name in (f"{component}.{item_id}", item_id, item.title) if name)
    known = {spelling(name) for (_, item_id), item in items for name in (item_id, item.title)}
    for key, item in items:
        for rule_id, rule in item.rules.items() if isinstance(item, PointsItem) else ():
            yield from ((name, key) for name in (rule_id, rule.title) if name and spelling(name) not in known)


def _rows(frame: pd.DataFrame, roster: Roster) -> tuple[Ints, Ints]:
    """Return the row of each correction (-1 where its period is not scored), and its year."""
    names = [str(period) for period in roster.periods]
    at = np.array([names.index(code) if code in names else -1 for code in frame["period"]], dtype="int64")
    year = np.array([Period.parse(code).year for code in frame["period"]], dtype="int64")
    code = member_codes(frame["member_id"], roster.ids)
    row = roster.row_of[code, at]
    return row, year


def _fits(target: ItemKey | None, grade: object, row: int, year: int, whole_year: bool, book: RuleBook) -> bool:
    if target == GRADE:
        return grade in book.grades and (row >= 0 or (bool(whole_year) and book.year_grades and year > 0))
    return target is not None and row >= 0


def _set(frame: pd.DataFrame, graded: Bools, rows_of: Callable[[int], np.ndarray], size: int, book: RuleBook) -> Names:
    """Return the grades that corrections set, each at its own rows."""
    grade, names = np.zeros(size, dtype="int8"), list(book.grades)
    for at in np.flatnonzero(graded).tolist():
        grade[rows_of(at)] = names.index(frame["grade"].iloc[at]) + 1
    return label_at(names, grade)


def _unused(records: Records, row: pd.Series, book: RuleBook) -> Problem:
    file, sheet, cell = records.address(row, "target")
    text = Text(
        f"复核更正“{row['target']}”({row['period']})在方案“{book.title}”中没有对应的项目、等次或考核期,未采用",
        f"the correction of “{row['target']}” ({row['period']}) has no place in {book.id}; it is not used",
    )
    return Problem("note", "correction_unused", text, file, sheet, cell, str(row["target"]))
