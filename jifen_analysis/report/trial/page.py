"""A trial as a page: what is proposed, who moves, the grades by branch, what binds, who passes whom."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from jifen_analysis.charts import thresholds as draw
from jifen_analysis.charts.theme import format_number as shown
from jifen_analysis.errors import Lang, Text, UsageError
from jifen_analysis.periods import Period
from jifen_analysis.report.manifest import brief_origin, origin, origin_line, output_date
from jifen_analysis.report.review import Picture, Point, Points, Review, Section, Table, Voice
from jifen_analysis.report.review.strip_titles import strip_title
from jifen_analysis.report.summary import WHOLE, by_number
from jifen_analysis.report.trial.facts import Tried
from jifen_analysis.report.trial.saying import changes, percent, reach, say_reasons, sentences
from jifen_analysis.saving import output_day
from jifen_analysis.summaries import Replaced

BINDS = {
    "cut": Text("分数线", "the cut"),
    "quota": Text("只是名额", "only the quota"),
    "neither": Text("都不起作用", "neither"),
}
MOST_PASSED = 200
"""Pairs that a page lists; the workbook has them all."""


def trial_page(told: Tried, lang: Lang = "zh", *, named: bool = False) -> Review:
    """Return a trial as a page to be written as HTML or Word.

    Parameters
    ----------
    told : Tried
        From ``tried``.
    lang : {"zh", "en"}
        In which language.
    named : bool
        Whether names stand beside ids.
    """
    voice, scheme = Voice(lang), told.found.before.scheme
    proposed = voice.say("试算：", "On trial: ") + voice.listed(
        [one.message(lang) for one in changes(scheme, told.found.proposal)]
    )
    drawn = _curve(told, voice)
    return Review(
        voice.say(f"{scheme.title}：试算", f"{scheme.title}: a trial"),
        voice.say(
            f"{output_date()}编制；试算，不是认定结果；内部使用",
            f"Made on {output_day()}; a trial, not a result; for internal use",
        ),
        lang,
        (_opening(told, [proposed, *([drawn] if isinstance(drawn, str) else [])], voice),),
        (drawn,) if isinstance(drawn, Picture) else (),
        (_grades(told, voice), _moves(told, voice, named=named), _binding(told, voice), _passed(told, voice),
         _origin(told, voice)),
    )  # fmt: skip


def _opening(told: Tried, first: Sequence[str], voice: Voice) -> Section:
    lines = (*(f"{one}{voice.say('。', '.')}" for one in first), *(_sentence(voice, one) for one in sentences(told)))
    return Section(voice.say("主要结论", "Main points"), (Points(tuple(map(Point, lines))),))


def _sentence(voice: Voice, said: Text) -> str:
    return voice.say(f"{said.zh}。", f"{said.en[:1].upper()}{said.en[1:]}.")


def _curve(told: Tried, voice: Voice) -> Picture | str | None:
    """Draw how many reach each place of the cut in the last period, one curve where totals stay; or say why not."""
    period = told.periods[-1] if told.periods else ""
    names = [voice.say("现行", "now"), voice.say("试算", "trial")]
    lines = _lines(told, names)
    if not lines or not told.scored(period):
        return None
    title = voice.say(
        f"{_label(period, voice)}：线放在哪里，多少人到线", f"{_label(period, voice)}: how many reach a cut"
    )
    try:
        figure = draw.pass_curve(told.curve(period, names), lines, lang=voice.lang)
    except UsageError as refusal:
        return voice.say(
            f"没有画多少人到线的图：{refusal.text.zh}", f"How many reach a cut is not drawn: {refusal.text.en}"
        )
    return Picture("pass_curve", title, _held(told, period, voice), strip_title(figure))


def _lines(told: Tried, names: Sequence[str]) -> dict[str, float]:
    """Return the cut scores; of a grade whose line is tried elsewhere both, the one on trial first."""
    now, trial = (
        {name: grade.cut for name, grade in result.scheme.book.grades.items() if grade.cut is not None}
        for result in (told.found.before, told.found.after)
    )
    lines: dict[str, float] = {}
    for name, cut in trial.items():
        old = now.get(name, cut)
        lines |= {name: cut} if old == cut else {f"{name}({names[1]})": cut, f"{name}({names[0]})": old}
    return lines


def _held(told: Tried, period: str, voice: Voice) -> str:
    """Say how many hold each grade in a period, now and on trial."""
    grades = told.found.grades[told.found.grades["period"] == period]
    whole = wide(grades, WHOLE).iloc[-1]
    zh = "、".join(f"{name} {whole[name]} 人" for name in whole.index[1:])
    en = ", ".join(f"{name} {whole[name]}" for name in whole.index[1:])
    return voice.say(f"现行 → 试算：{zh}。", f"Now → on trial: {en}.")


def _label(period: str, voice: Voice) -> str:
    return Period.parse(period).label(voice.lang)


def _none(voice: Voice) -> str:
    return voice.say("没有", "none")


def _grades(told: Tried, voice: Voice) -> Section:
    tables = tuple(_by_branch(told, period, voice) for period in told.periods if len(told.found.grades))
    return Section(voice.say("各支部的等次", "Grades by branch"), tables or (_none(voice),))


def _by_branch(told: Tried, period: str, voice: Voice) -> Table:
    rows = wide(told.found.grades[told.found.grades["period"] == period], voice.say("合计", "all"))
    grades = tuple(map(str, rows.columns[1:]))
    lines = tuple(tuple(map(str, row)) for row in rows.itertuples(index=False))
    note = voice.say("现行 → 试算；没有变动的只写一个数", "now → trial; one number where nothing changes")
    return Table(_label(period, voice), (voice.say("党支部", "branch"), *grades), lines, len(grades), note)


def wide(grades: pd.DataFrame, all_: str) -> pd.DataFrame:
    """Return one row a branch and one column a grade, as ``12 → 14``, with a row for all.

    Examples
    --------
    >>> counts = pd.DataFrame({"branch": "一", "grade": ["优", "良"], "before": [1, 2], "after": [1, 3]})
    >>> wide(counts, "合计").values.tolist()
    [['一', '1', '2 → 3'], ['合计', '1', '2 → 3']]
    """
    order = list(dict.fromkeys(grades["grade"].astype("str")))
    whole = grades.groupby("grade", observed=True, sort=False)[["before", "after"]].sum().reset_index()
    rows = pd.concat([grades, whole.assign(branch=all_)], ignore_index=True)
    cells = [
        f"{before}" if before == after else f"{before} → {after}"
        for before, after in zip(rows["before"], rows["after"], strict=True)
    ]
    table = rows.assign(cell=cells, grade=rows["grade"].astype("str")).pivot(
        index="branch", columns="grade", values="cell"
    )
    branches = sorted(grades["branch"].unique(), key=by_number)
    return table.loc[[*branches, all_], order].rename_axis(columns=None).reset_index()


def _moves(told: Tried, voice: Voice, *, named: bool) -> Section:
    headers = voice.texts(*_WHO[: 1 + named], *_MOVED)
    found = told.found.moves
    cuts = list(_lines(told, ("", " ")).values())
    decimals = _decimals(found[["total_before", "total_after"]].to_numpy("float64").round(6), cuts)
    rows = tuple(_move(one, decimals, voice, named=named) for one in found.to_dict("records"))
    title = voice.say("谁变了，为什么", "Who moves, and why")
    table = say_once(Table(voice.say("现行 → 试算", "now → trial"), headers, rows, 1), (-4, -2), voice)
    return Section(title, (table if rows else _none(voice),))


def say_once(table: Table, columns: Sequence[int], voice: Voice) -> Table:
    """Return a table without those of some columns that say the same in every row: its title says it.

    Examples
    --------
    >>> table = Table("现行 → 试算", ("编号", "考核期"), (("#1", "2024年"), ("#2", "2024年")))
    >>> found = say_once(table, [-1], Voice())
    >>> found.title, found.headers
    ('现行 → 试算（考核期：2024年）', ('编号',))
    """
    places = [at % len(table.headers) for at in columns]
    alike = [at for at in places if len({row[at] for row in table.rows}) == 1]
    if not alike:
        return table
    said = voice.say("；", "; ").join(
        voice.say(f"{table.headers[at]}：", f"{table.headers[at]}: ") + table.rows[0][at] for at in alike
    )
    kept = [at for at in range(len(table.headers)) if at not in alike]
    rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
    headers, title = tuple(table.headers[at] for at in kept), table.title + voice.say(f"（{said}）", f" ({said})")
    return replace(table, title=title, headers=headers, rows=rows)


_WHO = (("编号", "member"), ("姓名", "name"))
_MOVED = (("党支部", "branch"), ("考核期", "period"), ("等次", "grade"), ("原因", "why"), ("总分", "total"))


def _decimals(totals: np.ndarray, cuts: Sequence[float]) -> int:
    """Return how many decimals, two to six, leave every total on its side of every line.

    Examples
    --------
    >>> _decimals(np.array([90.204, 91.9999]), [90]), _decimals(np.array([90.204, 91.9999]), [90, 92])
    (2, 4)
    """
    kept = (
        places
        for places in range(2, 6)
        if all(np.array_equal(totals.round(places) >= cut, totals >= cut) for cut in cuts)
    )
    return next(kept, 6)


def _move(one: Mapping[Hashable, Any], decimals: int, voice: Voice, *, named: bool) -> tuple[str, ...]:
    name = (str(one["name"]),) if named else ()
    totals = [shown(one[f"total_{side}"], f".{decimals}f") for side in ("before", "after")]
    total = totals[0] if totals[0] == totals[1] else " → ".join(totals)
    grade = f"{one['grade_before']} → {one['grade_after']}"
    why = say_reasons(one["reason"]).message(voice.lang)
    return (str(one["member_id"]), *name, str(one["branch"]), _label(one["period"], voice), grade, why, total)


def _binding(told: Tried, voice: Voice) -> Section:
    say = voice.say
    sides = ((say("现行", "now"), told.before), (say("试算", "trial"), told.after))
    rows = [_bound(one, side, voice) for side, frame in sides for one in frame.to_dict("records")]
    rows.sort(key=lambda row: row[:2])
    table = Table(say("分数线还是名额", "Cut or quota"), voice.texts(*_BOUND), tuple(rows), 5)
    return Section(say("什么在起作用", "What binds"), (say_once(table, (0,), voice) if rows else _none(voice),))


_BOUND = (
    *(("考核期", "period"), ("等次", "grade"), ("方案", "side"), ("起作用的", "what binds")),
    *(("线可移动的范围", "the cut may lie"), ("分数线", "cut"), ("名额", "quota")),
    *(("到线", "reach it"), ("保留", "kept"), ("挡下", "shut out")),
)


def _bound(one: Mapping[Hashable, Any], side: str, voice: Voice) -> tuple[str, ...]:
    quota = percent(Fraction(one["quota"])) if isinstance(one["quota"], str) else "—"
    numbers = (str(one[name]) for name in ("entered", "held", "shut_out"))
    binds, where = BINDS[one["binds"]].message(voice.lang), reach(one)
    return (_label(one["period"], voice), str(one["grade"]), side, binds, voice.say(where.zh, where.en),
            f"{one['cut']:g}", quota, *numbers)  # fmt: skip


def _passed(told: Tried, voice: Voice) -> Section:
    say = voice.say
    title = say("升的人在哪里越过降的人", "Where those who rise pass those who fall")
    if told.passed.empty:
        return Section(title, (_none(voice),))
    rows = tuple(
        (_label(one["period"], voice), str(one["branch"]), one["rises"], one["falls"], level(told, one["at"]))
        for one in told.passed.head(MOST_PASSED).to_dict("records")
    )
    more = len(told.passed) - len(rows)
    note = say(f"另有 {more} 对，见工作簿", f"{more} more: see the workbook") if more else ""
    exact = say(
        "占满分的比例，精确的分数（总分取六位小数）", "shares of the full marks, exact (totals at six decimals)"
    )
    return Section(title, (say_once(Table(exact, voice.texts(*_PASSED), rows, 0, note), (0,), voice),))


_PASSED = (("考核期", "period"), ("党支部", "branch"), ("升", "rises"), ("降", "falls"), ("换位处", "level at"))


def level(told: Tried, at: Fraction) -> str:
    """Say at which shares two members are level, from how far along the way it is."""
    titles = told.found.before.scheme.book.titles
    ends = Replaced.read(told.passed).shares
    return "、".join(f"{titles[name]} {_exactly(old + at * (new - old))}" for name, (old, new) in ends.items())


def _exactly(share: Fraction) -> str:
    return f"{share} ≈ {float(share):.4f}"


def _origin(told: Tried, voice: Voice) -> Section:
    made = brief_origin(origin(told.found.after), voice.lang)
    return Section(voice.say("来历", "Where it comes from"), (origin_line(made, voice.lang),))
