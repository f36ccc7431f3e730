"""What the text of a header may name: every distinct text is looked up once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.grid import Value
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary, spelling, standard

PERSON = ("member_id", "name", "branch")
"""Columns that say whose row it is, in every table but surveys."""
DEEPEST = 60
"""Rows in which a header is looked for."""
_LONGEST = 80
"""Signs up to which a text may be a header."""

_BRACKETS = re.compile(r"[((\[【<〈《「『](?!不?[含包除]).*?[))\]】>〉》」』]")
"""What stands in brackets is left out, unless it says what is counted in, or left out."""
_INSIDE = re.compile(r"^[((\[【<〈《「『]([^))\]】>〉》」』]*)[))\]】>〉》」』]$")
_LETTERED = re.compile(r"^[A-Za-z][((]([^))]+)[))]$")
_STARS = re.compile(r"^[*★☆※#\s]+|[*★☆※#::\s]+$")
_NUMBERED = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]+)[.、.)]\s*")


def header_forms(value: Value) -> tuple[str, ...]:
    """Return the spellings under which a header cell may be known, best first.

    Examples
    --------
    >>> header_forms("*党员 编号(必填)")
    ('党员编号(必填)', '党员编号')
    """
    return _forms(value) if isinstance(value, str) else ()


@lru_cache(maxsize=1 << 15)
def _forms(value: str) -> tuple[str, ...]:
    if len(value) > _LONGEST:
        return ()
    text = _STARS.sub("", plain(value.replace("\r", "")))
    bare = _STARS.sub("", _BRACKETS.sub("", text))
    first = value.strip().splitlines()[0] if value.strip() else ""
    forms = [
        text,
        bare,
        _INSIDE.sub(r"\1", text),
        _LETTERED.sub(r"\1", text),
        _of_two_axes(value),
        _NUMBERED.sub("", bare),
        _BRACKETS.sub("", _STARS.sub("", plain(first))),
    ]
    return tuple(dict.fromkeys(form for form in map(spelling, forms) if form))


def _of_two_axes(value: str) -> str:
    """Return 姓名 of a corner such as 日期/姓名, which says what goes across and what goes down."""
    parts = [plain(part) for part in _AXES.split(value.strip()) if part.strip()]
    people = [part for part in parts if part in _PEOPLE]
    return people[0] if len(parts) == 2 and len(people) == 1 and parts[0] != parts[1] else ""


_AXES = re.compile(r"[\n/\\|]+|\s{2,}")
_PEOPLE = ("姓名", "党员姓名", "人员姓名", "成员姓名", "名字")


@cache
def _index() -> Mapping[str, Mapping[str, tuple[str, int]]]:
    """Return spelling -> table -> (column, how far from the label the spelling is)."""
    vocabulary = standard()
    index: dict[str, dict[str, tuple[str, int]]] = {}
    for table, columns in TABLES.items():
        named = dict.fromkeys([*columns, *(PERSON if table != "surveys" else ())])
        for column in named:
            for rank, name in enumerate(vocabulary.column(table, column).spellings):
                index.setdefault(spelling(name), {}).setdefault(table, (column, rank))
    return index


_Named = Mapping[str, tuple[str, int]]


@lru_cache(maxsize=1 << 15)
def _named(value: str) -> _Named:
    """Return table -> (column, rank), by the best form that a table knows."""
    found: dict[str, tuple[str, int]] = {}
    for form in reversed(_forms(value)):
        found |= _index().get(form, {})
    said = next((name for name, form in _AMOUNTS.items() if any(map(form.fullmatch, _forms(value)))), "")
    named = {**({"dues": (said, _FARTHEST)} if said else {}), **found}
    return {table: at for table, at in named.items() if table != "dues"} if _OF_MONTHS.search(plain(value)) else named


_AMOUNTS = {
    "due": re.compile(
        r"(?:每人)?(?:每月?|本月|当月|月)?应[缴交收]纳?(?:党费)?(?:金额|数额?|额|标准)?|(?:党费)?(?:每?月)?[缴交]纳?标准"
        r"|(?:每?月)[缴交]纳?(?:党费|金额|数额?|额)?|党费标准"
    ),
    "paid": re.compile(r"(?:本月|当月|月)?[实已][缴交收]纳?(?:党费)?(?:金额|数额?|额)?"),
}
"""Headers of amounts of dues in every dress."""
_FARTHEST = 99
_OF_MONTHS = re.compile(r"\(每?(?:季度?|半年|全年|年度?|[上下]半年|合计|累计)\)")
"""What makes an amount of dues, in brackets, one of several months."""


_NOTHING: _Named = {}


def find_columns(value: Value) -> _Named:
    """Return the column that a header cell names in each table that knows it, and how far it is from the label.

    Examples
    --------
    >>> find_columns("实缴(元)")
    {'dues': ('paid', 1)}
    """
    return _named(value) if isinstance(value, str) else _NOTHING


def column_of(value: Value, table: str) -> tuple[str, int] | None:
    """Return the column of a table that a header cell names, and how far it is from the label."""
    return _named(value).get(table) if isinstance(value, str) else None


@lru_cache(maxsize=1 << 15)
def is_person(value: Value) -> bool:
    """Return whether a header says whose row it is."""
    return (column_of(value, "dues") or ("",))[0] in PERSON


@lru_cache(maxsize=1 << 15)
def is_somebody(value: Value) -> bool:
    """Return whether a header says which member's row it is."""
    return (column_of(value, "dues") or ("",))[0] in ("member_id", "name")


def asks_for_card(label: Sequence[Value]) -> bool:
    """Return whether a header asks for the number of an identity card, which is an id only where there is no other."""
    return any("身份" in form for part in label for form in header_forms(part))


def find_tables(names: Sequence[str], words: Vocabulary) -> frozenset[str]:
    """Return the tables whose name stands in one of some texts."""
    return frozenset().union(*(_tables_in(spelling(name), words) for name in names))


@lru_cache(maxsize=1 << 12)
def _tables_in(text: str, words: Vocabulary) -> frozenset[str]:
    return frozenset(
        table for table, word in words.tables.items() if any(spelling(name) in text for name in word.spellings)
    )
