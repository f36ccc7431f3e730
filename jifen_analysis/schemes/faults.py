"""What pydantic finds in a scheme file, in words: where, what was found, what would be right."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from jifen_analysis.errors import Problem, Text
from jifen_analysis.schemes import model
from jifen_analysis.schemes.labels import label_code

Document = Mapping[str, Any]
Location = tuple[int | str, ...]


def problems(found: ValidationError, document: Document, file: str) -> list[Problem]:
    """Return one problem for each mistake that pydantic found."""
    listed = [_problem(error, document, file) for error in found.errors()]
    return list({(problem.cell, problem.text): problem for problem in listed}.values())


def _problem(error: ErrorDetails, document: Document, file: str) -> Problem:
    path = ".".join(map(str, address(error, document)))
    value = "" if error["type"] == "missing" else display_value(error["input"])
    return Problem("error", error["type"], _said(error, path, value), file, cell=path, value=value)


def address(error: ErrorDetails, document: Document) -> Location:
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
        "项目的 from 须是 marks、evaluations、ballots 之一,计分项目不写 from;现为 {tag}",
        "from of an item is marks, evaluations or ballots; an item of rules has none; found {tag}",
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
    words = re.findall(r"'([^']*)'", str(context.get("expected", "")))
    return Text(
        zh.format(**context, listed="、".join(map(label_code, words))), en.format(**context, listed=", ".join(words))
    )


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
