"""Whether quotes of a text file stand as its format has them, so that every reader finds the same cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

_AT_ONCE = 1 << 22
_QUOTE = 34
_BEFORE = np.zeros(256, bool)
_BEFORE[[*b',\r\n"']] = True
"""What stands before a quote that opens a cell, or goes on after a doubled one; and behind one that closes it."""


def is_plainly_quoted(path: Path) -> bool:
    r"""Return whether quotes of a comma-separated file stand around whole cells, and doubled within them.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = file.write_bytes(b'a,b\n"x, y",2\n')
    >>> is_plainly_quoted(file)
    True
    >>> _ = file.write_bytes(b'a,b\nx"y,2\n')
    >>> is_plainly_quoted(file)
    False
    """
    parity = 0
    for chunk in _whole_lines(path):
        if b'"' in chunk:
            signs = np.frombuffer(chunk, "uint8")
            quotes = np.flatnonzero(signs == _QUOTE)
            opening, closing = quotes[parity::2], quotes[1 - parity :: 2]
            if not (_BEFORE[signs[opening - 1]].all() and _BEFORE[signs[closing + 1]].all()):
                return False
            parity = (parity + len(quotes)) % 2
    return parity == 0


def _whole_lines(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file with a line's end before and behind each piece."""
    with path.open("rb") as stream:
        rest = b"\n" + stream.read(3).removeprefix(b"\xef\xbb\xbf")
        while read := stream.read(_AT_ONCE):
            last = read.rfind(b"\n") + 1
            if last:
                yield rest + read[:last]
                rest = b"\n"
            rest += read[last:]
    yield rest + b"\n"
