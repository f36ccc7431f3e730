"""The comparison as a page: agreement first, then each scheme against the first, then the readings."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import comparison as draw
from jifen_analysis.charts import thresholds as draw_thresholds
from jifen_analysis.charts.theme import format_number as shown
from jifen_analysis.errors import NOTHING, Lang, Text
from jifen_analysis.findings import Finding
from jifen_analysis.findings import comparison as say_comparison
from jifen_analysis.report.comparison.conclusions import comparison_opening, drawn_of
from jifen_analysis.report.comparison.facts import Compared, Pair
from jifen_analysis.report.comparison.sheets import differences, transition_table
from jifen_analysis.report.comparison.statements import (
    pair_findings,
    part_titles,
    period_name,
    reading_rows,
    why_differs,
)
from jifen_analysis.report.manifest import brief_origin, origin, origin_line, output_date
from jifen_analysis.report.review import Picture, Review, Section, Table, Voice
from jifen_analysis.report.review.strip_titles import strip_title
from jifen_analysis.saving import output_day
from jifen_analysis.summaries import Why

MOST_PICTURES = 3
"""Pairs that are drawn; the tables have them all."""


def comparison_page(found: Compared, lang: Lang = "zh") -> Review:
    """Return the comparison as a page to be written as HTML.

    Parameters
    ----------
    found : Compared
        From ``compared``.
    lang : {"zh", "en"}
        In which language; schemes and clauses keep their own.

    Returns
    -------
    Review
        For ``report.page.write_page``.
    """
    voice = Voice(lang)
    say = voice.say
    pictures = _pictures(found, voice)
    return Review(
        say(f"方案比较：{found.pairs[0].a}与其他", f"Schemes compared with {found.pairs[0].a}"),
        _subtitle(found, voice),
        lang,
        comparison_opening(found, {picture.key for picture in pictures}, voice),
        pictures,
        (
            _agreement(found, voice),
            *(_details(pair, voice) for pair in found.pairs),
            _readings(found, voice),
            _origin(found, voice),
        ),
        _made(found),
    )


def _subtitle(found: Compared, voice: Voice) -> str:
    named = "name" in found.people
    who = ("内部使用,列有党员编号或假名", "for internal use, with ids or pseudonyms")
    numbered = ("人员以序号代替,序号只在本份内有效", "members go by numbers of this page alone")
    zh, en = who if named else numbered
    return voice.say(f"{output_date()}编制；{zh}", f"Made on {output_day()}; {en}")


def _made(found: Compared) -> dict[str, Any]:
    """Return from what the comparison was made: as the first result, with the hash of every scheme."""
    first, *_ = made = [origin(result) for result in found.results.values()]
    return {**first, "schemes": {name: one["scheme_sha256"] for name, one in zip(found.results, made, strict=True)}}


def _pictures(found: Compared, voice: Voice) -> tuple[Picture, ...]:
    several = (_heat_map(found, voice),) if len(found.pairs) > 1 and found.agreement["tau_b"].notna().any() else ()
    shown = list(enumerate(found.pairs[:MOST_PICTURES]))
    moves = [picture for at, pair in shown for picture in _moves(pair, at, voice)]
    return (*several, *moves, *_hanging(found, voice), *(one for at, pair in shown for one in _whys(pair, at, voice)))


def _picture(key: str, title: str, found: Finding, figure: go.Figure, voice: Voice, more: Text = NOTHING) -> Picture:
    """Return a picture whose one title and one sentence stand beside it, not in it too; ``more`` says of whom it is."""
    gap = voice.say("", " ") if more.zh else ""
    return Picture(key, title, found.sentence(voice.lang) + gap + voice.say(*more), strip_title(figure), (found,))


def _heat_map(found: Compared, voice: Voice) -> Picture:
    told = pair_findings(found, voice)["agreement"]
    figure = draw.schemes(found.agreement, lang=voice.lang)
    return _picture("agreement", voice.say("两两的一致程度", "Agreement"), told, figure, voice)


def _moves(pair: Pair, at: int, voice: Voice) -> Iterator[Picture]:
    told = say_comparison.moves(pair.moves)
    if told is not None:
        figure = draw.moves(pair.moves, labels={"a": pair.a, "b": pair.b}, lang=voice.lang)
        title = voice.say(f"换成{pair.b}，谁变了", f"Who moves under {pair.b}")
        yield _picture(f"moves_{at}", title, told, figure, voice, drawn_of(pair))


def _whys(pair: Pair, at: int, voice: Voice) -> Iterator[Picture]:
    """Draw why the one differs who differs most."""
    for (member, period), table in list(pair.reasons.items())[:1]:
        titles = part_titles(pair, table, voice)
        sides = {"a": pair.a, "b": pair.b}
        figure = draw.why(table.assign(title=titles), _STEPS, labels=sides, lang=voice.lang)
        who = f"{member}({period_name(period, voice)})"
        title = voice.say(f"{who}为什么不同", f"Why {who} differs")
        yield _picture(f"why_{at}", title, why_differs(pair, voice), figure, voice)


_STEPS = 5
"""Parts that have a step of their own; the table has them all."""


def _hanging(found: Compared, voice: Voice) -> tuple[Picture, ...]:
    """Draw how many grades hang on each reading, of every scheme that has any."""
    if found.summary.empty:
        return ()
    figure = draw_thresholds.readings(reading_rows(found), lang=voice.lang)
    title = voice.say("等次挂在哪句话上", "Grades that hang on a reading")
    return (_picture("readings", title, pair_findings(found, voice)["readings"], figure, voice),)


# ---------------------------------------------------------------- tables


def _agreement(found: Compared, voice: Voice) -> Section:
    say = voice.say
    headers = tuple(say(*header) for header in _AGREEMENT)
    rows = tuple(
        (
            say(f"{one['a']}与{one['b']}", f"{one['a']} and {one['b']}"),
            *(str(one["n"]), shown(one["tau_b"], ".3f"), shown(one["weighted_tau"], ".3f")),
            *_kappa(one),
        )
        for one in found.agreement.to_dict("records")
    )
    note = say("κ只在两边等次表相同时才有", "kappa needs the same list of grades on both sides")
    table = Table(say("两两比较", "Each two"), headers, rows, 5, note)
    return Section(say("一致程度", "Agreement"), (table,))


_AGREEMENT = (
    ("两个方案", "two schemes"),
    ("有总分人次", "n with totals"),
    ("τ-b", "tau-b"),
    ("加权τ", "weighted tau"),
    ("κ(线性)", "kappa (linear)"),
    ("95%区间", "95% interval"),
)
"""What each two schemes are compared by."""


def _kappa(row: Mapping[Hashable, Any]) -> tuple[str, str]:
    value, low, high = (row[f"kappa_linear{end}"] for end in ("", "_low", "_high"))
    return shown(value, ".3f"), "—" if pd.isna(low) else f"{low:.2f}–{high:.2f}"


def _details(pair: Pair, voice: Voice) -> Section:
    say, counts = voice.say, transition_table(pair, voice.say("无", "none"))
    grades = tuple(str(name) for name in counts.columns[1:])
    rows = tuple((str(first), *map(str, rest)) for first, *rest in counts.itertuples(index=False))
    note = say(
        f"行：{pair.a}；列：{pair.b}；“无”为没有等次", f"rows: {pair.a}; columns: {pair.b}; none: without a grade"
    )
    moved = Table(
        say("等次变动（人次）", "Grades"),
        (say("原等次", "grade"), *grades),
        rows,
        len(grades),
        note,
    )
    reasons = [_why(pair, key, voice) for key in pair.reasons]
    first = [replace(one, note=say(*_basis(pair))) for one in reasons[:1]]
    return Section(pair.b, (moved, *first, *reasons[1:]))


def _why(pair: Pair, key: tuple[str, str], voice: Voice) -> Table:
    say, table = voice.say, pair.reasons[key]
    facts = Why.read(table)
    rows = tuple(
        (pair.plain(one, voice.lang), one["clause"], *_points_of(one), f"{one['difference']:+.2f}")
        for one in differences(table)
    )
    grades = "→".join("—" if pd.isna(grade) else str(grade) for grade in (facts.grade_a, facts.grade_b))
    title = f"{key[0]} {period_name(key[1], voice)}:{facts.total_a:.2f}→{facts.total_b:.2f} {grades}"
    headers = (say("项目与规则", "part"), say("条款", "clause"), say("原", "a"), say("新", "b"), say("差", "b − a"))
    return Table(title, headers, rows, 3)


def _points_of(row: Mapping[Hashable, Any]) -> tuple[str, str]:
    """Return the points of a part under both; a dash under one that has no such part."""
    only = str(row["side"]) if row["component"] else ""
    a, b = (f"{row[side]:.2f}" if only in ("", side) else "—" for side in "ab")
    return a, b


def _basis(pair: Pair) -> Text:
    """Say in what the two are compared."""
    if pair.two_schemes:
        return Text(
            f"“原”为{pair.a},“新”为{pair.b},“—”为该方案没有这一项;都从满分算起:扣了多少,另加多少;"
            "各行之差相加正好是总分之差",
            f"a: {pair.a}; b: {pair.b}; —: the scheme has no such part; both counted from full marks: what is taken "
            "off, what is added; the differences add up to the gap",
        )
    return Text("各行之差相加正好是总分之差", "the differences add up to the gap")


def _readings(found: Compared, voice: Voice) -> Section:
    say = voice.say
    headers = (say("方案", "scheme"), say("读法", "reading"), say("等次改变人次", "grades moved"))
    rows = tuple((one["scheme"], one["reading"], str(one["n"])) for one in found.summary.to_dict("records"))
    title = say("每种读法使多少等次不同", "How many grades each reading moves")
    none = say("所比较的方案没有其他读法。", "The schemes have no other readings.")
    block = Table(title, headers, rows, 1) if rows else none
    return Section(say("读法", "Readings"), (block,))


def _origin(found: Compared, voice: Voice) -> Section:
    """Say from what it was made: each scheme, then the program and the data, which are the same for all."""
    said = [brief_origin(origin(result), voice.lang) for result in found.results.values()]
    told = [*(one[:_OF_SCHEME] for one in said), said[0][_OF_SCHEME:]]
    whole = voice.say("全部校验值在文件属性中。", "Whole hashes stand in the properties of the file.")
    lines = (*(origin_line(each, voice.lang) for each in told), whole)
    return Section(voice.say("来历", "Origin"), lines, folded=True)


_OF_SCHEME = 3
"""Lines of an origin that speak of the scheme: it, its readings, its hash."""
