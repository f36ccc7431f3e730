"""The lines of the ledger, each with the records behind it; and all there is to say of one number, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd

from jifen_analysis.errors import NOTHING, Text, same
from jifen_analysis.schemes.model import AnyItem, MarkedItem, PointsItem, Sourced
from jifen_analysis.schemes.model.phrases import title_of
from jifen_analysis.scoring.arrays import Ints
from jifen_analysis.scoring.explain.decisions import BandReached, Rank, Seats, StandingDecision, conditional_traces
from jifen_analysis.scoring.explain.evidence import Evidence, MemberRecords, to_evidence
from jifen_analysis.scoring.kinds import item_traces
from jifen_analysis.scoring.ledger import ItemKey, LedgerLine
from jifen_analysis.scoring.record_index import Paid, Trace
from jifen_analysis.vocabulary import Vocabulary


@dataclass(frozen=True)
class ExplainedLine:
    """One line of the ledger, what it and its item are called, and the records it adds up from.

    ``points`` are before the component's ``weight``; ``assumed`` is what the source does not say of it.
    """

    part: str
    component: str
    item: str
    rule: str
    kind: str
    item_title: Text
    title: Text
    count: int
    points: float
    weight: float
    clause: str = ""
    assumed: str = ""
    records: tuple[Evidence, ...] = ()

    @property
    def contribution(self) -> float:
        """What the line adds to the total."""
        return self.points * self.weight


@dataclass(frozen=True)
class _Entry:
    """One kind of line of the ledger, under one version of the scheme."""

    key: ItemKey
    line: LedgerLine
    per: str
    item: AnyItem

    @property
    def source(self) -> Sourced:
        """The part of the scheme that the line follows."""
        return self.item.parts.get(self.line.rule, self.item)

    @property
    def assumed(self) -> str:
        """What the source does not say of the rule; and of the item, where no line of its own could tell."""
        silent = not isinstance(self.item, PointsItem) or not self.item.start
        said = (self.source.assumed, self.item.assumed if silent else "")
        return ";".join(dict.fromkeys(one for one in said if one))


def lines(desk: MemberRecords, rows: Iterable[int]) -> dict[int, list[ExplainedLine]]:
    """Return the lines of some rows of a desk, in the order of the ledger; those without scores have none."""
    asked = np.asarray([row for row in rows if desk.roster.scored[row]], dtype="int64")
    found: dict[int, list[ExplainedLine]] = {int(row): [] for row in asked}
    for entry, here in _kinds(asked, desk):
        for row, line in _lines_of(entry, here, desk):
            found[row].append(line)
    return {row: [*listed, *_zero(listed, row, desk)] for row, listed in found.items()}


def _kinds(asked: Ints, desk: MemberRecords) -> Iterator[tuple[_Entry, Ints]]:
    """Yield every kind of line with the rows that stand under the same version of the scheme."""
    version = desk.working.version[desk.rows[asked]]
    for key, score in desk.working.scores.items.items():
        for line in score.lines:
            per = "period" if line.kind == "correction" else score.per
            for at in np.unique(version):
                yield _Entry(key, line, per, desk.working.books[at].items[key]), asked[version == at]


def _lines_of(entry: _Entry, rows: Ints, desk: MemberRecords) -> Iterator[tuple[int, ExplainedLine]]:
    whole = desk.rows[rows]
    points, count = entry.line.value[whole], entry.line.count[whole]
    weight = desk.working.scores.weights[entry.key[0]][whole]
    places = [(int(at), int(part)) for at, part in np.argwhere((points != 0) | (count != 0))]
    paid = {(int(rows[at]), part): float(points[at, part]) for at, part in places}
    behind = _behind(entry, paid, desk)
    for at, part in places:
        row, value = int(rows[at]), float(points[at, part])
        period = desk.roster.periods[desk.roster.period[row]]
        name = period.part_names(entry.per)[part]
        records = _dated(behind.get((row, part), ()), name or str(period), desk)
        yield row, _line(entry, name, int(count[at, part]), value, float(weight[at]), records, desk.words)


def _line(
    entry: _Entry, part: str, count: int, points: float, weight: float, records: tuple[Evidence, ...], words: Vocabulary
) -> ExplainedLine:
    line, item, source = entry.line, entry.item, entry.source
    correction = line.kind == "correction"
    return ExplainedLine(
        part,
        *entry.key,
        line.rule,
        line.kind,
        title_of(item.title, entry.key[1]),
        _title(entry, words),
        count,
        points,
        weight,
        "" if correction else source.clause or item.clause,
        "" if correction else entry.assumed,
        records,
    )


def _title(entry: _Entry, words: Vocabulary) -> Text:
    kind, source = words.text("kind", entry.line.kind), entry.source
    if isinstance(entry.item, MarkedItem) and entry.line.kind == "rule":
        return Text(words.tables["marks"].label, "marks")
    if entry.line.kind == "rule":
        return title_of(source.title, entry.line.rule)
    if source is entry.item:
        return kind
    rule = title_of(source.title, entry.line.rule)
    return Text(f"{rule.zh}:{kind.zh}", f"{rule.en}: {kind.en}")


def _dated(traces: Iterable[Trace], when: str, desk: MemberRecords) -> tuple[Evidence, ...]:
    evidence = (to_evidence(trace, desk) for trace in traces)
    return tuple(one if one.date else replace(one, date=when) for one in evidence)


def _zero(listed: list[ExplainedLine], row: int, desk: MemberRecords) -> Iterator[ExplainedLine]:
    """Yield the line by which a clause clears all points."""
    if desk.working.grading.zeroed[desk.rows[row]]:
        lost = -sum(line.contribution for line in listed)
        clause = desk.working.zero_clause(desk.rows[row])
        yield ExplainedLine("", "", "", "", "zero", same(""), desk.words.text("kind", "zero"), 1, lost, 1.0, clause)


# ---------------------------------------------------------------- what stands behind a line


def _behind(entry: _Entry, paid: Paid, desk: MemberRecords) -> dict[tuple[int, int], list[Trace]]:
    found: dict[tuple[int, int], list[Trace]] = {}
    for trace in _traces(entry, paid, desk) if paid else ():
        if (trace.row, trace.part) in paid:
            found.setdefault((trace.row, trace.part), []).append(trace)
    return found


def _traces(entry: _Entry, paid: Paid, desk: MemberRecords) -> Iterable[Trace]:
    line, item = entry.line, entry.item
    if line.kind == "correction":
        return correction_traces(entry.key, desk)
    if line.kind != "rule":
        return ()
    stand = partial(conditional_traces, desk=desk)
    return item_traces(item, entry.key[1], line.rule, entry.per, paid, desk, stand)


def correction_traces(target: tuple[str, str], desk: MemberRecords) -> Iterator[Trace]:
    """Yield the decisions about an item."""
    placed = desk.placed
    for at in np.flatnonzero(placed.fits & (placed.row >= 0)).tolist():
        if placed.target[at] == target:
            points = float(placed.frame["points"].iloc[at])
            yield Trace(int(placed.row[at]), 0, "corrections", int(placed.frame.index[at]), "points", points)


def grade_traces(row: int, desk: MemberRecords, *, year: bool = False) -> Iterator[Trace]:
    """Yield the decisions that set the grade of a row's period, or of its year where that is longer."""
    placed = desk.placed
    of_year = placed.whole_year & (placed.row < 0) & (placed.year == desk.roster.year[row])
    for at in np.flatnonzero(placed.grades & (of_year if year else placed.row == row)).tolist():
        yield Trace(row, 0, "corrections", int(placed.frame.index[at]), "grade")


