"""What a column of a roster says of its members: decided by its header and its values together.

党员类别 over 正式 / 预备 is the stage; over 在职 / 离退休 / 流动 it says who is
retired and who is floating. A header that asks (是否流动党员, or 组织委员 over
ticks) takes yes and no; one that names a kind of state takes the words for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells.lexicon import KINDS, PEOPLE, REMARKS
from jifen_analysis.intake.cells.numbers import read_boolean
from jifen_analysis.intake.cells.reading import Reading, is_nothing, plain, refusal
from jifen_analysis.intake.grid import Value
from jifen_analysis.vocabulary import Vocabulary, spelling

SET = ("stage", "post", "sex", "retired", "floating", "infirm", "exempt", "left")
"""The columns of the roster that a state sets; ``left`` is nobody's column: who has left has a last day."""

Said = Mapping[str, str | bool]
"""Column to value, as the column itself would take it."""

_OF_STANDING: Mapping[str, Said] = {
    "ordinary": {},
    "serving": {"retired": False},
    "retired": {"retired": True},
    "floating": {"floating": True},
    "resident": {"floating": False},
    "infirm": {"infirm": True},
    "exempt": {"exempt": True},
    "left": {"left": True},
}
_OTHERWISE: Mapping[str, Said] = {
    **{name: {name: False} for name in ("retired", "floating", "infirm", "exempt")},
    "probationary": {"stage": "full"},
    "full": {"stage": "probationary"},
}
"""What no says, where the header asks for a state; nothing for the others."""

_KIND = f"{KINDS}|状态|情况"
_STATE = re.compile(
    rf"(?:{PEOPLE}|成员|个人)(?:{_KIND}|属性|种类)|党籍(?:{_KIND})?|政治面貌|发展阶段|(?:党员)?身份类别"
    rf"|(?:流动|离退休|退休|在职|在岗|预备|转正|组织关系|参加组织生活)(?:党员)?(?:{_KIND})"
    r"|(?:在职|在岗)[/、或与及和]?(?:离?退休|离退)"
    r"|[正预](?:式|备)?(?:党员)?[/或]?[正预](?:式|备)?(?:党员)?"
)
"""Headers that ask for a state: every word below must be one."""
_LOOSE = re.compile(
    rf"(?P<kind>(?:{PEOPLE}|个人|现)?(?:身份|性质|{_KIND}))|(?:工作|就业|从业)(?:{_KIND}|状况)|人员状况|{REMARKS}|注|(?:工作)?岗位"
)
"""Headers that may speak of states, and of anything else: only whole words for a state are read.

Where 类别 or 性质 says of somebody how far he is (预备), every word below must be one for a state.
"""
_ASKS = re.compile(r"^(?:是否|是不是)(?:为|是|属于?|已经?|参加)?")
_STATE_OF = re.compile("(?:情况|与否)$")
_PIECES = re.compile(r"[、,/;()|+&\s]+")
_RETIRED = re.compile(r"(?:企业|事业|机关|单位|学校|教师|干部|工人|职工)+(?:离?退休|离休)|[退离]休(?:教师|工人|军人)")
_MEMBER = re.compile("(?:中共|的)?党员$")


@dataclass(frozen=True)
class Meaning:
    """What the values of a column say."""

    # distinct value to the columns that it sets; for values that are understood
    says: Mapping[Value, Said] = field(default_factory=dict)
    refused: Mapping[Value, Reading] = field(default_factory=dict)  # distinct values that are not

    @property
    def columns(self) -> frozenset[str]:
        """The columns that are set."""
        return frozenset(name for said in self.says.values() for name in said)


def read_standing(header: str, values: Iterable[Value], words: Vocabulary) -> Meaning | None:
    """Return what a column says of members, if it is one that speaks of their state.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> read_standing("党员类别", ["离退休党员", "流动党员"], standard()).says
    {'离退休党员': {'retired': True}, '流动党员': {'floating': True}}
    >>> read_standing("是否预备党员", ["是", "否"], standard()).says
    {'是': {'stage': 'probationary'}, '否': {'stage': 'full'}}
    >>> list(read_standing("党籍状态", ["正常", "待定"], standard()).refused)
    ['待定']
    """
    text = spelling(re.sub(r"[(\[【].*?[)\]】]|[:*★]", "", plain(header)))
    distinct = [value for value in values if not is_nothing(value) or _is_no(value)]
    asked = _asked(text, words)
    if asked:
        found = _answers(asked, text, distinct, words)
        # 书记 over a name says who is secretary, not that somebody is.
        sure = asked in _OF_STANDING or _ASKS.match(text) or not found.refused
        return _named(found, header) if sure else None
    if _STATE.fullmatch(text):
        return _named(_states(distinct, words), header)
    loose = _LOOSE.fullmatch(text)
    found = _states(distinct, words) if loose else Meaning()
    if loose and loose["kind"] and "stage" in found.columns:
        return _named(found, header)
    return Meaning(found.says) if found.columns else None


