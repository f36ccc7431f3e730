"""An explanation in words: sections of facts and tables, shown as plain text, as HTML, in a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from rich.cells import cell_len
from rich.console import Group
from rich.table import Table
from rich.text import Text as RichText

from jifen_analysis.errors import Lang, Speaker, join_sentences
from jifen_analysis.line_wrap import Folding
from jifen_analysis.periods import Period
from jifen_analysis.schemes.model.phrases import number, percent, signed_number
from jifen_analysis.scoring.explain.decisions import BandReached, Cut, Rank, Seats, StandingDecision
from jifen_analysis.scoring.explain.evidence import Evidence
from jifen_analysis.scoring.explain.lines import (
    Account,
    ChangeInForce,
    ComponentScore,
    ExplainedLine,
    ReviewDecision,
    Year,
)

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One row of a table; ``depth`` says how far below a line it stands."""

    cells: Cells
    depth: int = 0


@dataclass(frozen=True)
class ExplanationSection:
    """A heading, facts by name, a table, remarks."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    heads: Cells = ()
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


def sections(account: Account, lang: Lang = "zh") -> tuple[ExplanationSection, ...]:
    """Put an account into words: its heading first, empty sections left out."""
    to = Speaker(lang)
    found = [_heading(account, to)]
    if account.state == "scored":
        found += [_result(account, to), _components(account, to), _lines(account, to)]
        found += [_decisions(account, to), *_year(account.year, account.lowest, to)]
    found.append(_remarks(account, to))
    return tuple(_clean(section) for section in found if section.facts or section.rows or section.notes)


def _clean(section: ExplanationSection) -> ExplanationSection:
    """Make every cell one printable line: names and remarks come from spreadsheets."""
    return ExplanationSection(
        _printable(section.title),
        tuple((name, _printable(value)) for name, value in section.facts),
        section.heads,
        tuple(Row(tuple(_printable(cell) for cell in row.cells), row.depth) for row in section.rows),
        tuple(_printable(note) for note in section.notes),
    )


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


# ---------------------------------------------------------------- who, and what came out


def _heading(account: Account, to: Speaker) -> ExplanationSection:
    person, basis = account.person, account.basis
    period = Period.parse(account.period).label(to.lang)
    facts = [
        (to.say("党支部", "branch"), person.branch),
        (to.say("所属单位", "unit"), person.unit if person.unit != person.branch else ""),
        (to.say("发展阶段", "stage"), person.stage.message(to.lang)),
        (to.say("类别", "category"), person.category),
        (to.say("方案", "scheme"), to.say(f"{basis.title}({basis.id})", basis.id)),
        (to.say("读法", "variants"), join_sentences(basis.readings, to.lang)),
        (to.say("暂计至", "as of"), basis.as_of),
        (to.say("状态", "state"), account.why.message(to.lang)),
    ]
    return ExplanationSection(f"{person.member_id} {person.name} {period}", _known(facts))


def _known(facts: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in facts if value)


def _result(account: Account, to: Speaker) -> ExplanationSection:
    reviewed = account.review is not None and bool(account.review.decisions)
    final = to.say("复核后等次", "grade after review") if reviewed else to.say("拟定等次", "proposed grade")
    facts = [
        (to.say("总分", "total"), _total(account, to)),
        (to.say("系统分", "before review"), _before(account.review, account.total, account.grade, to)),
        (to.say("按分等次", "grade by total"), _band(account.band, to)),
        (final, account.grade),
        (to.say("距上一等次", "to the next grade"), _distance(account.band, to)),
        (to.say("支部名次", "rank in the branch"), _rank(account.ranks[0])),
        (to.say("总名次", "rank overall"), _rank(account.ranks[1])),
        (to.say("标记", "flags"), join_sentences((text for _, text in account.flags), to.lang)),
    ]
    return ExplanationSection(to.say("结果", "Result"), _known(facts))


def _total(account: Account, to: Speaker) -> str:
    if account.total is not None:
        return number(account.total)
    missing = join_sentences(account.missing, to.lang)
    return to.say(f"待评({missing})", f"incomplete ({missing})")


def _before(review: ReviewDecision | None, total: float | None, grade: str, to: Speaker) -> str:
    if review is None or not (review.touched or review.total != total):
        return ""
    was, now = f"{_or_dash(review.total)} {review.grade}".strip(), f"{_or_dash(total)} {grade}".strip()
    return to.say(f"{was};复核后 {now}", f"{was}; after review {now}")


def _or_dash(total: float | None) -> str:
    return "-" if total is None else number(total)


def _band(band: BandReached, to: Speaker) -> str:
    if not band.grade:
        return ""
    line = _cut(band.cut or band.higher_cut, to, reached=band.cut is not None)
    whole = to.say(",四舍五入到整数后比较", ", compared after rounding half up") if band.whole_marks else ""
    return band.grade + to.say(f"({line}{whole})", f" ({line}{whole})")


def _cut(cut: Cut | None, to: Speaker, *, reached: bool = True) -> str:
    if cut is None:
        return ""
    score = number(cut.score)
    if reached:
        return to.say(f"高于{score}分", f"above {score}") if cut.above else to.say(f"{score}分起", f"from {score}")
    return to.say(f"不高于{score}分", f"not above {score}") if cut.above else to.say(f"不到{score}分", f"below {score}")


def _distance(band: BandReached, to: Speaker) -> str:
    if band.distance is None:
        return ""
    line, missing = _cut(band.higher_cut, to), number(band.distance)
    return to.say(f"{band.higher}({line}),差{missing}分", f"{missing} short of {band.higher} ({line})")


def _rank(rank: Rank | None) -> str:
    return "" if rank is None else f"{rank.place}/{rank.of}"


# ---------------------------------------------------------------- points


_COMPONENT_HEADS = (("板块", "component"), ("得分", "score"), ("权重", "weight"), ("计入总分", "contribution"))
_LINE_HEADS = (
    *(("项目、事项", "item, record"), ("日期", "date"), ("记录", "value"), ("分值", "points")),
    *(("计入总分", "contribution"), ("条款、来源", "clause, source")),
)
_DECISION_HEADS = (
    *(("认定、理由", "decision, ground"), ("日期", "date"), ("记录", "value")),
    *(("条款", "clause"), ("由谁决定", "who decides"), ("来源", "source")),
)


def _heads(listed: Iterable[tuple[str, str]], to: Speaker) -> Cells:
    return tuple(to.say(*head) for head in listed)


def _components(account: Account, to: Speaker) -> ExplanationSection:
    rows = [Row(_component(one, to)) for one in account.components]
    cleared = [line for line in account.lines if line.kind == "zero"]
    rows += [Row((line.title.message(to.lang), "", "", signed_number(line.contribution))) for line in cleared]
    total = (to.say("合计", "total"), "", "", _or_dash(account.total))
    heads = _heads(_COMPONENT_HEADS, to)
    return ExplanationSection(to.say("板块", "Components"), heads=heads, rows=(*rows, Row(total)))


def _component(one: ComponentScore, to: Speaker) -> Cells:
    paid = one.contribution
    return one.title.message(to.lang), _or_dash(one.score), number(one.weight), "-" if paid is None else number(paid)


def _lines(account: Account, to: Speaker) -> ExplanationSection:
    rows = [row for line in account.lines for row in _line(line, to)]
    return ExplanationSection(to.say("明细", "Lines"), heads=_heads(_LINE_HEADS, to), rows=tuple(rows))


def _line(line: ExplainedLine, to: Speaker) -> Iterator[Row]:
    mark = "*" if line.assumed else ""
    n = len(line.records)
    times = to.say(f"{n}条", f"{n} record(s)") if n and n == line.count else ""
    points = signed_number(line.points), signed_number(line.contribution)
    yield Row((_titled(line, to) + mark, line.part, times, *points, line.clause))
    for one in line.records:
        points = (signed_number(one.points), signed_number(one.points * line.weight)) if one.points else ("", "")
        yield Row((one.what.message(to.lang), one.date, _value(one, to), *points, one.address), 1)


def _titled(line: ExplainedLine, to: Speaker) -> str:
    said = (line.item_title.message(to.lang), line.title.message(to.lang))
    return to.say(":", ": ").join(part for part in said if part)


def _value(one: Evidence, to: Speaker) -> str:
    value, remark = one.value.message(to.lang), one.remark.message(to.lang)
    return value + (to.say(f"({remark})", f" ({remark})") if remark else "")


# ---------------------------------------------------------------- decisions


def _decisions(account: Account, to: Speaker) -> ExplanationSection:
    rows = [row for one in account.forced for row in _decision(one, _forced(one, account.lowest, to), to)]
    rows += [Row((_quota(one, to), "", "", "", "", "")) for one in account.quotas]
    rows += [row for one in account.outcomes for row in _decision(one, _advice(one, to), to)]
    rows += [Row(_regrading(one, to)) for one in (account.review.decisions if account.review else ())]
    return ExplanationSection(
        to.say("等次认定和结果运用", "Grade and what follows"), heads=_heads(_DECISION_HEADS, to), rows=tuple(rows)
    )


def _forced(one: StandingDecision, grade: str, to: Speaker) -> str:
    who = to.say(f",须由{one.decided_by}决定", f", to be decided by {one.decided_by}") if one.decided_by else ""
    return to.say(f"拟定{grade}", f"proposed: {grade}") + who


def _advice(one: StandingDecision, to: Speaker) -> str:
    if not one.decided_by:
        return to.say("建议", "suggested")
    return to.say(f"拟定,由{one.decided_by}决定", f"proposed, to be decided by {one.decided_by}")


def _decision(one: StandingDecision, status: str, to: Speaker) -> Iterator[Row]:
    mark = "*" if one.assumed else ""
    yield Row((one.title.message(to.lang) + mark, "", one.given.message(to.lang), one.clause, status, ""))
    for ground in one.grounds:
        yield Row((ground.said.message(to.lang), "", ground.value.message(to.lang), "", "", ""), 1)
        for record in ground.records:
            yield Row((record.what.message(to.lang), record.date, _value(record, to), "", "", record.address), 2)


def _quota(one: Seats, to: Speaker) -> str:
    whole = percent(one.share)
    if one.kept:
        out = to.say("本人在名额内", "the member has a place")
    elif one.tied:
        out = to.say(f"并列超出名额,降为{one.becomes}", f"tied over the boundary: {one.becomes}")
    else:
        out = to.say(f"超出名额,降为{one.becomes}", f"no place left: {one.becomes}")
    return to.say(
        f"{one.grade}名额:{one.n}人的{whole}为{one.seats}名,{out}",
        f"places for {one.grade}: {whole} of {one.n} is {one.seats}; {out}",
    )


def _regrading(one: Evidence, to: Speaker) -> Cells:
    title = to.say("异议复核:", "review after an objection: ") + one.what.message(to.lang)
    return title, one.date, _value(one, to), "", "", one.address


def _year(year: Year | None, lowest: str, to: Speaker) -> Iterator[ExplanationSection]:
    if year is None:
        return
    each = [f"{Period.parse(code).label(to.lang)} {_or_dash(total)}" for code, total in year.totals]
    made = {"sum": to.say("合计", "sum"), "mean": to.say("平均", "mean")}.get(year.made, "")
    decided = year.review.decisions if year.review else ()
    final = to.say("年度等次(复核后)", "grade after review") if decided else to.say("年度等次(拟定)", "proposed grade")
    facts = [
        (to.say("各期总分", "totals"), to.say("、", ", ").join(each)),
        (made, _or_dash(year.total) if made else ""),
        (to.say("系统分", "before review"), _before(year.review, year.total, year.grade, to)),
        (final, year.grade),
    ]
    rows = [row for one in year.forced for row in _decision(one, _forced(one, lowest, to), to)]
    rows += [row for one in year.outcomes for row in _decision(one, _advice(one, to), to)]
    rows += [Row(_regrading(one, to)) for one in decided]
    title = to.say(f"{year.year}年度", f"Year {year.year}")
    yield ExplanationSection(title, _known(facts), _heads(_DECISION_HEADS, to) if rows else (), tuple(rows))


# ---------------------------------------------------------------- remarks


def _remarks(account: Account, to: Speaker) -> ExplanationSection:
    changes = tuple(_change(one, to) for one in account.basis.changes)
    notes = dict.fromkeys(_assumed(account, to))
    read = (text.message(to.lang) for text in account.meanings)
    return ExplanationSection(to.say("说明", "Remarks"), notes=(*changes, *notes, *read))


def _change(one: ChangeInForce, to: Speaker) -> str:
    said = to.say(f"自{one.since}起{one.path}为{one.now}", f"since {one.since} {one.path} is {one.now}")
    before = to.say(f"(原为{one.before})", f" (before: {one.before})")
    return said + before + (f" {one.clause}" if one.clause else "")


def _assumed(account: Account, to: Speaker) -> Iterator[str]:
    """Yield what the source does not say and the scheme had to choose, wherever it was used here."""
    of_year = (*account.year.forced, *account.year.outcomes) if account.year else ()
    used = [(_titled(line, to), line.assumed) for line in account.lines]
    used += [(account.band.grade, account.band.assumed)]
    used += [(one.grade, one.assumed) for one in account.quotas]
    used += [(one.title.message(to.lang), one.assumed) for one in (*account.forced, *account.outcomes, *of_year)]
    for title, assumed in used:
        if assumed:
            inner = assumed.translate(_INNER)
            yield to.say(f"* {title}:原文未写明,方案设定为“{inner}”", f"* {title}: not in the source, set as “{inner}”")


_INNER = str.maketrans("“”", "‘’")
"""Quotation marks inside others."""


# ---------------------------------------------------------------- plain text


_INDENT = "    "


def as_text(sections: Iterable[ExplanationSection]) -> str:
    """Return sections as plain text; columns are aligned, a row is never broken."""
    return "\n\n".join("\n".join(_text(section)) for section in sections)


def _text(section: ExplanationSection) -> Iterator[str]:
    yield section.title
    yield from (f"  {name}: {value}" for name, value in section.facts)
    yield from _aligned([Row(section.heads), *section.rows] if section.rows else [])
    yield from (f"  {note}" for note in section.notes)


def _aligned(rows: list[Row]) -> Iterator[str]:
    cells = [(_INDENT[:2] + _INDENT * row.depth + row.cells[0], *row.cells[1:]) for row in rows]
    columns = list(zip(*cells, strict=True))
    widths = [max(map(cell_len, column)) for column in columns]
    right = [_numbers(column[1:]) for column in columns]
    for row in cells:
        yield "  ".join(map(_padded, row, widths, right)).rstrip()


def _padded(cell: str, width: int, right: bool) -> str:
    blanks = " " * (width - cell_len(cell))
    return blanks + cell if right else cell + blanks


def _numbers(cells: Iterable[str]) -> bool:
    """Return whether nothing but numbers stands in a column: it is flushed right."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(re.fullmatch(r"[+-]?\d+(\.\d+)?", cell) for cell in filled)


