"""Bytes read as choices: the same bytes are the same case, whatever made them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

WORDS = (
    *("编号", "姓名", "党支部", "日期", "2024年3月", "3月5日", "一季度", "2024-13", "合计", "备注", "图例:○病假"),
    *("出勤", "缺席", "迟到", "免缴", "补缴", "10元", "10.00", "1e309", "-0", "٣", "½", "十二", "=1/0", "#REF!", "NaN"),
    *("√", "○", "00001", "张三", "指标=总分;不低于=90", "缺席=-5;迟到=-4", "base", "优秀", "20%", "不计", "status"),
    *("", " ", "\u3000", "\u200b", "\u202e甲", "_x0007_", "\x00", "\ufffe", "𠮷", "a\nb", "'=1", '"', "{}", "[[", "\\"),
)  # fmt: skip
"""Texts that mean something somewhere, among them hostile ones."""
NUMBERS = (0, 1, -1, 12, 2024, 45000, 60, 10**18, 2**63, -(2**63), 1e308, 1e-320, 0.1, 45000.5, 2958466, 1e22)
"""Numbers at which something ends or begins."""


@dataclass
class Draw:
    """A case being read from bytes; when they are used up, every choice is the first."""

    data: bytes
    at: int = field(default=0)

    def byte(self) -> int:
        """Return the next byte."""
        self.at += 1
        return self.data[self.at - 1] if self.at <= len(self.data) else 0

    def below(self, bound: int) -> int:
        """Return a whole number from 0 up to a bound."""
        return (self.byte() if bound <= 256 else self.byte() << 16 | self.byte() << 8 | self.byte()) % max(bound, 1)

    def one(self, choices: Sequence[T]) -> T:
        """Return one of some choices."""
        return choices[self.below(len(choices))]

    def some(self, most: int) -> range:
        """Return what to loop over for a number of times."""
        return range(self.below(most + 1))

    def rest(self, most: int = 1 << 16) -> bytes:
        """Return bytes as they are."""
        found = self.data[self.at : self.at + most]
        self.at += len(found)
        return found

    def text(self) -> str:
        """Return some words, or letters as they come."""
        if self.byte() % 4:
            return "".join(self.one(WORDS) for _ in range(1 + self.below(3)))
        return self.rest(self.below(12)).decode("utf-8", "replace")

    def cell(self) -> Any:
        """Return what may stand in a cell."""
        match self.below(8):
            case 0:
                return None
            case 1:
                return self.one(NUMBERS)
            case 2:
                return self.below(1 << 24) / 1000
            case 3:
                days = timedelta(days=self.below(200_000), seconds=self.below(90_000))
                return datetime(1899, 12, 30) + days
            case 4:
                return self.one((True, False, time(8, 30), timedelta(days=2)))
            case _:
                return self.text()

    def value(self, depth: int = 3) -> Any:
        """Return what may stand in a document."""
        match self.below(8 if depth else 6):
            case 0:
                return self.one((True, False, None))
            case 1 | 2:
                return self.one(NUMBERS)
            case 6:
                return [self.value(depth - 1) for _ in self.some(3)]
            case 7:
                return {self.text(): self.value(depth - 1) for _ in self.some(3)}
            case _:
                return self.text()


def edited(value: Any, draw: Draw) -> Any:
    """Return a document with one of its parts replaced, left out, doubled or put under another key."""
    if not isinstance(value, dict | list) or not value or draw.byte() % 8 == 0:
        return draw.value()
    items = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    at = draw.below(len(items))
    key, part = items[at]
    match draw.below(8):
        case 0:
            items.pop(at)
        case 1:
            items.insert(at, (draw.text(), part))
        case 2:
            items[at] = (key, draw.one([other for _, other in items]))
        case _:
            items[at] = (key, edited(part, draw))
    return dict(items) if isinstance(value, dict) else [part for _, part in items]


def spliced(content: bytes, draw: Draw) -> bytes:
    """Return bytes with some of them replaced by others: single ones, words, or a piece of themselves."""
    for _ in range(1 + draw.below(4)):
        start = draw.below(len(content) + 1)
        stop = start + draw.below(draw.one((1, 2, 8, 64, 4096)) + 1)
        piece = draw.one((draw.rest(draw.below(16)), draw.text().encode("utf-8", "replace"), content[start:stop] * 2))
        content = content[:start] + piece + content[stop:]
    return content
