"""The same assessment over many machines, on Dask.

Workers add up the records of some branches each; these sums are whole numbers
and merge exactly. What crosses branches (ranks, quotas, thirds) is decided once,
where the roster is. Dask moves the data, keeps the workers and tries again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from logging import CRITICAL
from typing import Any

from jifen_analysis.errors import JifenError, UsageError
from jifen_analysis.scoring.arrays import Given, Made
from jifen_analysis.scoring.collection import Gather, Gathered, RecordQueries, collect, light
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.tables.partition import MEMBERS_A_PART, partitions
from jifen_analysis.tables.records import Records

Client = Any
"""A ``distributed.Client``; Dask comes with the extra ``scale`` and publishes no types."""
PATIENCE = 10
"""Seconds to wait for a scheduler."""
_A_MINUTE = 60
"""Seconds to wait for its first worker."""
_STEPS = 50
"""Answers come back in about so many goes: each takes its time, but a bar should move."""
_UNINTERRUPTED = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
"""Ctrl-C reaches every process of a terminal; the workers are ended by the first one, and in silence."""
_LARGE = {"distributed.admin.large-graph-warning-threshold": "1TB"}
"""Records in memory have to travel with their task, however large: scattered ahead they would die with their worker."""


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

    Raises
    ------
    UsageError
        Where the client is an asynchronous one.
    """
    if client.asynchronous:
        raise UsageError(
            "assess 要等结果,须用同步的 Client,不能用 asynchronous=True",
            "assess waits for its result: a synchronous Client is wanted, not one made with asynchronous=True",
        )

    def gather(records: Records, roster: Roster, asked: RecordQueries) -> Gathered:
        rows = {}
        with import_module("dask.config").set(_LARGE):
            for part in partitions(records, members_a_part):
                mine, its_rows = light(roster, part.members)
                rows[client.submit(collect, part.records, mine, asked, pure=False)] = its_rows
        whole = Gathered.nothing(roster, asked, records.vocabulary)
        for future, sums in _dask().as_completed(list(rows), client.loop, with_results=True):
            whole = whole.entered(sums, rows.pop(future), len(roster))
        return whole

    return gather


def each(client: Client) -> Callable[[Callable[[Given], Made], Iterable[Given]], Iterable[Made]]:
    """Return ``map`` as the workers of a cluster do it, for ``check(path, each=each(client))``."""

    def mapped(function: Callable[[Given], Made], items: Iterable[Given]) -> Iterable[Made]:
        futures = client.map(function, list(items), pure=False)
        step = len(futures) // _STEPS + 1
        for at in range(0, len(futures), step):
            yield from client.gather(futures[at : at + step])

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
        Where Dask is not installed, nobody answers at the address, no worker
        is there within a minute, or another version of this package is.
    JifenError
        Where workers end one after the other over the same piece of work, one
        does not see a file, or the scheduler goes away.
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
        except (CancelledError, dask.comm.CommClosedError) as fault:
            raise JifenError(f"调度器中断了:{fault}", f"the scheduler went away: {fault}") from fault
        except OSError as fault:
            raise JifenError(
                f"计算进程读不到文件;每台机器都要在同一路径看到数据:{fault}",
                f"a worker cannot read a file; every machine must see the data under the same path: {fault}",
            ) from fault


@contextmanager
def _here(dask: Any, workers: int) -> Iterator[Client]:
    # One thread each: between the passes the work holds the interpreter. No dashboard: nobody looks; but the
    # scheduler serves HTTP all the same, at 8787 unless told otherwise, where another cluster may be.
    anywhere = {"dashboard_address": "127.0.0.1:0"}
    how = {"threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": None, "scheduler_kwargs": anywhere}
    with (
        dask.LocalCluster(n_workers=workers, preload=[_UNINTERRUPTED], silence_logs=CRITICAL, **how) as processes,
        dask.Client(processes, set_as_default=False) as client,
    ):
        yield client


@contextmanager
def _reached(dask: Any, scheduler: str) -> Iterator[Client]:
    try:
        with ThreadPoolExecutor(1) as aside:  # a notebook has a loop of its own
            aside.submit(asyncio.run, _greeted(dask, scheduler)).result()
    except Exception as fault:  # whoever else is at the address may answer anything
        raise UsageError(
            f"连不上调度器“{scheduler}”({str(fault) or '没有应答'});应为 tcp://主机:端口,那里运行着 dask scheduler",
            f"cannot reach a scheduler at “{scheduler}” ({str(fault) or 'no answer'}); "
            "tcp://host:port is wanted, where a dask scheduler runs",
        ) from fault
    with dask.Client(scheduler, timeout=PATIENCE, set_as_default=False) as client:
        _require_workers(client, scheduler)
        _require_one_version(client)
        yield client


async def _greeted(dask: Any, scheduler: str) -> None:
    """Ask who is there: a client that is made in vain takes long to end, and says so."""
    secrets = dask.Security().get_connection_args("client")
    async with dask.rpc(scheduler, timeout=PATIENCE, connection_args=secrets) as there:
        told = await asyncio.wait_for(there.identity(), PATIENCE + 1)
    if told["type"] != "Scheduler":
        raise ValueError(told["type"])


def _require_workers(client: Client, scheduler: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_A_MINUTE)
    except TimeoutError as fault:
        raise UsageError(
            f"调度器 {scheduler} 那里没有计算进程;请在各台机器上运行 dask worker {scheduler}",
            f"no worker at the scheduler {scheduler}; run dask worker {scheduler} on every machine",
        ) from fault


def _require_one_version(client: Client) -> None:
    package = "jifen-analysis"
    found = client.get_versions(packages=[package])
    places = {"scheduler": found["scheduler"], **found["workers"]}
    here = found["client"]["packages"][package]
    versions = {place: told["packages"][package] or "–" for place, told in places.items()}
    other = [f"{place} ({version})" for place, version in versions.items() if version != here]
    if other:
        raise UsageError(
            f"调度器和各计算进程都要装 {package} {here};不是的有:{'、'.join(other)}",
            f"scheduler and workers need {package} {here}; found otherwise: {', '.join(other)}",
        )


def _dask() -> Any:
    try:
        return import_module("distributed")
    except ImportError as missing:
        raise UsageError(
            "多机计算需要 dask:pip install 'jifen-analysis[scale]'",
            "clusters need dask: pip install 'jifen-analysis[scale]'",
        ) from missing
