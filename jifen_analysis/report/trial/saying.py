"""The sentences of a trial: each counted from the frame it speaks of."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from fractions import Fraction
from math import inf
from typing import Any

from jifen_analysis.analysis.inputs import KEYS
from jifen_analysis.errors import Text
from jifen_analysis.periods import Period
from jifen_analysis.report.trial.facts import Tried
from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.schemes.proposal import Proposal
from jifen_analysis.schemes.scheme import Scheme

REASONS = {
    "share_line": Text("占比改变,总分过线", "the total passes a cut under the new shares"),
    "share_place": Text("占比改变,在名额内外的位次变了", "another place for the quota under the new shares"),
    "cut_line": Text("分数线移过总分", "the cut moves past the total"),
    "cut_place": Text("分数线使别人进出,位次变了", "others come or go with the cut"),
    "quota": Text("名额改变", "another quota"),
    "clause": Text("按总分或名次认定的条款", "a clause that asks for totals or ranks"),
}
_NONE = Text("无", "none")


def say_reasons(codes: str) -> Text:
    """Say why somebody moved."""
    said = [REASONS[code] for code in codes.split(";") if code]
    return Text(";".join(one.zh for one in said), "; ".join(one.en for one in said))


# ---------------------------------------------------------------- what is proposed


def changes(scheme: Scheme, proposal: Proposal) -> tuple[Text, ...]:
    """Say what a proposal makes of a scheme: every share, cut score and quota before and after.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> proposal = Proposal({"daily": 0.7, "evaluation": 0.3}, {"优秀": 88})
    >>> [one.zh for one in changes(read_scheme("community_60_40"), proposal)]
    ['“日常考核”占满分 60% → 70%', '“民主评议”占满分 40% → 30%', '“优秀”线 90 → 88']
    """
    after = proposal.of(scheme)
    return (*_shares(scheme, after, proposal), *_cuts(scheme.book, after.book), *_quotas(scheme.book, after.book))


def _shares(before: Scheme, after: Scheme, proposal: Proposal) -> Iterator[Text]:
    if proposal.shares:
        for name, share in after.shares.items():
            title, old, new = before.book.titles[name], percent(before.shares[name]), percent(share)
            yield Text(f"“{title}”占满分 {old} → {new}", f"{title}: {old} → {new} of the full marks")


def _cuts(before: RuleBook, after: RuleBook) -> Iterator[Text]:
    for name, grade in after.grades.items():
        old = before.grades[name].cut
        if grade.cut != old:
            yield Text(f"“{name}”线 {old:g} → {grade.cut:g}", f"cut for {name}: {old:g} → {grade.cut:g}")


def _quotas(before: RuleBook, after: RuleBook) -> Iterator[Text]:
    for name, grade in after.grades.items():
        old, new = (quota and quota.share for quota in (before.grades[name].quota, grade.quota))
        if old != new:
            zh, en = ([percent(Fraction(share)) if share else none for share in (old, new)] for none in _BOTH)
            yield Text(f"“{name}”名额 {zh[0]} → {zh[1]}", f"quota for {name}: {en[0]} → {en[1]}")


_BOTH = (_NONE.zh, _NONE.en)


def percent(share: Fraction) -> str:
    """Return a share as it is printed: a short percentage, or the fraction itself.

    Examples
    --------
    >>> percent(Fraction(7, 10)), percent(Fraction(1, 3))
    ('70%', '1/3')
    """
    said = f"{float(100 * share):g}"
    return f"{said}%" if Fraction(said) == 100 * share else str(share)


# ---------------------------------------------------------------- what comes of it


def sentences(told: Tried) -> tuple[Text, ...]:
    """Say who moves, by which change, and what binds afterwards."""
    return (_moved(told), *_idle(told), *(_binds(row) for row in told.after.to_dict("records") if _limits(row)))


def _moved(told: Tried) -> Text:
    moves, n = told.found.moves, _graded(told)
    rises = int(moves["up"].sum())
    if not len(moves):
        return Text(f"{n} 人次,没有人的等次改变", f"{n} members and periods: nobody's grade changes")
    counts = moves["reason"].str.split(";").explode().value_counts().reindex(list(REASONS)).dropna().astype("int64")
    zh = "、".join(f"{REASONS[str(code)].zh} {count}" for code, count in counts.items())
    en = "; ".join(f"{REASONS[str(code)].en} {count}" for code, count in counts.items())
    return Text(
        f"{n} 人次中 {len(moves)} 人次等次改变:升 {rises},降 {len(moves) - rises}。按原因(可并列):{zh}",
        f"{len(moves)} of {n} grades change: {rises} rise, {len(moves) - rises} fall. By reason, some by several: {en}",
    )


def _graded(told: Tried) -> int:
    """Return how many have a grade now or on trial, as the table of grades counts them; a total where none is given."""
    column = "grade" if told.found.before.scheme.book.grades else "total"
    now, then = (side.table.set_index(KEYS)[column].notna() for side in (told.found.before, told.found.after))
    return int((now | then).sum())


def _idle(told: Tried) -> Iterator[Text]:
    """Say where another cut score moved nobody because the quota alone decides."""
    if not told.idle:
        return
    yield Text("分数线的改动没有改变任何人的等次", "the other cut scores change nobody's grade")
    for name in told.found.proposal.cuts:
        rows = told.after[told.after["grade"] == name]
        if len(rows) and (rows["binds"] == "quota").all():
            yield Text(
                f"“{name}”起作用的只是名额:到线而被名额挡下的有 {rows['shut_out'].sum()} 人次",
                f"only the quota limits {name}: {rows['shut_out'].sum()} reach the cut and are shut out",
            )


def _limits(row: Mapping[Hashable, Any]) -> bool:
    return bool(row["binds"] != "neither" or row["high_moves"])


def _binds(row: Mapping[Hashable, Any]) -> Text:
    period, grade = Period.parse(row["period"]), row["grade"]
    where = places_between(row)
    head = Text(f"{period.label()} “{grade}”:", f"{period.label('en')} {grade}: ")
    said = {"quota": _quota_binds, "cut": _cut_binds, "neither": _all_in}[row["binds"]](row)
    return Text(f"{head.zh}{said.zh};{where.zh}", f"{head.en}{said.en}; {where.en}")


def _quota_binds(row: Mapping[Hashable, Any]) -> Text:
    entered, seats, kept, out = row["entered"], row["seats"], row["held"] - row["outside"], row["shut_out"]
    return Text(
        f"起作用的只是名额:到线 {entered} 人,名额 {seats} 个,按名额保留 {kept} 人,挡下 {out} 人",
        f"only the quota binds: {entered} reach the cut, {kept} of {seats} places taken, {out} shut out",
    )


def _cut_binds(row: Mapping[Hashable, Any]) -> Text:
    entered, out = row["entered"], row["shut_out"]
    return Text(
        f"起作用的是分数线:到线 {entered} 人" + (f",其中 {out} 人被名额挡下" if out else ""),
        f"the cut binds: {entered} reach it" + (f", {out} of them shut out by the quota" if out else ""),
    )


def _all_in(row: Mapping[Hashable, Any]) -> Text:
    entered = row["entered"]
    return Text(f"到线 {entered} 人,线再低也不多一人", f"{entered} reach it, and a lower cut lets in nobody")


def places_between(row: Mapping[Hashable, Any]) -> Text:
    """Say between which scores a cut may be put without moving anybody.

    Examples
    --------
    >>> row = {"low": 60.0, "high": 94.2, "low_moves": False, "high_moves": True, "strict": False}
    >>> places_between(row).zh
    '线在 60(不含)与 94.2 之间移动,不改变任何人的等次'
    """
    low, high = _bounds(row)
    return Text(
        f"线在{low.zh}与{high.zh}之间移动,不改变任何人的等次",
        f"anywhere between {low.en} and {high.en} the cut moves nobody",
    )


def reach(row: Mapping[Hashable, Any]) -> Text:
    """Say the same in a cell of a table.

    Examples
    --------
    >>> reach({"low": 60.0, "high": 94.2, "low_moves": False, "high_moves": True, "strict": False}).zh
    '60(不含)至94.2'
    """
    low, high = _bounds(row)
    return Text(f"{low.zh.strip()}至{high.zh.strip()}", f"{low.en} to {high.en}")


def _bounds(row: Mapping[Hashable, Any]) -> tuple[Text, Text]:
    return (
        _end(row["low"], inside=bool(row["low_moves"] and row["strict"])),
        _end(row["high"], inside=bool(row["high_moves"] and not row["strict"])),
    )


def _end(score: float, *, inside: bool) -> Text:
    if score in (-inf, inf):
        return Text("最低分" if score < 0 else "最高分", "the lowest" if score < 0 else "the highest")
    return Text(
        f" {score:.10g} " if inside else f" {score:.10g}(不含)", f"{score:.10g}{'' if inside else ' (exclusive)'}"
    )
