"""An explanation in words: sections of facts and tables, the same for every way of showing them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jifen_analysis.errors import Lang, Text
from jifen_analysis.periods import Period
from jifen_analysis.schemes.model.phrases import percent
from jifen_analysis.scoring.explain.decisions import BandReached, Cut, Rank, Seats, StandingDecision
from jifen_analysis.scoring.explain.evidence import Evidence
from jifen_analysis.scoring.explain.lines import ExplainedLine
from jifen_analysis.scoring.explain.model import Account, ChangeInForce, ComponentScore, ReviewDecision, Year
from jifen_analysis.scoring.words import join_sentences, number, signed_number

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One row of a table; ``depth`` says how far below a line it stands."""

    cells: Cells
    depth: int = 0


@dataclass(frozen=True)
class Section:
    """A heading, facts by name, a table, remarks."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    heads: Cells = ()
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


def sections(account: Account, lang: Lang = "zh") -> tuple[Section, ...]:
    """Put an account into words.

    Parameters
    ----------
    account : Account
        What there is to say.
    lang : {"zh", "en"}
        In which language.

    Returns
    -------
    tuple of Section
        The first is the heading; empty ones are left out.
    """
    say = _Say(lang)
    found = [_heading(account, say)]
    if account.state == "scored":
        found += [_result(account, say), _components(account, say), _lines(account, say)]
        found += [_decisions(account, say), *_year(account.year, account.lowest, say)]
    found.append(_remarks(account, say))
    return tuple(_clean(section) for section in found if section.facts or section.rows or section.notes)


@dataclass(frozen=True)
class _Say:
    """Chooses the language."""

    lang: Lang

    def __call__(self, zh: str, en: str) -> str:
        return Text(zh, en).message(self.lang)

    def text(self, text: Text) -> str:
        return text.message(self.lang)


def _clean(section: Section) -> Section:
    """Make every cell one printable line: names and remarks come from spreadsheets."""
    return Section(
        _printable(section.title),
        tuple((name, _printable(value)) for name, value in section.facts),
        section.heads,
        tuple(Row(tuple(_printable(cell) for cell in row.cells), row.depth) for row in section.rows),
        tuple(_printable(note) for note in section.notes),
    )


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


# ---------------------------------------------------------------- who, and what came out


def _heading(account: Account, say: _Say) -> Section:
    person, basis = account.person, account.basis
    period = Period.parse(account.period).label(say.lang)
    facts = [
        (say("党支部", "branch"), person.branch),
        (say("所属单位", "unit"), person.unit if person.unit != person.branch else ""),
        (say("发展阶段", "stage"), say.text(person.stage)),
        (say("类别", "category"), person.category),
        (say("方案", "scheme"), say(f"{basis.title}({basis.id})", basis.id)),
        (say("读法", "variants"), join_sentences(basis.readings, say.lang)),
        (say("暂计至", "as of"), basis.as_of),
        (say("状态", "state"), say.text(account.why)),
    ]
    return Section(f"{person.member_id} {person.name} {period}", _known(facts))


def _known(facts: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in facts if value)


def _result(account: Account, say: _Say) -> Section:
    reviewed = account.review is not None and bool(account.review.decisions)
    final = say("复核后等次", "grade after review") if reviewed else say("拟定等次", "proposed grade")
    facts = [
        (say("总分", "total"), _total(account, say)),
        (say("系统分", "before review"), _before(account.review, account.total, account.grade, say)),
        (say("按分等次", "grade by total"), _band(account.band, say)),
        (final, account.grade),
        (say("距上一等次", "to the next grade"), _distance(account.band, say)),
        (say("支部名次", "rank in the branch"), _rank(account.ranks[0])),
        (say("总名次", "rank overall"), _rank(account.ranks[1])),
        (say("标记", "flags"), join_sentences((text for _, text in account.flags), say.lang)),
    ]
    return Section(say("结果", "Result"), _known(facts))


def _total(account: Account, say: _Say) -> str:
    if account.total is not None:
        return number(account.total)
    return say("待评", "incomplete") + say("(", " (") + join_sentences(account.missing, say.lang) + say(")", ")")


def _before(review: ReviewDecision | None, total: float | None, grade: str, say: _Say) -> str:
    if review is None or not (review.touched or review.total != total):
        return ""
    was, now = f"{_or_dash(review.total)} {review.grade}".strip(), f"{_or_dash(total)} {grade}".strip()
    return say(f"{was};复核后 {now}", f"{was}; after review {now}")


def _or_dash(total: float | None) -> str:
    return "-" if total is None else number(total)


def _band(band: BandReached, say: _Say) -> str:
    if not band.grade:
        return ""
    line = _from(band.cut, say) if band.cut else _below(band.higher_cut, say)
    whole = say(",四舍五入到整数后比较", ", compared after rounding half up") if band.whole_marks else ""
    return band.grade + say(f"({line}{whole})", f" ({line}{whole})")


def _from(cut: Cut | None, say: _Say) -> str:
    if cut is None:
        return ""
    score = number(cut.score)
    return say(f"高于{score}分", f"above {score}") if cut.above else say(f"{score}分起", f"from {score}")


def _below(cut: Cut | None, say: _Say) -> str:
    if cut is None:
        return ""
    score = number(cut.score)
    return say(f"不高于{score}分", f"not above {score}") if cut.above else say(f"不到{score}分", f"below {score}")


def _distance(band: BandReached, say: _Say) -> str:
    if band.distance is None:
        return ""
    line, missing = _from(band.higher_cut, say), number(band.distance)
    return say(f"{band.higher}({line}),差{missing}分", f"{missing} short of {band.higher} ({line})")


def _rank(rank: Rank | None) -> str:
    return "" if rank is None else f"{rank.place}/{rank.of}"


# ---------------------------------------------------------------- points


def _components(account: Account, say: _Say) -> Section:
    heads = say("板块", "component"), say("得分", "score"), say("权重", "weight"), say("计入总分", "contribution")
    rows = [Row(_component(one, say)) for one in account.components]
    cleared = [line for line in account.lines if line.kind == "zero"]
    rows += [Row((say.text(line.title), "", "", signed_number(line.contribution))) for line in cleared]
    total = (say("合计", "total"), "", "", _or_dash(account.total))
    return Section(say("板块", "Components"), heads=heads, rows=(*rows, Row(total)))


def _component(one: ComponentScore, say: _Say) -> Cells:
    paid = one.contribution
    return say.text(one.title), _or_dash(one.score), number(one.weight), "-" if paid is None else number(paid)


def _lines(account: Account, say: _Say) -> Section:
    heads = (
        say("项目、事项", "item, record"),
        say("日期", "date"),
        say("记录", "value"),
        say("分值", "points"),
        say("计入总分", "contribution"),
        say("条款、来源", "clause, source"),
    )
    rows = [row for line in account.lines for row in _line(line, say)]
    return Section(say("明细", "Lines"), heads=heads, rows=tuple(rows))


def _line(line: ExplainedLine, say: _Say) -> Iterator[Row]:
    mark = "*" if line.assumed else ""
    n = len(line.records)
    times = say(f"{n}条", f"{n} record(s)") if n and n == line.count else ""
    yield Row(
        (
            _titled(line, say) + mark,
            line.part,
            times,
            signed_number(line.points),
            signed_number(line.contribution),
            line.clause,
        )
    )
    for one in line.records:
        points = (signed_number(one.points), signed_number(one.points * line.weight)) if one.points else ("", "")
        yield Row((say.text(one.what), one.date, _value(one, say), *points, one.address), 1)


def _titled(line: ExplainedLine, say: _Say) -> str:
    return say(":", ": ").join(part for part in (say.text(line.item_title), say.text(line.title)) if part)


def _value(one: Evidence, say: _Say) -> str:
    value, remark = say.text(one.value), say.text(one.remark)
    return value + (say(f"({remark})", f" ({remark})") if remark else "")


# ---------------------------------------------------------------- decisions


def _decisions(account: Account, say: _Say) -> Section:
    rows = [row for one in account.forced for row in _decision(one, _forced(one, account.lowest, say), say)]
    rows += [Row((_quota(one, say), "", "", "", "", "")) for one in account.quotas]
    rows += [row for one in account.outcomes for row in _decision(one, _advice(one, say), say)]
    rows += [Row(_regrading(one, say)) for one in (account.review.decisions if account.review else ())]
    return Section(say("等次认定和结果运用", "Grade and what follows"), heads=_decision_heads(say), rows=tuple(rows))


def _decision_heads(say: _Say) -> Cells:
    return (
        say("认定、理由", "decision, ground"),
        say("日期", "date"),
        say("记录", "value"),
        say("条款", "clause"),
        say("由谁决定", "who decides"),
        say("来源", "source"),
    )


def _forced(one: StandingDecision, grade: str, say: _Say) -> str:
    who = say(f",须由{one.decided_by}决定", f", to be decided by {one.decided_by}") if one.decided_by else ""
    return say(f"拟定{grade}", f"proposed: {grade}") + who


def _advice(one: StandingDecision, say: _Say) -> str:
    if not one.decided_by:
        return say("建议", "suggested")
    return say(f"拟定,由{one.decided_by}决定", f"proposed, to be decided by {one.decided_by}")


def _decision(one: StandingDecision, status: str, say: _Say) -> Iterator[Row]:
    mark = "*" if one.assumed else ""
    yield Row((say.text(one.title) + mark, "", say.text(one.given), one.clause, status, ""))
    for ground in one.grounds:
        yield Row((say.text(ground.said), "", say.text(ground.value), "", "", ""), 1)
        for record in ground.records:
            yield Row((say.text(record.what), record.date, _value(record, say), "", "", record.address), 2)


def _quota(one: Seats, say: _Say) -> str:
    whole = percent(one.share)
    if one.kept:
        out = say("本人在名额内", "the member has a place")
    elif one.tied:
        out = say(f"并列超出名额,降为{one.becomes}", f"tied over the boundary: {one.becomes}")
    else:
        out = say(f"超出名额,降为{one.becomes}", f"no place left: {one.becomes}")
    return say(
        f"{one.grade}名额:{one.n}人的{whole}为{one.seats}名,{out}",
        f"places for {one.grade}: {whole} of {one.n} is {one.seats}; {out}",
    )


def _regrading(one: Evidence, say: _Say) -> Cells:
    title = say("异议复核:", "review after an objection: ") + say.text(one.what)
    return title, one.date, _value(one, say), "", "", one.address


def _year(year: Year | None, lowest: str, say: _Say) -> Iterator[Section]:
    if year is None:
        return
    each = [f"{Period.parse(code).label(say.lang)} {_or_dash(total)}" for code, total in year.totals]
    made = {"sum": say("合计", "sum"), "mean": say("平均", "mean")}.get(year.made, "")
    decided = year.review.decisions if year.review else ()
    final = say("年度等次(复核后)", "grade after review") if decided else say("年度等次(拟定)", "proposed grade")
    facts = [
        (say("各期总分", "totals"), say("、", ", ").join(each)),
        (made, _or_dash(year.total) if made else ""),
        (say("系统分", "before review"), _before(year.review, year.total, year.grade, say)),
        (final, year.grade),
    ]
    rows = [row for one in year.forced for row in _decision(one, _forced(one, lowest, say), say)]
    rows += [row for one in year.outcomes for row in _decision(one, _advice(one, say), say)]
    rows += [Row(_regrading(one, say)) for one in decided]
    title = say(f"{year.year}年度", f"Year {year.year}")
    yield Section(title, _known(facts), _decision_heads(say) if rows else (), tuple(rows))


# ---------------------------------------------------------------- remarks


def _remarks(account: Account, say: _Say) -> Section:
    changes = tuple(_change(one, say) for one in account.basis.changes)
    notes = dict.fromkeys(_assumed(account, say))
    read = map(say.text, account.meanings)
    return Section(say("说明", "Remarks"), notes=(*changes, *notes, *read))


def _change(one: ChangeInForce, say: _Say) -> str:
    said = say(f"自{one.since}起{one.path}为{one.now}", f"since {one.since} {one.path} is {one.now}")
    before = say(f"(原为{one.before})", f" (before: {one.before})")
    return said + before + (f" {one.clause}" if one.clause else "")


def _assumed(account: Account, say: _Say) -> Iterator[str]:
    """Yield what the source does not say and the scheme had to choose, wherever it was used here."""
    of_year = (*account.year.forced, *account.year.outcomes) if account.year else ()
    used = [(_titled(line, say), line.assumed) for line in account.lines]
    used += [(account.band.grade, account.band.assumed)]
    used += [(one.grade, one.assumed) for one in account.quotas]
    used += [(say.text(one.title), one.assumed) for one in (*account.forced, *account.outcomes, *of_year)]
    for title, assumed in used:
        if assumed:
            inner = assumed.translate(_INNER)
            yield say(f"* {title}:原文未写明,方案设定为“{inner}”", f"* {title}: not in the source, set as “{inner}”")


_INNER = str.maketrans("“”", "‘’")
"""Quotation marks inside others."""
