"""What the text of a header may name: a column, a part of a time, or what changes no score; each is looked up once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.cells.lexicon import AMOUNT, PEOPLE, SIGNING, SPAN, VOTES
from jifen_analysis.intake.cells.reading import RAISED
from jifen_analysis.intake.grid import Value
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary, spelling, standard

PERSON = ("member_id", "name", "branch")
"""Columns that say whose row it is, in every table but surveys."""
DEEPEST = 60
"""Rows in which a header is looked for."""
_LONGEST = 80
"""Signs up to which a text may be a header."""

_BRACKETS = re.compile(r"[(\[【<〈《「『](?!不?[含包除]).*?[)\]】>〉》」』]")
"""What stands in brackets is left out, unless it says what is counted in, or left out."""
_INSIDE = re.compile(r"^[(\[【<〈《「『]([^)\]】>〉》」』]*)[)\]】>〉》」』]$")
_LETTERED = re.compile(r"^[A-Za-z]\(([^)]+)\)$")
_STARS = re.compile(r"^[*★☆※#\s]+|[*★☆※#:\s]+$")
_NOTED = re.compile(rf"(?<=[\u4e00-\u9fff)）]){RAISED}+\s*$")
"""The sign of a note behind a header: 实缴①."""
_NUMBERED = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]+)[.、)]\s*")


def header_forms(value: Value) -> tuple[str, ...]:
    """Return the spellings under which a header cell may be known, best first.

    Examples
    --------
    >>> header_forms("*党员 编号(必填)")
    ('党员编号(必填)', '党员编号')
    """
    return _forms(value) if isinstance(value, str) else ()


@lru_cache(maxsize=1 << 15)
def _forms(value: str) -> tuple[str, ...]:
    if len(value) > _LONGEST:
        return ()
    value = _NOTED.sub("", value)
    text = _STARS.sub("", plain(value.replace("\r", "")))
    bare = _STARS.sub("", _BRACKETS.sub("", text))
    first = value.strip().splitlines()[0] if value.strip() else ""
    forms = [
        text,
        bare,
        _INSIDE.sub(r"\1", text),
        _LETTERED.sub(r"\1", text),
        _of_two_axes(value),
        _NUMBERED.sub("", bare),
        _BRACKETS.sub("", _STARS.sub("", plain(first))),
    ]
    return tuple(dict.fromkeys(form for form in map(spelling, forms) if form))


def _of_two_axes(value: str) -> str:
    """Return 姓名 of a corner such as 日期/姓名, which says what goes across and what goes down."""
    parts = [plain(part) for part in _AXES.split(value.strip()) if part.strip()]
    people = [part for part in parts if part in _PEOPLE]
    return people[0] if len(parts) == 2 and len(people) == 1 and parts[0] != parts[1] else ""


_AXES = re.compile(r"[\n/\\|]+|\s{2,}")
_PEOPLE = ("姓名", "党员姓名", "人员姓名", "成员姓名", "名字")


@cache
def _index() -> Mapping[str, Mapping[str, tuple[str, int]]]:
    """Return spelling -> table -> (column, how far from the label the spelling is)."""
    vocabulary = standard()
    index: dict[str, dict[str, tuple[str, int]]] = {}
    for table, columns in TABLES.items():
        named = dict.fromkeys([*columns, *(PERSON if table != "surveys" else ())])
        for column in named:
            for rank, name in enumerate(vocabulary.column(table, column).spellings):
                index.setdefault(spelling(name), {}).setdefault(table, (column, rank))
    return index


_Named = Mapping[str, tuple[str, int]]


@lru_cache(maxsize=1 << 15)
def _named(value: str) -> _Named:
    """Return table -> (column, rank), by the best form that a table knows."""
    found: dict[str, tuple[str, int]] = {}
    for form in reversed(_forms(value)):
        found |= _index().get(form, {})
    said = next((name for name, form in _AMOUNTS.items() if any(map(form.fullmatch, _forms(value)))), "")
    named = {**({"dues": (said, _FARTHEST)} if said else {}), **found}
    return {table: at for table, at in named.items() if table != "dues"} if _OF_MONTHS.search(plain(value)) else named


_AMOUNTS = {
    "due": re.compile(
        rf"(?:每人)?(?:[每本当]?月|每)?应[缴交收]纳?(?:党费)?(?:{AMOUNT}|标准)?(?:/[每人]?月)?|(?:党费)?(?:每?月)?[缴交]纳?标准"
        rf"|(?:每?月)[缴交]纳?(?:党费|{AMOUNT})?|党费标准"
    ),
    "paid": re.compile(rf"(?:[本当]?月)?[实已][缴交收]纳?(?:党费)?(?:{AMOUNT})?"),
}
"""Headers of amounts of dues in every dress."""
_FARTHEST = 99
_OF_MONTHS = re.compile(rf"\(每?(?:{SPAN}|合计|累计)\)")
"""What makes an amount of dues, in brackets, one of several months."""


_NOTHING: _Named = {}


def find_columns(value: Value) -> _Named:
    """Return the column that a header cell names in each table that knows it, and how far it is from the label.

    Examples
    --------
    >>> find_columns("实缴(元)")
    {'dues': ('paid', 1)}
    """
    return _named(value) if isinstance(value, str) else _NOTHING


def column_of(value: Value, table: str) -> str:
    """Return the column of a table that a header cell names; blank where it names none."""
    found = _named(value).get(table) if isinstance(value, str) else None
    return found[0] if found else ""


def likely_column(row: Sequence[Value], name: str) -> int:
    """Return the one column of a row that can only say who did it (``name``), or when (``date``); -1 for none or more.

    Examples
    --------
    >>> likely_column(["提交时间", "填写人", "刊发日期", "标题"], "date")
    2
    """
    heads = {j: plain(value) for j, value in enumerate(row) if isinstance(value, str)}
    told = [j for j, head in heads.items() if _kind_of(head) == name]
    others = [head for j, head in heads.items() if j not in told and _DOERS.fullmatch(head) and not is_harmless(head)]
    return told[0] if len(told) == 1 and not (others and re.match(_FILLED_IN, heads[told[0]])) else -1


_FILLED_IN = "填写|提交|申报|报名"
"""Who filled in a record: himself, where no other header says who did it."""
_DOERS = re.compile(r"(?![受被审]|联系|见证|证明|登记|记录|负责|主持)[\u4e00-\u9fff]+(?:[人者员公]|姓名|同志)")


@lru_cache(maxsize=1 << 14)
def _kind_of(value: str) -> str:
    text = plain(value) if len(value) < _LONGEST else ""
    return next((name for name, form in _LIKELY.items() if form.fullmatch(text)), "")


_LIKELY = {
    "name": re.compile(
        rf"(?:{_FILLED_IN}|签到|打卡|捐[款赠物资献]|获[奖评]|[受被]?表彰|[受被]?奖励|撰[稿写]|[供投]稿|刊发|调解|志愿|服务|值班|认领|参赛|献血)"
        rf"(?:人员?|者|员|{PEOPLE})(?:姓名)?"
    ),
    "date": re.compile(
        r"(?![提填登录打签入转调答审更创导缴交付收到退毕任离开结起截制报统批受申计预拟下]|公示|出生|参加工作"
        r"|[\u4e00-\u9fff][报传送交缴档录效])"
        r"[\u4e00-\u9fff]{2,4}(?:日期|时间)"
    ),
}
"""Headers of those who did something, and of when: 捐款人, 刊发日期; never of who only handles it: 经手人, 承办人."""


@lru_cache(maxsize=1 << 15)
def is_person(value: Value) -> bool:
    """Return whether a header says whose row it is."""
    return column_of(value, "dues") in PERSON


@lru_cache(maxsize=1 << 15)
def is_somebody(value: Value) -> bool:
    """Return whether a header says which member's row it is."""
    return column_of(value, "dues") in ("member_id", "name")


