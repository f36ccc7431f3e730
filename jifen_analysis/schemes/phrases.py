"""The words for the parts of a scheme: which records, which members, what must hold."""

from __future__ import annotations

from collections.abc import Mapping

from jifen_analysis.schemes.model import Condition, RuleBook, Who
from jifen_analysis.vocabulary import Vocabulary

BOUNDS = {"at_least": "达到", "at_most": "不超过", "above": "高于", "below": "低于"}
_SCOPE = {"month": "个月", "quarter": "个季度", "year": "年"}
_MEASURES = {"total": "总分", "grade": "等次", "rank_gain": "支部名次前移"}


def words_text(columns: Mapping[str, tuple[str, ...]], vocabulary: Vocabulary) -> str:
    """Return the words of coded columns, such as 事项为“党纪处分”."""
    said = []
    for column, listed in columns.items():
        kind = "dues_state" if column == "state" else column
        codes = dict.fromkeys(code for word in listed for code in vocabulary.members(kind, word))
        said.append("、".join(vocabulary.label(kind, code) for code in codes))
    return "·".join(said)


def measure_text(name: str, book: RuleBook) -> str:
    """Return the name of a measure in words."""
    if name.startswith("lost."):
        return f"{_component(name.removeprefix('lost.'), book)}扣分"
    if name in book.measures:
        return book.measures[name].title or name
    return _MEASURES.get(name) or _component(name, book)


def _component(name: str, book: RuleBook) -> str:
    return book.components[name].title or name


def condition_text(condition: Condition, book: RuleBook, vocabulary: Vocabulary) -> str:
    """Return a condition in words, such as 日常考核扣分达到20."""
    return _subject(condition, book, vocabulary) + _asked(condition)


def _subject(condition: Condition, book: RuleBook, vocabulary: Vocabulary) -> str:
    if condition.who is not None:
        return who_text(condition.who, vocabulary)
    if condition.outcome is not None:
        return f"“{book.outcomes[condition.outcome].title}”"
    if condition.table is not None:
        return words_text(condition.where, vocabulary)
    return measure_text(str(condition.measure), book)


def _asked(condition: Condition) -> str:
    said = "、".join(f"{BOUNDS[name]}{_bound(bound)}" for name, bound in condition.bounds)
    if condition.among:
        said += "为" + "、".join(condition.among)
    if condition.outside:
        said += "不是" + "、".join(condition.outside)
    if condition.in_a_row:
        said += f"(连续{condition.in_a_row}{_SCOPE.get(condition.per or '', '个考核期')})"
    if condition.nth:
        said += f"(第{condition.nth}次)"
    return said + ("(累计)" if condition.over else "")


def _bound(bound: float | str) -> str:
    return "支部平均分" if isinstance(bound, str) else f"{bound:g}"


def who_text(who: Who, vocabulary: Vocabulary) -> str:
    """Return the members described, in words."""
    said = [
        "、".join(vocabulary.label(kind, word) for word in getattr(who, kind))
        for kind in ("post", "stage", "sex")
        if getattr(who, kind)
    ]
    said += ["、".join(who.category)] if who.category else []
    named = {"floating": "流动党员", "retired": "退休", "infirm": "年老体弱"}
    said += [("" if getattr(who, key) else "非") + name for key, name in named.items() if getattr(who, key) is not None]
    said += [f"{who.age_at_least}周岁及以上"] if who.age_at_least is not None else []
    said += [f"未满{who.age_below}周岁"] if who.age_below is not None else []
    said += [f"不含{who_text(who.excluding, vocabulary)}"] if who.excluding is not None else []
    return ",".join(said)
