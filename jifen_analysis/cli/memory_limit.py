"""A limit on memory: what would wait for memory without end is loaded while there is some."""

from __future__ import annotations

import mmap
import os
import sys
from contextlib import closing

ROOM = 300_000_000
"""Bytes that the library of linear algebra takes as it is loaded, and some more."""


def load_early() -> None:
    """Load the library of linear algebra at once where the address space is limited, as by ``ulimit -v``.

    OpenBLAS asks for its working memory as it is loaded, and asks again without
    end where it gets none: later, beside the data, there might be none left.

    Raises
    ------
    MemoryError
        Where there is too little from the beginning.
    """
    if not _limited():
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        with closing(mmap.mmap(-1, ROOM)):
            pass
    except OSError:
        raise MemoryError from None
    import scipy.linalg  # noqa: F401 - only to be there


def _limited() -> bool:
    if sys.platform == "win32":
        return False
    import resource

    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
