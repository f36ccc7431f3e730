"""A scheme as a file: TOML, or a workbook for people who have tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit

from jifen_analysis.saving import output_day, replacing, writable
from jifen_analysis.schemes.model.parts import thaw


def write_document(document: Mapping[str, Any], path: str | Path) -> Path:
    """Write what a scheme file says, as ``.toml`` or ``.xlsx``; a file that exists is replaced.

    Raises
    ------
    UsageError
        Where the name ends otherwise, or the file cannot be written.
    """
    target = writable(path, [".toml", ".xlsx"])
    content = as_toml(document) if target.suffix.lower() == ".toml" else as_book(document)
    with replacing(target) as beside:
        beside.write_bytes(content)
    return target


def as_toml(document: Mapping[str, Any]) -> bytes:
    """Return what a scheme file says as TOML, in UTF-8."""
    return tomlkit.dumps(thaw(document)).encode("utf-8")


def as_book(document: Mapping[str, Any]) -> bytes:
    """Return what a scheme file says as a workbook with lists to choose from."""
    from jifen_analysis.schemes.sheets import book_of, rows_of  # what reads and writes workbooks, for those who do
    from jifen_analysis.schemes.sheets.terms import terms_of

    plain = thaw(document)
    return book_of(rows_of(plain), terms_of(plain), output_day())
