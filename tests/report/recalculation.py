"""LibreOffice, asked to calculate a workbook anew."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="no LibreOffice here: apt-get install libreoffice-calc")


def changed(source: Path, target: Path, cells: Mapping[str, float]) -> Path:
    """Copy a workbook with other numbers in cells of 参数, and without any of the stored results."""
    book = openpyxl.load_workbook(source)
    for cell, value in cells.items():
        book["参数"][cell].value = value
    book.save(target)
    return target


def recalculated(paths: Iterable[Path], folder: Path) -> dict[str, openpyxl.Workbook]:
    """Return each workbook, by name, with the values that LibreOffice calculates."""
    assert OFFICE is not None
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out")]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=300)
    return {path.stem: openpyxl.load_workbook(path, data_only=True) for path in (folder / "out").iterdir()}


def column(book: openpyxl.Workbook, sheet: str, header: str, top: int = 1) -> list[Any]:
    """Return a column by its header, empty text as nothing."""
    rows = list(book[sheet].iter_rows(min_row=top, values_only=True))
    at = rows[0].index(header)
    return [None if row[at] == "" else row[at] for row in rows[1:]]
