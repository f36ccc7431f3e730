"""A scheme as a file: TOML, or a workbook for people who have tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit

from jifen_analysis.saving import made_on, replacing, writable
from jifen_analysis.schemes.sheets import book_of, rows_of
from jifen_analysis.schemes.sheets.terms import terms_of


def write_document(document: Mapping[str, Any], path: str | Path) -> Path:
    """Write what a scheme file says.

    Parameters
    ----------
    document : mapping
        In plain tables and lists.
    path : str or Path
        Ends with ``.toml`` or ``.xlsx``; replaced where it exists.

    Raises
    ------
    UsageError
        Where the name ends otherwise, or the file cannot be written.
    """
    target = writable(path, [".toml", ".xlsx"])
    content = _toml(document) if target.suffix.lower() == ".toml" else _book(document)
    with replacing(target) as beside:
        beside.write_bytes(content)
    return target


def _toml(document: Mapping[str, Any]) -> bytes:
    return tomlkit.dumps(document).encode("utf-8")


def _book(document: Mapping[str, Any]) -> bytes:
    return book_of(rows_of(document), terms_of(document), made_on())
