"""What somebody did, with how much, how often or by whom it was honoured: 捐款500元, 市级优秀共产党员."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from jifen_analysis.intake.cells.reading import plain
from jifen_analysis.vocabulary import Vocabulary, spelling

_AMOUNT = re.compile(r"(?P<deed>.+?)[::(]?(?:人民币|现金)?[¥]?(?P<n>\d+(?:\.\d+)?)元整?\)?")
_TIMES = re.compile(r"(?P<deed>.+?)[::(×x*]?(?P<n>\d+)[次户件条]\)?")
_RECEIVED = re.compile(r"^(?:[被获]?评[为上]?|[荣喜]?获得?|荣膺|当选为?|受到?|被?授予)")
_HONOUR = re.compile(
    r"(?:(?:优秀|先进|最美|十佳|模范)[\u4e00-\u9fff]{1,10}|(?:劳动|道德)模范|劳模|三八红旗手|五一劳动奖章|[\u4e00-\u9fff]{0,6}标兵|[\u4e00-\u9fff]{2,6}能手)"
    r"(?:称号|荣誉称号)?"
)
_PRIZE = re.compile(r"(?P<contest>[\u4e00-\u9fff]*(?:比赛|竞赛|大赛|赛))(?:荣?获得?)?(?P<level>[一二三]等奖)")
_SHORTEST = 2
"""Signs of a level's name that may begin a text."""

Deed = Mapping[str, str | float]
"""Column of the events to what stands in it."""


def deed_in(text: str, words: Vocabulary) -> Deed | None:
    """Return the columns of an event that a text says together; ``None`` where it says nothing sure.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> deed_in("捐款500元", standard()), deed_in("公益活动2次", standard())
    ({'event': 'donation', 'amount': 500.0}, {'event': 'public_benefit', 'quantity': 2.0})
    >>> deed_in("区级优秀共产党员", standard())
    {'event': 'honour', 'level': 'district', 'award': '优秀共产党员'}
    """
    bare = re.sub(r"\s", "", plain(text))
    for form, column in ((_AMOUNT, "amount"), (_TIMES, "quantity")):
        found = form.fullmatch(bare)
        event = words.code("event", found["deed"]) if found else None
        if found and event and column in words.words["event"][event].reads:
            return {"event": event, column: float(found["n"])}
    if prize := _PRIZE.fullmatch(_RECEIVED.sub("", bare)):
        return {"event": "contest_prize", "level": words.code("level", prize["level"]) or "", "award": prize["contest"]}
    return _honoured(_RECEIVED.sub("", bare), words)


def honour_in(text: str, words: Vocabulary) -> Deed | None:
    """Return level and award that stand together in one cell, such as 市级优秀共产党员.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> honour_in("市级优秀共产党员", standard())
    {'level': 'city', 'award': '优秀共产党员'}
    """
    for name, code in _levels(words):
        rest = plain(text).removeprefix(name)
        if rest != plain(text) and _HONOUR.fullmatch(rest):
            return {"level": code, "award": rest}
    return None


def _honoured(text: str, words: Vocabulary) -> Deed | None:
    found = honour_in(text, words)
    if found:
        return {"event": "honour", **found}
    for name, code in _levels(words):
        event = words.code("event", text.removeprefix(name)) if text.startswith(name) else None
        if event and code in words.words["event"][event].levels:
            return {"event": event, "level": code}
    return None


@lru_cache
def _levels(words: Vocabulary) -> Sequence[tuple[str, str]]:
    """Return the names of the bodies that honour, the longest first."""
    known = words.words["level"]
    among = words.words["event"]["honour"].levels
    names = [(name, code) for code in among for name in (known[code].label, *known[code].aliases)]
    sure = [(name, code) for name, code in names if len(spelling(name)) >= _SHORTEST]
    return sorted(sure, key=lambda pair: (-len(pair[0]), pair))
