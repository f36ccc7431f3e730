"""An explanation, taken part by part from an assessment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.periods import Period
from jifen_analysis.schemes.frozen import thaw
from jifen_analysis.schemes.model import EvaluationItem
from jifen_analysis.schemes.model.items import submitted_text
from jifen_analysis.schemes.model.phrases import who_text
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.scoring.computation import Computation
from jifen_analysis.scoring.explain.decisions import (
    band,
    forced_in_year,
    forcing_clauses,
    outcomes,
    outcomes_in_year,
    quota_lines,
    rank,
    year_row,
)
from jifen_analysis.scoring.explain.evidence import MemberRecords, meanings, to_evidence
from jifen_analysis.scoring.explain.explanation import Explanation
from jifen_analysis.scoring.explain.lines import grade_traces, lines
from jifen_analysis.scoring.explain.model import (
    Basis,
    ChangeInForce,
    ComponentScore,
    Person,
    ReviewDecision,
    State,
    Year,
)
from jifen_analysis.scoring.record_index import NOTHING
from jifen_analysis.scoring.words import same, title_of, word


def explanation_of(
    desk: MemberRecords, scheme: Scheme, member_id: str, period: Period, row: int | None, before: Computation | None
) -> Explanation:
    """Say everything about one row.

    Parameters
    ----------
    desk : MemberRecords
        With the member's rows and records.
    scheme : Scheme
        What was scored by.
    member_id : str
        Whose.
    period : Period
        Which.
    row : int or None
        Row of the desk; none where the member is not on the roster of the year.
    before : Computation, optional
        The same without decisions after objections.
    """
    basis = _basis(scheme, period, desk)
    if row is None:
        why = Text(f"不在{period.year}年的花名册上", f"not on the roster of {period.year}")
        return Explanation(Person(member_id), str(period), basis, "not_on_roster", why)
    state = _state(row, desk)
    person = _person(member_id, row, desk)
    if state != "scored":
        return Explanation(person, str(period), basis, state, _why(state, desk))
    whole, working = int(desk.rows[row]), desk.working
    listed = tuple(lines(desk, [row])[row])
    return Explanation(
        person,
        str(period),
        basis,
        components=tuple(_components(row, desk)),
        lines=listed,
        total=_known(working.total[whole]),
        missing=tuple(_missing(row, desk)),
        band=band(row, desk),
        grade=str(working.grading.grade[whole]),
        lowest=desk.book(row).lowest_grade or "",
        forced=forcing_clauses(row, desk),
        outcomes=outcomes(row, desk),
        quotas=quota_lines(row, desk),
        ranks=(
            rank(working.rank_branch, working.roster.groups("branch"), whole),
            rank(working.rank_overall, working.roster.period, whole),
        ),
        flags=tuple(_flags(row, desk)),
        review=_review(row, desk, before),
        year=_year(row, desk, before),
        meanings=meanings({(one.file, one.sheet) for line in listed for one in line.records if one.file}, desk),
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


# ---------------------------------------------------------------- who


def _state(row: int, desk: MemberRecords) -> State:
    roster = desk.roster
    if not roster.inside[row]:
        return "outside"
    if not roster.assessed[row]:
        return "not_assessed"
    return "exempt" if roster.exempt[row] else "scored"


def _why(state: State, desk: MemberRecords) -> Text:
    if state != "outside":
        return word("flag", state, desk.words)
    meant = desk.working.book.population
    said = desk.both(lambda speech: who_text(meant, speech)) if meant is not None else NOTHING
    return Text(f"不在本方案考核范围(只考核{said.zh})", f"outside the scheme's population: {said.en}")


def _person(member_id: str, row: int, desk: MemberRecords) -> Person:
    facts = desk.roster.facts.iloc[row]
    name, branch, unit = ("" if pd.isna(facts[column]) else str(facts[column]) for column in ("name", "branch", "unit"))
    stage = "full" if pd.isna(facts["stage"]) else str(facts["stage"])
    category = str(facts["scheme_category"])
    entry = desk.book(row).categories.get(category)
    title = entry.title if entry is not None and entry.title else category
    return Person(member_id, name, branch, unit, word("stage", stage, desk.words), title)


# ---------------------------------------------------------------- by what


def _basis(scheme: Scheme, period: Period, desk: MemberRecords) -> Basis:
    readings = scheme.book.readings
    applied = (
        title_of(readings[name].title, name) if name in readings else Text(name, name) for name in scheme.applied
    )
    seen = f"{desk.seen:%Y-%m-%d}" if desk.seen else ""
    return Basis(scheme.id, scheme.title, tuple(applied), tuple(_changes(scheme, period.first_day)), seen)


def _changes(scheme: Scheme, day: date) -> Iterator[ChangeInForce]:
    """Yield what dated changes make different on a day from what the file says first."""
    found: dict[str, tuple[str, str, str]] = {}
    for since in sorted(since for since in scheme.book.changes if date.fromisoformat(since) <= day):
        change = scheme.book.changes[since]
        said = {**{path: _shown(value) for path, value in change.set.items()}, **dict.fromkeys(change.drop, "-")}
        found |= {path: (since, value, change.clause) for path, value in said.items()}
    for path, (since, now, clause) in found.items():
        before = _shown(_at(scheme.document, path))
        if before != now:
            yield ChangeInForce(path, since, before, now, clause)


def _at(document: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(document, Mapping):
            document = document.get(step)
        else:
            document = document[int(step)] if isinstance(document, Sequence) and step.isdigit() else None
    return document


def _shown(value: Any) -> str:
    return "-" if value is None else value if isinstance(value, str) else json.dumps(thaw(value), ensure_ascii=False)


# ---------------------------------------------------------------- points


def _components(row: int, desk: MemberRecords) -> Iterator[ComponentScore]:
    scores, whole = desk.working.scores, desk.rows[row]
    for name, component in desk.book(row).components.items():
        title = title_of(component.title, name)
        yield ComponentScore(name, title, _known(scores.components[name][whole]), float(scores.weights[name][whole]))


def _missing(row: int, desk: MemberRecords) -> Iterator[Text]:
    for (component, key), score in desk.working.scores.items.items():
        if score.missing[desk.rows[row]]:
            item = desk.book(row).components[component].items[key]
            title, wanted = title_of(item.title, key), submitted_text(item)
            yield Text(f"{title.zh}没有{wanted.zh}", f"{title.en}: no {wanted.en}")


def _flags(row: int, desk: MemberRecords) -> Iterator[tuple[str, Text]]:
    for name in sorted(desk.working.flags):
        if desk.working.flags[name][desk.rows[row]]:
            label, more = word("flag", name, desk.words), _more(name, row, desk)
            yield name, Text(f"{label.zh}({more.zh})", f"{label.en} ({more.en})") if more.zh else label


def _more(flag: str, row: int, desk: MemberRecords) -> Text:
    """Say what a flag is about, where there is more to say than its name."""
    if flag == "part_period":
        n = int(desk.roster.months[row].sum())
        return Text(f"在册{n}个月", f"{n} month(s) on the roster")
    if flag == "evaluation_partial":
        absent = list(_absent_groups(row, desk))
        return Text("缺" + "、".join(one.zh for one in absent), "none of " + ", ".join(one.en for one in absent))
    if flag == "quota_tied":
        tied = list(_tied_outcomes(row, desk))
        return same("、".join(tied)) if tied else NOTHING
    return NOTHING


def _tied_outcomes(row: int, desk: MemberRecords) -> Iterator[str]:
    for name, standing in desk.working.outcomes.items():
        if standing.tied[desk.rows[row]]:
            yield desk.working.book.outcomes[name].title or name


def _absent_groups(row: int, desk: MemberRecords) -> Iterator[Text]:
    for (component, key), score in desk.working.scores.items.items():
        item = desk.book(row).components[component].items[key]
        if isinstance(item, EvaluationItem):
            absent = {line.rule for line in score.lines if line.kind == "rule" and not line.count[desk.rows[row], 0]}
            yield from (title_of(group.title, name) for name, group in item.groups.items() if name in absent)


# ---------------------------------------------------------------- review, year


def _review(row: int, desk: MemberRecords, before: Computation | None) -> ReviewDecision | None:
    if before is None:
        return None
    whole = desk.rows[row]
    decisions = tuple(to_evidence(trace, desk) for trace in grade_traces(row, desk))
    touched = bool(desk.working.corrections.touched[whole])
    return ReviewDecision(_known(before.total[whole]), str(before.grading.grade[whole]), touched, decisions)


def _year(row: int, desk: MemberRecords, before: Computation | None) -> Year | None:
    book, roster = desk.working.book, desk.roster
    if book.period == "year":
        return None
    mine = np.flatnonzero((roster.year == roster.year[row]) & roster.scored)
    periods = [str(roster.periods[at]) for at in roster.period[mine]]
    of_year, at = desk.working.years.years, year_row(row, desk)
    return Year(
        int(roster.year[row]),
        book.year_total or "",
        tuple(zip(periods, map(_known, desk.working.total[desk.rows[mine]]), strict=True)),
        _known(of_year.total[at]),
        str(of_year.grade[at]),
        forced_in_year(row, desk),
        outcomes_in_year(row, desk),
        _review_of_year(row, desk, before),
    )


def _review_of_year(row: int, desk: MemberRecords, before: Computation | None) -> ReviewDecision | None:
    if before is None:
        return None
    years, at = before.years.years, year_row(row, desk)
    decisions = tuple(to_evidence(trace, desk) for trace in grade_traces(row, desk, year=True))
    return ReviewDecision(_known(years.total[at]), str(years.grade[at]), bool(decisions), decisions)