# ---------------------------------------------------------------- HTML


def as_html(sections: Iterable[ExplanationSection]) -> str:
    """Return sections as HTML, everything escaped."""
    return '<div class="jifen-explanation">' + "".join(part for one in sections for part in _html(one)) + "</div>"


def _html(section: ExplanationSection) -> Iterator[str]:
    yield f"<h4>{escape(section.title)}</h4>"
    if section.facts:
        facts = (f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in section.facts)
        yield f"<table>{''.join(facts)}</table>"
    if section.rows:
        heads = "".join(f"<th>{escape(head)}</th>" for head in section.heads)
        yield f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(map(_html_row, section.rows))}</tbody></table>"
    yield from (f"<p>{escape(note)}</p>" for note in section.notes)


def _html_row(row: Row) -> str:
    first, *others = (escape(cell) for cell in row.cells)
    indent = f' style="padding-left:{1 + 2 * row.depth}em"'
    return f"<tr><td{indent}>{first}</td>" + "".join(f"<td>{cell}</td>" for cell in others) + "</tr>"


# ---------------------------------------------------------------- terminal


def as_rich(sections: Iterable[ExplanationSection]) -> Group:
    """Return sections for a rich console."""
    return Group(*(part for section in sections for part in _rich(section)))


def _rich(section: ExplanationSection) -> Iterator[RichText | Table | Folding]:
    yield RichText(section.title, style="bold")
    if section.facts:
        yield _rich_table([Row(fact) for fact in section.facts], ())
    if section.rows:
        yield _rich_table(section.rows, section.heads)
    yield from (Folding(note) for note in section.notes)
    yield RichText("")


def _rich_table(rows: Sequence[Row], heads: tuple[str, ...]) -> Table:
    table = Table(box=None, show_header=bool(heads), pad_edge=False)
    columns = zip(*(row.cells for row in rows), strict=True)
    for head, cells in zip(heads or [""] * len(rows[0].cells), columns, strict=True):
        right = bool(heads) and _numbers(cells)
        table.add_column(Folding(head), justify="right" if right else "left", no_wrap=right)
    for row in rows:
        style = "dim" if row.depth else ""
        first, *others = row.cells
        table.add_row(Folding("  " * row.depth + first, style), *(Folding(cell, style) for cell in others))
    return table
