"""Tables of a web page that calls itself .xls, as systems export them: the text that a browser would show."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from jifen_analysis.intake.grid.delimited import decode
from jifen_analysis.intake.grid.formats import BLACK, PAPER, RAISED_AS, dressed
from jifen_analysis.intake.grid.model import Area, Grid, SheetFacts, UnreadableError, Value, from_cells

_MOST = 1000
"""Rows or columns that one cell may span; a page that says more is no table of anybody's."""
_UNSEEN = frozenset({"script", "style", "title", "noscript", "template"})
_STRIKES = frozenset({"s", "del", "strike"})
_RAISED = {"sup": RAISED_AS["super"], "sub": RAISED_AS["sub"]}
"""What a browser shows raised or lowered stays so: 9<sup>1</sup> is no 91."""
_CHARSET = re.compile(rb"charset=[\"']?\s*([\w-]+)", re.IGNORECASE)


@dataclass(frozen=True)
class _TextStyle:
    """The colours of letters and of what is behind them, and whether a line goes through them."""

    letters: str = BLACK
    behind: str = PAPER
    struck: bool = False

    @property
    def alike(self) -> bool:
        """Whether nobody sees the letters."""
        return self.letters == self.behind


_PLAIN = _TextStyle()
_COLOURED = frozenset({"table", "tr", "td", "th", "font", "span"})
_ENDS = {"td": ("td", "th"), "th": ("td", "th"), "tr": ("tr",)}
"""What a tag closes that nobody closed."""
_LETTERS = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]+)", re.IGNORECASE)
_BEHIND = re.compile(r"(?:^|;)\s*background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)


def _look(tag: str, given: Mapping[str, str], around: _TextStyle) -> _TextStyle:
    """Return the colours inside a tag, by its own style or as around it; a look of its own where none is known."""
    style = given.get("style", "")
    letters, behind = _LETTERS.search(style), _BEHIND.search(style)
    own = letters[1] if letters else given.get("color", "") if tag == "font" else ""
    paper = behind[1] if behind else given.get("bgcolor", "")
    return _TextStyle(
        _colour(own) or around.letters, _colour(paper) or around.behind, "line-through" in style or around.struck
    )


def _colour(said: str) -> str:
    """Return a colour so that equal ones are equal, as FFFFFF; nothing where none is said.

    Examples
    --------
    >>> _colour("#fff"), _colour("rgb(255, 255, 255)"), _colour("White"), _colour("")
    ('FFFFFF', 'FFFFFF', 'FFFFFF', '')
    """
    text = re.sub(r"\s", "", said).upper()
    parts = re.match(r"RGBA?\((\d{1,3}),(\d{1,3}),(\d{1,3})", text)
    if parts:
        return "".join(f"{int(part):02X}" for part in parts.groups())
    bare = text.removeprefix("#")
    short = text.startswith("#") and len(bare) == _SHORT
    return _COLOURS.get(bare, "".join(c * 2 for c in bare) if short else bare)


_SHORT = 3
_COLOURS = {"WHITE": PAPER, "BLACK": BLACK, "TRANSPARENT": ""}


@dataclass
class _Table:
    """A table as far as it is parsed: cells by place, what spans, what is hidden or crossed out."""

    above: tuple[str, ...] = ()
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    taken: set[tuple[int, int]] = field(default_factory=set)
    merges: list[Area] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    struck: set[tuple[int, int]] = field(default_factory=set)
    unseen: set[tuple[int, int]] = field(default_factory=set)
    pictures: set[Area] = field(default_factory=set)
    row: int = 0
    at: tuple[int, int] | None = None

    def next_row(self, *, hidden: bool) -> None:
        self.row, self.at = self.row + 1, None
        if hidden:
            self.hidden.add(self.row)

    def next_cell(self, down: int, across: int) -> None:
        row = max(self.row, 1)
        column = next(n for n in range(1, len(self.taken) + 2) if (row, n) not in self.taken)
        area = Area(row, column, row + down - 1, column + across - 1)
        if down > _MOST or across > _MOST or down * across > _MOST:
            raise _no_table()
        self.taken |= {(i, j) for i in range(row, area.bottom + 1) for j in range(column, area.right + 1)}
        if down * across > 1:
            self.merges.append(area)
        self.row, self.at = row, (row, column)


class _Page(HTMLParser):
    """Gathers the tables of a page; a table inside another is one of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.done: list[_Table] = []
        self._open: list[_Table] = []
        self._loose: list[str] = []
        self._unseen = 0
        self._struck = 0
        self._raised = ""
        self._looks: list[tuple[str, _TextStyle]] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        given = {name: value or "" for name, value in attrs}
        table = self._open[-1] if self._open else None
        if tag in _COLOURED:
            self._close_look("table", _ENDS.get(tag, ()))
            self._looks.append((tag, _look(tag, given, self._looks[-1][1] if self._looks else _PLAIN)))
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _STRIKES:
            self._struck += 1
        elif tag in _RAISED:
            self._raised = tag
        elif tag == "table":
            self._open.append(_Table(tuple(text for text in self._loose if text.strip())))
            self._loose = []
        elif table and tag == "tr":
            table.next_row(hidden=re.search(r"display\s*:\s*none", given.get("style", "")) is not None)
        elif table and tag in ("td", "th"):
            table.next_cell(_span(given, "rowspan"), _span(given, "colspan"))
        elif tag == "img" and table and table.at:
            table.pictures.add(Area(*table.at, *table.at))
        elif tag in ("br", "p", "div") and table and table.at in table.cells:
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened."""
        self._close_look(tag, (tag,))
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif tag in _STRIKES:
            self._struck = max(self._struck - 1, 0)
        elif tag in _RAISED:
            self._raised = ""
        elif tag == "table" and self._open:
            self.done.append(self._open.pop())
        elif tag in ("td", "th") and self._open:
            self._open[-1].at = None

    def _close_look(self, within: str, tags: Sequence[str]) -> None:
        """Forget the colours of the last of some tags that is open, and of all inside it, as far as a table goes."""
        for n in range(len(self._looks) - 1, -1, -1):
            if self._looks[n][0] in tags:
                del self._looks[n:]
                return
            if self._looks[n][0] == within:
                return

    def handle_data(self, data: str) -> None:
        """Put text into the cell that is open, or over the table that comes."""
        if self._unseen:
            return
        data = data.replace("\xa0", " ").translate(_RAISED.get(self._raised, {}))
        table = self._open[-1] if self._open else None
        if table is None or table.at is None:
            self._loose.append(" ".join(data.split()))
            return
        table.cells[table.at] = table.cells.get(table.at, "") + data
        if (self._struck or (self._looks and self._looks[-1][1].struck)) and data.strip():
            table.struck.add(table.at)
        if self._looks and self._looks[-1][1].alike and data.strip():
            table.unseen.add(table.at)


def page_grids(data: bytes, file: str) -> list[Grid]:
    """Read the tables of a page as sheets; every cell is text.

    Raises
    ------
    UnreadableError
        Where there is none.
    """
    named = _CHARSET.search(data[:4096])
    page = _Page()
    page.feed(_text(data, named[1].decode().lower() if named else ""))
    page.close()
    tables = [table for table in (*page.done, *page._open) if any(map(str.strip, table.cells.values()))]
    if not tables:
        raise _no_table()
    return [_grid(table, file, f"表{n}" if len(tables) > 1 else "") for n, table in enumerate(tables, start=1)]


def _text(data: bytes, charset: str) -> str:
    try:
        return data.decode({"gb2312": "gb18030", "gbk": "gb18030"}.get(charset, charset or "ascii"))
    except (UnicodeDecodeError, LookupError):
        return decode(data)


def _grid(table: _Table, file: str, sheet: str) -> Grid:
    cells: Mapping[tuple[int, int], Value] = {at: text.strip() for at, text in table.cells.items()}
    grid = from_cells(file, sheet, cells, tuple(table.merges))
    facts = SheetFacts(
        hidden_rows=frozenset(table.hidden),
        struck=frozenset(table.struck),
        unseen=frozenset(table.unseen),
        pictures=frozenset(table.pictures),
    )
    return replace(dressed(grid, facts), plain=True, above=table.above)


def _span(given: Mapping[str, str], name: str) -> int:
    text = given.get(name, "").strip()
    return max(int(text[:9]), 1) if text.isdecimal() else 1


def _no_table() -> UnreadableError:
    return UnreadableError(
        "not_a_workbook",
        "内容是网页(HTML),里面没有可读的表格;请用表格软件打开后另存为 .xlsx",
        "this is a web page (HTML) without a table that can be read; save it as .xlsx in a spreadsheet program",
    )
