"""Legends: what the signs of a sheet mean, said on the sheet itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial

from jifen_analysis.intake.cells import display_raw, plain
from jifen_analysis.intake.cells.lexicon import LEGEND, PEOPLE
from jifen_analysis.intake.cells.statuses import of_oneself
from jifen_analysis.intake.dues import state_of
from jifen_analysis.intake.grid import Grid, Value, is_blank
from jifen_analysis.vocabulary import Vocabulary

SIGNED = ("attendance", "dues")
"""Tables in which signs may stand."""
_SIGN = r"[^\w\s\u4e00-\u9fff,.。;、:()\[\]【】“”\"'=—-]|(?<![A-Za-z0-9])[A-Za-z](?![A-Za-z0-9])|〇"
_DASH = r"(?:(?<=[\s:,;、。])|(?<![\s\S]))[—–-]+(?=\s*(?:[:=]|代表|表示|为)?\s*[\u4e00-\u9fff])"
"""A dash that stands where a sign does; behind one it links it to its word."""
_NUMBER = r"(?<![\d.])\d(?![\d.])(?=\s*(?:[:=—]|代表|表示|为))|(?<![\w.])\d(?=[\u4e00-\u9fff]{2})"
"""A digit before a link, or close before words and behind none: 1出勤 2迟到, not 请假1 缺席0."""
_LINK = r"\s*(?:[:=—-]+|代表|表示|为|是|指)?\s*"
_WORD = r"[\u4e00-\u9fff]{1,6}"
_QUOTES = r"[“”\"'‘’「」『』]*"
_FORWARD = re.compile(
    rf"(?<![未没不][打画记标])(?P<sign>{_SIGN}|{_NUMBER}|{_DASH}){_QUOTES}[者的]?{_LINK}{_QUOTES}(?P<word>{_WORD})"
)
_BACKWARD = re.compile(
    rf"(?P<word>{_WORD}?)(?:用|以|打|画|记|填)?{_LINK}[(“\"]?(?P<sign>{_SIGN}|(?<=[记填])\d(?![\d.分次个人]))"
)


def legend(texts: Iterable[str], words: Vocabulary, table: str = "attendance") -> dict[str, str]:
    """Return sign -> status code from sentences such as ``√出勤 ×缺席 ○请假``; for dues sign -> word, such as 未缴.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> legend(["图例:○ 请假,△迟到"], standard())
    {'○': 'leave', '△': 'late'}
    >>> legend(["注:√为未缴"], standard(), "dues")
    {'√': '未缴'}
    >>> legend(["○出勤", "注:○为缺席"], standard())  # no word for a status: the cell is refused
    {'○': '○(图例不一)'}
    """
    meaning = _payment if table == "dues" else partial(_status, words=words)
    found: dict[str, str] = {}
    for text in texts:
        forward = _without_strokes(_pairs(_FORWARD, plain(text), meaning), plain(text))
        backward = _pairs(_BACKWARD, plain(text), meaning)
        said = forward if len(forward) >= len(backward) else backward
        found |= {sign: code if found.get(sign, code) == code else f"{sign}(图例不一)" for sign, code in said.items()}
    return found


_EMPTY = r"空(?:白|格|着)?(?:格|处|栏)?|留空|[不未没][填打写画](?:写|[勾√])?的?者?|未签[到字名]者?"
_OTHERS = rf"其(?:余|他(?=[人党同均都皆全一]))(?:{PEOPLE}|人)?"
_BLANK = re.compile(rf"(?:{_EMPTY}|{_OTHERS})(?:均|都|皆|全部|一律|视|记|算)*{_LINK}(?P<word>{_WORD})")


def blank_means(texts: Iterable[str], words: Vocabulary) -> str:
    """Return the status code that a sheet gives to a blank cell; empty where it gives none.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> blank_means(["√出勤,空白为缺席"], standard()), blank_means(["空白处请勿填写"], standard())
    ('absent', '')
    """
    found = (_status(match["word"], words=words) for text in texts for match in _BLANK.finditer(plain(text)))
    return next((code for code in found if code), "")


def says_of_blanks(text: str) -> str:
    """Return what a sentence says that a blank cell means, whatever the table; empty where it says nothing of them.

    Examples
    --------
    >>> says_of_blanks("注:未填写者为已按时缴纳"), says_of_blanks("空白处请勿填写"), says_of_blanks("空白为无")
    ('已按时缴纳', '', '')
    """
    found = _SAYS.search(plain(text))
    return found["word"] if found else ""


_SAYS = re.compile(
    rf"(?:{_EMPTY})(?:均|都|皆|全部|一律|视|记|算)*(?:[:=—-]+|代表|表示|为|是|指)\s*(?!无|没有|暂|[不未](?:计|用|需|适|开|发))(?P<word>{_WORD})"
)


def lines_of_legends(grid: Grid, words: Vocabulary) -> tuple[str, ...]:
    """Return the cells of a sheet that say what signs or blanks mean: they hold for all its tables.

    One sign with a word, as √(迟到), may be a record: only where it is called a legend, or all of its row are so.
    """

    @cache
    def explained(value: Value) -> int:
        text = [value] if isinstance(value, str) else []
        signs = max(len(legend(text, words, table)) for table in SIGNED) or bool(blank_means(text, words))
        return signs + (signs > 0 and _CALLED.match(plain(text[0])) is not None)

    lines = ([(value, explained(value)) for value in row if not is_blank(value)] for row in grid.rows(0, grid.height))
    return tuple(str(cell) for line in lines for cell, n in line if n > 1 or (n and all(signs for _, signs in line)))


_CALLED = re.compile(f"{LEGEND}|注")


def _pairs(pattern: re.Pattern[str], text: str, meaning: Callable[[str], str | None]) -> dict[str, str]:
    return {match["sign"]: code for match in pattern.finditer(text) if (code := meaning(match["word"]))}


def _without_strokes(pairs: dict[str, str], text: str) -> dict[str, str]:
    """Leave out a dash before a word in what is no legend, as in 主题党日 — 请假情况."""
    sure = text[:1] in "—–-" or _CALLED.match(text) or not all(sign.strip("—–-") == "" for sign in pairs)
    return pairs if sure else {}


def _status(text: str, words: Vocabulary) -> str | None:
    """Return the status that a run of characters begins or ends with, the longest first; what is denied is none."""
    found = next(((part, code) for part in _ends(text) if (code := words.code("status", part))), None)
    return found[1] if found and _DENIALS.isdisjoint(text.partition(found[0])[0]) else None


def status_in(text: str, words: Vocabulary) -> str:
    """Return the one status that a text names, as a whole or among other words; the longest name of several.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> status_in("因病请假", standard()), status_in("已向书记请假", standard()), status_in("家中有事", standard())
    ('sick_leave', 'leave', '')
    """
    whole = words.code("status", text)
    if whole:
        return whole
    parts = {(i, n): text[i : i + n] for n in range(min(len(text), 6), 1, -1) for i in range(len(text) - n + 1)}
    found = {at: code for at, part in parts.items() if (code := words.code("status", part))}
    outer = {at: code for at, code in found.items() if not any(_inside(at, other) for other in found)}
    outer = of_oneself(outer, text)
    denied = any(text[i - 1 : i] in _DENIALS for i, _ in outer if i)
    return next(iter(outer.values())) if len(set(outer.values())) == 1 and not denied else ""


_DENIALS = frozenset("未没不非无")
"""未请假 is no leave, and 不需参加 does not say that somebody came."""


def _inside(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return other[0] <= one[0] and sum(one) <= sum(other) and other[1] > one[1]


def _payment(text: str) -> str | None:
    """Return the word of payment that a run of characters begins or ends with; a single character may be any word's."""
    return next((part for part in _ends(text) if len(part) > 1 and state_of(part)), None)


def _ends(text: str) -> list[str]:
    return [text[:n] for n in range(len(text), 0, -1)] + [text[n:] for n in range(1, len(text))]


def by_sign(value: Value, symbols: Mapping[str, str]) -> Value:
    """Return the code that a sign stands for, or the value itself."""
    return symbols.get(plain(display_raw(value)), value) if isinstance(value, (str, int, float)) else value
