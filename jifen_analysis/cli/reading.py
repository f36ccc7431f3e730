"""How every command reads: workbooks side by side, and a sign of life meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

from jifen_analysis.cli.desk import Desk
from jifen_analysis.intake import Check, check
from jifen_analysis.intake.load import Each
from jifen_analysis.intake.processes import processes
from jifen_analysis.vocabulary import Word


def read(
    desk: Desk,
    data: Path,
    *,
    year: int | None = None,
    roster: Path | None = None,
    id_width: int | None = None,
    words: Mapping[str, Word] | None = None,
    each: Each | None = None,
) -> Check:
    """Read and check data; on the machines of a cluster where ``each`` says so, else in processes of this one."""
    with nullcontext(each) if each else processes(data) as apply, desk.busy("正在读取…", "reading …"):
        return check(data, year=year, roster=roster, id_width=id_width, words=words, each=apply)
