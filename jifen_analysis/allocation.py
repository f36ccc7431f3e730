"""How the memory of many cells is handled."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """Leave garbage uncollected while the cells of workbooks are read or made, all of which stay until the end.

    The cells are not in cycles, but at every step the collector would look at
    all of them again: a tenth of the time of reading, a fifth to two fifths of
    that of writing a large workbook.

    Examples
    --------
    >>> import gc
    >>> with without_collection():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
