"""template: the blank workbook for branches."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args

import typer

from jifen_analysis.cli import options
from jifen_analysis.cli.language import both
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import UsageError, there_are
from jifen_analysis.intake import write_judgement_form, write_template
from jifen_analysis.intake.judgements import Method
from jifen_analysis.saving import replacing, writable
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.schemes.score_range import item_full_marks


def template(
    ctx: typer.Context,
    out: Annotated[
        Path, typer.Argument(metavar="OUT.xlsx", show_default=False, help=both("写到哪个文件", "the workbook to write"))
    ],
    scheme: Annotated[
        str | None,
        options.option(
            "只要这个方案用得到的表、列和词",
            "only the tables, columns and words that this scheme reads",
            metavar="NAME|FILE",
        ),
    ] = None,
    judgements: Annotated[
        str | None,
        options.option(
            f"改写评委定线用的判断表:{'、'.join(get_args(Method))}",
            f"instead the sheet on which judges set a cut score: {', '.join(get_args(Method))}",
            metavar="METHOD",
        ),
    ] = None,
) -> None:
    """Write the blank workbook."""
    desk: Terminal = ctx.obj
    method = _method(judgements)
    target = writable(out, (".xlsx",))
    with replacing(target) as beside:
        if method:
            marks = item_full_marks(read_scheme(scheme).book) if scheme and method == "angoff" else {}
            write_judgement_form(beside, method, items=marks)
        else:
            write_template(beside, scheme=scheme)
    desk.say(f"已写入空白表:{out}", f"blank workbook written: {out}")


def _method(name: str | None) -> Method | None:
    known: dict[str, Method] = {method: method for method in get_args(Method)}
    if name is not None and name not in known:
        listed = there_are(known)
        raise UsageError(f"没有定线的方法 {name};{listed.zh}", f"no such method {name}; {listed.en}")
    return known.get(name or "")
