"""try: other shares, cut scores and quotas before and after."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jifen_analysis.cli import options, proposal_options, views
from jifen_analysis.cli.accepting import Score, score_accepted, score_periods, under
from jifen_analysis.cli.reading import read_data
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.report.needs import require_office
from jifen_analysis.report.standing import last_period
from jifen_analysis.saving import writable
from jifen_analysis.schemes.scheme import Scheme

if TYPE_CHECKING:
    from jifen_analysis.report.trial import Tried

TRIAL_ENDINGS = (".html", ".docx", ".xlsx")
SHOWN = 30
"""Lines of a table on the screen; what is written has them all."""
_TABLES = 4
"""Sections of the page that are tables of the trial; the last says where it comes from."""


TrialPeriods = Annotated[
    list[str] | None,
    options.option(
        "哪些考核期,如 2024H1;不给则取有总分的最近一期",
        "which periods; the last one with totals by default",
        metavar="P",
        panel=options.SCORING,
    ),
]
TrialFile = Annotated[
    Path | None,
    options.option("写成 .html 网页、.docx 或 .xlsx 工作簿", "a .html page, .docx or .xlsx workbook", metavar="FILE"),
]
NamesOnTrial = Annotated[
    bool,
    options.option(
        "编号旁写出姓名;文件里默认用序号编号",
        "names beside the ids; in what is written, numbers instead of ids without it",
        "--with-names",
    ),
]


def tried_out(
    ctx: typer.Context,
    data: options.Data,
    *,
    trying: proposal_options.Trying,
    rules: options.Rules,
    period: TrialPeriods = None,
    out: TrialFile = None,
    with_names: NamesOnTrial = False,
    pseudonymise: options.Pseudonymise = None,
    reading: options.ReadingOptions,
) -> None:
    """Print who moves, why, and what binds; write it where asked."""
    from jifen_analysis.report.trial import (
        try_proposal,
        unnamed_trial,
    )  # what draws takes a second: --help does not wait for it

    desk: Terminal = ctx.obj
    target = out and writable(out, TRIAL_ENDINGS)
    if target:
        require_office(target)
    proposed, wanted = trying.read(), rules.read()
    proposed.of(wanted)  # what does not fit is refused before anything is read
    found = read_data(desk, data, reading, scheme=wanted, named=with_names)
    with desk.busy("正在试算…", "trying …"):
        result, found = score_accepted(found, _scoring(desk, pseudonymise, wanted, period or ()), partly=False)
        if not period:
            last = [last_period(result)]
            result, _ = score_accepted(found, _scoring(desk, pseudonymise, wanted, last), partly=False)
        told = try_proposal(result, proposed)
    show_trial(desk, told, named=with_names)
    if target:
        # What is passed on names nobody unless that was asked for.
        save_trial(desk, told if with_names or pseudonymise else unnamed_trial(told), target, named=with_names)
        views.print_written(desk, [target])


def _scoring(desk: Terminal, key: Path | None, scheme: Scheme, periods: Sequence[str]) -> Score:
    return under(desk, key, partial(score_periods, scheme=scheme, periods=periods), scheme)


def show_trial(desk: Terminal, told: Tried, *, named: bool) -> None:
    """Print what is proposed, what comes of it, the grades by branch, and who moves."""
    from jifen_analysis.report.review import Table
    from jifen_analysis.report.trial import changes, sentences, trial_page

    scheme = told.found.before.scheme
    for one in changes(scheme, told.found.proposal):
        desk.say(f"试算:{one.zh}", f"on trial: {one.en}", "bold")
    for one in sentences(told):
        desk.say(f"{one.zh}。", f"{one.en}.")
    for section in trial_page(told, desk.lang, named=named).appendix[:_TABLES]:
        for block in section.blocks:
            if isinstance(block, Table):
                rows = block.rows[:SHOWN]
                title = desk.text(f"{section.title}:{block.title}", f"{section.title}: {block.title}")
                desk.table(block.headers, rows, title, block.numbers)
                _more(desk, len(block.rows) - len(rows))


def _more(desk: Terminal, count: int) -> None:
    if count:
        desk.say(f"另有 {count} 行,见 --out 写出的文件", f"{count} more: see --out")


def save_trial(desk: Terminal, told: Tried, target: Path, *, named: bool) -> None:
    """Write a trial as its name asks for."""
    from jifen_analysis.report.page import write_page
    from jifen_analysis.report.trial import trial_page, trial_sheets
    from jifen_analysis.report.word import write_word
    from jifen_analysis.report.workbook import write_workbook

    if target.suffix.lower() == ".xlsx":
        write_workbook(trial_sheets(told, named=named), target, told.found.before.scheme.book.grades)
        return
    page = trial_page(told, desk.lang, named=named)
    (write_page if target.suffix.lower() == ".html" else write_word)(page, target)
