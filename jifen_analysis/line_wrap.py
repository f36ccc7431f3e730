"""How wide a line may be, and how it is broken where it is wider."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

_LEAST = 20
"""Columns below which nothing can be read: then lines are as long as they are."""

WIDEST = 10_000
"""Columns of the widest line: those of a pipe, and of whoever asks for more."""

_NEVER_FIRST = frozenset("、)]}%\uff0c\u3002\uff1b\uff1a\uff01\uff1f\uff09\u300b\u201d,.;:!?")
"""Signs that do not begin a line."""

_NEVER_LAST = "(\\[{\uff08\u300a\u201c"
"""Signs that do not end a line."""


def requested_width() -> int | None:
    """Return the columns that the environment asks for; ``None`` where it does not.

    Examples
    --------
    >>> os.environ["COLUMNS"] = "72"
    >>> requested_width()
    72
    >>> del os.environ["COLUMNS"]
    >>> requested_width() is None
    True
    """
    said = os.environ.get("COLUMNS", "")
    return min(int(said), WIDEST) if said.isdecimal() and int(said) >= _LEAST else None


@dataclass(frozen=True)
class Folding:
    """A text in a cell of a table, broken as lines are: no number in two, no line that begins with a comma."""

    text: str
    style: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines that have room."""
        yield Text("\n".join(wrap_line(self.text, options.max_width, hang=0)), self.style)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Return how narrow and how broad it may be."""
        return Measurement(1, max(map(cell_len, self.text.split("\n")))).with_maximum(options.max_width)


def wrap_line(text: str, width: int, hang: int = 2) -> list[str]:
    """Break a text into lines of at most so many columns; what follows the first stands a little to the right.

    Parameters
    ----------
    text : str
        Chinese signs take two columns each. Its own line breaks stay.
    width : int
        Columns of a line. Words are broken only where one alone is wider.
    hang : int
        Blanks by which what follows the first line stands to its right.

    Returns
    -------
    list of str
        Together the text, but for blanks at the breaks.

    Examples
    --------
    >>> wrap_line("  甲乙丙丁,戊己", 10)
    ['  甲乙丙', '    丁,戊', '    己']
    >>> wrap_line("one two three", 7)
    ['one two', '  three']
    """
    return [part for line in text.split("\n") for part in _folded(line, width, hang)]


def rejoin_lines(text: str, mark: str = "<br>") -> str:
    """Return a text that was broken at a mark as one line: a blank between two words, none beside a Chinese sign.

    Examples
    --------
    >>> rejoin_lines("raw and<br>shrunken means"), rejoin_lines("community_<br>60_40"), rejoin_lines("平均<br>分")
    ('raw and shrunken means', 'community_60_40', '平均分')
    """
    between = rf"(?<=[^\s_\u2e80-\uffef]){re.escape(mark)}(?=[^\s\u2e80-\uffef])"
    return re.sub(between, " ", text).replace(mark, "")


def _folded(line: str, width: int, hang: int) -> Iterator[str]:
    if cell_len(line) <= width:
        yield line
        return
    indent = re.match(r"\s*", line)[0][: width // 3]  # type: ignore[index] # it matches nothing at least
    hung = indent + " " * min(hang, width // 3)
    now, wide = [indent], len(indent)  # measured as it grows: a line of a pipe may be very long
    for piece in _pieces(line.strip(), width - len(hung)):
        if len(now) > 1 and wide + cell_len(piece.rstrip()) > width:
            yield "".join(now).rstrip()
            now, wide, piece = [hung], len(hung), piece.lstrip()  # a blank at a break is none
        now.append(piece)
        wide += cell_len(piece)
    yield "".join(now).rstrip()


def _pieces(text: str, most: int) -> Iterator[str]:
    """Yield what is not to be broken: a word with its blanks, a Chinese sign with the signs that cling to it."""
    cling = re.escape("".join(sorted(_NEVER_FIRST)))
    for word in re.findall(rf"\s*[{_NEVER_LAST}]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[{cling}]*\s*", text):
        while cell_len(word) > most:
            yield word[: max(1, most // 2)] if cell_len(word[0]) > 1 else word[:most]
            word = word[max(1, most // 2) :] if cell_len(word[0]) > 1 else word[most:]  # the rest
        yield word