def asks_for_card(label: Sequence[Value]) -> bool:
    """Return whether a header asks for the number of an identity card, which is an id only where there is no other."""
    return any("身份" in form for part in label for form in header_forms(part))


def find_tables(names: Sequence[str], words: Vocabulary) -> frozenset[str]:
    """Return the tables whose name stands in one of some texts."""
    return frozenset().union(*(_tables_in(spelling(name), words) for name in names))


@lru_cache(maxsize=1 << 12)
def _tables_in(text: str, words: Vocabulary) -> frozenset[str]:
    return frozenset(table for table, names in _names_of_tables(words) if any(name in text for name in names))


@lru_cache(maxsize=8)
def _names_of_tables(words: Vocabulary) -> Sequence[tuple[str, Sequence[str]]]:
    return [(table, [*map(spelling, word.spellings)]) for table, word in words.tables.items()]


# ---------------------------------------------------------------- columns on which no score depends


_OF_STATES = (
    r"(?:家庭|现|居住|户籍|联系|通讯)?(?:住址|地址)|学历|学位|文化程度|籍贯|出生地|年龄|党龄|职业|职称|入党介绍人|部门|不计"
    r"|工作单位|单位及职务|评议批次|所属党组织|所在党组织|党组织|党委|总支|所属党委|上级党组织"
)
_HARMLESS = re.compile(
    rf"{_OF_STATES}|序号?|行号|排序|no\.?|#|联系?电话|联系方式|手机号?码?|电话号?码?"
    rf"|民族|(?:本人|签收|领导|负责人|经手人|审核人)?(?:{SIGNING})|经[办手]人|收[款缴]人|记录人|填[报表]人|审核人"
    r"|(?:公民)?身份证号?码?|微信号|电子邮箱|(?:所[在属])?党小组|支付方式|[缴交收][费纳款]方式|[缴交][费纳]基数"
    rf"|(?:月|缴费|计缴)?(?:工资|基数|收入)(?:基数)?|(?:缴费|缴纳)?比例|签[到退]时间|打卡时间|票据号?|收据号?|照片|{VOTES}"
)
"""Headers below which nothing stands that a score depends on, and what is left aside on purpose."""


