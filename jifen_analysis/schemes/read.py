"""From a TOML file to a checked rule book: every mistake at once, by dotted path."""

from __future__ import annotations

import difflib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib import resources
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from jifen_analysis.documents import ending, oversize_reason, toml_document, toml_fault
from jifen_analysis.errors import InvalidScheme, Problem, Text, UsageError, nearest_to
from jifen_analysis.schemes import model
from jifen_analysis.schemes.labels import label_code
from jifen_analysis.schemes.model import PathChange, RuleBook
from jifen_analysis.schemes.model.parts import thaw
from jifen_analysis.schemes.validate import Names, faults_of_meaning, forbidden_changes
from jifen_analysis.schemes.variants import patch_document
from jifen_analysis.schemes.vocabulary_checks import Fault

if TYPE_CHECKING:
    from jifen_analysis.schemes.sheets import PlacedDocument

Raw = Mapping[str, Any]


def scheme_names() -> tuple[str, ...]:
    """Return the names of the schemes that come with the package.

    Examples
    --------
    >>> "community_60_40" in scheme_names()
    True
    """
    library = resources.files("jifen_analysis.schemes").joinpath("library")
    files = (entry.name for entry in library.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml")))


def read_document(name: str | Path) -> tuple[dict[str, Any], str]:
    """Return the raw content of a scheme, by its built-in name or the path of a ``.toml`` file, and the file's name.

    Raises
    ------
    UsageError
        Where there is no such scheme, or the file cannot be read.
    InvalidScheme
        Where the file is not TOML (a key that stands twice, for one).
    """
    text, file = _text(name)
    try:
        return toml_document(text), file
    except ValueError as fault:
        raise InvalidScheme([Problem("error", "not_toml", toml_fault(fault, text), file)]) from None


SHEET_ENDINGS = (".xlsx", ".xlsm")
"""Endings of a scheme that is a workbook."""


def read_placed(path: Path) -> PlacedDocument:
    """Return what a 方案表 says, and in which cells.

    Raises
    ------
    UsageError
        Where there is no such file, or it is no workbook.
    """
    from jifen_analysis.schemes.sheets import document_of, rows_in  # openpyxl is a long import, for these alone

    try:
        with _opening(path):
            return document_of(rows_in(_content(path)))
    except (ValueError, zipfile.BadZipFile, NotImplementedError):
        raise UsageError(f"{path} 不是能打开的工作簿", f"{path} is no workbook that can be opened") from None


def _content(path: Path) -> bytes:
    """Return the bytes of a workbook that may be unpacked."""
    content = ending(path).read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        said = oversize_reason(package)
    if said is not None:
        raise UsageError(f"{path}:{said.zh}", f"{path}: {said.en}")
    return content


def _text(name: str | Path) -> tuple[str, str]:
    path = Path(name)
    if path.suffix != ".toml":
        return _library_text(str(name))
    try:
        with _opening(path):
            return ending(path).read_text(encoding="utf-8-sig"), path.name
    except UnicodeDecodeError:
        raise UsageError(f"{path} 不是 UTF-8 文本,请另存为 UTF-8", f"{path} is not UTF-8; save it as UTF-8") from None


@contextmanager
def _opening(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise UsageError(f"没有方案文件 {path}", f"there is no scheme file {path}") from None
    except OSError:
        raise UsageError(f"方案文件 {path} 打不开", f"the scheme file {path} cannot be opened") from None


def _library_text(name: str) -> tuple[str, str]:
    if name not in scheme_names():
        near, zh, en = nearest_to(name, scheme_names()), "、".join(scheme_names()), ", ".join(scheme_names())
        raise UsageError(f"没有方案 {name}{near.zh}。内置方案:{zh}", f"no scheme {name}{near.en}. Built in: {en}")
    file = f"{name}.toml"
    return resources.files("jifen_analysis.schemes").joinpath("library", file).read_text(encoding="utf-8"), file


def rule_book(document: Raw, file: str = "") -> RuleBook:
    """Check a raw scheme.

    Raises
    ------
    InvalidScheme
        With every mistake: where (dotted path), what was found, what would be right.
    """
    raw = thaw(document)
    problems: list[Problem] = []
    try:
        book = RuleBook.model_validate(raw)
    except ValidationError as found:
        problems = parsing_problems(found, raw, file)
        book = _rest(raw, found)
    lacking = frozenset(problem.cell.partition(".")[0] for problem in problems)
    problems += _listed(faults_of_meaning(book, Names.of(raw), lacking), file)
    if problems:
        raise InvalidScheme(problems)
    return book


def check_changes(document: Raw, book: RuleBook, file: str = "") -> None:
    """Check that every reading, and every dated change after those before it, can be applied.

    Raises
    ------
    InvalidScheme
        Where a path leads nowhere, or what comes out is no scheme.
    """
    problems = [*_listed(_unfit_changes(document, book), file)]
    if problems:
        raise InvalidScheme(problems)


def _listed(found: Iterable[Fault], file: str) -> Iterator[Problem]:
    for path, code, value, text in found:
        yield Problem("error", code, text, file, cell=path, value=value)


def _unfit_changes(document: Raw, book: RuleBook) -> Iterator[Fault]:
    for name, reading in book.readings.items():
        yield from _unfit_change(f"readings.{name}", document, [reading])
    for day in book.changes:
        before = [book.changes[earlier] for earlier in sorted(book.changes) if earlier <= day]
        yield from _unfit_change(f"changes.{day}", document, before, partial(forbidden_changes, f"changes.{day}", book))


def _unfit_change(
    path: str,
    document: Raw,
    changes: list[PathChange],
    more: Callable[[RuleBook], Iterable[Fault]] = lambda _: (),
) -> Iterator[Fault]:
    try:
        for change in changes:
            document = patch_document(document, change.set, change.drop)
        yield from more(rule_book(document))
    except UsageError as nowhere:
        yield path, "no_such_path", "", nowhere.text
    except InvalidScheme as unfit:
        for problem in unfit.problems:
            zh, en = f"改动后方案有误:{problem.line()}", f"the scheme is then wrong: {problem.line('en')}"
            yield path, "unfit_change", problem.value, Text(zh, en)


STAND_IN = RuleBook.model_construct(components={}, id="", title="", source="", period="year")
"""What is left of a scheme of which nothing can be checked any further."""


def _rest(raw: dict[str, Any], found: ValidationError, rounds: int = 8) -> RuleBook:
    """Return what is left of a faulty scheme without the faulty parts, so that it is checked as well."""
    rest = thaw(raw)
    needed = {"id": "-", "title": "", "source": "", "period": "year"}
    for _ in range(rounds):
        for error in found.errors():
            _take_out(rest, address_of(error, rest), error["type"] == "missing")
        try:
            return RuleBook.model_validate({**needed, **rest})
        except ValidationError as again:
            found = again
    return STAND_IN


def _take_out(rest: dict[str, Any], address: Location, missing: bool) -> None:
    """Take out the part at an address: the whole list for an element, the owner for a missing key."""
    keys = [str(key) for key in takewhile(lambda step: isinstance(step, str), address)]
    if missing and len(keys) == len(address):
        keys.pop()
    owner = rest
    for step in keys[:-1]:
        owner = owner.get(step, {})
    for last in keys[-1:]:
        owner.pop(last, None)


# ---------------------------------------------------------------- mistakes of form, in words


Location = tuple[int | str, ...]


def parsing_problems(found: ValidationError, document: Raw, file: str) -> list[Problem]:
    """Return one problem for each mistake that pydantic found."""
    listed = [_problem(error, document, file) for error in found.errors()]
    return list({(problem.cell, problem.text): problem for problem in listed}.values())


def _problem(error: ErrorDetails, document: Raw, file: str) -> Problem:
    path = ".".join(map(str, address_of(error, document)))
    value = "" if error["type"] == "missing" else display_value(error["input"])
    return Problem("error", error["type"], _said(error, path, value), file, cell=path, value=value)


def address_of(error: ErrorDetails, document: Raw) -> Location:
    """Return the steps to a mistake, without those that pydantic adds and that do not stand in the file."""
    steps, here = [], document
    for step in error["loc"]:
        if _is_in(step, here):
            steps.append(step)
            here = here[step]  # type: ignore[index]
    last = {"missing": error["loc"][-1:], "union_tag_invalid": ("from",)}.get(error["type"], ())
    return (*steps, *last)


def _is_in(step: int | str, here: Any) -> bool:
    if isinstance(here, Mapping):
        return step in here
    return isinstance(here, list | tuple) and isinstance(step, int) and step < len(here)


def display_value(value: Any) -> str:
    """Return a value as it stands in a file, tables left out."""
    if isinstance(value, Mapping):
        return ""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:59] + "…"


# ---------------------------------------------------------------- what would be right

RIGHT = {
    "missing": ("缺少这一项", "this is missing"),
    "literal_error": ("须是 {listed} 之一", "one of {listed} is right"),
    "union_tag_invalid": (
        "项目的 from 须是 {kinds[0]} 之一,计分项目不写 from;现为 {tag}",
        "from of an item is {kinds[1]}; an item of rules has none; found {tag}",
    ),
    "string_type": ("须是文字", "a text is right"),
    "int_type": ("须是整数", "a whole number is right"),
    "bool_type": ("须是 true 或 false", "true or false is right"),
    "date_type": ("须是日期,写成 2024-01-01,不加引号", "a date is right, as 2024-01-01, without quotes"),
    "model_type": ("须是一张表", "a table is right"),
    "model_attributes_type": ("须是一张表", "a table is right"),
    "mapping_type": ("须是一张表", "a table is right"),
    "dict_type": ("须是一张表", "a table is right"),
    "tuple_type": ("须是一列,写在方括号里", "a list in brackets is right"),
    "too_short": ("不能是空的", "it cannot be empty"),
    "too_long": ("最多 {max_length} 个", "at most {max_length} are right"),
    "greater_than": ("须大于 {gt:g}", "more than {gt:g} is right"),
    "greater_than_equal": ("须不小于 {ge:g}", "at least {ge:g} is right"),
    "less_than_equal": ("须不大于 {le:g}", "at most {le:g} is right"),
}
"""What would be right, by the name that pydantic gives the mistake."""


def _said(error: ErrorDetails, path: str, value: str) -> Text:
    if error["type"] == "extra_forbidden":
        return _unknown_key(path)
    right = _right(error)
    found = (f";现为 {value}", f"; found {value}") if value else ("", "")
    return Text(right.zh + found[0], right.en + found[1])


def _right(error: ErrorDetails) -> Text:
    context = error.get("ctx", {})
    misfit = context.get("error")
    if isinstance(misfit, model.MisfitError):
        return misfit.text
    zh, en = RIGHT.get(error["type"], ("这里不能这样写", "this cannot stand here"))
    words, tags = (re.findall(r"'([^']*)'", str(context.get(key, ""))) for key in ("expected", "expected_tags"))
    *most, last = tags[1:] or [""]  # items of rules, which come first, are from no table
    kinds = "、".join(tags[1:]), f"{', '.join(most)} or {last}"
    listed = ("、".join(map(label_code, words)), ", ".join(words))
    return Text(*(said.format(**context, listed=one, kinds=kinds) for said, one in zip((zh, en), listed, strict=True)))


def _keys() -> Iterator[str]:
    for part in vars(model).values():
        if isinstance(part, type) and issubclass(part, model.SchemePart):
            yield from (field.alias or name for name, field in part.model_fields.items())


KEYS = tuple(sorted(set(_keys())))
"""Every key that a scheme file may have somewhere."""


def _unknown_key(path: str) -> Text:
    key = path.rpartition(".")[2]
    if key in KEYS:
        return Text(f"{key} 不能写在这里,请移到该在的地方或删去", f"{key} does not belong here; move or remove it")
    near = difflib.get_close_matches(key, KEYS, n=1, cutoff=0.75)
    hint = (f",是否要写 {near[0]}", f"; did you mean {near[0]}") if near else (",请删去", "; remove it")
    return Text(f"这里没有这个键{hint[0]}", f"there is no such key here{hint[1]}")
