"""公示表: one sheet a branch, with what may hang on a wall, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any

import pandas as pd

from jifen_analysis.errors import UsageError, there_are
from jifen_analysis.periods import Period
from jifen_analysis.report.manifest import origin_text
from jifen_analysis.report.standing import last_period, standing
from jifen_analysis.report.summary import by_number
from jifen_analysis.report.workbook import book_at
from jifen_analysis.saving import writable
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.grade import band_grades

HEADERS = ("序号", "姓名", "得分", "等次(拟定)", "支部名次")
BLANKS = (
    "公示期：____年__月__日至____年__月__日",
    "公示期内如对得分、等次有异议，请向党支部提出，由党支部受理复核。",
    "联系人：____________    联系电话：____________",
)
SEAL = "党支部(盖章)        年    月    日"
MARK = "*"
OTHERWISE = f"{MARK} 等次不只由得分决定：名额有限，或按规定直接认定的，以本表所列等次为准。"
"""Why a grade is another than its score gives, of whoever it is and without saying which."""

DRAFT = "草稿"
SUFFIXES = (".docx", ".xlsx")


@dataclass(frozen=True)
class Notice:
    """What hangs on the wall of one branch.

    Parameters
    ----------
    branch, title : str
        Whose, and the heading.
    rows : tuple of tuple of str
        As ``HEADERS``: never ids, reasons or clauses.
    waiting : int
        Members without a result; the sheet is a draft while there are any.
    """

    branch: str
    title: str
    rows: tuple[tuple[str, ...], ...]
    waiting: int = 0

    @property
    def below(self) -> tuple[str, ...]:
        """What stands below the table: the note on marked grades where there are any, then what is to be filled in."""
        marked = any(cell.endswith(MARK) for row in self.rows for cell in row)
        return (OTHERWISE,) * marked + BLANKS

    @property
    def draft(self) -> str:
        """The line that says so while somebody is incomplete; empty otherwise."""
        return f"{DRAFT}：尚有{self.waiting}人待评，不得张贴" if self.waiting else ""


def notices(result: Assessment, period: str | None = None, branch: str | None = None) -> tuple[Notice, ...]:
    """Return the notice of every branch, or of one.

    Parameters
    ----------
    result : Assessment
        From ``assess``.
    period : str, optional
        A scored period or a year; the last scored period by default.
    branch : str, optional
        Only this one.

    Returns
    -------
    tuple of Notice
        Branches by number; members by rank, exempt ones left out.

    Raises
    ------
    UsageError
        For a period that was not scored, or a branch that has nobody in it.
    """
    chosen = period or last_period(result)
    held = standing(result, chosen)
    rows = held.assign(otherwise=_otherwise(result, held))
    listed = rows[rows["state"].isin(["assessed", "pending"])]
    branches = sorted(listed["branch"].unique(), key=by_number)
    if branch is not None and branch not in branches:
        known = there_are(branches)
        raise UsageError(f"没有支部 {branch};{known.zh}", f"no branch {branch}; {known.en}")
    titled = f"党员积分考核结果公示表({Period.parse(chosen).label()})"
    wanted = [branch] if branch is not None else branches
    return tuple(_notice(name, f"{name}{titled}", listed[listed["branch"] == name]) for name in wanted)


def _otherwise(result: Assessment, rows: pd.DataFrame) -> pd.Series:
    """Return whose grade is another than the total alone gives: by a quota, or decided without it."""
    book = result.scheme.book
    if not book.banded:
        return pd.Series(False, index=rows.index)
    alone = pd.Series(
        band_grades(rows["total"].to_numpy("float64"), book.grades, book.grade_rounding), index=rows.index
    )
    both = alone.notna() & rows["grade"].notna()
    return both & (alone.astype("object") != rows["grade"].astype("object"))


def _notice(branch: str, title: str, rows: pd.DataFrame) -> Notice:
    ordered = rows.sort_values(["rank", "total", "name"], ascending=[True, False, True], kind="stable")
    named = ordered.assign(grade=ordered["grade"].astype("object"))
    said = tuple((str(at), *_said(row)) for at, row in enumerate(named.itertuples(), start=1))
    waiting = (rows["state"] == "pending") | rows["flags"].fillna("").str.split(";").map(
        lambda held: "incomplete" in held
    )
    return Notice(branch, title, said, int(waiting.sum()))


def _said(row: Any) -> tuple[str, ...]:
    if row.state == "pending":
        return _text(row.name), "", "待评", ""
    total = "" if pd.isna(row.total) else f"{row.total:.2f}"
    return _text(row.name), total, _text(row.grade) + MARK * bool(row.otherwise), _text(row.rank)


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def write_notices(found: Iterable[Notice], path: str | Path, made: Mapping[str, Any]) -> Path:
    """Write notices as ``.docx``, a page a branch, or ``.xlsx``, a sheet a branch.

    Parameters
    ----------
    found : iterable of Notice
        From ``notices``.
    path : str or Path
        Replaced where it exists.
    made : mapping
        From ``manifest.origin``; it stands in the properties of the file, not on the wall.

    Raises
    ------
    UsageError
        Where the file cannot be written.
    """
    target = writable(path, SUFFIXES)
    write = _write_word if target.suffix.lower() == ".docx" else _write_workbook
    write(tuple(found), target, made)
    return target


# ---------------------------------------------------------------- Word


def _write_word(found: tuple[Notice, ...], target: Path, made: Mapping[str, Any]) -> None:
    from jifen_analysis.report.word import new_document, save_document

    document = new_document(found[0].title)
    for at, notice in enumerate(found):
        _page(document, notice, below=at > 0)
    save_document(document, target, made)


def _page(document: Any, notice: Notice, *, below: bool) -> None:
    from jifen_analysis.report.word import align, table

    heading = document.add_heading(notice.title, 1)
    heading.paragraph_format.page_break_before = below
    align([heading], "center")
    if notice.draft:
        align([document.add_paragraph()], "center")[0].add_run(notice.draft).bold = True
    drawn = table(document, HEADERS, notice.rows)
    align([line for row in drawn.rows for cell in row.cells for line in cell.paragraphs], "center")
    for row in drawn.rows[-_WITH_SEAL:]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    for line in ("", *notice.below):
        document.add_paragraph(line).paragraph_format.keep_with_next = True
    align([document.add_paragraph(SEAL)], "right")


_WITH_SEAL = 3
"""Last rows of a table that go on the page of the seal: it does not stand there alone."""


# ---------------------------------------------------------------- Excel


def _write_workbook(found: tuple[Notice, ...], target: Path, made: Mapping[str, Any]) -> None:
    with book_at(target) as book:
        for name, said in origin_text(made):
            book.set_custom_property(name, said)
        looks = {
            "title": book.add_format({"bold": True, "font_size": 15, "text_wrap": True, **_MIDDLE}),
            "draft": book.add_format({"bold": True, "font_color": "#C00000", **_MIDDLE}),
            "line": book.add_format({"text_wrap": True, "valign": "vcenter"}),
            "seal": book.add_format({"align": "right", "valign": "vcenter"}),
            "head": book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#DCE6F1"}),
            "cell": book.add_format({"border": 1, "align": "center"}),
            "score": book.add_format({"border": 1, "align": "center", "num_format": "0.00"}),
        }
        for notice, name in zip(found, tab_names(notice.branch for notice in found), strict=True):
            _sheet(book.add_worksheet(name), notice, looks)


_MIDDLE = {"align": "center", "valign": "vcenter"}


def _sheet(tab: Any, notice: Notice, looks: dict[str, Any]) -> None:
    last = len(HEADERS) - 1
    tab.set_paper(9)
    tab.center_horizontally()
    tab.set_margins(0.5, 0.5, 0.7, 0.7)
    tab.set_column(0, 0, 7)
    tab.set_column(1, last, 15)  # narrow enough for any office's letters: its own breaks rule out fitting to a page
    tab.set_default_row(18)
    tab.set_row(0, 44)
    tab.merge_range(0, 0, 0, last, notice.title, looks["title"])
    tab.merge_range(1, 0, 1, last, notice.draft, looks["draft"])
    for at, header in enumerate(HEADERS):
        tab.write_string(2, at, header, looks["head"])
    for number, row in enumerate(notice.rows, start=3):
        for at, cell in enumerate(row):
            _write(tab, number, at, cell, looks)
    lines = [*((line, "line") for line in notice.below), ("", "line"), (SEAL, "seal")]
    for number, (line, look) in enumerate(lines, start=len(notice.rows) + 4):
        tab.set_row(number, 22)
        tab.merge_range(number, 0, number, last, line, looks[look])
    tab.set_h_pagebreaks([3 + at for at in page_breaks(len(notice.rows), len(lines) + 2)])
    tab.repeat_rows(0, 2)
    tab.print_area(0, 0, len(notice.rows) + 3 + len(lines), last)


def page_breaks(rows: int, below: int, room: int = 35) -> list[int]:
    """Return before which rows of a table a page begins: what stands below it is never alone on one.

    Examples
    --------
    >>> page_breaks(27, 8), page_breaks(30, 8), page_breaks(80, 8)
    ([], [27], [35, 70])
    """
    breaks, begun = [], 0
    while rows - begun + below > room:
        begun += min(room, rows - begun - _WITH_SEAL)
        breaks.append(begun)
    return breaks


_NUMBERS = {0: "cell", 2: "score", 4: "cell"}
"""Columns of numbers, and how they look."""


def _write(tab: Any, row: int, at: int, cell: str, looks: dict[str, Any]) -> None:
    if at in _NUMBERS and cell:
        tab.write_number(row, at, float(cell), looks[_NUMBERS[at]])
    else:
        tab.write_string(row, at, cell, looks["cell"])


def tab_names(branches: Iterable[str]) -> Iterator[str]:
    """Yield a name for each sheet: what a workbook allows, no two alike.

    Examples
    --------
    >>> list(tab_names(["一/二", "一:二"]))
    ['一_二', '一_二(2)']
    """
    used: set[str] = set()
    for branch in branches:
        whole = re.sub(r"[\[\]:*?/\\']", "_", branch)[:31] or "支部"
        others = (f"{whole[:27]}({again})" for again in count(2))
        name = next(one for one in chain([whole], others) if one.casefold() not in used)
        used.add(name.casefold())
        yield name
