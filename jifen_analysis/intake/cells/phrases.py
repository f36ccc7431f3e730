"""Known words inside what people write: the activity in 3月份主题党日活动, posts in 书记、主任, a deed in 捐款500元."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from jifen_analysis.intake.cells.names import read_word
from jifen_analysis.intake.cells.reading import TICK, Reading, plain, read_as, refusal, unspaced, value_with_note
from jifen_analysis.intake.cells.remarks import void
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


_TICKED = f"{TICK}■"
_BOX, _WORD = rf"([{_TICKED}□☐])", rf"([^\s{_TICKED}□☐]+)"
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
    ticked = [next(iter(pair.difference(_TICKED))) for pair in pairs if not pair.isdisjoint(_TICKED)]
    return ticked[0] if len(pairs) > len(ticked) == 1 else ""


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
    if void(value):
        return refusal(
            "activity_void", value, "说这次会不算或没有开;请删去这一行,或改正", "says that the meeting does not count"
        )
    if len(codes) == 1:
        code = next(iter(codes))
        return read_as(code, "activity_read", value, words.label("activity", code))
    listed = "、".join(words.label("activity", code) for code in codes)
    return refusal(
        "several_activities",
        value,
        f"里有几种活动({listed}),不知算哪一种;请只写一种,两种都算的分两行写",
        f"names several activities ({', '.join(codes)}); write one, or a row for each",
        "activity",
    )


_NO_POST = re.compile(
    r"(?:党?小组|党员小组)(?:副?组)?长|小组副组长|(?:共青)?团(?:委|总?支部?)?.*|(?:[村居]民?委(?:员)?会?|社区居委会)(?:副主任|委员|会计|文书)"
    r"|妇(?:联|女).{0,4}|民兵.{0,3}|治保主任|网格[员长]|工会.{1,4}|村民小组(?:副?组)?长|楼[栋门]长"
)
"""Who leads a group of a branch, or serves the village or another body, has none of the posts that are priced."""
_POSTS = re.compile(r"[、,/;兼和及与+&\s]+")
_OF_BRANCH = re.compile(r"^.*?支部(?:委员会)?(?=.)|^村(?=[书主])|^(?:社区|居委会|村委会)(?=[主书])")
_BELOW = frozenset({"committee", "leader", "none"})
"""Posts that somebody with a higher one has as well."""


_FORMER = re.compile(r"原|前任|曾|历任|离任|拟|候选|代")
"""Who had a post, or may have it, does not hold it: such words are refused."""


def _has_none(piece: str, words: Vocabulary) -> bool:
    return words.code("post", piece) is None and _NO_POST.fullmatch(piece) is not None


def read_post(value: Value, column: Column, words: Vocabulary) -> Reading:
    """Read a post, or several of one person: 支部书记、主任 is one word, and of 副书记兼组织委员 the higher counts.

    Examples
    --------
    >>> from jifen_analysis.tables import TABLES
    >>> from jifen_analysis.vocabulary import standard
    >>> post = TABLES["members"]["post"]
    >>> [read_post(said, post, standard()).value for said in ("支部书记、主任", "副书记兼组织委员", "党小组长")]
    ['secretary_director', 'deputy', None]
    """
    text = re.sub(r"\s|\(兼任?\)", "", plain(value)) if isinstance(value, str) else ""
    said = [piece for piece in _POSTS.split(text) if piece]
    pieces = [piece if _has_none(piece, words) or _FORMER.match(piece) else _OF_BRANCH.sub("", piece) for piece in said]
    known = [words.code("post", piece) for piece in pieces if not _has_none(piece, words)]
    codes = dict.fromkeys(code for code in known if code)
    if not pieces or None in known or words.code("post", text):
        return read_word(text or value, column, words)
    if not codes:
        return value_with_note(
            None, "post_read", value, "不是计分所用的职务,按没有职务读", "is none of the posts; read as none"
        )
    higher = [code for code in codes if code not in _BELOW] or list(codes)[:1]
    if set(higher) == {"secretary", "director"}:
        higher = ["secretary_director"]
    if len(higher) > 1:
        listed = "、".join(words.label("post", code) for code in higher)
        return refusal(
            "several_posts", value, f"是几个职务({listed});请只填一个", f"is several posts ({', '.join(higher)})"
        )
    return read_as(higher[0], "post_read", value, words.label("post", higher[0]))


# ---------------------------------------------------------------- what somebody did


_AMOUNT = re.compile(r"(?P<deed>.{1,40}?)[:(]?(?:人民币|现金)?[¥]?(?P<n>\d+(?:\.\d+)?)元整?\)?")
_TIMES = re.compile(r"(?P<deed>.{1,40}?)[:(×x*]?(?P<n>\d+)[次户件条]\)?")
_RECEIVED = re.compile(r"^(?:[被获]?评[为上]?|[荣喜]?获得?|荣膺|当选为?|受到?|被?授予)")
_HONOUR = re.compile(
    r"(?:(?:优秀|先进|最美|十佳|模范)[\u4e00-\u9fff]{1,10}|(?:劳动|道德)模范|劳模|三八红旗手|五一劳动奖章|[\u4e00-\u9fff]{0,6}标兵|[\u4e00-\u9fff]{2,6}能手)"
    r"(?:称号|荣誉称号)?"
)
_PRIZE = re.compile(r"(?P<contest>[\u4e00-\u9fff]*(?:比赛|竞赛|大赛|赛))(?:荣?获得?)?(?P<level>[一二三]等奖)")
_SHORTEST_LEVEL = 2
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
    bare = unspaced(text)
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
    sure = [(name, code) for name, code in names if len(spelling(name)) >= _SHORTEST_LEVEL]
    return sorted(sure, key=lambda pair: (-len(pair[0]), pair))
