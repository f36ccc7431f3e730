"""What the title, the sheet's name, the file's name and its folders say about a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import takewhile
from pathlib import PurePath
from typing import TypeVar

from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.cells.lexicon import BRANCH, JUDGING, KINDS, PART_OF_YEAR, PUT_OFF, REPORTING
from jifen_analysis.intake.cells.times import TO, YEAR, in_digits, in_full
from jifen_analysis.intake.grid import Grid, is_blank
from jifen_analysis.intake.layouts.spellings import is_somebody
from jifen_analysis.periods import Period, read_period
from jifen_analysis.vocabulary import Vocabulary, spelling

_EXPORTED = re.compile(rf"{YEAR}[-./年]?(?:\d{{1,2}}[-./月]?(?:\d{{1,2}}日?)?)?(?:导出|打印|下载|备份)")
"""When a file was made, which says nothing of its records."""
_REPORTED = re.compile(rf"(?:{REPORTING}|统计|截止|截至|更新)[^,。;]*")
_COMMITTEE = re.compile(r"((?:中共|中国共产党)\S*?支部)委员会(?!会?议|工作|学习)")
"""The full name of a branch, which is no meeting of its committee."""
_MOVED = re.compile(PUT_OFF)
"""What makes the day of a title the one on which it was not."""
_DAY = re.compile(rf"(?<!\d)({YEAR})\s*[-./年]\s*(\d{{1,2}})\s*[-./月]\s*(\d{{1,2}})\s*日?(?!\d)")
_HELD = "[会课]议?|党日|学习|活动"
_DIGITS = rf"({YEAR})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
_UNDASHED = re.compile(rf"(?<!\d)(?<!\d[-—~至到]){_DIGITS}(?=\s*[\u4e00-\u9fff]*(?:{_HELD}))")
"""A day in digits before the name of a meeting; elsewhere it may be when a file was made."""
_YEAR = re.compile(rf"(?<!\d)({YEAR})(?!\d)")
_MONTH = r"\d{1,2}\s*月(?!\d)"
_PERIOD = re.compile(rf"({YEAR})\s*[-.年]?\s*度?\s*({PART_OF_YEAR}|H[12]|Q[1-4]|{_MONTH}|-\d\d(?!\d))")
_INSIDE = re.compile(rf"(?<![\d、,/~—–―-])(?<!\d[至到和])({PART_OF_YEAR}|{_MONTH})")
_SPAN = re.compile(rf"(?<!\d)(\d{{1,2}})\s*月?\s*[{TO}]\s*(\d{{1,2}})\s*月")
_SPANS = {(1, 6): "上半年", (7, 12): "下半年", (1, 3): "一季度", (4, 6): "二季度", (7, 9): "三季度", (10, 12): "四季度"}
_DAYS = re.compile(_DAY.pattern + rf"\s*[{TO}、和及]\s*\d")
"""From one day to another: no single day."""
_RATE = re.compile(
    r"(?:每人每月|每月|月缴|月应缴|(?<!年)标准)(?:党费|应?[缴交]纳?|金?额|标准|均?为|是|按|每[人月]|:)*¥?(\d+(?:\.\d+)?)元"
    rf"(?![/每]?(?:人[/·.])?年|以[上下]|[{TO}])|(?<![\d.])(\d+(?:\.\d+)?)元[/每·](?:人?[/·每])?月"
)
"""Dues of a month in words: 每人每月10元, 标准:10元/月."""
_NAMED_MONTH = re.compile(rf"({YEAR})[-._年]?(0[1-9]|1[0-2]|[1-9](?!\d))")
"""How a sheet is called that holds a month: 202403, 2024.3."""
_BRANCH = re.compile(
    rf"[\u4e00-\u9fffA-Za-z0-9·]*?(?:{BRANCH})(?:(?!委员|党员大会|大会|书记)|(?=委员会(?:党员|名册|\d)))"
)
_BEFORE_BRANCH = re.compile(
    r"^(?:中共|填报单位|单位名称|单位|支部名称|所在支部|党支部|名称|年度|年|度|[上下]半年|\d{1,2}月|\d{4})+"
)


_T = TypeVar("_T")
Texts = tuple[str, ...]
"""The texts of one place, such as the title or the name of a folder."""
_remembered = lru_cache(maxsize=1 << 14)
"""Sheets, files and folders of one data set are called alike: each text is looked at once."""

_NO_BRANCH = re.compile(r"^(?:党?支部|党总支)?$|[各本该每你请填报]|关于|所属|所在|下属|全体|所有|基层")


@dataclass(frozen=True)
class Surroundings:
    """What stands around a sheet's records, where it is unambiguous."""

    year: int | None = None  # of the sheet
    month: int | None = None
    period: str = ""  # the assessed period named, such as ``2024H1``; a bare year counts
    day: date | None = None  # a single full date
    branch: str = ""  # the branch whose sheet it is
    activity: str = ""  # code of the activity named
    due: float | None = None  # dues of a month, the same for everybody
    group: str = ""  # code of the group of evaluators named
    full: float | None = None  # the highest mark, where title or sheet say that marks are of so many
    # of months from one year to the next (2024年12月至2025年1月): the first year, the first and the last month
    turn: tuple[int, int, int] | tuple[()] = ()
    event: str = ""  # code of the event named: 2024年7月捐款登记表
    item: str = ""  # the item of the schemes given that is named: a sheet 理论学习

    def year_of(self, month: int) -> int | None:
        """Return the year of a month that names none: of months over the turn of a year the one that it is in."""
        if not self.turn:
            return self.year
        year, first, last = self.turn
        return year if month >= first else year + 1 if month <= last else None

    @property
    def own_month(self) -> str:
        """The month of the sheet, as 2024-05; blank where nothing says one."""
        return f"{self.year}-{self.month:02d}" if self.year and self.month else ""

    def of_any_branch(self) -> Surroundings:
        """Return the same without saying which branch it is of."""
        return replace(self, branch="党支部") if self.branch else self


