"""chart: any chart of the gallery, of one's own data."""

from __future__ import annotations

import re
import shutil
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from jifen_analysis.cli import options, views
from jifen_analysis.cli.accepting import score_accepted, under
from jifen_analysis.cli.language import both
from jifen_analysis.cli.reading import read_data
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import UsageError
from jifen_analysis.line_wrap import rejoin_lines
from jifen_analysis.report.needs import require_images
from jifen_analysis.report.pseudonyms import number
from jifen_analysis.saving import replacing, scratch, writable
from jifen_analysis.scoring.assess import assess as score

CHART_ENDINGS = (".png", ".svg", ".html")


ChartName = Annotated[
    str | None,
    typer.Argument(
        metavar="[NAME]", show_default=False, help=both("哪张图;不给则列出全部", "which; without it they are listed")
    ),
]
ChartData = Annotated[
    Path | None,
    typer.Argument(
        metavar="[DATA]", show_default=False, help=both("数据;不给则列出这张图的选项", "without it the options")
    ),
]
ChartFile = Annotated[
    Path | None, options.option("写成 .png、.svg 或 .html", "a .png, .svg or .html file", metavar="FILE")
]
ChartSettings = Annotated[
    list[str] | None,
    options.option(
        "这张图的选项,如 by=unit;可多次给出",
        "an option of the chart; may be given again",
        "--set",
        metavar=both("选项=值", "OPTION=VALUE"),
    ),
]
ChartPeriod = Annotated[
    str | None,
    options.option(
        "看哪一期,如 2024H2;不给则取有总分的最近一期",
        "which period; the last with totals by default",
        metavar="P",
        panel=options.SCORING,
    ),
]
IdsInPicture = Annotated[
    bool, options.option("图里用编号说人,不以序号代替", "members by id in the picture, not by a number", "--with-names")
]


def chart(
    ctx: typer.Context,
    name: ChartName = None,
    data: ChartData = None,
    out: ChartFile = None,
    setting: ChartSettings = None,
    *,
    rules: options.Rules,
    period: ChartPeriod = None,
    with_names: IdsInPicture = False,
    pseudonymise: options.Pseudonymise = None,
    reading: options.ReadingOptions,
) -> None:
    """Draw a chart, or list the charts or the options of one."""
    from jifen_analysis.report.gallery import Subject, chart_options, draw_chart  # what draws takes a second

    desk: Terminal = ctx.obj
    if name is None or data is None:
        _listed(desk, name)
        return
    known, asked = chart_options(name), _settings(setting or ())
    if out is None:
        raise UsageError("请写明 --out 文件,以 .png、.svg 或 .html 结尾", "name a file: --out x.png, .svg or .html")
    target = writable(out, CHART_ENDINGS)
    if target.suffix.lower() != ".html":
        require_images()
    wanted = rules.read()
    found = read_data(desk, data, reading, scheme=wanted)
    with desk.busy("正在计分、画图…", "scoring and drawing …"):
        how = under(desk, pseudonymise, partial(score, scheme=wanted), wanted)
        # Judges wrote down whom they mean, and no picture of a line says who is who: ids stay as the sheet has them.
        as_they_are = with_names or pseudonymise or "judgements" in asked
        result, _ = score_accepted(found, how if as_they_are else lambda records: how(number(records)), partly=False)
        figure = draw_chart(name, Subject(result, period or "", desk.lang), asked)
        _save(figure, target)
    desk.say(*[_headline(figure.layout.title.text)] * 2)
    views.print_written(desk, [target])
    if known and not asked:
        said = "、".join(f"{key}={value}" for key, value in known.items())
        desk.say(f"可用 --set 改的选项:{said}", f"options for --set: {said}")


def _listed(desk: Terminal, name: str | None) -> None:
    from jifen_analysis.report.gallery import chart_options, charts

    names = charts() if name is None else [name]
    rows = [(one, "、".join(f"{key}={value}" for key, value in chart_options(one).items())) for one in names]
    desk.table(desk.texts(("图", "chart"), ("选项", "options")), rows)


def _settings(said: list[str] | tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in said:
        key, sign, value = text.replace("\uff1d", "=").partition("=")
        if not sign:
            raise UsageError(f"--set 须写成 选项=值 的样子;收到“{text}”", f"--set is such as by=unit; found “{text}”")
        found[key.strip()] = value.strip()
    return found


def _headline(title: str) -> str:
    """Return what a picture says above all, on one line."""
    return rejoin_lines(re.sub(r"<(?!br>)[^>]*>", "", title.partition("</b>")[0]))


def _save(figure: object, target: Path) -> None:
    """Write a figure whole or not at all: a picture, or a page that needs no network."""
    from plotly.graph_objects import Figure

    from jifen_analysis.report.images import render

    assert isinstance(figure, Figure)
    with replacing(target) as beside, scratch() as folder:
        if target.suffix.lower() == ".html":
            figure.write_html(beside, include_plotlyjs=True, config={"displaylogo": False}, div_id="chart")
        else:
            render([figure], [drawn := folder / f"chart{target.suffix.lower()}"])  # a drawing has its file's name in it
            shutil.copyfile(drawn, beside)
