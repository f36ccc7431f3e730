"""What came twice: said of files and sheets, within one folder and between several."""

from __future__ import annotations

from jifen_analysis.errors import Problem, Text
from jifen_analysis.tables import Source


def same_file(file: str, other: str) -> Problem:
    """Note that a file has the bytes of another."""
    text = Text(f"与 {other} 是同一份文件,只计一次", f"the same file as {other}; it is counted once")
    return Problem("note", "same_file", text, file)


def same_sheet(source: Source, other: Source) -> Problem:
    """Note that a sheet has the rows of another."""
    text = Text(f"与 {other.file} 的“{other.sheet}”内容相同,只计一次", f"the same rows as {other.file}; counted once")
    return Problem("note", "same_sheet", text, source.file, source.sheet)