def state_in(text: str, words: Vocabulary) -> Said | None:
    """Return what a word, or several, say of a member; ``None`` where one of them is no word for a state.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> state_in("中共党员(预备)", standard()), state_in("已转出", standard()), state_in("教师", standard())
    ({'stage': 'probationary'}, {'left': True}, None)
    """
    pieces = [text] if _of_word(text, words) is not None else [p for p in _PIECES.split(plain(text)) if p]
    found = [_of_word(piece, words) for piece in pieces]
    said: dict[str, str | bool] = {}
    for piece, one in zip(pieces, found, strict=True):
        if one is None:
            return None
        for name, value in one.items():
            if said.setdefault(name, value) != value and not _yields(piece, said[name]):
                if name != "stage" or said[name] != "full":
                    return None
                said[name] = value  # 中共党员(预备): the more specific
    return said if found else None


def _yields(piece: str, known: str | bool) -> bool:
    """Return whether a word such as 党员 only says less than what is known."""
    return known == "probationary" and is_bare_member(piece)


def is_bare_member(value: Value) -> bool:
    """Return whether a word says that somebody is a member, and not of which stage.

    Examples
    --------
    >>> is_bare_member("中共党员"), is_bare_member("正式党员")
    (True, False)
    """
    return isinstance(value, str) and spelling(value) in ("党员", "中共党员", "中国共产党党员")


def _of_word(piece: str, words: Vocabulary) -> Said | None:
    if stage := words.code("stage", piece):
        return {"stage": stage}
    if standing := words.code("standing", piece) or ("retired" if _RETIRED.fullmatch(plain(piece)) else None):
        return _OF_STANDING[standing]
    return {"post": post} if (post := words.code("post", piece)) else None


def _asked(header: str, words: Vocabulary) -> str:
    """Return the word whose yes or no a header asks for; blank where it asks for none."""
    bare = _STATE_OF.sub("", _ASKS.sub("", header))
    for form in (bare, _MEMBER.sub("", bare), f"{bare}党员"):
        code = next((code for kind in _KINDS if (code := words.code(kind, form))), None)
        if code and code != "none":
            return code
    return ""


_LISTED = re.compile("在册|党籍|正常")
"""What only those are not who have left."""


_KINDS = ("standing", "stage", "post", "sex")


def _answers(asked: str, header: str, values: Iterable[Value], words: Vocabulary) -> Meaning:
    yes = _of_code(asked, words)
    says: dict[Value, Said] = {}
    wrong: dict[Value, Reading] = {}
    for value in values:
        answer = False if _is_no(value) else read_boolean(value).value
        own = state_in(value, words) if isinstance(value, str) and answer is None else None
        if answer is False and asked == "ordinary" and _LISTED.search(header):
            wrong[value] = _not_listed(value)
        elif answer is not None:
            says[value] = yes if answer else _OTHERWISE.get(asked, {})
        elif own is not None and own.keys() <= yes.keys():
            says[value] = own
        else:
            wrong[value] = _no_answer(value)
    return Meaning(says, wrong)


def _of_code(code: str, words: Vocabulary) -> Said:
    if code in _OF_STANDING:
        return _OF_STANDING[code]
    return {next(kind for kind in _KINDS if code in words.words[kind]): code}


def _is_no(value: Value) -> bool:
    return isinstance(value, str) and plain(value) in ("无", "不是", "非")


def _states(values: Iterable[Value], words: Vocabulary) -> Meaning:
    found = {value: state_in(value, words) if isinstance(value, str) else None for value in values}
    says = {value: said for value, said in found.items() if said is not None}
    return Meaning(says, {value: _no_state(value) for value, said in found.items() if said is None})


def _named(found: Meaning, header: str) -> Meaning:
    """Name the header in what is said of values that do not fit it."""
    under, wrong = plain(header), {value: one for value, one in found.refused.items() if one.text}
    texts = {
        value: Text(f"“{under}”下的{one.text.zh}", f"under {under}: {one.text.en}")
        for value, one in wrong.items()
        if one.text
    }
    return Meaning(found.says, {value: replace(one, text=texts[value]) for value, one in wrong.items()})


def _no_state(value: Value) -> Reading:
    return refusal(
        "unknown_state",
        value,
        "看不懂是什么状态;可填 正式、预备、在职、离退休、流动、年老体弱、免于考核,已离开的请填截止日期",
        "is no state that is known: 正式, 预备, 在职, 离退休, 流动 …; who has left needs a last day",
        "standing",
    )


def _no_answer(value: Value) -> Reading:
    return refusal("bad_boolean", value, "不是 是/否;请写 是 或 否(也可 √ 或空白)", "is neither yes nor no")


def _not_listed(value: Value) -> Reading:
    return refusal(
        "left_member",
        value,
        "说已不在册;请填截止日期,或从花名册删去这一行",
        "says that somebody is no longer on the roster: give a last day (截止日期), or delete the row",
    )
