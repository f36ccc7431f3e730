"""The words for the parts of a scheme: which records, which members, what must hold, how many points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from jifen_analysis.errors import Lang, Speaker, Text, same
from jifen_analysis.periods import NAMES, Kind
from jifen_analysis.schemes.model.parts import FORFEIT, WORD_KINDS, Condition, Measure, RecordFilter, Sourced, Who
from jifen_analysis.vocabulary import Vocabulary


class _Book(Protocol):
    """What a scheme calls its parts."""

    @property
    def period(self) -> Kind: ...

    @property
    def categories(self) -> Mapping[str, Sourced]: ...

    @property
    def measures(self) -> Mapping[str, Measure]: ...

    @property
    def components(self) -> Mapping[str, Sourced]: ...

    @property
    def outcomes(self) -> Mapping[str, Sourced]: ...


@dataclass(frozen=True)
class Speech(Speaker):
    """Whose words: a scheme's, in a vocabulary and a language.

    Titles and clauses are quoted as the file has them, in either language.
    """

    book: _Book
    words: Vocabulary
    lang: Lang = "zh"


BOUNDS = {
    "at_least": ("达到", "at least "),
    "at_most": ("不超过", "at most "),
    "above": ("高于", "above "),
    "below": ("低于", "below "),
}
TABLES = {"attendance": ("考勤", "attendance"), "events": ("事项", "event"), "dues": ("党费", "dues")}
WITHIN = {"branch": ("支部", "branch"), "unit": ("单位", "unit")}
SETS = {
    "organisation_life": ("组织生活", "organisation life"),
    "three_meetings": ("三会一课", "the three meetings and the lecture"),
    "attended": ("到会(含迟到、早退)", "attended (also late, early leave)"),
}
"""Names of groups of words that are said as a whole; others are spelt out."""

GROUPS = {name: zh for name, (zh, _) in SETS.items()} | {
    "administrative": "行政级别",
    "prizes": "获奖等次",
    "review": "评定档次",
    "completion": "完成情况",
    "severity": "情节轻重",
    "media": "媒体级别",
    "research": "课题级别",
}
"""What every group of words is called where words are listed or chosen from."""

_UNITS = {
    kind: (zh if kind == "year" else f"个{zh}", "halves" if kind == "half" else f"{en}s")
    for kind, (zh, en) in NAMES.items()
}
"""What some of a kind of period are counted in."""
_MEASURES = {
    "total": ("总分", "total"),
    "grade": ("等次", "grade"),
    "rank_gain": ("支部名次前移", "places gained in the branch"),
}
_YES = {"floating": ("流动党员", "floating"), "retired": ("退休", "retired"), "infirm": ("年老体弱", "infirm")}


PARTS = {kind: (f"每{zh}", f"each {en}") for kind, (zh, en) in NAMES.items() if kind in ("month", "quarter")}


# ---------------------------------------------------------------- names


def title_of(title: str, code: str) -> Text:
    """Return what a part of a scheme is called: its title as the file has it, else its id.

    Examples
    --------
    >>> title_of("重点工作", "key_work").zh, title_of("", "key_work").en
    ('重点工作', 'key_work')
    """
    return same(title or code)


# ---------------------------------------------------------------- records


def words_text(column: str, listed: Iterable[str], speech: Speech) -> str:
    """Return the words of one coded column, such as 迟到、早退."""
    kind = WORD_KINDS.get(column, column)
    said = []
    for word in listed:
        if word in SETS:
            said.append(speech.say(*SETS[word]))
        else:
            said += [speech.words.label(kind, code, speech.lang) for code in speech.words.members(kind, word)]
    return speech.listed(dict.fromkeys(said))


def records_text(part: RecordFilter, speech: Speech) -> str:
    """Return which records are meant, such as 考勤:组织生活,缺席."""
    said = [words_text(column, words, speech) for column, words in part.where.items()]
    left_out = [words_text(column, words, speech) for column, words in part.excluding.items()]
    text = speech.say(*TABLES[str(part.table)])
    text += speech.say(":", ": ") + speech.say(",", "; ").join(said) if said else ""
    without = speech.listed(left_out)
    return text + (speech.say(f"({without}除外)", f" (but {without})") if without else "")


def either_text(selectors: Iterable[RecordFilter], speech: Speech) -> str:
    """Return records of any of some kinds."""
    return speech.say(" 或 ", " or ").join(records_text(selector, speech) for selector in selectors)


# ---------------------------------------------------------------- members


def who_text(who: Who, speech: Speech) -> str:
    """Return the members described, such as 无职,未满60周岁."""
    said = [words_text(kind, getattr(who, kind), speech) for kind in ("post", "stage", "sex") if getattr(who, kind)]
    said += [category_text(who.category, speech)] if who.category else []
    said += [_flag_text(key, getattr(who, key), speech) for key in _YES if getattr(who, key) is not None]
    said += _ages(who, speech)
    if who.excluding is not None:
        left_out = who_text(who.excluding, speech)
        said.append(speech.say(f"{left_out}以外", f"other than {left_out}"))
    return speech.say(",", "; ").join(said)


def category_text(names: Iterable[str], speech: Speech) -> str:
    """Return the titles of categories."""
    known = speech.book.categories
    return speech.listed(known[name].title or name for name in names)


def _flag_text(key: str, wanted: bool, speech: Speech) -> str:
    zh, en = _YES[key]
    return speech.say(zh if wanted else f"非{zh}", en if wanted else f"not {en}")


def _ages(who: Who, speech: Speech) -> list[str]:
    said = []
    if who.age_at_least is not None:
        said.append(speech.say(f"{who.age_at_least}周岁及以上", f"{who.age_at_least} or older"))
    if who.age_below is not None:
        said.append(speech.say(f"未满{who.age_below}周岁", f"under {who.age_below}"))
    if who.age_unknown:
        said.append(speech.say("没有出生日期的也在内", "also without a date of birth"))
    return said


# ---------------------------------------------------------------- conditions


def measure_text(name: str, speech: Speech) -> str:
    """Return the name of a measure in words, such as 日常考核扣分."""
    if name.startswith("lost."):
        title = measure_text(name.removeprefix("lost."), speech)
        return speech.say(f"{title}扣分", f"points lost in {title}")
    known = {**speech.book.components, **speech.book.measures}
    return known[name].title or name if name in known else speech.say(*_MEASURES[name])


def condition_text(condition: Condition, speech: Speech) -> str:
    """Return a condition in words, such as 日常考核扣分达到20."""
    subject, asked = _subject(condition, speech), _asked(condition, speech)
    return subject + speech.say("", " " if asked and not asked.startswith(" ") else "") + asked


def _subject(condition: Condition, speech: Speech) -> str:
    if condition.who is not None:
        return who_text(condition.who, speech)
    if condition.outcome is not None:
        title = speech.book.outcomes[condition.outcome].title or condition.outcome
        return speech.say(f"“{title}”", title)
    if condition.table is not None:
        return records_text(condition, speech)
    return measure_text(str(condition.measure), speech)


def _asked(condition: Condition, speech: Speech) -> str:
    bounds = (speech.say(*BOUNDS[name]) + _bound(bound, condition, speech) for name, bound in condition.bounds)
    said = speech.listed(bounds)
    if condition.among:
        said += speech.say("为", "is ") + speech.listed(condition.among)
    if condition.outside:
        said += speech.say("不是", "is not ") + speech.listed(condition.outside)
    return said + _when(condition, speech)


def _bound(bound: float | str, condition: Condition, speech: Speech) -> str:
    """Return a number with its unit: times, points, places, months, or as a percentage."""
    if isinstance(bound, str):
        return speech.say("支部平均分", "the mean of the branch")
    measure = speech.book.measures.get(condition.measure or "")
    if measure is not None and measure.share:
        return f"{bound * 100:.6g}%"
    if measure is not None and measure.longest_run:
        return speech.say(f"{bound:g}个月", f"{bound:g} months")
    if measure is not None or condition.table is not None:
        return speech.say(f"{bound:g}次", f"{bound:g} times")
    return speech.say(f"{bound:g}{'名' if condition.measure == 'rank_gain' else '分'}", f"{bound:g}")


def _when(condition: Condition, speech: Speech) -> str:
    said = ""
    if condition.in_a_row:
        zh, en = _UNITS[condition.per or speech.book.period]
        said += speech.say(f"(连续{condition.in_a_row}{zh})", f" ({condition.in_a_row} {en} in a row)")
    if condition.nth:
        said += speech.say(f"(第{condition.nth}次)", f" (time no. {condition.nth})")
    return said + (speech.say("(历年累计)", " (over all years)") if condition.over else "")


# ---------------------------------------------------------------- points


def points_text(price: float | str, speech: Speech) -> str:
    """Return a price, such as 扣5分."""
    if price == FORFEIT:
        return speech.say("本项不得分", "the item is lost")
    if not float(price):
        return speech.say("不加不扣", "no points")
    zh = f"加{price:g}分" if float(price) >= 0 else f"扣{-float(price):g}分"
    return speech.say(zh, f"{price:+g}")


def table_text(column: str, points: Mapping[str, float | str], speech: Speech) -> str:
    """Return a table of prices, words of one price together, such as 迟到、早退扣4分."""
    by_price: dict[float | str, list[str]] = {}
    for word, price in points.items():
        by_price.setdefault(price, []).append(word)
    said = (
        words_text(column, words, speech) + speech.say("", " ") + points_text(price, speech)
        for price, words in by_price.items()
    )
    return speech.say(",", "; ").join(said)


def number(value: float) -> str:
    """Return a number with no more decimals than it needs, six at most.

    Examples
    --------
    >>> number(20.0), number(89.9999999), number(-0.5), number(-0.0)
    ('20', '90', '-0.5', '0')
    """
    return f"{Decimal(repr(float(round(value, 6)) + 0.0)):f}".removesuffix(".0")


def signed_number(value: float) -> str:
    """Return a number with its sign.

    Examples
    --------
    >>> signed_number(5.0), signed_number(-4.0), signed_number(0.0)
    ('+5', '-4', '0')
    """
    return f"+{number(value)}" if round(value, 6) > 0 else number(value)


def percent(share: str) -> str:
    """Return a share as people say it.

    Examples
    --------
    >>> percent("0.2"), percent("1/3")
    ('20%', '1/3')
    """
    return share if "/" in share else f"{float(Fraction(share) * 100):g}%"
