"""The desk: where the command speaks, in which language, how tables look there, and how problems become lines."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from itertools import chain
from typing import IO, Any, cast

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Table

from jifen_analysis.errors import JifenError, Lang, ManyProblems, Problem, Text, without_cards
from jifen_analysis.line_wrap import WIDEST, Folding, requested_width, wrap_line
from jifen_analysis.report.redact import apply_aliases, common_words, redact_problem, redact_refusal

MOST = 150
"""Lines up to which problems are told more finely."""
_CELLS = 5
"""Cells named of very many problems of a kind."""
_BY_RULE = frozenset({"date_serial", "day_as_month", "id_read", "month_as_day", "month_read", "number_read"})
"""Notes that one rule made of many cells: “1998.7” and “2003.5” as the first of the month are one thing to know."""


@dataclass(frozen=True)
class ProblemLine:
    """Problems that are told together.

    Parameters
    ----------
    problem : Problem
        The first of them.
    cells : tuple of str
        Where they stand; of very many, the first few.
    count : int
        How many there are.
    files : int
        In how many files.
    kind : bool
        Whether they are only of one kind, and may each say something else.
    """

    problem: Problem
    cells: tuple[str, ...]
    count: int
    files: int
    kind: bool


def problem_lines(problems: Iterable[Problem]) -> list[ProblemLine]:
    """Return problems in at most some 150 lines, or one for each kind where there are more kinds than that.

    Equal notes of a sheet are always told together, and so are what one rule
    made of many cells and a spelling that nobody knows, which is one mistake
    however often it stands there; other
    errors stand one by one, for each has to be mended, until they are too many
    to be read: then together by sheet and kind, then by kind alone.
    """
    if isinstance(problems, ManyProblems):
        return _of_kinds(problems)
    found = list(problems)
    for grain in (_each, _by_sheet, _by_kind):
        told = _grouped(found, grain)
        if len(told) <= MOST:
            return told
    return told


def _of_kinds(problems: ManyProblems) -> list[ProblemLine]:
    """Return a line for each kind of each sheet, or for each kind where those are too many."""
    kinds = [_line(kind[:_CELLS], len(kind), {kind[0].file}) for kind in problems.kinds()]
    if len(kinds) <= MOST:
        return kinds
    groups: dict[Hashable, list[ProblemLine]] = {}
    for one in kinds:
        groups.setdefault(_by_kind(0, one.problem), []).append(one)
    return [_together(same) for same in groups.values()]


def _together(same: Sequence[ProblemLine]) -> ProblemLine:
    files = len({one.problem.file for one in same})
    return replace(same[0], count=sum(one.count for one in same), files=files, kind=True)


def _each(at: int, one: Problem) -> Hashable:
    alone = one.severity == "error" and one.code != "unknown_word"
    by_rule = one.severity == "note" and one.code in _BY_RULE
    return (one.file, one.sheet, one.code if by_rule else one.message(), at if alone else None)


def _by_sheet(_: int, one: Problem) -> Hashable:
    return (one.file, one.sheet, one.severity, one.code, one.kind)


def _by_kind(_: int, one: Problem) -> Hashable:
    return (one.severity, one.code)


def _grouped(problems: Sequence[Problem], grain: Callable[[int, Problem], Hashable]) -> list[ProblemLine]:
    groups: dict[Hashable, list[Problem]] = {}
    for at, one in enumerate(problems):
        groups.setdefault(grain(at, one), []).append(one)
    lines_ = ((same, {one.file for one in same}) for same in groups.values())
    return [replace(_line(same, len(same), files), kind=_vary(same, grain)) for same, files in lines_]


def _vary(same: Sequence[Problem], grain: Callable[[int, Problem], Hashable]) -> bool:
    """Return whether problems told together may each say something else."""
    return len(same) > 1 and (grain is not _each or len({one.message() for one in same}) > 1)


def _line(same: Sequence[Problem], count: int, files: Collection[str]) -> ProblemLine:
    return ProblemLine(same[0], tuple(_beside(same[0], one) for one in same), count, len(files), count > 1)


def _beside(first: Problem, other: Problem) -> str:
    """Return where another problem is that is told with a first one: its sheet, too, where that is another."""
    return "!".join(part for part in (other.sheet if other.sheet != first.sheet else "", other.cell) if part)


# ---------------------------------------------------------------- what is printed


_PIPED_WIDTH = WIDEST
"""Lines of a pipe are as long as they are, unless COLUMNS says how long."""


@dataclass(frozen=True)
class Terminal:
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
    def open(cls, lang: Lang) -> Terminal:
        """Return the desk of this terminal, or of this pipe."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")  # a console that knows only GBK shows ? instead of failing
        return cls(lang, _console(stderr=False), _console(stderr=True))

    @property
    def narrow(self) -> bool:
        """Whether lines have an end: on a terminal, and in a pipe for which COLUMNS says so."""
        return self.out.width < _PIPED_WIDTH

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
        listed = [["" if cell is None else str(cell) for cell in row] for row in rows]
        if title:
            _plain(self.out, f"\n{title}", "bold")
        lines = None if self.out.is_terminal else _aligned([*headers], listed, numbers, self.out.width)
        if lines is not None:
            _plain(self.out, "\n".join(lines))
            return
        drawn = Table(box=SIMPLE_HEAD if self.out.is_terminal else None, pad_edge=self.out.is_terminal, padding=(0, 1))
        for at, header in enumerate(headers):
            right = at >= len(headers) - numbers
            drawn.add_column(header, justify="right" if right else "left", no_wrap=at in whole, overflow="fold")
        for row in listed:
            drawn.add_row(*map(Folding, row))
        self.show(drawn)

    def stacked(self, parts: Iterable[str], between: str) -> str:
        """Return parts for one cell: each on a line of its own on a terminal, where a cell is narrow."""
        return ("\n" if self.narrow else between).join(parts)

    def problems(self, problems: Iterable[Problem], *, named: bool = False) -> None:
        """Print problems file by file, as they come; what is too much to be read is told by kind.

        Names in them, and what was typed in the wrong cell, are left out, unless ``named``.
        """
        found = problems if isinstance(problems, ManyProblems) else tuple(problems)
        common, file = common_words(found), None
        for line in problem_lines(found):
            if line.problem.file != file:
                file = line.problem.file
                _plain(self.out, f"\n{file or self.text('(不在文件中)', '(in no file)')}", "bold")
            said = line.problem.message(self.lang) if named else redact_problem(line.problem, self.lang, common)
            _plain(self.out, *self._problem(line, said))

    def _problem(self, line: ProblemLine, said: str) -> tuple[str, str]:
        """Return one line about problems, and its style."""
        shown = self._listed(line.cells[:1] if line.kind else line.cells)  # others of a kind may say something else
        if line.count > _CELLS and not line.kind:
            shown += self.text(f"等 {line.count:,} 处", f" and more, {line.count:,} in all")
        place = "!".join(part for part in (line.problem.sheet, shown) if part)
        error = line.problem.severity == "error"
        mark = self.text("错误", "error") if error else self.text("提示", "note")
        more = self._more(line) if line.kind else ""
        return f"  {mark}  {place + ':' if place else ''}{said}{more}", "red" if error else "yellow"

    def _listed(self, cells: Sequence[str]) -> str:
        return self.text("、", ", ").join(cell for cell in cells[:_CELLS] if cell)

    def _more(self, line: ProblemLine) -> str:
        """Say how many others of the kind are told with it, each perhaps of another content, and where they begin."""
        count, others = line.count - 1, self._listed(line.cells[1:]) if line.files == 1 else ""
        etc = self.text("等", " …") if count > _CELLS else ""
        at = self.text(f",在 {others}{etc}", f" at {others}{etc}") if others else ""
        return self.text(
            f"(同类另有 {count:,} 处{at},共 {line.files:,} 个文件;逐条见 --out 或 --json 的文件)",
            f" ({count:,} more of this kind{at}, {line.files:,} file(s) in all; each in the file of --out or --json)",
        )

    def call_files(self, aliases: Mapping[str, str]) -> None:
        """Call files and sheets by other names from now on, on both streams."""
        for console in (self.out, self.err):
            cast("Masked", console.file).aliases.update(aliases)

    def refuse(self, refusal: JifenError) -> None:
        """Print what cannot be done, in as many lines as it has."""
        first, *rest = redact_refusal(refusal, self.lang).split("\n")
        _plain(self.err, first, "bold red")
        for line in rest:
            _plain(self.err, f"  {line}")

    def busy(self, zh: str, en: str) -> AbstractContextManager[Any]:
        """Show on a terminal that something takes its time."""
        return self.err.status(self.text(zh, en)) if self.err.is_terminal else nullcontext()

    def show(self, drawn: RenderableType) -> None:
        """Print what has a look of its own, in a pipe without colours and trailing blanks."""
        if self.out.is_terminal:
            self.out.print(drawn)
            return
        with self.out.capture() as captured:
            self.out.print(drawn)
        for line in captured.get().splitlines():
            _plain(self.out, line.rstrip())


