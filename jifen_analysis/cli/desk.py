"""The desk: where the command speaks, in which language, and how tables look there."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import IO, Any, cast

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text as Markless

from jifen_analysis.errors import JifenError, Lang, Problem, Text, without_cards
from jifen_analysis.report.discreet import discreet, refused

_PIPED_WIDTH = 10_000
"""Lines of a pipe are as long as they are."""
_CELLS = 5
"""Cells named of a note that repeats itself."""


@dataclass(frozen=True)
class Desk:
    """Two consoles and a language.

    Parameters
    ----------
    lang : {"zh", "en"}
        In which every sentence is said.
    out, err : Console
        Results go out; refusals and progress go to err.
    """

    lang: Lang
    out: Console
    err: Console

    @classmethod
    def open(cls, lang: Lang) -> Desk:
        """Return the desk of this terminal, or of this pipe."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")  # a console that knows only GBK shows ? instead of failing
        return cls(lang, _console(stderr=False), _console(stderr=True))

    def text(self, zh: str, en: str) -> str:
        """Return one of two sentences."""
        return Text(zh, en).message(self.lang)

    def texts(self, *pairs: tuple[str, str]) -> list[str]:
        """Return one of the two of every pair, such as the headers of a table."""
        return [self.text(*pair) for pair in pairs]

    def say(self, zh: str = "", en: str = "", style: str = "") -> None:
        """Print a line as it is: nothing in it is markup."""
        _plain(self.out, self.text(zh, en), style)

    def table(
        self,
        headers: Sequence[str],
        rows: Iterable[Sequence[Any]],
        title: str = "",
        numbers: int = 0,
        whole: Collection[int] = (0,),
    ) -> None:
        """Print a table: drawn on a terminal, plain columns in a pipe.

        Parameters
        ----------
        headers : sequence of str
            One a column.
        rows : iterable of sequence
            Cells; ``None`` is blank.
        title : str
            A line above.
        numbers : int
            How many of the last columns are flushed right.
        whole : collection of int
            Columns whose lines are never broken.
        """
        drawn = Table(box=SIMPLE_HEAD if self.out.is_terminal else None, pad_edge=self.out.is_terminal, padding=(0, 1))
        for at, header in enumerate(headers):
            right = at >= len(headers) - numbers
            drawn.add_column(header, justify="right" if right else "left", no_wrap=at in whole, overflow="fold")
        for row in rows:
            drawn.add_row(*(_cell(cell) for cell in row))
        if title:
            _plain(self.out, f"\n{title}", "bold")
        self._print(drawn)

    def stacked(self, parts: Iterable[str], between: str) -> str:
        """Return parts for one cell: each on a line of its own on a terminal, where a cell is narrow."""
        return ("\n" if self.out.is_terminal else between).join(parts)

    def problems(self, problems: Iterable[Problem], *, named: bool = False) -> None:
        """Print problems file by file, as they come; a note that repeats itself is said once for a sheet.

        Names in them are left out, unless ``named``.
        """
        file = None
        for problem, cells in _together(problems):
            if problem.file != file:
                file = problem.file
                _plain(self.out, f"\n{file or self.text('(不在文件中)', '(in no file)')}", "bold")
            shown = self.text("、", ", ").join(cells[:_CELLS])
            if len(cells) > _CELLS:
                shown += self.text(f"等 {len(cells)} 处", f" and more, {len(cells)} in all")
            place = "!".join(part for part in (problem.sheet, shown) if part)
            mark = self.text("错误", "error") if problem.severity == "error" else self.text("提示", "note")
            style = "red" if problem.severity == "error" else "yellow"
            said = problem.message(self.lang) if named else discreet(problem, self.lang)
            _plain(self.out, f"  {mark}  {place + ':' if place else ''}{said}", style)

    def refuse(self, refusal: JifenError) -> None:
        """Print what cannot be done, in as many lines as it has."""
        first, *rest = refused(refusal, self.lang).split("\n")
        _plain(self.err, first, "bold red")
        for line in rest:
            _plain(self.err, f"  {line}")

    def busy(self, zh: str, en: str) -> AbstractContextManager[Any]:
        """Show on a terminal that something takes its time."""
        return self.err.status(self.text(zh, en)) if self.err.is_terminal else nullcontext()

    def _print(self, drawn: Table) -> None:
        if self.out.is_terminal:
            self.out.print(drawn)
            return
        with self.out.capture() as captured:
            self.out.print(drawn)
        for line in captured.get().splitlines():
            _plain(self.out, line.rstrip())


def _together(problems: Iterable[Problem]) -> list[tuple[Problem, list[str]]]:
    """Put the cells of equal notes of a sheet together; errors stand one by one, for each has to be mended."""
    found: dict[object, tuple[Problem, list[str]]] = {}
    for at, one in enumerate(problems):
        alone = at if one.severity == "error" else None
        _, cells = found.setdefault((one.file, one.sheet, one.message(), alone), (one, []))
        cells.append(one.cell)
    return list(found.values())


class _Masked:
    """A stream on which nobody's number of an identity card is seen whole."""

    def __init__(self, name: str) -> None:
        self._name = name

    def write(self, text: str) -> int:
        """Write text, masked."""
        return int(getattr(sys, self._name).write(without_cards(text)))

    def __getattr__(self, name: str) -> Any:
        return getattr(getattr(sys, self._name), name)


def _console(*, stderr: bool) -> Console:
    stream = cast("IO[str]", _Masked("stderr" if stderr else "stdout"))
    found = Console(file=stream, highlight=False)
    return found if found.is_terminal else Console(file=stream, highlight=False, width=_PIPED_WIDTH)


def _plain(console: Console, line: str, style: str = "") -> None:
    console.print(line, style=style or None, markup=False, emoji=False, soft_wrap=True)


def _cell(cell: Any) -> Any:
    return Markless("" if cell is None else str(cell))
