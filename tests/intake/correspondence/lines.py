"""Correspondence tables as people fill them in, for the tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.intake.sheets import book

Filled = tuple[str, str, str]
"""Kind, text, meaning."""


def table(path: Path, lines: Iterable[Filled], title: str = "") -> Path:
    """Write a correspondence table with three columns, the first line in row 2 (in row 3 below a title)."""
    rows = [*([(title,)] if title else []), ("类别", "报来的写法", "读作"), *lines]
    return book(path, {"对照表": rows})