class Masked:
    """A stream on which nobody's number of an identity card is seen whole, nor a member's name in that of a file."""

    def __init__(self, current: Callable[[], Any]) -> None:
        self._current = current  # asked each time: whoever runs commands may put another stream in its place
        self.aliases: dict[str, str] = {}

    def masked(self, text: str) -> str:
        """Return a text as it may be seen."""
        return apply_aliases(without_cards(text), self.aliases)

    def write(self, text: str) -> int:
        """Write text, masked."""
        plain = text.encode("utf-8", "backslashreplace").decode()  # a file's name may hold bytes that are no text
        return int(self._current().write(self.masked(plain)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._current(), name)


def _console(*, stderr: bool) -> Console:
    stream = cast("IO[str]", Masked(lambda: sys.stderr if stderr else sys.stdout))
    found = Console(file=stream, highlight=False)
    width = None if found.is_terminal else requested_width() or _PIPED_WIDTH
    return found if width is None else Console(file=stream, highlight=False, width=width)


def _plain(console: Console, text: str, style: str = "") -> None:
    lines = wrap_line(cast("Masked", console.file).masked(text), console.width)
    console.print("\n".join(lines), style=style or None, markup=False, emoji=False, soft_wrap=True)


_GAP = "  "
_MARKED = re.compile(r"[\[:]")
"""Signs by which a header may be more than text."""


def _aligned(headers: list[str], rows: list[list[str]], numbers: int, width: int) -> list[str] | None:
    """Return the lines of a table as a pipe has it; nothing where they have no room, or a cell is of several lines.

    Laid out otherwise, a table of thousands of rows would take longer than reading millions of records.
    """
    every = [headers, *rows]
    plain = all(map(str.isprintable, chain.from_iterable(every))) and not any(map(_MARKED.search, headers))
    breadths = [max(map(cell_len, column)) for column in zip(*every, strict=True)]
    if not plain or sum(breadths) + len(_GAP) * len(breadths) > width:
        return None
    left = len(headers) - numbers
    return [
        _GAP.join(
            text + " " * (most - cell_len(text)) if at < left else " " * (most - cell_len(text)) + text
            for at, (text, most) in enumerate(zip(row, breadths, strict=True))
        ).rstrip()
        for row in every
    ]
