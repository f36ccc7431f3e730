"""Who was there, as people write it: signs, words, and a sign with a word beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

from jifen_analysis.intake.cells.lexicon import REASON
from jifen_analysis.intake.cells.names import unknown_word
from jifen_analysis.intake.cells.phrases import chosen, named_in
from jifen_analysis.intake.cells.reading import CROSS, TICK, Reading, plain, read_as, refusal, value_with_note
from jifen_analysis.intake.grid import Value
from jifen_analysis.tables import Column
from jifen_analysis.vocabulary import Vocabulary

_At = TypeVar("_At")
_SURE = frozenset({*TICK, "对勾", "对号", "打勾", "打√"})
"""Signs that mean the same everywhere."""
TICKS = {
    **dict.fromkeys((*_SURE, "■", "v"), "present"),
    **dict.fromkeys((*CROSS, "╳", "x", "☒", "□", "☐", "叉", "打叉", "打×"), "absent"),
}
"""What habit makes of the signs on an attendance sheet; a legend wins over it."""

_SPECIFIC = {
    "present": frozenset({"late", "early_leave", "proxy"}),
    "leave": frozenset({"sick_leave", "excused"}),
    "absent": frozenset({"leave", "sick_leave", "excused"}),
}
"""A general status, and what says more of the same."""
_TWO = re.compile(r"(?P<main>[^()/\\:;]+?)[(/\\:;](?P<beside>[^()]+)\)?")
_HOW_LONG = re.compile(r"(?P<main>迟到|早退|晚到)(?:了)?约?\d+(?:分钟?|min|小时|刻钟)")
_TIMES = re.compile(r"(?P<main>[\u4e00-\u9fff]+?)[x×*]?(?P<n>\d+)[次天回个]?")
_UNEXCUSED = re.compile(r"(?:无故|擅自|无理由|未经批准)(?P<main>.+)")
_WITHOUT_LEAVE = re.compile(rf"(?:无故|[未没][有]?(?:请假|说明|打招呼|履行请假手续)|无(?:{REASON}))")
_DENIED = re.compile(r"[未没不非无][\u4e00-\u9fff]{0,2}$")
_OF_OTHERS = re.compile(
    "家[人属里中]|孩子|小孩|子女|儿子|女儿|[父母]|爱人|妻子|丈夫|[老病]人|亲[属人戚友]|照[顾料看]|陪|护理|看护"
)
"""Whose illness a reason may speak of, if not the member's own."""
_UNSURE = re.compile(r"\?|待|补|代|替|半|未|没|不|或|部分|中途|偶尔|基本")


def read_status(value: Value, column: Column, words: Vocabulary) -> Reading:
    """Read who was there: a word, a sign, or a sign with a word that says more.

    Examples
    --------
    >>> from jifen_analysis.tables import TABLES
    >>> from jifen_analysis.vocabulary import standard
    >>> status = TABLES["attendance"]["status"]
    >>> [read_status(said, status, standard()).value for said in ("√(迟到)", "请假(病)", "事假1", "因公出差请假")]
    ['late', 'sick_leave', 'leave', 'excused']
    """
    if isinstance(value, bool):  # a box that was ticked or left
        box = "present" if value else "absent"
        return read_as(box, "status_read", value, words.label("status", box))
    if not isinstance(value, str):
        return unknown_word(value, column, words)
    text = plain(value)
    code = words.code("status", text)
    if code is not None:
        return Reading(code)
    if text.casefold() in TICKS:
        return _ticked(value, text.casefold(), words)
    box = chosen(text)
    found = words.code("status", box) if box else _together(text, words)
    if found is not None:
        return read_as(found, "status_read", value, words.label("status", found))
    several = _marks_in(text, words)
    if several:
        return _several(value, several)
    return _sign(text) if len(text) == 1 and not "\u4e00" <= text <= "\u9fff" else unknown_word(value, column, words)


