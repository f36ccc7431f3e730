"""The command as tests call it, and the files that they hand it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Jifen = Callable[..., tuple[int, str, str]]
"""Takes arguments; returns the exit code and what was said on both streams."""


def files(folder: Path, **texts: str) -> Path:
    """Write CSV files into a folder, under their names."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder
