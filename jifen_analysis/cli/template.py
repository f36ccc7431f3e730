"""template: the blank workbook for branches."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jifen_analysis.cli import options
from jifen_analysis.cli.language import both
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.intake import write_template
from jifen_analysis.saving import replacing, writable


def template(
    ctx: typer.Context,
    out: Annotated[
        Path,
        typer.Argument(metavar="OUT.xlsx", show_default=False, help=both("写到哪个文件", "the workbook to write")),
    ],
    scheme: Annotated[
        str | None,
        options.option(
            "只要这个方案用得到的表、列和词",
            "only the tables, columns and words that this scheme reads",
            metavar="NAME|FILE",
        ),
    ] = None,
) -> None:
    """Write the blank workbook."""
    desk: Terminal = ctx.obj
    target = writable(out, (".xlsx",))
    with replacing(target) as beside:
        write_template(beside, scheme=scheme)
    desk.say(f"已写入空白表:{out}", f"blank workbook written: {out}")
