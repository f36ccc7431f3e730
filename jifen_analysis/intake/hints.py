"""The layout file: what a sheet does not say and nobody should guess, settled by the people who know."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jifen_analysis.errors import InvalidRecords, Problem, Text
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary, spelling

NAMES = ("布局.toml", "layout.toml")
"""What the file is called; it stands beside the data."""


@dataclass(frozen=True)
class Hints:
    """What a layout file settles.

    Parameters
    ----------
    year : int or None
        The year of dates that name none.
    blank : str
        Status that a blank cell of a sheet of ticks means; empty for no record.
    symbols : mapping of str to str
        Sign to status code.
    headers : mapping of str to str
        Folded header as the sheets have it to the header as we have it.
    sheets : mapping of str to str
        Sheet name to table.
    spellings : mapping of str to mapping of str to str
        Kind of word to spelling to code or label.
    """

    year: int | None = None
    blank: str = ""
    symbols: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def hints_beside(path: str | Path, words: Vocabulary) -> Hints:
    """Read the layout file of a folder, or the one beside a file.

    Raises
    ------
    InvalidRecords
        With every line that will not do.
    """
    root = Path(path)
    folder = root if root.is_dir() else root.parent
    found = next((folder / name for name in NAMES if (folder / name).is_file()), None)
    return read_hints(found, words) if found else Hints()


def read_hints(path: Path, words: Vocabulary) -> Hints:
    """Read one layout file."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        text = Text(f"布局文件读不懂:{fault}", f"cannot read the layout file: {fault}")
        raise InvalidRecords((Problem("error", "bad_layout", text, path.name),)) from fault
    problems = list(_problems(raw, path.name, words))
    if problems:
        raise InvalidRecords(problems)
    return Hints(
        raw.get("year"),
        words.code("status", raw["blank"]) or "" if "blank" in raw else "",
        {sign: words.code("status", word) or "" for sign, word in raw.get("symbols", {}).items()},
        {spelling(header): word for header, word in raw.get("headers", {}).items()},
        {spelling(sheet): _table(table, words) or "" for sheet, table in raw.get("sheets", {}).items()},
        raw.get("words", {}),
    )


_KEYS = ("year", "blank", "symbols", "headers", "sheets", "words")


def _problems(raw: Mapping[str, Any], file: str, words: Vocabulary) -> Iterator[Problem]:
    for key in sorted(raw.keys() - set(_KEYS)):
        yield _bad(file, key, f"可用的有 {'、'.join(_KEYS)}", f"known are {', '.join(_KEYS)}")
    if "year" in raw and not (isinstance(raw["year"], int) and 1990 <= raw["year"] <= 2100):
        yield _bad(file, "year", "应是 1990–2100 的年份", "a year between 1990 and 2100 is right")
    statuses = {"blank": raw["blank"]} if "blank" in raw else {}
    for sign, word in {**statuses, **_entries(raw, "symbols")}.items():
        if words.code("status", str(word)) is None:
            yield _bad(file, f"symbols.{sign}", f"“{word}”不是出勤情况", f"{word} is no status")
    for header, word in _entries(raw, "headers").items():
        if spelling(str(word)) not in _columns(words):
            yield _bad(file, f"headers.{header}", f"“{word}”不是认得的列名", f"{word} is no column")
    for sheet, table in _entries(raw, "sheets").items():
        if _table(str(table), words) is None:
            yield _bad(file, f"sheets.{sheet}", f"“{table}”不是数据表", f"{table} is no table")
    yield from _bad_spellings(_entries(raw, "words"), file, words)


def _bad_spellings(kinds: Mapping[str, Any], file: str, words: Vocabulary) -> Iterator[Problem]:
    for kind, spellings in kinds.items():
        if kind not in words.words or not isinstance(spellings, dict):
            yield _bad(
                file, f"words.{kind}", f"可用的有 {'、'.join(words.words)}", f"known are {', '.join(words.words)}"
            )
            continue
        for text, word in spellings.items():
            if words.code(kind, str(word)) is None:
                yield _bad(file, f"words.{kind}.{text}", f"“{word}”不是认得的词", f"{word} is not a known word")


def _entries(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = raw.get(key, {})
    return found if isinstance(found, dict) else {str(found): ""}


def _bad(file: str, key: str, zh: str, en: str) -> Problem:
    return Problem("error", "bad_layout", Text(f"布局文件 {key}:{zh}", f"layout file, {key}: {en}"), file, cell=key)


def _columns(words: Vocabulary) -> frozenset[str]:
    return frozenset(
        spelling(name)
        for table in TABLES
        for column in [*TABLES[table], "name", "branch"]
        for name in words.column(table, column).spellings
    )


def _table(name: str, words: Vocabulary) -> str | None:
    return next((code for code, word in words.tables.items() if spelling(name) in map(spelling, word.spellings)), None)
