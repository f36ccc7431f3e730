"""The first page: what was found, the weightiest first; what to discuss; what to mind; of whom it speaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.findings import Finding
from jifen_analysis.report.privacy import LEAST
from jifen_analysis.report.review.model import Picture, Point, Points, Section
from jifen_analysis.report.review.review_data import ReviewData

_MOST, _LEAST, _LIGHT = 5, 3, 0.2
"""Findings on the page at most, and at least where there are as many; below which weight they fill no place."""

_TOPICS = 4
"""Things to discuss at most."""


def opening(
    facts: ReviewData, pictures: Sequence[Picture], tabled: Mapping[str, Finding | None]
) -> tuple[Section, ...]:
    """Return the sections of the first page.

    Parameters
    ----------
    facts : ReviewData
        What the review is made from.
    pictures : sequence of Picture
        Every figure with what it was found to show.
    tabled : mapping of key to Finding or None
        What stands in a table: who met a line and lost to the quota, whose marks lack a group.
    """
    say = facts.voice.say
    ranked = _ranked(pictures, tabled)
    topics = list(dict.fromkeys(_topics(facts, [found for found, _ in ranked])))[:_TOPICS]
    parts = [
        (say("主要结论", "Main points"), Points(tuple(_point(facts, *one) for one in _chosen(ranked)), numbered=True)),
        (say("提请研究", "To discuss"), Points(tuple(Point(say(*topic)) for topic in topics))),
        (say("使用时注意", "To mind"), Points(tuple(Point(limit) for limit in _limits(facts, pictures)))),
    ]
    told = Section(say("范围与依据", "Scope and basis"), scope(facts))
    return (*(Section(title, (block,)) for title, block in parts if block.points), told)


def _ranked(pictures: Iterable[Picture], tabled: Mapping[str, Finding | None]) -> list[tuple[Finding, str]]:
    """Return every finding with the key of its figure or table, the weightiest first."""
    known = [(found, picture.key) for picture in pictures for found in picture.findings]
    known += [(found, key) for key, found in tabled.items() if found is not None]
    return sorted(known, key=lambda one: -one[0].weight)


def _chosen(ranked: list[tuple[Finding, str]]) -> list[tuple[Finding, str]]:
    """Take the weightiest, one a figure; light ones only to have three; nothing that a joint sentence says already."""
    seen, taken, light = set[str](), list[tuple[Finding, str]](), list[tuple[Finding, str]]()
    for found, key in ranked:
        again = key in seen or _said(found, [other for other, _ in taken])
        if again:
            continue
        seen.add(key)
        (taken if found.weight >= _LIGHT and found.sure != "unclear" else light).append((found, key))
    return taken[:_MOST] if len(taken) >= _LEAST else [*taken, *light][:_LEAST]


def _said(found: Finding, taken: Iterable[Finding]) -> bool:
    """Return whether all branches that a finding speaks of stand in a weightier one."""
    return any(found.about and set(found.about) <= set(other.about) for other in taken)


def _point(facts: ReviewData, found: Finding, key: str) -> Point:
    lang, say = facts.voice.lang, facts.voice.say
    said = found.sentence(lang)
    basis = _basis(facts, found.size, f"{said} {' '.join(scope(facts))}")
    return Point(said, say("；", "; ").join(part for part in (found.certainty(lang), basis) if part), key)


def _basis(facts: ReviewData, size: int, said: str = "") -> str:
    """Say on how many a finding rests: rounded where beside the others that are told it would give a few away.

    What is said already gives nothing away.
    """
    if not size:
        return ""
    alone = all(size == other or abs(size - other) >= LEAST for other in facts.sizes)
    again = re.search(rf"(?<![\d.,]){size}(?:人| members)", said)
    if facts.with_names or again or (size in facts.sizes and alone):
        return facts.voice.say(f"依据{size}人", f"on {size} members")
    about = max(round(size / LEAST), 1) * LEAST
    return facts.voice.say(f"依据约{about}人", f"on some {about} members")


# ---------------------------------------------------------------- to discuss


def _topics(facts: ReviewData, found: Iterable[Finding]) -> Iterator[Text]:
    """Yield what findings leave to a meeting, the weightiest first; a question each, nobody's fault."""
    for one in found:
        topic = _TOPIC_OF.get((one.chart, one.sure))
        if topic is not None and one.weight >= _LIGHT and _there(one):
            yield topic
    pending = facts.sayable(int((facts.now["state"] == "pending").sum()))
    if pending:
        yield Text(f"待评的{pending}人何时补评。", f"When the {pending} pending members are to be assessed.")


def _there(found: Finding) -> bool:
    """Return whether there is anybody whom a topic would speak of."""
    counts = _OF_WHOM.get(found.chart, ())
    return not counts or any(found.figures.get(name, 0) > 0 for name in counts)


_OF_WHOM = {"movement.transitions": ("up", "down"), "thresholds.pass_curve": ("fewer", "more")}
"""The figures of a finding that count those of whom its topic speaks."""

