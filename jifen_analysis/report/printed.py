"""A review as PDF: its page, printed by the browser that is there."""

from __future__ import annotations

import re
import subprocess
from contextlib import suppress
from pathlib import Path

from jifen_analysis.errors import UsageError
from jifen_analysis.report.needs import browser, require_images
from jifen_analysis.report.page import page
from jifen_analysis.report.review import Review
from jifen_analysis.saving import output_day, replacing, scratch, writable

_SWITCHES = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
_PATIENCE = 120
"""Seconds that a browser may take."""


def write_pdf(review: Review, path: str | Path) -> Path:
    """Write a review as PDF, whole or not at all.

    Parameters
    ----------
    review : Review
        From ``review`` or ``comparison_page``.
    path : str or Path
        Ends with ``.pdf``; replaced where it exists.

    Raises
    ------
    UsageError
        Where a browser or a Chinese font is missing, the browser does not
        print, or the file cannot be written.
    """
    target = writable(path, [".pdf"])
    require_images()
    with scratch() as folder:
        file, made = folder / "page.html", folder / "page.pdf"
        unfolded = page(review).replace("<details ", "<details open ")  # nobody can unfold paper
        file.write_text(unfolded, encoding="utf-8", newline="\n")
        _print(file, made)
        with replacing(target) as beside:
            beside.write_bytes(_dated(made.read_bytes()))
    return target


def _print(file: Path, made: Path) -> None:
    command = [browser(), *_SWITCHES, f"--user-data-dir={file.parent / 'profile'}", f"--print-to-pdf={made}"]
    with suppress(OSError, subprocess.SubprocessError):  # what counts is the file
        subprocess.run([*command, file.as_uri()], check=True, capture_output=True, timeout=_PATIENCE)
    if not made.is_file():
        raise UsageError(
            "浏览器没有打印出 PDF;可先写网页(.html),再用浏览器打印",
            "the browser printed no PDF; write .html and print that",
        )


def _dated(pdf: bytes) -> bytes:
    """Return a PDF that says the day it is dated, not the moment it was printed.

    Examples
    --------
    >>> import os
    >>> os.environ["SOURCE_DATE_EPOCH"] = "1735689600"
    >>> _dated(b"/CreationDate (D:20261129084512+00'00')")
    b"/CreationDate (D:20250101000000+00'00')"
    >>> del os.environ["SOURCE_DATE_EPOCH"]
    """
    day = f"{output_day():%Y%m%d}000000".encode()
    return re.sub(rb"(Date \(D:)\d{14}([+-]\d\d'\d\d')", rb"\g<1>" + day + rb"+00'00'", pdf)
