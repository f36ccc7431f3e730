"""Correspondence tables as TOML, for scripts: the same lines as the workbook's.

``year``, ``blank``, and the tables ``[symbols]``, ``[headers]``, ``[sheets]``,
``[branches]`` and ``[words.KIND]``, each from a text to its meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jifen_analysis.documents import ending, toml_document, toml_fault
from jifen_analysis.errors import InvalidRecords, Problem, Text, cause
from jifen_analysis.intake.correspondence.model import CorrespondenceLine
from jifen_analysis.intake.correspondence.validation import at

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
