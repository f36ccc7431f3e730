"""Whether quotes of a text file stand as its format has them, so that every reader finds the same cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

_AT_ONCE = 1 << 22
_QUOTE = 34


def is_plainly_quoted(path: Path, separator: str = ",") -> bool:
    r"""Return whether quotes of a file of text stand around whole cells, and doubled within them.

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
    # What stands before a quote that opens a cell, or goes on after a doubled one; and behind one that closes it.
    around = np.zeros(256, bool)
    around[[*b'\r\n"', ord(separator)]] = True
    parity = 0
    for chunk in _whole_lines(path):
        if b'"' in chunk:
            signs = np.frombuffer(b"\n" + chunk + b"\n", "uint8")
            quotes = np.flatnonzero(signs == _QUOTE)
            opening, closing = quotes[parity::2], quotes[1 - parity :: 2]
            if not (around[signs[opening - 1]].all() and around[signs[closing + 1]].all()):
                return False
            parity = (parity + len(quotes)) % 2
    return parity == 0


def is_quoted(path: Path) -> bool:
    """Return whether there is a quote in a file behind its first line."""
    lines = _whole_lines(path)
    first = next(lines, b"")
    ends = [at for sign in (b"\n", b"\r") if (at := first.find(sign)) >= 0]
    return b'"' in first[min(ends, default=0) :] or any(b'"' in chunk for chunk in lines)


def _whole_lines(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file piece by piece, each ending with a line; a mark at its beginning is none of them."""
    with path.open("rb") as stream:
        if stream.read(3) != b"\xef\xbb\xbf":
            stream.seek(0)
        while read := stream.read(_AT_ONCE):
            yield read if read.endswith(b"\n") else read + stream.readline()