_TOPIC_OF = {
    ("evaluators.leniency", "beyond_chance"): Text(
        "各支部评议的尺度是否要统一,如统一评分说明、交叉评议。",
        "Whether branches should mark by one standard: common guidance, or marking across branches.",
    ),
    ("evaluators.partial", "counted"): Text(
        "评议缺一类主体的,是补评,还是照现在的办法由其余主体分担权重。",
        "Whether those marked without a group are to be marked by it yet, or its weight is shared out as now.",
    ),
    ("thresholds.quota_audit", "counted"): Text(
        "名额按现在的范围和比例计,是否合适;达线而落选的人如何说明。",
        "Whether the quota's share and range are right, and what those are told who met the line and lost to it.",
    ),
    ("thresholds.bunching", "beyond_chance"): Text(
        "先核对名额、取整规则和封顶是否造成分数线上方人多;排除之后,再抽查线上1分以内的加减分依据。",
        "Whether quotas, rounding or caps put many just above the line; only then look at the entries of those there.",
    ),
    ("weights.influence", "counted"): Text(
        "实际作用最大的分项,是否就是方案想看重的;如不是,分值、权重、上限哪一处要改。",
        "Whether the component that decides most is the one meant to, and if not, which points or caps to change.",
    ),
    ("branches.funnel", "beyond_chance"): Text(
        "等次比例超出偶然波动的支部,先了解人员构成、任务和评议尺度的差别,再下判断。",
        "What is different in the branches beyond chance (members, tasks, standards), before any judgement.",
    ),
    ("branches.shrunken_means", "beyond_chance"): Text(
        "平均分与全体相差较大的支部,先了解差别从哪几项来。",
        "Which items the branches whose means stand apart differ in.",
    ),
    ("thresholds.pass_curve", "counted"): Text(
        "分数线上下1分以内有人,线的高低、复核的办法是否要事先议定。",
        "Some stand within a point of the line: whether its place and the way of review should be settled beforehand.",
    ),
    ("movement.transitions", "counted"): Text(
        "等次有变动的,是表现变了还是规则变了。", "Whether grades moved because of behaviour or of the rules."
    ),
}
"""What a finding leaves to discuss, by its chart and how sure it is."""


# ---------------------------------------------------------------- to mind


def _limits(facts: ReviewData, pictures: Sequence[Picture]) -> Iterator[str]:
    """Yield what the figures do not say."""
    say = facts.voice.say
    hidden = hidden_branches(facts)
    if hidden:
        yield say(
            f"有{hidden}个支部的等次人数因不足{facts.least}人或防止推算，未全部列出；高低比较只限图中列出的支部。"
            "内部使用版（--with-names）全部列出，结论可能不同。",
            f"The grades of {hidden} branches are not shown in full: groups under {facts.least}, or what would give "
            "them back; comparisons are among the branches of each figure. "
            "The internal version (--with-names) shows all, and may conclude otherwise.",
        )
    if any(found.sure in ("beyond_chance", "within_chance") for picture in pictures for found in picture.findings):
        yield say(
            "“超出偶然波动”只说明差别大到不像碰巧，不说明原因，更不说明有人做错。",
            "“Beyond chance” says that a difference is too large for luck; not why, and not that anybody did wrong.",
        )
    if facts.before is not None:
        yield _two_years(facts, facts.before)


def _two_years(facts: ReviewData, before: pd.DataFrame) -> str:
    """Say of whom movement speaks, and whether the years have the same members."""
    now, then = (frozenset(rows.loc[rows["state"] == "assessed", "member_id"]) for rows in (facts.now, before))
    if now == then:
        return facts.voice.say(
            "与上年比较时，等次变动只计两年都有等次的人。", "Beside last year, movement counts those graded in both."
        )
    return facts.voice.say(
        "与上年比较时，两年参加考核的人员不完全相同；等次变动只计两年都有等次的人。",
        "The two years do not have the same members; movement counts those graded in both.",
    )


def hidden_branches(facts: ReviewData) -> int:
    """Return how many branches show less than all of their grades."""
    return int(facts.by_branch.iloc[:-1].isna().any(axis=1).sum())


# ---------------------------------------------------------------- of whom


def scope(facts: ReviewData) -> tuple[str, ...]:
    """Say how many were assessed, in how many branches, and under what."""
    say, states = facts.voice.say, facts.now["state"].value_counts()
    waiting = _counted(facts, int(states.get("pending", 0)))
    scored = int(states.get("assessed", 0))
    told = facts.told_counts[-1] if facts.told_counts else scored
    assessed = _counted(facts, scored if abs(scored - told) >= facts.least else told)
    n = facts.now.loc[facts.now["state"] == "assessed", "branch"].nunique()
    counted = say(
        f"{facts.label}共{n}个支部{assessed}参加考核并得出结果，待评{waiting}。",
        f"In {facts.label} {assessed} members of {n} branches were assessed; pending: {waiting}.",
    )
    basis = say(f"依据：{facts.book.source}。", f"Basis: {facts.book.source}.")
    hidden = say(
        f"不足{facts.least}人的组不予显示，可由合计推算的一并不予显示。",
        f"Groups of fewer than {facts.least} are not shown, nor what would give them back.",
    )
    return (counted, basis) if facts.with_names else (counted, basis, hidden)


def _counted(facts: ReviewData, count: int) -> str:
    shown = facts.sayable(count)
    few = facts.voice.say(f"不足{facts.least}人", f"fewer than {facts.least}")
    return few if shown is None else facts.voice.people(shown)
