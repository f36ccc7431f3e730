"""Text files to grids: the encoding by the bytes, the separator by the first lines; and how their quotes stand."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice, zip_longest
from pathlib import Path
from typing import Literal

import numpy as np

from jifen_analysis.intake.grid.model import Grid, UnreadableError

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def text_grid(data: bytes, file: str) -> Grid:
    """Read comma-, tab- or semicolon-separated text.

    Raises
    ------
    UnreadableError
        Where the bytes are no text.
    """
    text = decode(data)
    if text[: text.find("\n") if "\n" in text else len(text)].count(separator_of(text)) >= WIDEST:
        raise _too_wide()
    # Strict, because a quote that is never closed would swallow the lines below it.
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    try:
        columns, height = _columns(rows)
    except csv.Error as fault:
        raise (_endless if "field limit" in str(fault) else _unquoted)(rows.line_num) from fault
    if _KEPT.search(text):
        columns = [list(map(without_guard, column)) for column in columns]
    return Grid(file, "", columns, range(1, height + 1), range(1, len(columns) + 1), plain=True)


_KEPT = re.compile(r"'+[=+\-@\t\r]")
"""A text that was kept from being taken for a formula when the file was written."""


def without_guard(value: str) -> str:
    """Return a cell without the apostrophe that kept it from being taken for a formula.

    Examples
    --------
    >>> without_guard("'-1"), without_guard("'甲'")
    ('-1', "'甲'")
    """
    return value[1:] if _KEPT.match(value) else value


WIDEST = 16_384
"""Columns of the widest sheet that a spreadsheet program has."""


def _too_wide() -> UnreadableError:
    return UnreadableError(
        "too_wide",
        f"第一行超过 {WIDEST} 列,不是表格;请检查分隔符和换行",
        f"more than {WIDEST} columns in the first line; look at separators and line breaks",
    )


def _unquoted(line: int) -> UnreadableError:
    return UnreadableError(
        "bad_quotes",
        f"引号不成对(读到第 {line} 行),不知一格到哪里为止;请在表格软件中另存为 .xlsx",
        f"quotes do not match (read up to line {line}), so nobody knows where a cell ends; save it as .xlsx",
    )


def _endless(line: int) -> UnreadableError:
    return UnreadableError(
        "endless_cell",
        f"有一格超过 {csv.field_size_limit():,} 个字(读到第 {line} 行),不是表格:引号没有配对,或分隔符、换行不对",
        f"a cell has more than {csv.field_size_limit():,} signs (read up to line {line}): no table; quotes, separators "
        "or line breaks are not right",
    )


def _columns(rows: Iterator[list[str]]) -> tuple[list[list[str]], int]:
    """Turn rows to columns piece by piece; equal text is held once."""
    columns: list[list[str]] = []
    known: dict[str, str] = {}
    height = 0
    while chunk := list(islice(rows, _CHUNK)):
        for j, values in enumerate(zip_longest(*chunk, fillvalue="")):
            if j == len(columns):
                columns.append([""] * height)
            columns[j].extend(map(known.setdefault, values, values))
        height += len(chunk)
        for column in columns:
            column.extend([""] * (height - len(column)))
    return columns, height


_CHUNK = 4096


def decode(data: bytes, *, whole: bool = True) -> str:
    """Return text in UTF-8 (with or without a mark), UTF-16 or GB18030; cut off (not ``whole``), but its end.

    Examples
    --------
    >>> decode("党费".encode("gb18030"))
    '党费'
    """
    return decoded(data, whole=whole)[1]


def decoded(data: bytes, *, whole: bool = True) -> tuple[str, str]:
    """Return the encoding of a text, and the text as :func:`decode` does.

    Examples
    --------
    >>> decoded("党费".encode("gb18030"))
    ('gb18030', '党费')
    """
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding) if whole else codecs.getincrementaldecoder(encoding)().decode(data)
        except UnicodeDecodeError:
            continue
        if not _control(text):
            return encoding, text
    raise _binary()


def _encodings(data: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return (encoding,)
    if b"\0" in data[:4096]:
        even, odd = data[0:4096:2].count(0), data[1:4096:2].count(0)
        return ("utf-16-le", "utf-16-be") if odd >= even else ("utf-16-be", "utf-16-le")
    return ("utf-8", "gb18030")


def _control(text: str) -> bool:
    sample = text[:65536]
    return any(ord(letter) < 32 and letter not in "\t\r\n\x0b\x0c" for letter in set(sample)) or "\0" in text


def separator_of(text: str) -> str:
    r"""Return the mark that stands in the most lines, then the most often: what separates cells stands in every row.

    Examples
    --------
    >>> separator_of("编号;党费\n1;1,5\n2;2,0\n")
    ';'
    """
    lines = [line for line in text[:65536].splitlines() if line.strip()][:30]
    return max(",\t;", key=lambda mark: (sum(mark in line for line in lines), sum(line.count(mark) for line in lines)))


def _binary() -> UnreadableError:
    return UnreadableError(
        "not_text",
        "不是文本:编码认不出来(可用 UTF-8、GB18030、UTF-16),请在表格软件中另存为 .xlsx 或 CSV UTF-8",
        "not text in UTF-8, GB18030 or UTF-16; save it as .xlsx or CSV UTF-8",
    )


# ---------------------------------------------------------------- quotes


_AT_ONCE = 1 << 22
_QUOTE = 34


def quotes(path: Path, separator: str = ",") -> Literal["none", "plain", "odd"]:
    r"""Say of the quotes of a file of text whether all stand around whole cells, and doubled within them.

    ``none`` is said where there is none behind the first line.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = file.write_bytes(b'a,b\n"x, y",2\n')
    >>> quotes(file)
    'plain'
    >>> _ = file.write_bytes(b'a,b\nx"y,2\n')
    >>> quotes(file)
    'odd'
    """
    # What stands before a quote that opens a cell, or goes on after a doubled one; and behind one that closes it.
    around = np.zeros(256, bool)
    around[[*b'\r\n"', ord(separator)]] = True
    parity, found, header = 0, False, True
    for chunk in _whole_lines(path):
        if b'"' in chunk:
            signs = np.frombuffer(b"\n" + chunk + b"\n", "uint8")
            where = np.flatnonzero(signs == _QUOTE)
            opening, closing = where[parity::2], where[1 - parity :: 2]
            if not (around[signs[opening - 1]].all() and around[signs[closing + 1]].all()):
                return "odd"
            parity = (parity + len(where)) % 2
            found |= b'"' in (chunk[_first_line(chunk) :] if header else chunk)
        header = False
    return "odd" if parity else "plain" if found else "none"


def _first_line(chunk: bytes) -> int:
    return min((at for sign in (b"\n", b"\r") if (at := chunk.find(sign)) >= 0), default=0)


def _whole_lines(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file piece by piece, each ending with a line; a mark at its beginning is none of them."""
    with path.open("rb") as stream:
        if stream.read(3) != b"\xef\xbb\xbf":
            stream.seek(0)
        while read := stream.read(_AT_ONCE):
            yield read if read.endswith(b"\n") else read + stream.readline()
