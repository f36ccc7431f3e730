"""lab, desk: the notebooks beside the data, opened; one of them, the desk, served alone, without its code."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from jifen_analysis.cli import options
from jifen_analysis.cli.sample_demo import CHECKOUT, PACKAGE, sample_folder
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import UsageError
from jifen_analysis.saving import make_folder, replacing
from jifen_analysis.schemes.scheme import read_scheme


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
    places = (PACKAGE / "notebooks", CHECKOUT / "notebooks")
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


# ---------------------------------------------------------------- the desk alone


NOTEBOOK = "10_desk.ipynb"


def desk(
    ctx: typer.Context,
    data: options.OwnData = None,
    no_browser: options.NoBrowser = False,
    port: Annotated[
        int, options.option("端口,被占用时另选", "the port; another if it is taken", metavar="N", min=1024, max=65535)
    ] = 8866,
    scheme: options.SchemeOfData = None,
) -> None:
    """Serve the desk on 127.0.0.1, with a token."""
    console: Terminal = ctx.obj
    place, _ = lay_notebooks(("voila", "Voilà", "desk"), data, scheme)
    console.say(
        f"工作台在 {place / NOTEBOOK},只供本机,地址带口令,下面给出;按 Ctrl+C 结束",
        f"the desk is {place / NOTEBOOK}, for this machine only; its address, with a token, follows; Ctrl+C ends it",
    )
    raise typer.Exit(wait_for_server([*server_command(place, port), *(["--no-browser"] if no_browser else [])]))


OWN = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob: ws://127.0.0.1:* ws://localhost:*"
"""Voilà's page asks a public server for icons: the browser is told to ask this machine alone."""


def server_command(place: Path, port: int) -> list[str]:
    """Return what serves the notebook to this machine alone, to those who have the token; its page asks nobody else."""
    settings = {"headers": {"Content-Security-Policy": f"{OWN}; frame-ancestors 'self'"}}
    serve = f"from voila.app import Voila; Voila.launch_instance(tornado_settings={settings!r})"  # no option does
    only = ("--Voila.ip=127.0.0.1", "--Voila.auto_token=True")
    return [sys.executable, "-c", serve, str(place / NOTEBOOK), f"--port={port}", *only]


def wait_for_server(command: Sequence[str]) -> int:
    """Wait until a server ends; Ctrl+C is its to answer, for it has kernels to close.

    Parameters
    ----------
    command : sequence of str
        What to start.

    Returns
    -------
    int
        Its exit code.
    """
    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
