"""convert, and where assess does its work: for more records than one process holds."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from jifen_analysis.cli import options, views
from jifen_analysis.cli.language import both
from jifen_analysis.cli.reading import read_data
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import InvalidRecords, UsageError
from jifen_analysis.intake.check import Each
from jifen_analysis.intake.files import in_sight
from jifen_analysis.scoring.cluster import Client, cluster, each, on
from jifen_analysis.scoring.collection import Gather, collect
from jifen_analysis.store.write import convert as write_converted

SCALE = both("在哪里计算", "Where the work is done")

Scheduler = Annotated[
    str | None,
    options.option(
        "Dask 调度器的地址:在它的各台机器上计算",
        "address of a Dask scheduler: work on its machines",
        metavar="tcp://…",
        panel=SCALE,
    ),
]
Workers = Annotated[
    int | None,
    options.option(
        "在本机用 N 个进程计算(须安装 dask)",
        "work in N processes here (needs dask)",
        metavar="N",
        panel=SCALE,
        min=1,
        max=256,
    ),
]
Strict = Annotated[
    bool,
    options.option(
        "与 --scheduler、--workers 同用:有错误就不计分",
        "with --scheduler or --workers: any error stops all",
        "--strict",
        panel=SCALE,
    ),
]


@dataclass(frozen=True)
class Workplace:
    """Where the work is done.

    Parameters
    ----------
    gather : callable
        How ``assess`` adds records up.
    each : callable or None
        How ``check`` goes through the files.
    partly : bool
        Whether the files without error are scored where others have some.
    """

    gather: Gather = collect
    each: Each | None = None
    partly: bool = False


@dataclass(frozen=True)
class Machines:
    """Where the work is done, as the options say."""

    scheduler: Scheduler = None
    workers: Workers = None
    strict: Strict = False

    @contextmanager
    def workplace(self, desk: Terminal, data: Path, *, partly: bool) -> Iterator[Workplace]:
        """Open the machines that were asked for, all of which must see the data; by default this process."""
        many = None not in (self.scheduler, self.workers)
        if many or (self.strict and partly):
            pair = ("--scheduler", "--workers") if many else ("--strict", "--accepted-only")
            raise UsageError(f"{pair[0]} 与 {pair[1]} 只能用一个", f"use {pair[0]} or {pair[1]}, not both")
        if self.scheduler is None and self.workers is None:
            yield Workplace(partly=partly)
            return
        with _quiet(), ExitStack() as opened:
            with desk.busy("正在等候计算进程…", "waiting for the workers …"):
                client = opened.enter_context(cluster(self.scheduler, self.workers))
                _require_in_sight(client, data)
            yield Workplace(on(client), each(client), not self.strict)


def _require_in_sight(client: Client, data: Path) -> None:
    here = in_sight(data)
    blind = [worker for worker, there in client.run(in_sight, data.absolute()).items() if there != here]
    if blind:
        raise UsageError(
            f"每台机器都要在同一路径看到同样的数据 {data.absolute()};看不到的有:{'、'.join(blind)}",
            f"every machine must see the same data at {data.absolute()}; these do not: {', '.join(blind)}",
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep to the sentences: what Dask logs meanwhile, such as on Ctrl-C, is for those who look after the machines."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def convert(
    ctx: typer.Context,
    data: options.Data,
    out: Annotated[
        Path, typer.Argument(metavar="OUT", show_default=False, help=both("空的或新的文件夹", "an empty or new folder"))
    ],
    scheme: options.SchemeName = options.DEFAULT_SCHEME,
    *,
    reading: options.ReadingOptions,
) -> None:
    """Check data once and write them as Parquet, which every command takes."""
    desk: Terminal = ctx.obj
    found = read_data(desk, data, reading, scheme=scheme)
    if found.errors or found.records is None:
        raise InvalidRecords(found.problems)
    with desk.busy("正在写出…", "writing …"):
        folder = write_converted(found.records, out)
    views.print_written(desk, [folder])
