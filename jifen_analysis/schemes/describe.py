"""A scheme in plain words, made from its file alone, fit to hand to a branch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jifen_analysis.errors import Lang
from jifen_analysis.periods import NAMES
from jifen_analysis.schemes.labels import label_code
from jifen_analysis.schemes.model import (
    AnyItem,
    Component,
    Decision,
    Grade,
    Measure,
    Outcome,
    PathChange,
    PointsItem,
    Quota,
    Rule,
    RuleBook,
    Run,
    Sourced,
    exact,
    walk,
)
from jifen_analysis.schemes.model.book import picked_text
from jifen_analysis.schemes.model.items import item_lines, item_text
from jifen_analysis.schemes.model.phrases import (
    WITHIN,
    Speech,
    condition_text,
    either_text,
    percent,
    who_text,
)
from jifen_analysis.schemes.model.rules import counted_text, rule_text
from jifen_analysis.vocabulary import Vocabulary


@dataclass(frozen=True)
class _Description(Speech):
    """The words for a whole scheme."""

    book: RuleBook


def describe(book: RuleBook, words: Vocabulary, lang: Lang = "zh") -> str:
    """Return a scheme in words; titles, clauses and assumptions stay as the file has them.

    Sections on whom it is for, how points are scored, grades, clauses that
    set a grade, what follows, other readings, and what is assumed.
    """
    speech = _Description(book, words, lang)
    return "\n".join(line for title, lines in SECTIONS for line in _section(title, lines, speech)) + "\n"


def _line(text: str, part: Sourced, speech: _Description, depth: int = 1) -> Iterator[str]:
    """Yield a line with the part's clause, and below it what is assumed."""
    clause = f" 〔{part.clause}〕" if part.clause else ""
    yield "  " * depth + text + clause
    if part.assumed:
        yield "  " * (depth + 1) + speech.say(f"※ 推定:{part.assumed}", f"※ assumed: {part.assumed}")


def _section(title: tuple[str, str], lines: Callable[[_Description], Iterator[str]], speech: _Description) -> list[str]:
    """Return a section, where there is anything in it; {lowest} in its title is the lowest grade."""
    listed = list(lines(speech))
    head = ["", speech.say(*title).format(lowest=speech.book.lowest_grade)] if listed and title[0] else []
    return [*head, *listed]


# ---------------------------------------------------------------- the head


def _head(speech: _Description) -> Iterator[str]:
    book = speech.book
    yield f"{book.title}({book.id})"
    yield speech.say(f"依据:{book.source}", f"Source: {book.source}")
    zh, en = NAMES[book.period]
    yield speech.say(f"考核期:每{zh}", f"Scored: a {en}") + _yearly(speech)
    if book.valid_from:
        yield speech.say(f"自 {book.valid_from} 起施行", f"Valid from {book.valid_from}")
    if book.population is not None:
        yield speech.say("适用范围:", "For: ") + who_text(book.population, speech)
    if book.assumed:
        yield speech.say(f"※ 推定:{book.assumed}", f"※ Assumed: {book.assumed}")


def _yearly(speech: _Description) -> str:
    if speech.book.year_total is None:
        return ""
    how = {"sum": ("各期相加", "sum"), "mean": ("各期平均", "mean")}[speech.book.year_total]
    graded = speech.say(",年度另定等次", ", years graded") if speech.book.year_grades else ""
    return speech.say(f";年度总分为{how[0]}", f"; year total: {how[1]}") + graded


def _own_words(speech: _Description) -> Iterator[str]:
    for code, word in speech.book.words.get("event", {}).items():
        yield "  " + label_code(code, {code: word.label})


def _categories(speech: _Description) -> Iterator[str]:
    for name, category in speech.book.categories.items():
        who = who_text(category.when, speech) if category.when else speech.say("其余党员", "all others")
        yield from _line(f"{name} {category.title}:{who}", category, speech)


# ---------------------------------------------------------------- points


def _components(speech: _Description) -> Iterator[str]:
    yield from ("", speech.say("计分", "Points"))
    said = " + ".join(_weighted(part) for part in speech.book.components.values())
    yield "  " + speech.say("总分 = ", "total = ") + said
    for component in speech.book.components.values():
        yield ""
        yield from _line(f"■ {component.title}", component, speech)
        for item in component.items.values():
            yield from _item(item, speech)


def _weighted(component: Component) -> str:
    weight = f"{component.weight:g}"
    said = weight if float(weight) == component.weight else str(exact(component.weight))
    return component.title if component.weight == 1 else f"{said} × {component.title}"


def _item(item: AnyItem, speech: _Description) -> Iterator[str]:
    how = item_text(item, speech)
    yield from _line(f"{item.title}:{how}" if how else item.title, item, speech, 2)
    if isinstance(item, PointsItem):
        for rule in item.rules.values():
            yield from _rule(rule, item, speech)
    for text, part in item_lines(item, speech):
        yield from _line(f"· {text}", part, speech, 3)


def _rule(rule: Rule, item: PointsItem, speech: _Description) -> Iterator[str]:
    counted = counted_text(rule, speech)
    records = speech.say(f"(计{counted})", f" (counts {counted})") if counted else ""
    yield from _line(f"· {rule.title}:{rule_text(rule, item.per, speech)}{records}", rule, speech, 3)


def _measures(speech: _Description) -> Iterator[str]:
    for measure in speech.book.measures.values():
        yield from _line(f"· {measure.title}:{_measured(measure, speech)}", measure, speech)


def _measured(measure: Measure, speech: _Description) -> str:
    if measure.share is not None:
        part, whole = either_text(measure.share.part, speech), either_text(measure.share.whole, speech)
        return speech.say(f"〔{part}〕的次数 ÷ 〔{whole}〕的次数", f"{part} ÷ {whole}")
    if measure.longest_run is None:
        counted = either_text(measure.count, speech)
        return speech.say(f"〔{counted}〕的次数", f"how many: {counted}")
    return _run(measure.longest_run, speech)


