"""Known words inside what people write: the activity in 3月份主题党日活动."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from jifen_analysis.intake.cells.names import read_word
from jifen_analysis.intake.cells.reading import Reading, refusal, value_with_note
from jifen_analysis.intake.grid import Value
from jifen_analysis.tables import Column
from jifen_analysis.vocabulary import Vocabulary, Word, spelling

_SHORTEST = 2
"""Signs of a name that may stand inside other words."""


def named_in(text: str, kind: str, words: Vocabulary) -> Mapping[str, str]:
    """Return the names of words of a kind in a text, with their codes; of names inside each other the longest.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> named_in("第一季度支部党员大会暨主题党日", "activity", standard())
    {'支部党员大会': 'general_meeting', '主题党日': 'theme_day'}
    """
    folded = spelling(text)
    found = {name: code for name, code in _names(tuple(words.words[kind].values())) if name in folded}
    return {name: code for name, code in found.items() if not any(name != o and name in o for o in found)}


@cache
def _names(known: tuple[Word, ...]) -> tuple[tuple[str, str], ...]:
    spelt = ((spelling(name), word.code) for word in known for name in (word.label, *word.aliases))
    return tuple((name, code) for name, code in spelt if len(name) >= _SHORTEST)


_BOX, _WORD = r"([☑√✓✔■□☐])", r"([^\s☑√✓✔■□☐]+)"
_CHOICES = re.compile(rf"{_BOX}\s*{_WORD}\s*"), re.compile(rf"{_WORD}\s*{_BOX}\s*")
"""A box before each word, or behind it."""


def chosen(text: str) -> str:
    """Return the one word that is ticked of several with a box each, as printed forms have them; else nothing.

    Examples
    --------
    >>> chosen("□到会 ☑请假 □缺席"), chosen("☑到会 ☑请假"), chosen("到会")
    ('请假', '', '')
    """
    form = next((form for form in _CHOICES if form.sub("", text) == ""), None)
    pairs = [set(found) for found in form.findall(text)] if form else []
    ticked = [next(iter(pair - _TICKED)) for pair in pairs if pair & _TICKED]
    return ticked[0] if len(pairs) > len(ticked) == 1 else ""


_TICKED = frozenset("☑√✓✔■")


def read_activity(value: Value, column: Column, words: Vocabulary) -> Reading:
    """Read what kind of meeting it was, alone or among other words.

    Examples
    --------
    >>> from jifen_analysis.tables import TABLES
    >>> from jifen_analysis.vocabulary import standard
    >>> activity = TABLES["attendance"]["activity"]
    >>> read_activity("书记讲党课", activity, standard()).value
    'lecture'
    >>> read_activity("党员大会暨主题党日", activity, standard()).code
    'several_activities'
    """
    reading = read_word(value, column, words)
    codes = dict.fromkeys(named_in(value, "activity", words).values()) if isinstance(value, str) else {}
    codes.pop("unspecified", None)
    if reading.severity != "error" or not codes:
        return reading
    if len(codes) == 1:
        code = next(iter(codes))
        return value_with_note(
            code, "activity_read", value, f"读作{words.label('activity', code)}", f"is read as {code}"
        )
    listed = "、".join(words.label("activity", code) for code in codes)
    return refusal(
        "several_activities",
        value,
        f"里有几种活动({listed}),不知算哪一种;请只写一种,两种都算的分两行写",
        f"names several activities ({', '.join(codes)}); write one, or a row for each",
        "activity",
    )
