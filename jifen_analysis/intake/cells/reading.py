"""What became of one cell: a value, a value with a note, or a refusal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeGuard

import numpy as np
import pyarrow as pa

from jifen_analysis.errors import Severity, Text
from jifen_analysis.intake.grid import Fault, MonthDay, Value, YearMonth
from jifen_analysis.tables.failures import Around, picked_texts


@dataclass(frozen=True, eq=False)
class RefusedAlike:
    """Different texts that are refused alike: what is said is made of them when it is told."""

    sentence: Around  # what is said of each
    texts: Sequence[str] = ()  # the different texts
    at: np.ndarray = field(default_factory=lambda: np.zeros(0, "int64"))  # for each cell, which of them stands there

    def say(self, code: int) -> Text:
        """Return what is wrong with one of the texts."""
        return self.sentence(self.texts[code])

    def told(self, codes: np.ndarray) -> pa.Array:
        """Return what is wrong with several of the texts, in Chinese."""
        return self.sentence.each(picked_texts(self.texts, codes))


@dataclass(frozen=True)
class Reading:
    """The typed value of a cell, and what there is to say about it."""

    value: Any = None  # the typed value; ``None`` where the cell is blank or refused
    severity: Severity | None = None  # ``None`` where there is nothing to say
    code: str = ""  # stable name of the kind of problem
    text: Text | None = None  # what is wrong and what would be right, or the reading taken
    times: int = 1  # how many cells of a column this is said of; a note is said once
    kind: str = ""  # kind of word that the cell should be, where it is only unknown (see ``Problem``)
    each: RefusedAlike | None = None  # the cells, where it is said of different ones


BLANK = Reading()

NOTHING = frozenset({"", "无", "—", "——", "–", "-", "--", "/", "\\", "―", "ー", "N/A", "n/a", "未填"})
"""What people write where there is nothing."""


TICK, CROSS = "√✓✔☑", "×✗✕✘"
"""Signs that mean yes, or that somebody came, and signs that mean no."""


def quoted(value: Value, zh: str, en: str) -> Text:
    """Return what is said of a cell, behind the raw value.

    Examples
    --------
    >>> quoted(3.0, "不是日期", "is no day").en, quoted("3", "是什么", ": what is it?").en
    ('“3” is no day', '“3”: what is it?')
    """
    said = display_raw(value)
    return Text(f"“{said}”{zh}", f"“{said}”{'' if en.startswith(':') else ' '}{en}")


def refusal(code: str, value: Value, zh: str, en: str, kind: str = "") -> Reading:
    """Return a refusal: the raw value, what is wrong, what would be right; the kind of word where it is unknown."""
    return Reading(None, "error", code, quoted(value, zh, en), kind=kind)


def value_with_note(taken: Any, code: str, value: Value, zh: str, en: str) -> Reading:
    """Return a value with a note that says how the cell was read."""
    return Reading(taken, "note", code, quoted(value, zh, en))


def read_as(taken: Any, code: str, value: Value, label: str) -> Reading:
    """Return a value with a note that says what the cell was read as."""
    return value_with_note(taken, code, value, f"读作{label}", f"is read as {taken}")


RAISED = "[²³¹¼-¾⁰-⁹₀-₉⅐-⅟①-⒛⓪-⓿❶-➓㉈-㉏㉑-㉟㊱-㊿]"
"""Signs that would become digits of their own: 9① is no 91, and 10² no 102."""
RAISED_DIGIT = re.compile(rf"((?<=\d){RAISED}+|{RAISED}+(?=\d))")


@lru_cache(maxsize=1 << 16)
def plain(text: str) -> str:
    """Return text with full-width forms folded and stray spaces gone; ① behind a digit is none.

    Examples
    --------
    >>> plain(" ２０２４－０３ "), plain("9①")
    ('2024-03', '9①')
    """
    if text.isascii() and text.isalnum():
        return text
    parts = RAISED_DIGIT.split(text.replace("_x000D_", ""))
    folded = "".join(part if n % 2 else unicodedata.normalize("NFKC", part) for n, part in enumerate(parts))
    return re.sub(r"[\s\u200b-\u200f\u2060\ufeff]+", " ", folded).strip()


@lru_cache(maxsize=1 << 16)
def unspaced(text: str) -> str:
    """Return text folded as :func:`plain` does, without any space.

    Examples
    --------
    >>> unspaced("合 计 ：")
    '合计:'
    """
    return re.sub(r"\s", "", plain(text))


def is_number(value: Value) -> TypeGuard[float]:
    """Return whether a cell holds a number: true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_nothing(value: Value) -> bool:
    """Return whether a cell says that there is no value: blank, 无, — or /."""
    return value is None or (isinstance(value, str) and plain(value) in NOTHING)


def display_raw(value: Value) -> str:
    """Return a raw value as the person at the desk sees it.

    Examples
    --------
    >>> display_raw(datetime(2024, 3, 5)), display_raw(MonthDay(2024, 3, 5)), display_raw(12.0)
    ('2024-03-05', '3月5日', '12')
    """
    if isinstance(value, MonthDay):
        return f"{value.month}月{value.day}日"
    if isinstance(value, YearMonth):
        return f"{value.year}年{value.month}月"
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return str(value.date())
    if isinstance(value, float) and value.is_integer() and abs(value) < 1 << 53:
        return str(int(value))
    return str(value)


def faulty(value: Value) -> Reading | None:
    """Return the refusal of a cell that has no value of its own."""
    if not isinstance(value, Fault):
        return None
    if value.kind == "error":
        return refusal(
            "cell_error",
            value,
            "是表格软件报的错,请改为实际内容",
            "is an error of the spreadsheet; put in the actual value",
        )
    if value.kind == "merged":
        return refusal(
            "merged_amount",
            value,
            "合并在几个单元格里,不知各占多少;请取消合并,逐格填写",
            "is merged over several cells; nobody knows how it is shared: unmerge and fill each",
        )
    if value.kind == "hidden":
        return refusal(
            "format_hides",
            value,
            "存在单元格里,数字格式却不显示它,看不见的不读;请改格式,或清空该格",
            "is stored in the cell, but its number format shows nothing of it; change the format or clear the cell",
        )
    if value.kind == "no_amount":
        return refusal(
            "due_unknown",
            value,
            "只说缴没缴,没有说应缴多少;请加一列“月应缴”,或在表题写明“每人每月应缴10元”,或填金额",
            "says whether, not how much; add a column 月应缴, put 每人每月应缴10元 into the title, or fill in amounts",
        )
    return refusal(
        "formula_uncalculated",
        value,
        "是没有计算过的公式,请在表格软件中打开并保存,或填写结果",
        "is a formula never calculated; open and save it in a spreadsheet program, or put in the result",
    )