def surroundings(
    titles: Sequence[str], sheet: str, file: str, year: int | None, words: Vocabulary, above: Sequence[str] = ()
) -> Surroundings:
    """Gather what is said around a sheet; what stands nearer wins, what is ambiguous says nothing.

    ``titles`` are the rows above the header, ``above`` titles over several blocks; ``file`` is the path below what was
    loaded, ``year`` the one to take where nothing says one.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> found = surroundings(["2024年上半年民主评议"], "Sheet1", "第一支部.xlsx", None, standard())
    >>> found.year, found.period, found.branch
    (2024, '2024H1', '第一支部')
    """
    texts = [_without_reports(titles), _without_reports(above), *_names_in(sheet, file)]
    told, names = texts[:3], texts[3:]
    times = [tuple(map(_as_time, place)) for place in (*(tuple(map(_behind, place)) for place in told), *names)]
    found = _first(map(_years, times)) or year
    periods = _first(_periods(place, found) for place in times)
    said = [_said_by(place, words) for place in texts]
    near = said[:4]
    dated = times[: 4 if said[3].activity else 3]  # the day in a file's name may be that of the file
    period = Period.parse(periods) if periods else None
    return Surroundings(
        found,
        period.first % 12 + 1 if period and period.kind == "month" else None,
        periods or (str(found) if found and not any(map(_SPAN.search, times[0])) else ""),
        _first(map(_days, dated)) or _first(_days(tuple(_with_year(text, found) for text in place)) for place in dated),
        _first(one.branch for one in said) or "",
        _first(one.activity for one in near) or "",
        _first(one.due for one in near),
        _first(one.group for one in near) or "",
        _first(one.full for one in near),
        _first(one.turn for one in said) or (),
        _first(one.event for one in near) or "",
        _only({one.item for one in near if one.item}) or "",  # of two, neither is that of all marks
    )


