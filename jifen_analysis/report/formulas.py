"""总分 that tallies itself again: formulas over the components, with weights and cut scores from 参数."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from jifen_analysis.report.parameters import Parameters
from jifen_analysis.report.sheets import Sheet
from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.row_state import MILLION, millionths

MOST_RANKED = 20_000
"""Ranks compare everyone with everyone: beyond this a spreadsheet program takes long, and totals stay values."""

TALLY, COMPARED, PERIOD, BRANCH = "tally", "compared", "place_in.period", "place_in.branch"
HELPERS = {TALLY: "未舍入总分", COMPARED: "比较分(百万分之一)", PERIOD: "排名范围:全体", BRANCH: "排名范围:支部"}


@dataclass(frozen=True)
class Ranges:
    """Where the columns of 总分 stand.

    Parameters
    ----------
    letters : mapping of column name to str
        Such as ``H``.
    first, last : int
        The rows of the members.
    """

    letters: Mapping[str, str]
    first: int
    last: int

    @classmethod
    def of(cls, sheet: Sheet) -> Ranges:
        """Return those of a sheet as it will be drawn."""
        letters = {str(name): xl_col_to_name(at) for at, name in enumerate(sheet.frame)}
        return cls(letters, sheet.first_row, sheet.first_row + max(len(sheet.frame), 1) - 1)

    def cell(self, name: str, row: int) -> str:
        """Return one cell of the own sheet."""
        return f"{self.letters[name]}{row}"

    def all(self, name: str) -> str:
        """Return a whole column, whatever order its rows are sorted into."""
        return f"${self.letters[name]}${self.first}:${self.letters[name]}${self.last}"


def with_formulas(sheet: Sheet, result: Assessment, given: Parameters) -> Sheet:
    """Return 总分 with formulas for total, ranks, 试算等次 and the distance to the next grade.

    Parameters
    ----------
    sheet : Sheet
        总分, with values.
    result : Assessment
        The result that it shows.
    given : Parameters
        Where weights and cut scores stand.
    """
    table = result.table
    frame = sheet.frame.assign(**_helpers(table))
    wide = replace(sheet, frame=frame, headers=(*sheet.headers, *HELPERS.values()), hidden=tuple(HELPERS))
    at = Ranges.of(wide)
    versions = [given.version_of[period] for period in table["period"]]
    rows = list(enumerate(versions, start=at.first))
    zeroed = _zeroed(result)
    formulas: dict[str, tuple[str, ...]] = {
        "total": tuple(_total(at, row) for row, _ in rows),
        TALLY: tuple(
            "" if zero else _tally(at, given, row, version) for (row, version), zero in zip(rows, zeroed, strict=True)
        ),
        "rank_branch": tuple(_rank(at, BRANCH, row) for row, _ in rows),
        "rank_overall": tuple(_rank(at, PERIOD, row) for row, _ in rows),
        COMPARED: tuple(_compared(at, row) for row, _ in rows),
    }
    if result.scheme.book.banded:
        formulas["grade_by_total"] = tuple(_grade(at, given, row, version) for row, version in rows)
        formulas["distance_to_next_grade"] = tuple(_distance(at, given, row, version) for row, version in rows)
    return replace(wide, formulas=formulas)


def _helpers(table: pd.DataFrame) -> dict[str, pd.api.extensions.ExtensionArray]:
    """Return the tally, the compared score, and with whom each is ranked: nobody for activists."""
    total = table["total"].to_numpy("float64")
    unranked = (table["stage"].astype("str") == "activist").to_numpy()
    groups = {PERIOD: table["period"], BRANCH: table["period"] + "\n" + table["branch"].fillna("")}
    codes = {name: pd.factorize(group, sort=True)[0] + 1 for name, group in groups.items()}
    return {
        TALLY: pd.array(total, dtype="float64"),
        COMPARED: pd.arrays.IntegerArray(millionths(total), np.isnan(total)),
        **{name: pd.arrays.IntegerArray(code.astype("int64"), unranked) for name, code in codes.items()},
    }


def _zeroed(result: Assessment) -> list[bool]:
    keys = ["member_id", "period"]
    ledger = result.ledger
    zero = set(ledger.loc[ledger["kind"] == "zero", keys].itertuples(index=False, name=None))
    return [key in zero for key in result.table[keys].itertuples(index=False, name=None)]


def _tally(at: Ranges, given: Parameters, row: int, version: int) -> str:
    """Add the weighted components in the scheme's order; nothing where one is missing."""
    names = list(given.books[version].components)
    parts = "+".join(f"{given.weight(version, name)}*{at.cell(name, row)}" for name in names)
    return f'=IF(COUNT({at.cell(names[0], row)}:{at.cell(names[-1], row)})<{len(names)},"",{parts})'


def _compared(at: Ranges, row: int) -> str:
    """Round as ``millionths`` does, halves to the even neighbour."""
    tally = at.cell(TALLY, row)
    scaled = f"ROUND({tally}*{MILLION},5)"
    return f'=IF({tally}="","",IF(MOD({scaled},1)=0.5,2*ROUND({scaled}/2,0),ROUND({scaled},0)))'


def _total(at: Ranges, row: int) -> str:
    """Divide whole millionths: one correctly rounded step, so the bits are those of the total at six decimals."""
    score = at.cell(COMPARED, row)
    return f'=IF({score}="","",{score}/{MILLION})'


def _rank(at: Ranges, group: str, row: int) -> str:
    mine, score = at.cell(group, row), at.cell(COMPARED, row)
    higher = f'COUNTIFS({at.all(group)},{mine},{at.all(COMPARED)},">"&{score})'
    return f'=IF(OR({mine}="",{score}=""),"",{higher}+1)'


def _grade(at: Ranges, given: Parameters, row: int, version: int) -> str:
    book, score = given.books[version], at.cell(COMPARED, row)
    marks = f"INT(({score}+{MILLION // 2})/{MILLION})*{MILLION}" if book.grade_rounding == "half_up" else score
    return f'=IF({score}="","",{_bands(book, marks, lambda name: given.cut(version, name))})'


def _bands(book: RuleBook, marks: str, cell: Callable[[str], str]) -> str:
    formula = '""'
    for name, grade in reversed(list(book.grades.items())):
        sign = ">" if grade.above is not None else ">="
        reached = f"{marks}{sign}{_cut(cell(name))}" if grade.cut is not None else ""
        formula = f"IF({reached},{quote_text(name)},{formula})" if reached else quote_text(name)
    return formula


def _distance(at: Ranges, given: Parameters, row: int, version: int) -> str:
    grades = given.books[version].grades
    formula, names = '""', list(grades)
    for lower, higher in zip(names[1:], names[:-1], strict=True):
        if grades[higher].cut is not None:
            gap = f"({_cut(given.cut(version, higher))}-{at.cell(COMPARED, row)})/{MILLION}"
            formula = f"IF({at.cell('grade_by_total', row)}={quote_text(lower)},{gap},{formula})"
    return f"={formula}"


def _cut(cell: str) -> str:
    return f"ROUND({cell}*{MILLION},0)"


def quote_text(text: str) -> str:
    """Return a text as a formula writes it."""
    return '"' + text.replace('"', '""') + '"'