@lru_cache(maxsize=1 << 14)
def is_harmless(header: str) -> bool:
    """Return whether a header is on the short list of those that change no score, or is left aside on purpose.

    Examples
    --------
    >>> is_harmless("联系电话(手机)"), is_harmless("备注")
    (True, False)
    """
    return _HARMLESS.fullmatch(_bare(header)) is not None


def _bare(header: str) -> str:
    return re.sub(r"\(.*?\)", "", spelling(header))


@lru_cache(maxsize=1 << 14)
def may_speak_of_states(header: str) -> bool:
    """Return whether below a harmless header words such as 退休 or 外出 may stand for what it asks.

    Examples
    --------
    >>> may_speak_of_states("工作单位"), may_speak_of_states("签字")
    (True, False)
    """
    return re.fullmatch(_OF_STATES, _bare(header)) is not None


# ---------------------------------------------------------------- parts of times


_PARTS = {
    "year": r"(?:所属|考核|缴费|缴纳|活动|会议|评议|统计|发生)?(?:年度|年份|年)",
    "half": r"(?:所属|考核)?(?:(?:上/?下)?半年度?|上半年/下半年)",
    "quarter": r"(?:所属|考核)?(?:季度|季|第几季度)",
    "month": r"(?:所属|考核|活动|会议|发生)?(?:月份|月)",
    "day": r"(?:活动|会议|发生)?(?:日|号)",
}
"""Times said in parts: 年度 and 月份, 月 and 日, 年度 and 季度, each in a column of its own."""


@cache
def _part_of(text: str) -> str:
    return next((name for name, form in _PARTS.items() if re.fullmatch(form, text)), "")


@lru_cache(maxsize=1 << 15)
def part_of(value: Value) -> str:
    """Return which part of a time a header names: year, half, quarter, month, day or nothing.

    Examples
    --------
    >>> part_of("所属年度"), part_of("季度"), part_of("日期")
    ('year', 'quarter', '')
    """
    return _part_of(re.sub(r"\s|\(.*?\)", "", plain(value))) if isinstance(value, str) and len(value) < 20 else ""
