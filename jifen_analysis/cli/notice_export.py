"""notice, export: what leaves the desk with names on it, and without."""

from __future__ import annotations

import secrets
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from jifen_analysis.cli import options, views
from jifen_analysis.cli.accepting import pseudonymise_accepted, score_accepted, secret
from jifen_analysis.cli.language import both
from jifen_analysis.cli.reading import read_data
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.report.export import export as pack
from jifen_analysis.report.manifest import origin
from jifen_analysis.report.needs import require_office
from jifen_analysis.report.notice import SUFFIXES, notices, write_notices
from jifen_analysis.report.pseudonyms import PseudonymKey
from jifen_analysis.saving import writable
from jifen_analysis.scoring.assess import assess


def notice(
    ctx: typer.Context,
    data: options.Data,
    *,
    rules: options.Rules,
    period: Annotated[
        str | None, options.option("哪个考核期,默认最近一期", "which period; the last one by default", metavar="P")
    ] = None,
    branch: Annotated[str | None, options.option("只出这个支部", "only this branch", metavar="B")] = None,
    out: Annotated[Path, options.option("写成 .docx 或 .xlsx", "a .docx or .xlsx file", metavar="FILE")] = Path(
        "公示表.xlsx"
    ),
    accepted_only: options.AcceptedOnly = False,
    reading: options.ReadingOptions,
) -> None:
    """Write a sheet for each branch to hang out."""
    desk: Terminal = ctx.obj
    target = writable(out, SUFFIXES)
    require_office(target)
    wanted = rules.read()
    found = read_data(desk, data, reading, scheme=wanted)
    with desk.busy("正在计分…", "scoring …"):
        result, found = score_accepted(found, partial(assess, scheme=wanted), partly=accepted_only)
    sheets = notices(result, period, branch)
    views.print_left_out(desk, found)
    for one in sheets:
        if one.waiting:
            desk.say(
                f"草稿:{one.branch}尚有{one.waiting}人待评", f"draft: {one.waiting} pending in {one.branch}", "yellow"
            )
    views.print_written(desk, [write_notices(sheets, target, origin(result, found.branches))])


def export(
    ctx: typer.Context,
    data: options.Data,
    out: Annotated[
        Path,
        typer.Argument(
            metavar="OUT",
            show_default=False,
            help=both("写成 .zip,或写进一个空文件夹", "a .zip file or an empty folder"),
        ),
    ],
    *,
    rules: options.Rules,
    pseudonymise: options.Pseudonymise = None,
    accepted_only: options.AcceptedOnly = False,
    reading: options.ReadingOptions,
) -> None:
    """Pack records, scheme and manifest for a third party; always under pseudonyms."""
    desk: Terminal = ctx.obj
    wanted = rules.read()
    key = secret(desk, pseudonymise) if pseudonymise else PseudonymKey(secrets.token_bytes(32))
    found = read_data(desk, data, reading, scheme=wanted)
    with desk.busy("正在计分…", "scoring …"):
        result, found = score_accepted(
            found, pseudonymise_accepted(key, partial(assess, scheme=wanted), wanted), partly=accepted_only
        )
    views.print_left_out(desk, found)
    if not pseudonymise:
        desk.say(
            "未给密钥:用一次性密钥,下次导出的假名不同", "no key given: one used once; pseudonyms will differ next time"
        )
    desk.say("已假名化,但不是匿名数据,请按规定保管", "pseudonymous, not anonymous: handle with care")
    views.print_written(desk, [pack(result, rules.scheme, out)])
