"""compare: schemes and readings side by side on the same records."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from jifen_analysis.cli import options, views
from jifen_analysis.cli.accepting import score_accepted, under
from jifen_analysis.cli.reading import read_data
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.report.forms import ENDINGS, check_requirements
from jifen_analysis.saving import writable
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess as score

COMPARISON_ENDINGS = (".xlsx", *ENDINGS)


ComparedSchemes = Annotated[
    list[str] | None,
    options.option(
        "方案,可多次给出;都与第一个比",
        "a scheme; give several: all are held against the first",
        "--scheme",
        metavar="NAME|FILE",
        panel=options.SCORING,
    ),
]
ComparedReadings = Annotated[
    list[str] | None,
    options.option(
        "读法,可多次给出;有这种读法的方案各多比一次;只有一个方案时,默认比它的全部读法",
        "a reading; each scheme that has it is compared with it too; of one scheme alone, all its readings",
        "--variant",
        metavar="NAME",
        panel=options.SCORING,
    ),
]
ComparisonFile = Annotated[
    Path | None,
    options.option(
        "写成 .xlsx 工作簿、.html 网页、.docx、.pptx 幻灯片或 .pdf",
        "an .xlsx workbook, .html page, .docx, .pptx or .pdf",
        metavar="FILE",
    ),
]
NamesCompared = Annotated[
    bool,
    options.option(
        "写成的文件里列出编号和姓名;否则以序号代替",
        "ids and names in what is written, instead of numbers",
        "--with-names",
    ),
]


def compare(
    ctx: typer.Context,
    data: options.Data,
    scheme: ComparedSchemes = None,
    variant: ComparedReadings = None,
    out: ComparisonFile = None,
    with_names: NamesCompared = False,
    pseudonymise: options.Pseudonymise = None,
    *,
    reading: options.ReadingOptions,
) -> None:
    """Print who moves, and why; write it where asked."""
    from jifen_analysis.cli.compare_output import (  # what draws takes a second: --help does not wait for it
        save_comparison,
        show_comparison,
    )
    from jifen_analysis.report.comparison import compare_results, contenders, unnamed_comparison

    desk: Terminal = ctx.obj
    target = out and writable(out, COMPARISON_ENDINGS)
    figures = check_requirements(target) if target else None
    schemes = [read_scheme(name) for name in scheme or [options.DEFAULT_SCHEME]]
    alone = list(schemes[0].book.readings) if len(schemes) == 1 else []
    named = contenders(schemes, variant or alone)
    scores = {name: under(desk, pseudonymise, partial(score, scheme=one), one) for name, one in named.items()}
    found = read_data(desk, data, reading, scheme=named.values(), named=with_names)
    with desk.busy("正在计分、比较…", "scoring and comparing …"):
        told = compare_results({name: score_accepted(found, one, partly=False)[0] for name, one in scores.items()})
    views.beforehand(desk, figures)
    show_comparison(desk, told)
    if target:  # what is passed on names nobody unless that was asked for
        views.print_written(
            desk, save_comparison(desk, told if with_names or pseudonymise else unnamed_comparison(told), target)
        )
