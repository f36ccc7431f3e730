"""Invented names: 甲一, 乙二十三, 第一支部, 样例一社区; no person or place is called so."""

from __future__ import annotations

import numpy as np
import pandas as pd

_DIGITS = "零一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"


def numeral(number: int) -> str:
    """Write a whole number from 1 to 9999 in Chinese.

    Examples
    --------
    >>> numeral(7), numeral(12), numeral(105), numeral(3333)
    ('七', '十二', '一百零五', '三千三百三十三')
    """
    text = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += _DIGITS[digit] + name
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零").removeprefix("一") if 10 <= number < 20 else text.rstrip("零")


def branch_names(count: int) -> np.ndarray:
    """Return 第一支部, 第二支部, …"""
    return np.array([f"第{numeral(n + 1)}支部" for n in range(count)], dtype=object)


def unit_names(count: int, kinds: tuple[str, ...]) -> np.ndarray:
    """Return 样例一社区, 样例二社区, …"""
    return np.array([f"样例{numeral(n + 1)}{kinds[n % len(kinds)]}" for n in range(count)], dtype=object)


def member_names(branch: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Return a name for the n-th member of each branch: a stem for the branch, a numeral for the member."""
    stems = np.array(list(_STEMS), dtype=object)[branch % len(_STEMS)]
    numerals = np.array([numeral(n + 1) for n in range(int(number.max(initial=0)) + 1)], dtype=object)
    named: np.ndarray = stems + numerals[number]
    return named


def member_ids(count: int) -> pd.Series:
    """Return ids with leading zeros, all of the same length.

    Examples
    --------
    >>> member_ids(3).tolist()
    ['00001', '00002', '00003']
    """
    width = max(5, len(str(count)))
    return pd.Series([f"{n + 1:0{width}d}" for n in range(count)], dtype="str")
