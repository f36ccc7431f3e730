"""The order in which branches are listed: as they are numbered, not as their characters are coded."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}


def number_key(name: object) -> list[tuple[bool, int, str]]:
    """Return a key that sorts 第二 before 第十一, and 9 before 10.

    Examples
    --------
    >>> sorted(["第十一支部", "第一支部", "第二支部"], key=number_key)
    ['第一支部', '第二支部', '第十一支部']
    """
    pieces = re.findall(r"[零一二三四五六七八九十]+|\d+|[^零一二三四五六七八九十\d]+", str(name))
    return [(False, _value(piece), "") if _is_number(piece) else (True, 0, piece) for piece in pieces]


def _is_number(piece: str) -> bool:
    return piece.isdecimal() or set(piece) <= {*_DIGITS, "十"}


def _value(piece: str) -> int:
    if piece.isdecimal():
        return int(piece)
    tens, ten, ones = piece.rpartition("十")
    digits = [_DIGITS.get(sign, 1) for sign in ones]
    return 10 * (_DIGITS.get(tens, 1) if ten else 0) + sum(digits)


def in_order(groups: Iterable[tuple[object, pd.DataFrame]]) -> list[tuple[object, pd.DataFrame]]:
    """Return groups of a table in the order of their names.

    Examples
    --------
    >>> table = pd.DataFrame({"group": ["二", "一"]})
    >>> [name for name, _ in in_order(table.groupby("group"))]
    ['一', '二']
    """
    return sorted(groups, key=lambda group: number_key(group[0]))


def sort_rows(table: pd.DataFrame, column: str | None = None) -> pd.DataFrame:
    """Return the rows of a table in the order of a column's names, or of its index.

    Examples
    --------
    >>> sort_rows(pd.DataFrame({"n": [1, 2]}, index=["第十支部", "第九支部"])).index.tolist()
    ['第九支部', '第十支部']
    """
    names = list(table.index if column is None else table[column])
    return table.iloc[sorted(range(len(names)), key=lambda place: number_key(names[place]))]
