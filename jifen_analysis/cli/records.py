"""check, assess, explain: from the branches' files to grades, each explained."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
import typer

from jifen_analysis.cli import options, proposal_options, scale, views
from jifen_analysis.cli.accepting import score_accepted, score_periods, under
from jifen_analysis.cli.language import both
from jifen_analysis.cli.reading import read_data
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import Lang, UsageError
from jifen_analysis.intake import Check, coverage, return_copies
from jifen_analysis.report.flat import in_chinese, with_people, write_table
from jifen_analysis.report.manifest import origin
from jifen_analysis.report.needs import require_office
from jifen_analysis.report.standing import scored_within
from jifen_analysis.report.submitted import submitted_sheets
from jifen_analysis.report.workbook import write_workbook
from jifen_analysis.saving import replacing, writable
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.explain import Explanation

Expected = Annotated[
    Path | None,
    options.option(
        "支部名单:列出还没有报送的支部", "the list of branches, to see who has sent nothing", metavar="FILE"
    ),
]
Returned = Annotated[
    Path | None,
    options.option(
        "把有错误的文件标注后另存到此处,退回支部", "marked copies of the files with errors, to send back", metavar="DIR"
    ),
]
Unknown = Annotated[
    Path | None,
    options.option(
        "把不认得的写法列成对照表,填好后给 --words",
        "a table of everything unknown, to fill in for --words",
        metavar="FILE.xlsx",
    ),
]
Json = Annotated[Path | None, options.option("把全部发现另存为 JSON", "write every finding as JSON", metavar="FILE")]
SubmittedBook = Annotated[
    Path | None,
    options.option(
        "把报送情况和全部问题写成工作簿", "a workbook of who sent what and every problem", metavar="FILE.xlsx"
    ),
]
NamesOnScreen = Annotated[
    bool, options.option("屏幕上也写出姓名(默认写“某某”)", "print names too, not only cells", "--with-names")
]


def check(
    ctx: typer.Context,
    data: options.Data,
    scheme: options.SchemeOfData = None,
    expect: Expected = None,
    returned: Returned = None,
    unknown: Unknown = None,
    json: Json = None,
    out: SubmittedBook = None,
    with_names: NamesOnScreen = False,
    *,
    reading: options.ReadingOptions,
) -> None:
    """Print who sent what and every problem."""
    desk: Terminal = ctx.obj
    for path, suffixes in ((json, ()), (out, (".xlsx",)), (unknown, (".xlsx",))):
        if path:
            writable(path, suffixes)
    ruled = scheme and read_scheme(scheme)
    found = read_data(desk, data, reading, scheme=ruled, named=with_names)
    covered = coverage(found, expect, scheme=ruled)
    views.print_check(desk, found, covered, expect, named=with_names)
    files = list(return_copies(data, found, returned)) if returned else []
    if files:
        desk.say(
            "请支部在退回件上改正;收回后换下原来的文件,再查验一次",
            "to be mended on the marked copies; then put them in the place of the files they came from",
        )
    _write_check(found, covered, json, out, unknown, desk.lang)
    views.print_written(desk, [*files, *(path for path in (json, out, unknown) if path)])
    if found.count_unknown:
        views.print_unknown(desk, found, data, unknown)
    raise typer.Exit(1 if found.errors else 0)


def _write_check(
    found: Check, covered: pd.DataFrame, json: Path | None, book: Path | None, unknown: Path | None, lang: Lang
) -> None:
    """Write what was found wherever it is asked for: all of it, who sent what, what is unknown."""
    if json:
        with replacing(json) as beside, beside.open("w", encoding="utf-8") as file:
            file.writelines(found.json_text(lang))
    if book:
        write_workbook(submitted_sheets(covered, found.problems), book)
    if unknown:
        found.write_unknown(unknown)


Periods = Annotated[
    list[str] | None,
    options.option(
        "只出这些考核期,如 2024、2024H1;可多次给出",
        "only these periods, such as 2024 or 2024H1",
        metavar="P",
        panel=options.SCORING,
    ),
]
AsOf = Annotated[
    str | None,
    options.option(
        "预评:此日之后的一概不看", "provisional: nothing after this day is seen", metavar="DATE", panel=options.SCORING
    ),
]
WithoutCorrections = Annotated[
    bool,
    options.option(
        "不计异议复核的更正", "leave decisions after objections out", "--without-corrections", panel=options.SCORING
    ),
]
ResultFile = Annotated[
    Path | None,
    options.option("写成 .xlsx 结果工作簿、.csv 或 .parquet", "an .xlsx workbook, .csv or .parquet", metavar="FILE"),
]
Headers = Annotated[
    Literal["en", "zh"],
    options.option(".csv、.parquet 的表头和词", "headers and words of .csv and .parquet", "--headers", metavar="en|zh"),
]


def assess(
    ctx: typer.Context,
    data: options.Data,
    *,
    rules: options.Rules,
    period: Periods = None,
    as_of: AsOf = None,
    accepted_only: options.AcceptedOnly = False,
    without_corrections: WithoutCorrections = False,
    trying: proposal_options.Trying,
    out: ResultFile = None,
    headers: Headers = "en",
    pseudonymise: options.Pseudonymise = None,
    machines: scale.Machines,
    reading: options.ReadingOptions,
) -> None:
    """Print grades by branch and period; write the result where asked."""
    desk: Terminal = ctx.obj
    target = out and writable(out, _ENDINGS)
    last_day, stands = options.day(as_of), rules.read()
    proposed = trying.read()
    wanted = proposed.of(stands)
    with machines.workplace(desk, data, partly=accepted_only) as place:
        found = read_data(desk, data, reading, scheme=wanted, each=place.each)
        whole = not without_corrections
        how = partial(
            score_periods, scheme=wanted, periods=period or (), as_of=last_day, corrections=whole, gather=place.gather
        )
        with desk.busy("正在计分…", "scoring …"):
            result, found = score_accepted(found, under(desk, pseudonymise, how, wanted), partly=place.partly)
    proposal_options.tell(desk, stands, proposed)
    views.print_grades(desk, result)
    if not pseudonymise:
        views.first_errors(desk, found)
    views.print_left_out(desk, found)
    if target:
        views.print_written(
            desk, save_result(result, replace(found, problems=()) if pseudonymise else found, target, headers)
        )


_ENDINGS = (".xlsx", ".csv", ".parquet")


def save_result(result: Assessment, found: Check, target: Path, headers: str = "en") -> list[Path]:
    """Write a result as its name asks for: a workbook for people, or the flat table with English or Chinese headers."""
    if target.suffix.lower() == ".xlsx":
        from jifen_analysis.report.results import sheets  # its charts need scipy: who only scores does not wait for it

        return [write_workbook(sheets(result, found.problems, found.branches), target, result.scheme.book.grades)]
    tables = {target: result.table}
    if result.scheme.period != "year":
        tables[target.with_suffix(f".年度{target.suffix}")] = with_people(result.years, result.table)
    made = origin(result, found.branches)
    told = {path: in_chinese(table, result) if headers == "zh" else table for path, table in tables.items()}
    return [file for path, table in told.items() for file in write_table(table, path, made)]


MemberId = Annotated[
    str | None,
    typer.Argument(
        metavar="[MEMBER_ID]",
        show_default=False,
        help=both("党员编号或姓名", "an id with its leading zeros, or a name"),
    ),
]
OnePeriod = Annotated[
    str | None,
    options.option(
        "哪个考核期,如 2024H1,或一年;不给则取最近一期",
        "which period, such as 2024H1, or year; the last period by default",
        metavar="P",
        panel=options.SCORING,
    ),
]
SlipsOf = Annotated[
    str | None,
    options.option(
        "一人一卡:支部每人一页,须与 --out 同用", "a slip for each member of it; goes with --out", metavar="B"
    ),
]
SlipsFile = Annotated[
    Path | None, options.option("供打印、签字的 Word 文件", "a Word file to print and sign", metavar="FILE.docx")
]


def explain(
    ctx: typer.Context,
    data: options.Data,
    member_id: MemberId = None,
    *,
    rules: options.Rules,
    period: OnePeriod = None,
    branch: SlipsOf = None,
    out: SlipsFile = None,
    reading: options.ReadingOptions,
) -> None:
    """Print every line behind one total, or write slips to sign."""
    desk: Terminal = ctx.obj
    target = _slips_target(member_id, branch, out)
    wanted = rules.read()
    found = read_data(desk, data, reading, scheme=wanted, named=True)
    result, _ = score_accepted(found, partial(score_periods, scheme=wanted), partly=False)
    if target:
        views.print_written(desk, [_write_slips(result, member_id, branch, period, target, desk.lang)])
        return
    for explanation in _explained(result, str(member_id), period):
        if desk.narrow:
            desk.show(explanation.rich(desk.lang))
        else:
            desk.say(explanation.text("zh"), explanation.text("en"))


def _explained(result: Assessment, member_id: str, period: str | None) -> list[Explanation]:
    """Explain one score, or all of a year that is scored in parts."""
    wanted: list[str | None] = [*scored_within(result, period)] if period else [None]
    return [result.explain(member_id, one) for one in wanted]


def _slips_target(member_id: str | None, branch: str | None, out: Path | None) -> Path | None:
    """Return where slips are to be written, or ``None`` where an explanation is to be printed.

    Raises
    ------
    UsageError
        Where it is not said of whom, or a branch is named without a file.
    """
    if (member_id is None) == (branch is None):
        raise UsageError("请给出党员编号或姓名,或用 --branch 给出支部", "give a MEMBER_ID, or a branch with --branch")
    if branch is not None and out is None:
        raise UsageError("--branch 须与 --out FILE.docx 一起用", "--branch goes with --out FILE.docx")
    if out is not None:
        require_office(writable(out, [".docx"]))
    return out


def _write_slips(
    result: Assessment, member_id: str | None, branch: str | None, period: str | None, target: Path, lang: Lang
) -> Path:
    """Write a slip for a member, or one for each member of a branch."""
    from jifen_analysis.report.slips import slips, write_slips  # what draws: explain alone does not wait for it

    found = slips(result, branch, period) if branch else _explained(result, str(member_id), period)
    return write_slips(found, target, origin(result), lang)
