"""Where correspondence tables come from: beside the data, from a file that is named, from a script.

As TOML, for scripts, they have the same lines as the workbook: ``year``, ``blank``, and the tables ``[symbols]``,
``[headers]``, ``[sheets]``, ``[items]``, ``[branches]`` and ``[words.KIND]``, each from a text to its meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from jifen_analysis.documents import ending, toml_document, toml_fault
from jifen_analysis.errors import InvalidRecords, Problem, Text, UsageError, cause
from jifen_analysis.intake.cells.column import read_cell
from jifen_analysis.intake.correspondence.book import rows_in
from jifen_analysis.intake.correspondence.model import (
    OTHERS,
    STANDING,
    Correspondence,
    CorrespondenceLine,
    choices_of,
    decode_meaning,
    fold_text,
    labels_of_kinds,
    named_by,
    nearest,
)
from jifen_analysis.intake.files import TABLES_OF_WORDS, DataFile
from jifen_analysis.intake.layouts.spellings import PERSON
from jifen_analysis.periods import YEARS
from jifen_analysis.tables import TABLES, Column, Source
from jifen_analysis.vocabulary import ASIDE, Vocabulary, spelling, standard

CorrespondenceSource = str | Path | Correspondence | Mapping[str, Any]
"""A file, a table, or what a TOML file would say."""


def correspondence_for(path: str | Path, given: CorrespondenceSource | None, words: Vocabulary) -> Correspondence:
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
    told = [*files, *([] if given is None or named else [given])]
    lines = [line for one in told for line in _lines_of(one, words)]
    return combine_lines(lines, words, [Source(file.name, digest=DataFile(file, file.name).digest()) for file in files])


def read_correspondence(given: CorrespondenceSource, words: Vocabulary | None = None) -> Correspondence:
    """Read one correspondence table, from a workbook, a TOML file or what one would say.

    Examples
    --------
    >>> read_correspondence({"symbols": {"○": "请假"}}).lines
    (CorrespondenceLine(kind='sign', text='○', meaning='leave', file='', sheet='', cell='symbols.○'),)
    """
    known = words or standard()
    return combine_lines(_lines_of(given, known), known)


def _lines_of(given: CorrespondenceSource, words: Vocabulary) -> Iterable[CorrespondenceLine]:
    if not isinstance(given, str | Path):
        return given.lines if isinstance(given, Correspondence) else lines_of(given)
    path = Path(given)
    if not path.is_file():
        raise UsageError(f"没有这个对照表:{path}", f"there is no correspondence table {path}")
    return lines_in(path) if path.suffix.lower() == ".toml" else [row.line(words) for row in rows_in(path)]


# ---------------------------------------------------------------- TOML


_TABLES = {"symbols": "sign", "headers": "header", "sheets": "sheet", "items": "item", "branches": "branch"}
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
        known, line = "、".join(_KEYS), CorrespondenceLine("", "", key, file, "", key)
        yield at(line, f"没有 {key} 这一项;可用的有 {known}", f"no key {key}; known: {known}")
    for key, found in tables.items():
        if not isinstance(found, Mapping):
            line = CorrespondenceLine("", "", str(found), file, "", key)
            yield at(line, f"{key} 应是一张表,如 [{key}]", f"{key} should be a table")


# ---------------------------------------------------------------- whether they will do


_WITHOUT_TEXT = ("year", "blank")
_NEVER_ASIDE = ("year", "blank", "branch")


def combine_lines(
    lines: Iterable[CorrespondenceLine], words: Vocabulary, sources: Sequence[Source] = ()
) -> Correspondence:
    """Return lines as one table; those without a meaning yet are left out.

    Raises
    ------
    InvalidRecords
        With every line that will not do.
    """
    filled = [line for line in lines if line.meaning]
    problems = [problem for line in filled for problem in _wrong(line, words)]
    meant = [line for line in (_meant(line, words) for line in filled) if line]
    problems += _contradictions(meant, words)
    if problems:
        raise InvalidRecords(dict.fromkeys(problems))
    order = list(labels_of_kinds(words))
    once = {(line.kind, fold_text(line.kind, line.text)): line for line in reversed(meant)}
    return Correspondence(tuple(sorted(once.values(), key=lambda one: (order.index(one.kind), one.text))), (*sources,))


def _meant(line: CorrespondenceLine, words: Vocabulary) -> CorrespondenceLine | None:
    if line.kind not in labels_of_kinds(words):
        return None
    meaning = ASIDE if line.meaning == ASIDE else decode_meaning(line.kind, line.meaning, words)
    return replace(line, text="" if line.kind in _WITHOUT_TEXT else line.text, meaning=meaning) if meaning else None


def at(line: CorrespondenceLine, zh: str, en: str) -> Problem:
    """Return what is wrong with a line, at its cell."""
    said = Text(f"对照表:{zh}", f"correspondence table: {en}")
    return Problem("error", "bad_correspondence", said, line.file, line.sheet, line.cell, line.meaning)


def _wrong(line: CorrespondenceLine, words: Vocabulary) -> Iterator[Problem]:
    kinds = labels_of_kinds(words)
    if line.kind not in kinds:
        known = "、".join(f"{label}({kind})" for kind, label in kinds.items())
        there = ", ".join(kinds)
        yield at(line, f"没有“{line.kind}”这一类;可用的有 {known}", f"no kind {line.kind}; there are {there}")
    elif line.kind not in _WITHOUT_TEXT and not fold_text(line.kind, line.text):
        yield at(line, f"“{line.text}”不能作为一种写法", f"“{line.text}” is no spelling")
    elif line.meaning == ASIDE:
        yield from _wrongly_aside(line, words)
    elif (meaning := decode_meaning(line.kind, line.meaning, words)) is None:
        yield _unknown(line, words)
    else:
        yield from _known_otherwise(line, meaning, words)


def _unknown(line: CorrespondenceLine, words: Vocabulary) -> Problem:
    if line.kind == "year":
        said = f"{YEARS[0]}–{YEARS[-1]}"
        return at(line, f"“{line.meaning}”不是年份,应在 {said} 之间", f"{line.meaning} is no year of {said}")
    kind = "status" if line.kind in ("sign", "blank") else line.kind
    label, near = labels_of_kinds(words)[kind], nearest(kind, line.meaning, words)
    hint = (f",最接近的是“{near[0]}”", f"; the nearest is “{near[0]}”") if near else ("", "")
    listed = "、".join(choices_of(line.kind, words))
    more = f";可填:{listed}" if len(listed) < 120 else ""
    return at(line, f"{label}没有“{line.meaning}”{hint[0]}{more}", f"{line.meaning} is no known {line.kind}{hint[1]}")


def _wrongly_aside(line: CorrespondenceLine, words: Vocabulary) -> Iterator[Problem]:
    label = labels_of_kinds(words)[line.kind]
    if line.kind in _NEVER_ASIDE:
        yield at(line, f"{label}不能写“{ASIDE}”", f"a {line.kind} cannot be left aside")
    elif line.kind == "header":
        needed = [c for t, c in named_by(line.text, words).items() if c in PERSON or TABLES[t][c].required]
        if needed:
            yield at(line, f"“{line.text}”是少不了的列,不能不计", f"the column {line.text} cannot be left aside")
    elif (known := _already(line, words)) is not None:
        yield _otherwise(line, known, ASIDE, words)


def _known_otherwise(line: CorrespondenceLine, meaning: str, words: Vocabulary) -> Iterator[Problem]:
    """Refuse another meaning for what is known already."""
    if line.kind == "header":
        own, wanted = named_by(line.text, words), named_by(meaning, words)
        other = next((column for table, column in own.items() if wanted.get(table, column) != column), None)
        if other:
            yield at(
                line,
                f"“{line.text}”本来就是“{_label(other, words)}”一列,不能读作“{meaning}”",
                f"the header {line.text} is known as {other} and cannot be read as {meaning}",
            )
    elif (known := _already(line, words)) not in (None, meaning):
        yield _otherwise(line, str(known), words.meant(line.kind, meaning), words)


def _label(column: str, words: Vocabulary) -> str:
    return next(words.column(table, column).label for table in TABLES if column in (*PERSON, *TABLES[table]))


def _already(line: CorrespondenceLine, words: Vocabulary) -> str | None:
    """Return the code that a text is read as without the table, and without a word about it."""
    kind = "status" if line.kind == "sign" else line.kind
    if kind == "item":
        named = words.items.get(fold_text(kind, line.text))
        return named.label if named else None
    if kind == STANDING:
        return words.code(kind, line.text)
    reading = None if kind in OTHERS else read_cell(line.text, _coded(kind), words)
    return reading.value if reading and reading.severity is None else None


def _coded(kind: str) -> Column:
    return next(column for columns in TABLES.values() for column in columns.values() if column.words == kind)


def _otherwise(line: CorrespondenceLine, known: str, meaning: str, words: Vocabulary) -> Problem:
    label = words.meant(line.kind, known)
    return at(
        line,
        f"“{line.text}”本来就读作“{label}”,不能又读作“{meaning}”",
        f"{line.text} is known as {known} and cannot be read as {meaning}",
    )


# ---------------------------------------------------------------- against each other


def _contradictions(lines: Sequence[CorrespondenceLine], words: Vocabulary) -> Iterator[Problem]:
    first: dict[tuple[str, str], CorrespondenceLine] = {}
    for line in lines:
        other = first.setdefault(_place(line), line)
        if other.meaning != line.meaning:
            yield _contradiction(line, other, words)
    joined = {fold_text("branch", line.text): line for line in lines if line.kind == "branch"}
    for line in joined.values():
        onwards = joined.get(fold_text("branch", line.meaning))
        if onwards and onwards.meaning != line.meaning:
            yield _contradiction(onwards, line, words)


def _place(line: CorrespondenceLine) -> tuple[str, str]:
    """Return what has only one meaning; a sign of a sheet of ticks is a status, too."""
    kind = "status" if line.kind == "sign" else line.kind
    return kind, (spelling(line.text) if kind == "status" else "") or fold_text(line.kind, line.text)


def _contradiction(line: CorrespondenceLine, other: CorrespondenceLine, words: Vocabulary) -> Problem:
    there = "!".join(part for part in (other.sheet, other.cell) if part)
    where = " ".join(part for part in ("" if other.file == line.file else other.file, there) if part)
    one, two = (_said(each, words) for each in (line, other))
    return at(
        line,
        f"“{line.text}”这里读作“{one}”,而 {where} 把“{other.text}”读作“{two}”;请只留一种",
        f"“{line.text}” is read as {one} here, and {where} reads “{other.text}” as {two}; keep one of them",
    )


def _said(line: CorrespondenceLine, words: Vocabulary) -> str:
    return ASIDE if line.meaning == ASIDE else words.meant(line.kind, line.meaning)
