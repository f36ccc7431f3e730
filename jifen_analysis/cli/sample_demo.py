"""sample, demo, lab: something to begin with."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from jifen_analysis.cli import options, views
from jifen_analysis.cli.accepting import score_accepted
from jifen_analysis.cli.language import both
from jifen_analysis.cli.reading import read_data
from jifen_analysis.cli.records import save_result
from jifen_analysis.cli.server_process import wait_for_server
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import UsageError
from jifen_analysis.intake import coverage
from jifen_analysis.sample import write
from jifen_analysis.saving import make_folder, replacing
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parent


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
    own = _CHECKOUT / "data" / "sample"
    if own.is_dir():
        return own.relative_to(Path.cwd()) if own.is_relative_to(Path.cwd()) else own
    made = beside / "sample"
    if not made.is_dir():
        write(made)
    return made


def lab(
    ctx: typer.Context,
    data: options.OwnData = None,
    no_browser: options.NoBrowser = False,
    scheme: options.SchemeOfData = None,
) -> None:
    """Copy the notebooks beside the data and open them."""
    desk: Terminal = ctx.obj
    place, copied = lay_notebooks(("jupyterlab", "JupyterLab", "notebook"), data, scheme)
    desk.say(
        f"笔记本在 {place}(新放入 {len(copied)} 本;已有的不动)",
        f"notebooks in {place} ({len(copied)} new; others kept)",
    )
    closed = ["--no-browser"] if no_browser else []
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # a container's only user
    raise typer.Exit(wait_for_server([sys.executable, "-m", "jupyterlab", *closed, *QUIET, str(place), *root]))


def lay_notebooks(needs: tuple[str, str, str], data: Path | None, scheme: str | None) -> tuple[Path, list[Path]]:
    """Return the folder beside the data that has the notebooks, and those that are new in it.

    Parameters
    ----------
    needs : (str, str, str)
        Package that opens them, what it is called, and the extra that has it.
    data : Path or None
        The user's; else the sample.
    scheme : str or None
        The user's.

    Raises
    ------
    UsageError
        Where that package or the data are missing.
    """
    package, called, extra = needs
    if importlib.util.find_spec(package) is None:
        raise UsageError(
            f"没有安装 {called}。请先运行:pip install 'jifen-analysis[{extra}]'",
            f"{called} is not installed. Run: pip install 'jifen-analysis[{extra}]'",
        )
    if data is not None and not data.exists():
        raise UsageError(f"没有这个文件或文件夹:{data}", f"no such file or folder: {data}")
    place = make_folder((data.resolve().parent if data else Path.cwd()) / "jifen_notebooks")
    return place, copy_notebooks(place, data.resolve() if data else sample_folder(place).resolve(), scheme)


QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--ServerApp.answer_yes=True",
)
"""JupyterLab looks for news and for newer versions of itself: nobody is asked, for data lie beside it; it ends at
the first Ctrl+C, as is promised, where it would ask back and go on after five seconds."""


def copy_notebooks(place: Path, data: Path, scheme: str | None = None) -> list[Path]:
    """Copy the notebooks that are not there yet, each set to read the user's data, under the user's scheme."""
    said = {"DATA": _seen(data, place)}
    if scheme:
        read_scheme(scheme)  # refused here, not in every notebook
        said["SCHEME"] = _seen(Path(scheme).resolve(), place) if Path(scheme).suffix else scheme
    copied = []
    for source in notebooks():
        target = place / source.name
        if not target.exists():
            with replacing(target) as beside:
                beside.write_text(_pointed(source.read_text(encoding="utf-8"), said), encoding="utf-8")
            copied.append(target)
    return copied


def notebooks() -> Iterable[Path]:
    """Return the notebooks: of the installed package, or of the checkout."""
    places = (_PACKAGE / "notebooks", _CHECKOUT / "notebooks")
    return sorted(next(place for place in places if place.is_dir()).glob("*.ipynb"))


def _seen(path: Path, place: Path) -> str:
    return Path(os.path.relpath(path, place)).as_posix()


def _pointed(text: str, said: Mapping[str, str]) -> str:
    """Let the lines DATA = … and SCHEME = … of a notebook name the user's."""
    # A name that is not UTF-8 can stand in a notebook only as escapes.
    lines = {
        name: f"{name} = {json.dumps(value, ensure_ascii=any(map(_SURROGATES.__contains__, map(ord, value))))}"
        for name, value in said.items()
    }

    def named(line: str) -> str:
        return _NAMED.sub(lambda found: lines.get(found[1], found[0]), line)

    book = json.loads(text)
    cells = [cell | {"source": [named(line) for line in cell["source"]]} for cell in book["cells"]]
    return json.dumps(book | {"cells": cells}, ensure_ascii=False, indent=1) + "\n"


_SURROGATES = range(0xD800, 0xE000)
_NAMED = re.compile(r'^(DATA|SCHEME) = "[^"\\]*"')
