"""The same assessment over many machines, on Dask.

Workers add up the records of some branches each; these sums are whole numbers
and merge exactly. What crosses branches (ranks, quotas, thirds) is decided once,
where the roster is. Dask moves the data, keeps the workers and tries again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib import import_module
from typing import Any, TypeVar

from jifen_analysis.errors import JifenError, UsageError
from jifen_analysis.scoring.gathering import Asked, Gather, Gathered, gathered, light
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.tables.partition import MEMBERS_A_PART, partitions
from jifen_analysis.tables.records import Records

Client = Any
"""A ``distributed.Client``; Dask comes with the extra ``scale`` and publishes no types."""
PATIENCE = 10
"""Seconds to wait for a scheduler."""
_LARGE = {"distributed.admin.large-graph-warning-threshold": "1TB"}
"""Records in memory have to travel with their task, however large: scattered ahead they would die with their worker."""

Given = TypeVar("Given")
Made = TypeVar("Made")


def on(client: Client, *, members_a_part: int = MEMBERS_A_PART) -> Gather:
    """Return a way to add records up on the workers of a cluster.

    Parameters
    ----------
    client : distributed.Client
        Of any Dask cluster whose workers have this package. Converted folders
        are read by the workers themselves, from the same path.
    members_a_part : int
        How many members' records one task takes where they are held in memory.

    Returns
    -------
    callable
        For ``assess(records, scheme, gather=on(client))``.
    """

    def gather(records: Records, roster: Roster, asked: Asked) -> Gathered:
        rows = {}
        with import_module("dask.config").set(_LARGE):
            for part in partitions(records, members_a_part):
                mine, its_rows = light(roster, part.members)
                rows[client.submit(gathered, part.records, mine, asked, pure=False)] = its_rows
        whole = Gathered.nothing(roster, asked, records.vocabulary)
        for future, sums in _dask().as_completed(list(rows), with_results=True):
            whole = whole.entered(sums, rows.pop(future), len(roster))
        return whole

    return gather


def each(client: Client) -> Callable[[Callable[[Given], Made], Iterable[Given]], Iterable[Made]]:
    """Return ``map`` as the workers of a cluster do it, for ``check(path, each=each(client))``."""

    def mapped(function: Callable[[Given], Made], items: Iterable[Given]) -> Iterable[Made]:
        made: Iterable[Made] = client.gather(client.map(function, list(items), pure=False))
        return made

    return mapped


@contextmanager
def cluster(scheduler: str | None = None, workers: int | None = None) -> Iterator[Client]:
    """Open a cluster: the one behind an address, or as many processes on this machine.

    Parameters
    ----------
    scheduler : str, optional
        Address, such as ``tcp://10.0.0.1:8786``.
    workers : int, optional
        Number of processes here, where there is no address.

    Raises
    ------
    UsageError
        Where Dask is not installed, or nobody answers at the address.
    JifenError
        Where workers end one after the other over the same piece of work, or
        the scheduler goes away.
    """
    dask = _dask()
    with _here(dask, workers or 1) if scheduler is None else _reached(dask, scheduler) as client:
        try:
            yield client
        except dask.KilledWorker as fault:
            raise JifenError(
                f"计算进程接连中断,多半是内存不足;请减少每台机器的进程数:{fault}",
                f"workers ended one after the other, most likely for want of memory; run fewer a machine: {fault}",
            ) from fault
        except CancelledError as fault:
            raise JifenError(f"调度器中断了:{fault}", f"the scheduler went away: {fault}") from fault


@contextmanager
def _here(dask: Any, workers: int) -> Iterator[Client]:
    # One thread each: between the passes the work holds the interpreter. No dashboard: nobody looks; but the
    # scheduler serves HTTP all the same, at 8787 unless told otherwise, where another cluster may be.
    anywhere = {"dashboard_address": "127.0.0.1:0"}
    how = {"threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": None, "scheduler_kwargs": anywhere}
    with dask.LocalCluster(n_workers=workers, **how) as processes, dask.Client(processes) as client:
        yield client


def _reached(dask: Any, scheduler: str) -> Client:
    try:
        return dask.Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as fault:
        raise UsageError(
            f"连不上调度器 {scheduler}:{fault}", f"cannot reach the scheduler {scheduler}: {fault}"
        ) from fault


def _dask() -> Any:
    try:
        return import_module("distributed")
    except ImportError as missing:
        raise UsageError(
            "多机计算需要 dask:pip install 'jifen-analysis[scale]'",
            "clusters need dask: pip install 'jifen-analysis[scale]'",
        ) from missing
