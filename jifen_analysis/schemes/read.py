"""From a TOML file to a checked rule book: every mistake at once, by dotted path."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from jifen_analysis.errors import InvalidScheme, Problem, Text, UsageError
from jifen_analysis.periods import MONTHS
from jifen_analysis.schemes import model
from jifen_analysis.schemes.model import RuleBook, Who, walk
from jifen_analysis.vocabulary import Vocabulary, read_word, standard

Document = Mapping[str, Any]

COLUMNS = {"attendance": {"activity", "status"}, "events": {"event", "level"}, "dues": {"state"}}
"""The coded columns of each table that a scheme may ask about."""

KINDS = {"state": "dues_state"}
"""Kind of word of a column, where it is not named alike."""


def scheme_names() -> tuple[str, ...]:
    """Return the names of the schemes that come with the package.

    Examples
    --------
    >>> "community_60_40" in scheme_names()
    True
    """
    library = resources.files("jifen_analysis.schemes").joinpath("library")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in library.iterdir() if entry.name.endswith(".toml")))


def read_document(name: str | Path) -> tuple[dict[str, Any], str]:
    """Return the raw content of a scheme file and the file's name.

    Parameters
    ----------
    name : str or Path
        A built-in name, or the path of a ``.toml`` file.

    Raises
    ------
    UsageError
        Where there is no such scheme.
    InvalidScheme
        Where the file is not TOML (a key that stands twice, for one).
    """
    text, file = _text(name)
    try:
        return tomllib.loads(text), file
    except tomllib.TOMLDecodeError as fault:
        said = Text(f"不是有效的 TOML(键重复或写法有误):{fault}", f"not valid TOML (a repeated key, or a slip): {fault}")
        raise InvalidScheme([Problem("error", "not_toml", said, file)]) from None


def _text(name: str | Path) -> tuple[str, str]:
    path = Path(name)
    if path.suffix != ".toml":
        return _library_text(str(name))
    try:
        return path.read_text(encoding="utf-8-sig"), path.name
    except UnicodeDecodeError:
        raise UsageError(f"{path} 不是 UTF-8 文本,请另存为 UTF-8", f"{path} is not UTF-8 text; save it as UTF-8") from None
    except OSError as fault:
        raise UsageError(f"打不开方案文件 {path}:{fault.strerror}", f"cannot open {path}: {fault.strerror}") from None


def _library_text(name: str) -> tuple[str, str]:
    if name not in scheme_names():
        near = difflib.get_close_matches(name, scheme_names(), n=1)
        hint = (f",最接近的是 {near[0]}", f"; the nearest is {near[0]}") if near else ("", "")
        known = "、".join(scheme_names())
        raise UsageError(f"没有方案 {name}{hint[0]}。内置方案:{known}", f"no scheme {name}{hint[1]}. Built in: {known}")
    file = f"{name}.toml"
    return resources.files("jifen_analysis.schemes").joinpath("library", file).read_text(encoding="utf-8"), file


def rule_book(document: Document, file: str = "") -> RuleBook:
    """Check a raw scheme.

    Raises
    ------
    InvalidScheme
        With every mistake: where (dotted path), what was found, what would be right.
    """
    try:
        book = RuleBook.model_validate(document)
    except ValidationError as found:
        raise InvalidScheme(_problem(error, document, file) for error in found.errors()) from None
    problems = [Problem("error", code, text, file, cell=path, value=value) for path, code, value, text in _meaning(book)]
    if problems:
        raise InvalidScheme(problems)
    return book


def words_of(book: RuleBook) -> Vocabulary:
    """Return the vocabulary with the scheme's own events."""
    own = {code: read_word(code, word.model_dump(), {}) for code, word in book.words.get("event", {}).items()}
    return standard().extended(own)


# ------------------------------------------------- what pydantic found, in words


def _problem(error: ErrorDetails, document: Document, file: str) -> Problem:
    path = _path(error["loc"], document)
    value = "" if error["type"] == "missing" else repr(error["input"])[:60]
    return Problem("error", error["type"], _said(error, path, value), file, cell=path, value=value)


def _path(location: tuple[int | str, ...], document: Document) -> str:
    """Drop the steps that pydantic adds for unions and that do not stand in the file."""
    here: Any = document
    steps = []
    for at, step in enumerate(location):
        inside = isinstance(here, Mapping) and step in here
        listed = isinstance(here, list) and isinstance(step, int) and step < len(here)
        if inside or listed or at == len(location) - 1 and not _is_added(step):
            steps.append(str(step))
            here = here[step] if inside or listed else None
    return ".".join(steps)


def _is_added(step: int | str) -> bool:
    return isinstance(step, str) and (step in _TAGS or not step.isidentifier())


_TAGS = {"points", "marks", "evaluations", "ballots", "float", "str", "int"}


def _said(error: ErrorDetails, path: str, value: str) -> Text:
    if error["type"] == "value_error":
        zh, en = str(error["ctx"]["error"]).split("|") if "|" in str(error["ctx"]["error"]) else [error["msg"]] * 2
        return Text(f"{zh};现为 {value}", f"{en}; found {value}")
    if error["type"] == "extra_forbidden":
        return _unknown_key(path)
    if error["type"] == "missing":
        return Text("缺少这一项", "this is missing")
    return Text(f"不能是 {value}:{error['msg']}", f"{value} will not do: {error['msg']}")


_KEYS = sorted(
    {field.alias or name for part in vars(model).values() if isinstance(part, type) and issubclass(part, model.Part)
     for name, field in part.model_fields.items()}
)  # fmt: skip