@_remembered
def _said_by(place: Texts, words: Vocabulary) -> Surroundings:
    """Return what one place says, whatever the year."""
    return Surroundings(
        branch=_branches(place) or "",
        activity=activity_in(place, words) or "",
        due=_rates(place),
        group=group_in(place, words) or "",
        full=highest_mark(place),
        turn=_turns(place) or (),
        event=_named_in(spelling(" ".join(place)), "event", words) or "",
        item=_item_in(spelling(" ".join(place)), words) or "",
    )


def _item_in(text: str, words: Vocabulary) -> str | None:
    """Return the one item of the schemes given that a text names."""
    names = [(name, one.label) for name, one in words.items.items() if name in text and not name.isascii()]
    named = _only({label for _, label in names}) or _longest(names)
    one = next(((words.items[name].text or name, name) for name, label in names if label == named), None)
    return one[0] if one and not re.search(_NOT_THE_MARKS.format(re.escape(one[1])), text) else None


_NOT_THE_MARKS = (
    "(?:不[计算含]入?|不包[括含]|除了?|去掉|扣除){0}|{0}[^加扣减]{{0,2}}[加扣减]分|{0}[^外]{{0,2}}(?:以外|除外|外的)"
)
"""Titles that name an item and not its marks: 不计理论学习, 理论学习加分."""


_TURN = re.compile(rf"({YEAR})[年./-](\d{{1,2}})月?份?[{TO}]+(?:({YEAR})[年./-]|[次翌第下]二?年)(\d{{1,2}})(?!\d)月?")


def _turns(place: Texts) -> tuple[int, int, int] | None:
    """Return the months over the turn of a year that some texts name: the first year, the first and the last month."""
    found = {one.groups() for text in place for one in _TURN.finditer(re.sub(r"\s", "", in_digits(text)))}
    spans = {(int(a), int(m), int(n)) for a, m, b, n in found if b is None or int(b) == int(a) + 1}
    return _only({(year, first, last) for year, first, last in spans if 1 <= last < first <= 12})


def names_year(sheet: str, file: str) -> bool:
    """Return whether sheet, file or a folder is called by a year, so that no other one is taken."""
    return any(_years(tuple(map(_as_time, place))) for place in _names_in(sheet, file))


@_remembered
def _names_in(sheet: str, file: str) -> list[Texts]:
    """Return what sheet, file and folders are called, the nearest first."""
    path = PurePath(file)
    return [(_EXPORTED.sub(" ", plain(name)),) for name in (sheet, path.stem, *reversed(path.parts[:-1]))]


@_remembered
def said_in(place: Texts, year: int | None = None) -> tuple[int | None, str | None, str | None]:
    """Return the year, the period (of ``year`` where they say none) and the branch that some texts name, one each.

    Examples
    --------
    >>> said_in(("第一支部2024年上半年考勤",))
    (2024, '2024H1', '第一支部')
    """
    texts = _without_reports(place)
    times = tuple(map(_as_time, texts))
    return _years(times), _periods(times, _years(times) or year), _branches(texts)


def year_in(grids: Iterable[Grid]) -> int | None:
    """Return the one year that the titles of a workbook name; two years say nothing."""
    titled = (tuple(map(_as_time, _without_reports(_titles(grid)))) for grid in grids)
    return _only({year for texts in titled if (year := _years(texts))})


def _titles(grid: Grid) -> list[str]:
    """Return the texts that stand alone in one of the first rows, above the header: below it, one is a footer."""
    first = takewhile(lambda row: not any(map(is_somebody, row)), grid.rows(0, _FIRST_ROWS))
    lines = ([value for value in row if value is not None and not is_blank(value)] for row in first)
    return [line[0] for line in lines if len(line) == 1 and isinstance(line[0], str)]


_FIRST_ROWS = 5


