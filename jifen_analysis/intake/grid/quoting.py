"""Whether quotes of a text file stand as its format has them, so that every reader finds the same cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np

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
