"""Where correspondence tables come from: beside the data, from a file that is named, from a script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jifen_analysis.errors import UsageError
from jifen_analysis.intake.correspondence.book import rows_in
from jifen_analysis.intake.correspondence.document import lines_in, lines_of
from jifen_analysis.intake.correspondence.model import Correspondence, CorrespondenceLine
from jifen_analysis.intake.correspondence.validation import combine_lines
from jifen_analysis.intake.files import TABLES_OF_WORDS, DataFile
from jifen_analysis.tables import Source
from jifen_analysis.vocabulary import Vocabulary, standard

Given = str | Path | Correspondence | Mapping[str, Any]
"""A file, a table, or what a TOML file would say."""


def correspondence_for(path: str | Path, given: Given | None, words: Vocabulary) -> Correspondence:
    """Return everything that is settled for some data: by the files beside them, and by what is given.

    Raises
    ------
    UsageError
        Where a file that is given does not exist.
    InvalidRecords
        With every line that will not do, alone or together with another.
    """
    root = Path(path)
    folder = root if root.is_dir() else root.parent
    beside = [found for name in TABLES_OF_WORDS if (found := folder / name).is_file()]
    named = [Path(given)] if isinstance(given, str | Path) else []
    files = {file.resolve(): file for file in (*beside, *named)}.values()
    direct = () if given is None or isinstance(given, str | Path) else _lines_given(given)
    lines = [*(line for file in files for line in _lines_of_file(file, words)), *direct]
    return combine_lines(lines, words, [Source(file.name, digest=DataFile(file, file.name).digest()) for file in files])


def read_correspondence(given: Given, words: Vocabulary | None = None) -> Correspondence:
    """Read one correspondence table, from a workbook, a TOML file or what one would say.

    Examples
    --------
    >>> read_correspondence({"symbols": {"○": "请假"}}).lines
    (CorrespondenceLine(kind='sign', text='○', meaning='leave', file='', sheet='', cell='symbols.○'),)
    """
    known = words or standard()
    if isinstance(given, str | Path):
        return combine_lines(_lines_of_file(Path(given), known), known)
    return combine_lines(_lines_given(given), known)


def _lines_given(given: Correspondence | Mapping[str, Any]) -> Iterator[CorrespondenceLine]:
    yield from given.lines if isinstance(given, Correspondence) else lines_of(given)


def _lines_of_file(path: Path, words: Vocabulary) -> list[CorrespondenceLine]:
    if not path.is_file():
        raise UsageError(f"没有这个对照表:{path}", f"there is no correspondence table {path}")
    if path.suffix.lower() == ".toml":
        return lines_in(path)
    return [row.line(words) for row in rows_in(path)]