def _run(run: Run, speech: _Description) -> str:
    held = (
        *((("支部有", "the branch has "), run.given_branch), (("本人有", "the member has "), run.any_of)),
        (("本人没有", "the member has no "), run.none_of),
    )
    said = speech.listed(f"{speech.say(*who)}〔{either_text(some, speech)}〕" for who, some in held if some)
    return speech.say(f"期内{said}的月份,最多连续几个", f"most months in a row inside the period in which {said}")


# ---------------------------------------------------------------- grades


def _grades(speech: _Description) -> Iterator[str]:
    for name, grade in speech.book.grades.items():
        yield from _line(f"{name}:{_cut(grade, speech)}{_quota(grade.quota, speech)}", grade, speech)
    if speech.book.grade_rounding == "half_up":
        yield "  " + speech.say("总分四舍五入到整数后定等", "totals are rounded half up for the grade")


def _cut(grade: Grade, speech: _Description) -> str:
    if grade.at_least is not None:
        return speech.say(f"{grade.at_least:g}分及以上", f"{grade.at_least:g} or more")
    if grade.above is not None:
        return speech.say(f"高于{grade.above:g}分", f"above {grade.above:g}")
    return speech.say("其余", "the others") if speech.book.banded else speech.say("不按总分评定", "not by total")


def _quota(quota: Quota | None, speech: _Description) -> str:
    if quota is None:
        return ""
    within = WITHIN[quota.within]
    n = ("有总分的人数", "members with a total") if quota.of == "counted" else ("全体人数", "all members")
    share = percent(quota.share)
    return speech.say(
        f",最多占{within[0]}{n[0]}的{share}(舍去尾数),超出的降一等",
        f", at most {share} of the {within[1]}'s {n[1]} (rounded down); others fall to the next",
    )


def _forced(speech: _Description) -> Iterator[str]:
    for clause in speech.book.forced.values():
        year = speech.say("(年度)", " (year)") if clause.at == "year" else ""
        zero = speech.say(",积分清零", ", and the points become 0") if clause.zero else ""
        yield from _line(f"· {clause.title}{year}:{_held(clause, speech)}{zero}{_by(clause, speech)}", clause, speech)


def _held(decision: Decision, speech: _Description) -> str:
    every = speech.say(" 且 ", " and ").join(condition_text(one, speech) for one in decision.all)
    some = speech.say(" 或 ", " or ").join(condition_text(one, speech) for one in decision.any)
    return speech.say(" 且 ", " and ").join(part for part in (every, some) if part)


def _by(decision: Decision, speech: _Description) -> str:
    decided = decision.decided_by
    return speech.say(f"(由{decided}决定)", f" (decided by {decided})") if decided else ""


# ---------------------------------------------------------------- what follows


def _outcomes(speech: _Description) -> Iterator[str]:
    for outcome in speech.book.outcomes.values():
        said = ";".join(part for part in (_held(outcome, speech), *picked_text(outcome, speech)) if part)
        yield from _line(f"· {outcome.title}{_at(outcome, speech)}:{said}{_by(outcome, speech)}", outcome, speech)


def _at(outcome: Outcome, speech: _Description) -> str:
    if "year" not in outcome.at:
        return ""
    both = "period" in outcome.at
    return speech.say("(每期和年度)", " (periods and years)") if both else speech.say("(年度)", " (year)")


# ---------------------------------------------------------------- readings and silences


def _readings(speech: _Description) -> Iterator[str]:
    for name, reading in speech.book.readings.items():
        yield from _line(f"· {name} {reading.title}:{reading.why}", reading, speech)


def _changes(speech: _Description) -> Iterator[str]:
    for day, change in sorted(speech.book.changes.items()):
        said = speech.say(f"· 自 {day} 起:", f"· from {day}: ") + _changed(change, speech)
        yield from _line(said, change, speech)


def _changed(change: PathChange, speech: _Description) -> str:
    said = [f"{path} = {value}" for path, value in change.set.items()]
    said += [speech.say(f"取消 {path}", f"without {path}") for path in change.drop]
    return f"{change.title} {speech.say(',', ', ').join(said)}".strip()


def _unsaid(speech: _Description) -> Iterator[str]:
    for part in speech.book.unsaid.values():
        yield from _line(f"· {part.title}:{part.assumed}", part.model_copy(update={"assumed": ""}), speech)


def _assumed(speech: _Description) -> Iterator[str]:
    parts = [part for _, part in walk(speech.book) if isinstance(part, Sourced) and part.assumed]
    if parts:
        yield ""
        zh = f"※ 共 {len(parts)} 处推定,原文没有写明,用前请核定。"
        yield speech.say(zh, f"※ {len(parts)} assumptions: settle them before use.")


SECTIONS = (
    (("", ""), _head),
    (("本方案另设的事项", "Events of its own"), _own_words),
    (("类别(花名册写明的从其写明)", "Categories (unless the roster says)"), _categories),
    (("", ""), _components),
    (("下文用到的计量", "Measures used below"), _measures),
    (("等次", "Grades"), _grades),
    (("有下列情形的直接定为“{lowest}”", "{lowest} whatever the total"), _forced),
    (("结果运用(不改变等次)", "What follows (grades stay)"), _outcomes),
    (("另可采用的读法", "Other readings"), _readings),
    (("按日期的变动", "Dated changes"), _changes),
    (("原文没有规定的", "What the source leaves unsaid"), _unsaid),
    (("", ""), _assumed),
)
"""Titles, where a section has one, and what stands below."""
