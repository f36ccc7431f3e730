"""Workbooks read side by side: each file is opened and read on its own, so as many at once as there are processors."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jifen_analysis.errors import JifenError
from jifen_analysis.intake.check import Each
from jifen_analysis.intake.converted import converted_folders
from jifen_analysis.intake.files import everything

WORTH = 1_000_000
"""Bytes of workbooks below which a process more costs more than it saves."""
_WINDOWS = 61
"""Windows waits for no more processes at once."""
_PACKED = frozenset({".xlsx", ".xlsm", ".xls", ".et"})


@contextmanager
def processes(path: str | Path, most: int | None = None) -> Iterator[Each]:
    r"""Open as many processes as the workbooks of a folder are worth, for ``check(path, each=…)``.

    Parameters
    ----------
    path : str or Path
        What will be read.
    most : int, optional
        No more than so many; by default as many as there are processors.

    Yields
    ------
    callable
        What does the same as ``map``, in the same order; ``map`` itself where
        there is little to read, threads for converted folders. In a script, call it below
        ``if __name__ == "__main__":``, as for any pool of processes.

    Raises
    ------
    JifenError
        Where a process was ended from outside, such as for want of memory.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "花名册.csv").write_text("党员编号,党支部\n00001,第一支部\n", encoding="utf-8")
    >>> with processes(folder) as each:
    ...     list(each(len, ["one", "three"]))
    [3, 5]
    """
    if converted_folders(path):
        with ThreadPoolExecutor(most or _processors()) as pool:
            yield pool.map  # there is nothing to parse: hashing files holds no lock
        return
    workers = min(most or _processors(), _worth(path), _WINDOWS)
    if workers < 2:
        yield map
        return
    try:
        with ProcessPoolExecutor(workers) as others:
            others.submit(int).result()  # they are there before the caller starts threads of its own

            def each(function: Callable[[Any], Any], items: Iterable[Any]) -> Iterable[Any]:
                listed = list(items)
                # What a function carries is sent once a batch: a few batches a process, so that none waits long.
                return others.map(function, listed, chunksize=-(-len(listed) // (4 * workers)) or 1)

            yield each
    except BrokenProcessPool as fault:
        raise JifenError(
            "读取文件的进程被中断,多半是内存不足;请关闭其他程序,或分几次读入",
            "a process that was reading files was ended, most likely for want of memory",
        ) from fault


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _worth(path: str | Path) -> int:
    """Return how many processes the workbooks keep busy."""
    root = Path(path)
    files = [root] if root.is_file() else everything(root)[0]
    sizes = [file.stat().st_size for file in files if file.suffix.lower() in _PACKED and file.is_file()]
    return min(len(sizes), sum(sizes) // WORTH)
