"""Whether quotes of a text file stand as its format has them, so that every reader finds the same cells."""

from __future__ import annotations

from mmap import ACCESS_READ, mmap
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
    with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as held:
        return _is_plain(held, separator)


def _is_plain(held: mmap, separator: str) -> bool:
    # What stands before a quote that opens a cell, or goes on after a doubled one; and behind one that closes it.
    around = np.zeros(256, bool)
    around[[*b'\r\n"', ord(separator)]] = True
    signs, parity = np.frombuffer(held, "uint8"), 0
    first = 3 if held[:3] == b"\xef\xbb\xbf" else 0
    for start in range(first, len(held), _AT_ONCE):
        if held.find(b'"', start, start + _AT_ONCE) < 0:
            continue
        quotes = start + np.flatnonzero(signs[start : start + _AT_ONCE] == _QUOTE)
        opening, closing = quotes[parity::2], quotes[1 - parity :: 2]
        before, behind = opening[opening > first] - 1, closing[closing < len(held) - 1] + 1
        if not (around[signs[before]].all() and around[signs[behind]].all()):
            return False
        parity = (parity + len(quotes)) % 2
    return parity == 0


def is_quoted(path: Path) -> bool:
    """Return whether there is a quote in a file behind its first line."""
    with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as held:
        ends = [at for sign in (b"\n", b"\r") if (at := held.find(sign, 0, _AT_ONCE)) >= 0]
        return held.find(b'"', min(ends, default=0)) >= 0