@_remembered
def _as_time(text: str) -> str:
    named = _NAMED_MONTH.fullmatch(text)
    dashed = _UNDASHED.sub(r"\1-\2-\3", in_full(in_digits(text)))
    return f"{named[1]}年{named[2]}月" if named else _SPAN.sub(_as_period, dashed)


_DAY_BEHIND = re.compile(rf"(?<=[\u4e00-\u9fff])(?<!\d[至到和及]){_DIGITS}$")


def _behind(text: str) -> str:
    """Return a title with the day in digits that ends it in full: 党员大会签到20240408, where no file is called so."""
    return _DAY_BEHIND.sub(r"\1-\2-\3", text.rstrip()) if re.search(_HELD, text) else text


def _as_period(found: re.Match[str]) -> str:
    """Return the half or quarter that a span of months is, or the span."""
    return _SPANS.get((int(found[1]), int(found[2])), found[0])


def _without_reports(titles: Sequence[str]) -> Texts:
    return tuple(map(_without_report, titles))


@_remembered
def _without_report(text: str) -> str:
    return _COMMITTEE.sub(r"\1 ", _REPORTED.sub(" ", _EXPORTED.sub(" ", plain(text))))


def _first(found: Iterable[_T | None]) -> _T | None:
    return next((value for value in found if value), None)


def _only(found: set[_T]) -> _T | None:
    return next(iter(found)) if len(found) == 1 else None


@_remembered
def _years(place: Texts) -> int | None:
    alone = {int(year) for text in place for year in _YEAR.findall(_spaced(_DAY.sub(" ", text)))}
    return _only(alone) or _only({int(year) for text in place for year in _YEAR.findall(_spaced(text))})


def _spaced(text: str) -> str:
    return re.sub(r"[_\s]", " ", text)


@_remembered
def _periods(place: Texts, year: int | None) -> str | None:
    if any(map(_SPAN.search, place)):
        return None
    full = {read_period(f"{a}年{b.removeprefix('-')}") for text in place for a, b in _PERIOD.findall(text)} - {None}
    if full or year is None:
        return _coded(full)
    return _coded({read_period(f"{year}年{name}") for text in place for name in _INSIDE.findall(text)} - {None})


def _coded(found: set[Period | None]) -> str | None:
    only = _only(found)
    return str(only) if only else None


@_remembered
def _with_year(text: str, year: int | None) -> str:
    """Return a text with the year before the days that name none."""
    return _MONTH_DAY.sub(rf"{year}年\g<0>", _SHORT_DAY.sub(r"\1月\2日", text)) if year else ""


_SHORT_DAY = re.compile(rf"^\s*(1[0-2]|0?[1-9])(?:\.|(?<=\d\d)(?=\d\d))(\d{{1,2}})(?=\s*[\u4e00-\u9fff]*(?:{_HELD})$)")
"""How a sheet is called that holds one meeting: 3.5党员大会, 0305党员大会."""
_MONTH_DAY = re.compile(r"(?<![\d年./-])\d{1,2}月\d{1,2}日")


@_remembered
def _days(place: Texts) -> date | None:
    found = set()
    for text in place if not any(_DAYS.search(text) or _MOVED.search(text) for text in place) else ():
        for parts in _DAY.findall(text):
            try:
                found.add(date(*map(int, parts)))
            except ValueError:
                continue
    return _only(found)


def _rates(place: Texts) -> float | None:
    return _only({float(one or other) for text in place for one, other in _RATE.findall(re.sub(r"\s", "", text))})


_OUT_OF = re.compile(r"(?<![\d.])(\d{1,3}|百|十|五)分制|(?:满分|总分)[为:]?(\d{1,3})分")
_SPELT = {"百": 100, "十": 10, "五": 5}


def highest_mark(place: Iterable[str]) -> float | None:
    """Return the highest mark that some texts name, such as 10 for 10分制.

    Examples
    --------
    >>> highest_mark(["2024年群众评议(10分制)"]), highest_mark(["评分(满分5分)"])
    (10.0, 5.0)
    """
    found = {one or other for text in place for one, other in _OUT_OF.findall(text)}
    return _only({float(_SPELT.get(said, said)) for said in found})