def _together(text: str, words: Vocabulary) -> str | None:
    """Return the status that the parts of a text say together, the more specific of two."""
    bare = re.sub(r"\s", "", text)
    if found := _HOW_LONG.fullmatch(re.sub(r"[()]", "", bare)):
        return words.code("status", found["main"])
    if found := _TIMES.fullmatch(bare):
        return words.code("status", found["main"]) if int(found["n"]) == 1 else None
    if (found := _UNEXCUSED.fullmatch(bare)) and words.code("status", found["main"]) == "absent":
        return "absent"
    if found := _TWO.fullmatch(bare):
        return _of_two(_one(found["main"], words), found["beside"], words)
    return _phrase(bare, words)


def _one(text: str, words: Vocabulary) -> str | None:
    return TICKS.get(text.casefold()) or words.code("status", text)


def _of_two(main: str | None, beside: str, words: Vocabulary) -> str | None:
    if main is None:
        return None
    if main == "absent" and _WITHOUT_LEAVE.search(beside):
        return main
    other = _one(beside, words) or _phrase(beside, words)
    if other is None:
        # A remark that names no status, such as 请假(回老家), leaves the status as it is.
        return main if len(beside) > 1 and not _UNSURE.search(beside) and _words_only(beside) else None
    return _more_specific(main, other)


def _words_only(text: str) -> bool:
    return re.fullmatch(r"[\u4e00-\u9fff、,]+", text) is not None


def _more_specific(one: str, other: str) -> str | None:
    if one == other or other in _SPECIFIC.get(one, ()):
        return other
    return one if one in _SPECIFIC.get(other, ()) else None


def _phrase(text: str, words: Vocabulary) -> str | None:
    """Return the status that a phrase names, of 因公出差请假 the more specific; none where it is denied or unsure."""
    found = named_in(text, "status", words) if _words_only(text) and not _UNSURE.search(text) else {}
    taken: str | None = None
    for name, code in of_oneself(found, text).items():
        if _DENIED.search(text[: text.find(name)]):
            return None
        taken = code if taken is None else _more_specific(taken, code)
        if taken is None:
            return None
    return taken


def of_oneself(found: Mapping[_At, str], text: str) -> dict[_At, str]:
    """Return the statuses named in a text but for an illness of others: 请假(孩子生病) is no sick leave."""
    others = _OF_OTHERS.search(text) is not None
    return {at: code for at, code in found.items() if not (others and code == "sick_leave")}


def _marks_in(text: str, words: Vocabulary) -> list[str]:
    """Return the marks that a cell is made of, where it is made of several."""
    rest, found = re.sub(r"[\s,.、;/|+&()]", "", text).casefold(), []
    while rest:
        ends = (rest[:n] for n in range(len(rest), 0, -1))
        mark = next((end for end in ends if end in TICKS or words.code("status", end) or _is_sign(end)), "")
        if not mark:
            return []
        found.append(mark)
        rest = rest[len(mark) :]
    return found if len(found) > 1 else []


def _is_sign(text: str) -> bool:
    """Return whether a text is one geometric sign, such as ○."""
    return len(text) == 1 and unicodedata.category(text) in ("So", "Sm")


def _several(value: str, marks: list[str]) -> Reading:
    listed = "、".join(marks)
    return refusal(
        "several_marks",
        value,
        f"一格里有几个记号({listed}),不知以哪个为准;请只留一个,另一次活动另起一列",
        f"is several marks in one cell ({listed}); keep one, and give another meeting its own column",
    )


def _ticked(value: str, sign: str, words: Vocabulary) -> Reading:
    code = TICKS[sign]
    if sign in _SURE:
        return Reading(code)
    label = words.label("status", code)
    return value_with_note(code, "sign_read", value, f"没有图例,读作{label}", f"has no legend and is read as {code}")


def _sign(value: str) -> Reading:
    return refusal(
        "unknown_sign",
        value,
        "没有图例,不知何意;请在表上加图例,或在对照表里写明(--unknown)",
        "has no legend; add one to the sheet, or settle it in a correspondence table (--unknown)",
        "sign",
    )
