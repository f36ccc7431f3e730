"""The command as tests call it, and the files that they hand it."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, cast

from rich.console import Console

from jifen_analysis.cli.terminal import Masked

Jifen = Callable[..., tuple[int, str, str]]
"""Takes arguments; returns the exit code and what was said on both streams."""


def files(folder: Path, **texts: str) -> Path:
    """Write CSV files into a folder, under their names."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def console_of(terminal: bool, width: int = 60, **look: Any) -> Console:
    """Return a console, masked as the command's are, that keeps what is printed."""
    kept = io.StringIO()
    return Console(file=cast("IO[str]", Masked(lambda: kept)), force_terminal=terminal, width=width, **look)


PATIENCE = 120
"""Seconds until something that should happen is given up."""


def until(happens: Callable[[], Any], what: str) -> Any:
    """Return what a call returns as soon as it is something."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if value := happens():
            return value
        time.sleep(0.1)
    raise AssertionError(f"never: {what}")