@_remembered
def _branches(place: Texts) -> str | None:
    found = {_branch_name(name) for text in place for name in _BRANCH.findall(re.sub(r"[\s_:-]", " ", text))}
    return _only(found - {""})


def _branch_name(name: str) -> str:
    rest = _BEFORE_BRANCH.sub("", name)
    return rest if not _NO_BRANCH.search(rest) else ""


def activity_in(place: Sequence[str], words: Vocabulary) -> str | None:
    """Return the one activity that is named in some texts.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> activity_in(["3月5日组织生活会"], standard())
    'life_meeting'
    """
    text = spelling(" ".join(place))
    return _named_in(text if _ALL_OF_THEM.fullmatch(text) else _ALL_OF_THEM.sub("", text), "activity", words)


_ALL_OF_THEM = re.compile("组织生活(?!会)")
"""In a phrase all kinds of meetings, as in 参加组织生活情况; alone people mean 组织生活会 by it."""


@_remembered
def _named_in(text: str, kind: str, words: Vocabulary) -> str | None:
    names = [(name, code) for name, code in words.named[kind] if name in text and code != "unspecified"]
    return _only({code for _, code in names}) or _longest(names)


def _longest(names: Sequence[tuple[str, str]]) -> str | None:
    """Of names inside each other (组织生活 in 组织生活会) the longest is meant."""
    return _only({code for name, code in names if not any(name != other and name in other for other, _ in names)})


_MUTUAL = "互相评议|互评"
_ACTS = rf"{_MUTUAL}|(?:民主)?(?:{JUDGING})"
_ASKED = rf"(?:{JUDGING}|参评)(?:主体|人员?|者)(?:{KINDS}|身份)?:"
_AND = "[和及与]?"


def group_in(place: Sequence[str], words: Vocabulary) -> str | None:
    """Return the one group of evaluators that some texts name beside what it does, or as a whole.

    A sheet is always about 党员, so only 党员互评 says that they are the evaluators.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> group_in(["2024年居民代表评议汇总"], standard()), group_in(["党员民主评议", "班子成员、党员互评"], standard())
    ('residents', None)
    """
    return _only({code for text in place for code in _groups(spelling(text), words)})


@_remembered
def _groups(text: str, words: Vocabulary) -> Set[str]:
    text = re.sub(r"\(\d+[人名]\)$", "", text)
    bare = _ACTED.sub("", text)
    whole = words.code("group", text) or words.code("group", bare)
    if whole and not words.code("stage", text) and not words.code("stage", bare):
        return {whole}
    told = [said for said in re.findall(r"\(([^()]+)\)", text) if not words.code("stage", said)]
    inside = {code for said in told if (code := words.code("group", said))}
    if inside:
        return inside
    name, run = _group_forms(words.named["group"])
    acting = (said for found in run.finditer(text) for said in name.findall(found["asked"] or found["acting"]))
    return {code for said in acting if (code := words.code("group", said))}


_ACTED = re.compile(rf"(?:民主)?(?:{JUDGING}|评)(?:表|汇总表?|意见)?$")


@lru_cache
def _group_forms(names: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the form of a group's name, and that of one or more beside what shows that they are the evaluators."""
    bare = sorted({re.sub(f"(?:{_ACTS})$", "", name) for name, _ in names}, key=len, reverse=True)
    one = f"(?:{'|'.join(map(re.escape, bare))})"
    many = f"(?:{one}{_AND})+"
    acting = f"(?P<acting>(?!党员{_AND}(?:{_ACTS})){many}(?=(?:{_ACTS}))|党员(?={_MUTUAL}))"
    return re.compile(one), re.compile(f"{_ASKED}(?P<asked>{many})|{acting}")
