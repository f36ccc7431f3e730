"""How every command reads: workbooks side by side, and a bar on the terminal meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from jifen_analysis.cli.options import ReadingOptions
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import kinds_of
from jifen_analysis.intake import Check, check
from jifen_analysis.intake.check import Each, Watch
from jifen_analysis.intake.load import Ruled
from jifen_analysis.intake.parallel import processes
from jifen_analysis.report.redact import file_aliases

_AS_IT_SAYS = ReadingOptions()


def read_data(
    desk: Terminal,
    data: Path,
    reading: ReadingOptions = _AS_IT_SAYS,
    *,
    scheme: Ruled | Iterable[Ruled] | None = None,
    each: Each | None = None,
    named: bool = False,
) -> Check:
    """Read and check data; on the machines of a cluster where ``each`` says so, else in processes of this one.

    What is printed from then on calls files without the names of members, unless ``named``.
    """
    with nullcontext(each) if each else processes(data) as apply, follow_progress(desk, apply) as (counted, watch):
        found = check(data, **asdict(reading), scheme=scheme, each=counted, watch=watch)
    if not named:
        desk.call_files(_aliases(found))
    return found


def _aliases(found: Check) -> dict[str, str]:
    named = (name for kind in kinds_of(found.problems) for name in (kind[0].file, kind[0].sheet) if name)
    people = found.tables.get("members")
    return {} if people is None else file_aliases([*found.files, *found.refused, *named], people)


@contextmanager
def follow_progress(desk: Terminal, apply: Each) -> Iterator[tuple[Each, Watch | None]]:
    """Let a bar on the terminal follow every pass over the files, and one over long tables; a pipe sees none."""
    if not desk.err.is_terminal:
        yield apply, None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=desk.err, transient=True) as progress:

        def each(function: Callable[[Any], Any], items: Iterable[Any]) -> Iterable[Any]:
            listed = list(items)
            said = desk.text("正在读取", "reading")
            return progress.track(apply(function, listed), total=len(listed), description=said)

        bars: list[TaskID] = []

        def watch(read: int, whole: int) -> None:
            if not bars and whole >= _MB:
                bars.append(progress.add_task(desk.text("正在查验(MB)", "checking (MB)"), total=whole // _MB))
            for bar in bars:
                progress.update(bar, completed=read // _MB, total=whole // _MB)

        yield each, watch


_MB = 1_000_000
