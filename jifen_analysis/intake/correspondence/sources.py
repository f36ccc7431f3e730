"""Where correspondence tables come from: beside the data, from a file that is named, from a script.

As TOML, for scripts, they have the same lines as the workbook: ``year``, ``blank``, and the tables ``[symbols]``,
``[headers]``, ``[sheets]``, ``[branches]`` and ``[words.KIND]``, each from a text to its meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jifen_analysis.documents import ending, toml_document, toml_fault
from jifen_analysis.errors import InvalidRecords, Problem, Text, UsageError, cause
from jifen_analysis.intake.correspondence.book import rows_in
from jifen_analysis.intake.correspondence.model import Correspondence, CorrespondenceLine
from jifen_analysis.intake.correspondence.validation import at, combine_lines
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


# ---------------------------------------------------------------- TOML


_TABLES = {"symbols": "sign", "headers": "header", "sheets": "sheet", "branches": "branch"}
_KEYS = ("year", "blank", *_TABLES, "words")


def lines_in(path: Path) -> list[CorrespondenceLine]:
    """Read the lines of a TOML file.

    Raises
    ------
    InvalidRecords
        Where it is no TOML, or has keys that nobody knows.
    """
    content = ""
    try:
        content = ending(path).read_text(encoding="utf-8-sig")
        raw = toml_document(content)
    except (OSError, ValueError) as fault:
        said = cause(fault) if isinstance(fault, OSError) else toml_fault(fault, content)
        text = Text(f"对照表读不懂:{said.zh}", f"cannot read the correspondence table: {said.en}")
        raise InvalidRecords((Problem("error", "bad_correspondence", text, path.name),)) from fault
    return lines_of(raw, path.name)


def lines_of(raw: Mapping[str, Any], file: str = "") -> list[CorrespondenceLine]:
    """Return the lines of what a TOML file says.

    Examples
    --------
    >>> lines = lines_of({"year": 2024, "words": {"event": {"扫雪": "不计"}}})
    >>> [(line.kind, line.text, line.meaning) for line in lines]
    [('year', '', '2024'), ('event', '扫雪', '不计')]
    """
    problems = list(_misshapen(raw, file))
    if problems:
        raise InvalidRecords(problems)
    lines = [CorrespondenceLine(key, "", str(raw[key]), file, "", key) for key in ("year", "blank") if key in raw]
    kinds = {**{key: (kind, raw.get(key, {})) for key, kind in _TABLES.items()},
             **{f"words.{kind}": (kind, entries) for kind, entries in raw.get("words", {}).items()}}  # fmt: skip
    for key, (kind, entries) in kinds.items():
        lines += (
            CorrespondenceLine(kind, text, str(said), file, "", f"{key}.{text}") for text, said in entries.items()
        )
    return lines


def _misshapen(raw: Mapping[str, Any], file: str) -> Iterator[Problem]:
    tables = {key: raw[key] for key in (*_TABLES, "words") if key in raw}
    words = tables.get("words")
    tables |= {f"words.{kind}": found for kind, found in words.items()} if isinstance(words, Mapping) else {}
    for key in sorted(raw.keys() - set(_KEYS)):
        known = "、".join(_KEYS)
        yield at(
            CorrespondenceLine("", "", key, file, "", key),
            f"没有 {key} 这一项;可用的有 {known}",
            f"no key {key}; known: {known}",
        )
    for key, found in tables.items():
        if not isinstance(found, Mapping):
            yield at(
                CorrespondenceLine("", "", str(found), file, "", key),
                f"{key} 应是一张表,如 [{key}]",
                f"{key} should be a table",
            )
