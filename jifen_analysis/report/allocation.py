"""How the memory of what is written is handled."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """Leave garbage uncollected while a workbook's cells are made, all of which stay until it is written.

    The cells are not in cycles, but at every step the collector would look at
    all of them again: a fifth to two fifths of the time of a large workbook.

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
