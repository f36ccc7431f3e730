"""schemes, lint: the rule book in words, and what it leaves open."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jifen_analysis.cli import options
from jifen_analysis.cli.desk import Desk
from jifen_analysis.cli.language import both
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.lint import lint as findings_of
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import Scheme, read_scheme

_KINDS = {"year": "年", "half": "半年", "quarter": "季", "month": "月"}


def schemes(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME|FILE]",
            show_default=False,
            help=both("内置方案名或方案文件;不给则全部列出", "a scheme to show in words; all are listed without"),
        ),
    ] = None,
    out: Annotated[
        Path | None,
        options.option(
            "写成方案表(.xlsx,可在表中改写)或 .toml", "the scheme as a workbook to edit, or .toml", metavar="FILE"
        ),
    ] = None,
) -> None:
    """Print the list of schemes, or one in words; write it where asked."""
    desk: Desk = ctx.obj
    if out is not None:
        from jifen_analysis.cli import views  # who only reads a scheme does not wait for pandas

        views.written(desk, [_written(name, out)])
        return
    if name is None:
        headers = desk.text("方案,名称,考核期,等次,其他读法", "scheme,title,period,grades,readings").split(",")
        desk.table(headers, [_row(desk, read_scheme(one)) for one in scheme_names()], whole=(0, 4))
        return
    described = read_scheme(name).describe(desk.lang)
    desk.say(described.rstrip("\n"), described.rstrip("\n"))


def _written(name: str | None, out: Path) -> Path:
    if name is None:
        raise UsageError("--out 须与方案名一起用", "--out wants the name of a scheme")
    return read_scheme(name).write(out)


def _row(desk: Desk, scheme: Scheme) -> tuple[str, ...]:
    book = scheme.book
    cuts = [f"{name} {grade.cut:g}" if grade.cut is not None else name for name, grade in book.grades.items()]
    period = desk.text(_KINDS[book.period], book.period)
    return scheme.id, scheme.title, period, desk.stacked(cuts, "、"), desk.stacked(book.readings, "、")


def lint(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME|FILE",
            show_default=False,
            help=both("内置方案名或方案文件(.toml、.xlsx)", "a built-in name or a file"),
        ),
    ],
) -> None:
    """Print what a scheme leaves open."""
    desk: Desk = ctx.obj
    scheme = read_scheme(name)
    findings = findings_of(scheme)
    count = len(findings)
    desk.say(f"{scheme.title}({scheme.id}):{count} 项须留意", f"{scheme.title} ({scheme.id}): {count} findings", "bold")
    for finding in findings:
        desk.say(finding.line("zh"), finding.line("en"))
