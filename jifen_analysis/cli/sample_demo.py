"""sample, demo: something to begin with."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from jifen_analysis.cli import options, views
from jifen_analysis.cli.accepting import score_accepted
from jifen_analysis.cli.language import both
from jifen_analysis.cli.reading import read_data
from jifen_analysis.cli.records import save_result
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.intake import coverage
from jifen_analysis.sample import write
from jifen_analysis.saving import make_folder
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess

PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = PACKAGE.parent


def sample(
    ctx: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="OUT", show_default=False, help=both("写到哪个文件夹", "a folder"))],
    members: Annotated[int, options.option("人数", "how many members", metavar="N")] = 300,
    years: Annotated[
        list[int] | None, options.option("年度,默认 2023 2024", "years; 2023 2024 by default", metavar="YEAR…")
    ] = None,
    seed: Annotated[int, options.option("种子:同一种子,同样内容", "same seed, same records", metavar="N")] = 7,
    format: Annotated[  # noqa: A002 - the option's name
        str, options.option("文件格式", "the kind of files", metavar="xlsx|csv|parquet")
    ] = "xlsx",
) -> None:
    """Write synthetic records."""
    desk: Terminal = ctx.obj
    with desk.busy("正在生成…", "making …"):
        files = write(out, members, years or (2023, 2024), seed, cast(Literal["xlsx", "csv", "parquet"], format))
    desk.say(f"已写入 {len(files)} 个文件:{out}(全部虚构)", f"{len(files)} files written to {out} (all invented)")


def demo(
    ctx: typer.Context,
    out: Annotated[Path, options.option("结果写在哪里", "for the results", metavar="DIR")] = Path("demo_out"),
) -> None:
    """Walk through the main job on the sample."""
    desk: Terminal = ctx.obj
    make_folder(out)
    data = sample_folder(out)
    desk.say(f"一、查验 {data}", f"1. Checking {data}", "bold")
    found = read_data(desk, data)
    views.print_check(desk, found, coverage(found))
    scheme = read_scheme(options.DEFAULT_SCHEME)
    desk.say(f"\n二、按“{scheme.title}”计分", f"\n2. Scoring under {scheme.id}", "bold")
    result, found = score_accepted(found, partial(assess, scheme=scheme), partly=True)
    views.print_grades(desk, result)
    desk.say("\n三、须处理的", "\n3. What needs attention", "bold")
    views.attention(desk, result)
    for file in ("考核结果.xlsx", "考核结果.csv"):
        views.print_written(desk, save_result(result, found, out / file))
    member, period = views.worth_explaining(result)
    desk.say("\n逐条说明一个人的分数:", "\nEvery line behind one score:")
    desk.say(*[f"  jifen explain {data} {member} --period {period}"] * 2)


def sample_folder(beside: Path) -> Path:
    """Return the sample of the checkout, or make one where there is no checkout."""
    own = CHECKOUT / "data" / "sample"
    if own.is_dir():
        return own.relative_to(Path.cwd()) if own.is_relative_to(Path.cwd()) else own
    made = beside / "sample"
    if not made.is_dir():
        write(made)
    return made