# ---------------------------------------------------------------- as a frame

COLUMNS = (
    "member_id", "period", "part", "component", "item", "rule", "kind", "clause",
    "date", "what", "value", "points", "contribution", "file", "sheet", "cell",
)  # fmt: skip


def entries(member_id: str, period: str, listed: Iterable[ExplainedLine]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a frame: one for each record, and one for each line without records."""
    for line in listed:
        head = (member_id, period, line.part, line.component, line.item, line.rule, line.kind, line.clause)
        for one in line.records:
            told_ = (one.date, one.what.zh, one.value.zh, one.points, one.points * line.weight)
            yield *head, *told_, one.file, one.sheet, one.cell
        if not line.records:
            yield *head, line.part or period, line.title.zh, "", line.points, line.contribution, "", "", ""


def line_frame(rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    """Return such rows as a frame."""
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS))
    text = {name: pd.StringDtype(na_value=np.nan) for name in COLUMNS if name not in ("points", "contribution")}
    return frame.astype({**text, "points": "float64", "contribution": "float64"})


# ---------------------------------------------------------------- the parts of an explanation


NO_BAND = BandReached("")
State = Literal["scored", "exempt", "not_assessed", "outside", "not_on_roster"]


@dataclass(frozen=True)
class Person:
    """Who is explained, as in force in the period."""

    member_id: str
    name: str = ""
    branch: str = ""
    unit: str = ""
    stage: Text = NOTHING
    category: str = ""


@dataclass(frozen=True)
class ChangeInForce:
    """A dated change of the scheme that is in force in the period."""

    path: str
    since: str
    before: str
    now: str
    clause: str = ""


@dataclass(frozen=True)
class Basis:
    """What was scored by: the scheme, what was applied to it, changes in force, the last day seen where provisional."""

    id: str
    title: str
    readings: tuple[Text, ...] = ()
    changes: tuple[ChangeInForce, ...] = ()
    as_of: str = ""


@dataclass(frozen=True)
class ComponentScore:
    """A component's score and weight; no score where something is missing."""

    id: str
    title: Text
    score: float | None
    weight: float

    @property
    def contribution(self) -> float | None:
        """What it adds to the total."""
        return None if self.score is None else self.score * self.weight


@dataclass(frozen=True)
class ReviewDecision:
    """What decisions after objections changed: total and grade before any of them, and those that set the grade.

    ``touched``: whether any is about this period, or year; those about points stand among the lines.
    """

    total: float | None
    grade: str
    touched: bool
    decisions: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Year:
    """The year that a shorter period belongs to: its scored periods, the total made of them, and what stands in it."""

    year: int
    made: str
    totals: tuple[tuple[str, float | None], ...]
    total: float | None
    grade: str = ""
    forced: tuple[StandingDecision, ...] = ()
    outcomes: tuple[StandingDecision, ...] = ()
    review: ReviewDecision | None = None


@dataclass(frozen=True)
class Account:
    """Every line behind one number.

    Parameters
    ----------
    person : Person
        Whose.
    period : str
        Which.
    basis : Basis
        The scheme.
    state : str
        ``scored``, or why there is no score.
    why : Text
        The state in words; empty for ``scored``.
    components : tuple of ComponentScore
        In file order.
    lines : tuple of Line
        The ledger, with the records behind each line.
    total : float or None
        Missing where something is.
    missing : tuple of Text
        What there is nothing to score by.
    band : BandReached
        Grade of the total and its cut score.
    grade : str
        After forced clauses, quotas and corrections.
    lowest : str
        The grade that a forced clause gives.
    forced, outcomes : tuple of StandingDecision
        Clauses that force the grade; what follows.
    quotas : tuple of Seats
        Limits that the grade met.
    ranks : tuple of (Rank or None)
        Within the branch, overall.
    flags : tuple of (str, Text)
        Codes, and what there is to say of each.
    review : ReviewDecision, optional
        What decisions after objections changed.
    year : Year, optional
        The year, for a scheme with shorter periods.
    meanings : tuple of Text
        How a correspondence table had the records read.
    """

    person: Person
    period: str
    basis: Basis
    state: State = "scored"
    why: Text = NOTHING
    components: tuple[ComponentScore, ...] = ()
    lines: tuple[ExplainedLine, ...] = ()
    total: float | None = None
    missing: tuple[Text, ...] = ()
    band: BandReached = NO_BAND
    grade: str = ""
    lowest: str = ""
    forced: tuple[StandingDecision, ...] = ()
    outcomes: tuple[StandingDecision, ...] = ()
    quotas: tuple[Seats, ...] = ()
    ranks: tuple[Rank | None, Rank | None] = (None, None)
    flags: tuple[tuple[str, Text], ...] = ()
    review: ReviewDecision | None = None
    year: Year | None = None
    meanings: tuple[Text, ...] = ()
