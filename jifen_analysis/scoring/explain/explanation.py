"""Explanation: everything behind one number; it prints in a terminal, in a notebook and as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd
from rich.cells import cell_len
from rich.console import Group
from rich.table import Table
from rich.text import Text

from jifen_analysis.errors import Lang
from jifen_analysis.line_wrap import Folding
from jifen_analysis.scoring.explain.lines import entries, line_frame
from jifen_analysis.scoring.explain.model import Account
from jifen_analysis.scoring.explain.sections import Row, Section, sections
from jifen_analysis.scoring.words import number


@dataclass(frozen=True, repr=False)
class Explanation(Account):
    """Every line behind one number, from ``Assessment.explain``; frozen.

    It shows itself in Chinese; ``text``, ``html`` and ``rich`` with
    ``lang="en"`` are in English.

    Examples
    --------
    >>> import pandas as pd
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> from jifen_analysis.tables.records import Records
    >>> records = Records.from_frames({
    ...     "members": pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]}),
    ...     "attendance": pd.DataFrame({"member_id": ["00001"], "date": ["2024-03-05"],
    ...                                 "activity": ["lecture"], "status": ["late"]}),
    ... })
    >>> explained = assess(records, read_scheme("village_monthly")).explain("00001", "2024-03")
    >>> explained.total, explained.frame[["date", "what", "value"]].iloc[-1].tolist()
    (11.0, ['2024-03-05', '党课', '迟到'])
    """

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each record behind a line, and for each line without records; fresh.

        Columns are member_id, period, part, component, item, rule, kind,
        clause, date, what, value, points, contribution, file, sheet, cell. The
        contributions add up to the total.
        """
        return line_frame(entries(self.person.member_id, self.period, self.lines))

    def text(self, lang: Lang = "zh") -> str:
        """Return everything as plain text, one record a line."""
        return _as_text(sections(self, lang))

    def html(self, lang: Lang = "zh") -> str:
        """Return everything as HTML tables, whatever the records contain escaped."""
        return _as_html(sections(self, lang))

    def rich(self, lang: Lang = "zh") -> Group:
        """Return everything as tables for a rich console."""
        return _as_rich(sections(self, lang))

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        total = "-" if self.total is None else number(self.total)
        return f"<Explanation {self.person.member_id} {self.period}: {total} {self.grade}>"

    def __rich__(self) -> Group:
        return self.rich()

    def _repr_html_(self) -> str:
        return self.html()


_INDENT = "    "


# ---------------------------------------------------------------- plain text


def _as_text(sections: Iterable[Section]) -> str:
    """Return sections as plain text; columns are aligned, a row is never broken."""
    return "\n\n".join("\n".join(_text(section)) for section in sections)


def _text(section: Section) -> Iterator[str]:
    yield section.title
    yield from (f"  {name}: {value}" for name, value in section.facts)
    yield from _aligned([Row(section.heads), *section.rows] if section.rows else [])
    yield from (f"  {note}" for note in section.notes)


def _aligned(rows: list[Row]) -> Iterator[str]:
    cells = [(_INDENT[:2] + _INDENT * row.depth + row.cells[0], *row.cells[1:]) for row in rows]
    columns = list(zip(*cells, strict=True))
    widths = [max(map(cell_len, column)) for column in columns]
    right = [_numbers(column[1:]) for column in columns]
    for row in cells:
        yield "  ".join(map(_padded, row, widths, right)).rstrip()


def _padded(cell: str, width: int, right: bool) -> str:
    blanks = " " * (width - cell_len(cell))
    return blanks + cell if right else cell + blanks


def _numbers(cells: Iterable[str]) -> bool:
    """Return whether nothing but numbers stands in a column: it is flushed right."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(re.fullmatch(r"[+-]?\d+(\.\d+)?", cell) for cell in filled)


# ---------------------------------------------------------------- HTML


def _as_html(sections: Iterable[Section]) -> str:
    """Return sections as HTML, everything escaped."""
    return '<div class="jifen-explanation">' + "".join(part for one in sections for part in _html(one)) + "</div>"


def _html(section: Section) -> Iterator[str]:
    yield f"<h4>{escape(section.title)}</h4>"
    if section.facts:
        facts = (f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in section.facts)
        yield f"<table>{''.join(facts)}</table>"
    if section.rows:
        heads = "".join(f"<th>{escape(head)}</th>" for head in section.heads)
        yield f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(map(_html_row, section.rows))}</tbody></table>"
    yield from (f"<p>{escape(note)}</p>" for note in section.notes)


def _html_row(row: Row) -> str:
    first, *others = (escape(cell) for cell in row.cells)
    indent = f' style="padding-left:{1 + 2 * row.depth}em"'
    return f"<tr><td{indent}>{first}</td>" + "".join(f"<td>{cell}</td>" for cell in others) + "</tr>"


# ---------------------------------------------------------------- terminal


def _as_rich(sections: Iterable[Section]) -> Group:
    """Return sections for a rich console."""
    return Group(*(part for section in sections for part in _rich(section)))


def _rich(section: Section) -> Iterator[Text | Table | Folding]:
    yield Text(section.title, style="bold")
    if section.facts:
        yield _rich_table([Row(fact) for fact in section.facts], ())
    if section.rows:
        yield _rich_table(section.rows, section.heads)
    yield from (Folding(note) for note in section.notes)
    yield Text("")


def _rich_table(rows: Sequence[Row], heads: tuple[str, ...]) -> Table:
    table = Table(box=None, show_header=bool(heads), pad_edge=False)
    columns = zip(*(row.cells for row in rows), strict=True)
    for head, cells in zip(heads or [""] * len(rows[0].cells), columns, strict=True):
        right = bool(heads) and _numbers(cells)
        table.add_column(Folding(head), justify="right" if right else "left", no_wrap=right)
    for row in rows:
        style = "dim" if row.depth else ""
        first, *others = row.cells
        table.add_row(Folding("  " * row.depth + first, style), *(Folding(cell, style) for cell in others))
    return table