def _unknown_key(path: str) -> Text:
    near = difflib.get_close_matches(path.rpartition(".")[2], _KEYS, n=1)
    hint = (f",是否要写 {near[0]}", f"; did you mean {near[0]}") if near else ("", "")
    return Text(f"不认得这个键{hint[0]}", f"unknown key{hint[1]}")


# ------------------------------------------------- what must hold beyond the shapes

Finding = tuple[str, str, str, Text]


def _meaning(book: RuleBook) -> Iterator[Finding]:
    try:
        words = words_of(book)
    except UsageError as clash:
        yield "words.event", "word_clash", "", clash.text
        words = standard()
    for path, part in walk(book):
        yield from _words_used(path, part, words)
        yield from _names_used(path, part, book)
    yield from _cuts(book)
    yield from _dates(book)


def _words_used(path: str, part: Any, words: Vocabulary) -> Iterator[Finding]:
    if isinstance(part, model.Selector | model.Rule | model.Condition) and part.table:
        for name, asked in (("where", part.where), ("except", part.excluding)):
            for column, listed in asked.items():
                yield from _column_words(f"{path}.{name}.{column}", part.table, column, listed, words)
    if isinstance(part, model.Rule) and part.table and part.by not in (None, "days_late"):
        yield from _column_words(f"{path}.points", part.table, str(part.by), tuple(part.points), words)  # type: ignore[arg-type]
    if isinstance(part, model.Rule) and part.by == "days_late" and part.table != "dues":
        yield f"{path}.by", "unknown_column", "days_late", Text("只有 dues 有 days_late", "only dues have days_late")
    if isinstance(part, Who):
        for kind in ("post", "stage", "sex"):
            yield from _known(f"{path}.{kind}", kind, getattr(part, kind) or (), words)
    if isinstance(part, model.Pool):
        yield from _known(f"{path}.pool", "group", part.pool, words)


def _column_words(path: str, table: str, column: str, listed: tuple[str, ...], words: Vocabulary) -> Iterator[Finding]:
    if column not in COLUMNS[table]:
        known = "、".join(sorted(COLUMNS[table]))
        yield path, "unknown_column", column, Text(f"{table} 没有这一列,可用:{known}", f"{table} has {known}")
        return
    yield from _known(path, KINDS.get(column, column), listed, words)


def _known(path: str, kind: str, listed: tuple[str, ...], words: Vocabulary) -> Iterator[Finding]:
    for word in listed:
        for code in words.members(kind, word):
            if code not in words.words[kind]:
                near = difflib.get_close_matches(code, words.codes(kind), n=1)
                hint = (f",最接近的是 {near[0]}", f"; the nearest is {near[0]}") if near else ("", "")
                yield path, "unknown_word", code, Text(f"词表没有 {code}{hint[0]}", f"no word {code}{hint[1]}")


def _names_used(path: str, part: Any, book: RuleBook) -> Iterator[Finding]:
    if isinstance(part, model.Condition) and part.measure is not None and part.measure not in measure_names(book):
        yield from _no_such(f"{path}.measure", part.measure, measure_names(book))
    if isinstance(part, model.Place) and part.by not in measure_names(book):
        yield from _no_such(f"{path}.by", part.by, measure_names(book))
    if isinstance(part, model.Condition) and part.outcome is not None:
        yield from _no_such(f"{path}.outcome", part.outcome, _outcomes_before(path, book))
    if isinstance(part, Who) and part.category is not None:
        for name in part.category:
            yield from _no_such(f"{path}.category", name, tuple(book.categories))
    if isinstance(part, model.BallotItem):
        for name, rung in [*part.ladder.items(), *part.limits.items()]:
            yield from _no_such(f"{path}.{name}", rung.becomes or next(iter(part.ladder)), tuple(part.ladder))


def _no_such(path: str, name: str, known: tuple[str, ...]) -> Iterator[Finding]:
    if name not in known:
        listed = "、".join(known)
        yield path, "unknown_name", name, Text(f"没有 {name},可用:{listed}", f"no {name}; there are: {listed}")


def measure_names(book: RuleBook) -> tuple[str, ...]:
    """Return everything that conditions may compare."""
    lost = tuple(f"lost.{name}" for name in book.components)
    return ("total", "grade", "rank_gain", *book.components, *lost, *book.measures)


def _outcomes_before(path: str, book: RuleBook) -> tuple[str, ...]:
    names = list(book.outcomes)
    own = path.split(".")[1]
    return tuple(names[: names.index(own)]) if own in names else tuple(names)


def _cuts(book: RuleBook) -> Iterator[Finding]:
    cuts = [(name, grade.cut) for name, grade in book.grades.items() if grade.cut is not None]
    for (upper, high), (lower, low) in zip(cuts, cuts[1:], strict=False):
        if low >= high:
            text = Text(f"分数线须低于上一等次“{upper}”的 {high:g}", f"the cut must be below {high:g}, that of {upper}")
            yield f"grades.{lower}", "cut_order", f"{low:g}", text
    if book.forced and not book.grades:
        yield "forced", "no_grade", "", Text("有直接认定的条款,却没有等次", "a clause forces a grade, but there are none")


def _dates(book: RuleBook) -> Iterator[Finding]:
    for day in book.changes:
        text = Text("须是考核期的第一天,写成 2024-01-01", "the first day of a scored period is right, as 2024-01-01")
        if not _opens_period(day, MONTHS[book.period]):
            yield f"changes.{day}", "bad_date", day, text


def _opens_period(day: str, length: int) -> bool:
    parts = day.split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts) or len(day) != 10:
        return False
    return parts[2] == "01" and 1 <= int(parts[1]) <= 12 and (int(parts[1]) - 1) % length == 0
