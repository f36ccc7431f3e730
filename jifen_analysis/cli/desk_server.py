"""desk: the notebook of the desk served alone, without its code, to this machine only."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from jifen_analysis.cli import options
from jifen_analysis.cli.sample_demo import lay_notebooks
from jifen_analysis.cli.server_process import wait_for_server
from jifen_analysis.cli.terminal import Terminal

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
