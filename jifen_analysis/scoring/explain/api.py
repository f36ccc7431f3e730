"""From a result and a member's id to an explanation, taken part by part from the assessment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import pandas as pd
from rich.console import Group

from jifen_analysis.errors import NOTHING, Lang, Text, UsageError, nearest_to, same, there_are
from jifen_analysis.periods import Period, read_period, requested_periods
from jifen_analysis.schemes.model import EvaluationItem
from jifen_analysis.schemes.model.items import submitted_text
from jifen_analysis.schemes.model.phrases import number, title_of, who_text
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.scoring.computation import Computation, Settings
from jifen_analysis.scoring.explain.decisions import (
    band,
    forcing_clauses,
    quota_lines,
    rank,
    standing_outcomes,
    year_row,
)
from jifen_analysis.scoring.explain.evidence import MemberRecords, desk_of, meanings, to_evidence
from jifen_analysis.scoring.explain.lines import (
    Account,
    Basis,
    ChangeInForce,
    ComponentScore,
    Person,
    ReviewDecision,
    State,
    Year,
    entries,
    grade_traces,
    line_frame,
    lines,
)
from jifen_analysis.scoring.explain.sections import as_html, as_rich, as_text, sections
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.tables.records import Records


@dataclass(frozen=True, repr=False)
class Explanation(Account):
    """Every line behind one number, from ``Assessment.explain``; frozen.

    It shows itself in Chinese; ``text``, ``html`` and ``rich`` with
    ``lang="en"`` are in English.

    Examples
    --------
    >>> import pandas as pd
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> from jifen_analysis.tables.records import Records
    >>> records = Records.from_frames({
    ...     "members": pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]}),
    ...     "attendance": pd.DataFrame({"member_id": ["00001"], "date": ["2024-03-05"],
    ...                                 "activity": ["lecture"], "status": ["late"]}),
    ... })
    >>> explained = assess(records, read_scheme("village_monthly")).explain("00001", "2024-03")
    >>> explained.total, explained.frame[["date", "what", "value"]].iloc[-1].tolist()
    (11.0, ['2024-03-05', '党课', '迟到'])
    """

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each record behind a line, and for each line without records; fresh.

        Columns are member_id, period, part, component, item, rule, kind,
        clause, date, what, value, points, contribution, file, sheet, cell. The
        contributions add up to the total.
        """
        return line_frame(entries(self.person.member_id, self.period, self.lines))

    def text(self, lang: Lang = "zh") -> str:
        """Return everything as plain text, one record a line."""
        return as_text(sections(self, lang))

    def html(self, lang: Lang = "zh") -> str:
        """Return everything as HTML tables, whatever the records contain escaped."""
        return as_html(sections(self, lang))

    def rich(self, lang: Lang = "zh") -> Group:
        """Return everything as tables for a rich console."""
        return as_rich(sections(self, lang))

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        total = "-" if self.total is None else number(self.total)
        return f"<Explanation {self.person.member_id} {self.period}: {total} {self.grade}>"

    def __rich__(self) -> Group:
        return self.rich()

    def _repr_html_(self) -> str:
        return self.html()


class _Result(Protocol):
    """What is asked of an ``Assessment``."""

    @property
    def scheme(self) -> Scheme: ...

    @property
    def settings(self) -> Settings | None: ...

    @property
    def records(self) -> Records | None: ...

    @property
    def working(self) -> Computation | None: ...

    @property
    def again(self) -> Callable[[], Computation] | None: ...


def explain(result: _Result, member_id: str, period: str | None = None) -> Explanation:
    """Explain a score as ``Assessment.explain`` says; only this member's records are looked at, each table once."""
    member_id = _meant(result, member_id)
    desk = _desk(result, member_id)
    chosen = _period(result, desk.roster, period)
    found = np.flatnonzero(desk.roster.period == desk.roster.periods.index(chosen))
    row = int(found[0]) if len(found) else None
    return _explanation(desk, result.scheme, member_id, chosen, row, _uncorrected(result, desk, row))


def explained_lines(result: _Result) -> pd.DataFrame:
    """Return the lines of everybody with the records behind them, as ``Explanation.frame`` does of one."""
    working, records = _made_from(result)
    desk = desk_of(working, records, result.scheme.words, _settings(result).as_of)
    wanted = [desk.roster.periods.index(period) for period in _shown(result, desk.roster)]
    found = lines(desk, np.flatnonzero(np.isin(desk.roster.period, wanted)))
    ids, periods = desk.roster.ids[desk.roster.member], [desk.roster.periods[at] for at in desk.roster.period]
    return line_frame(one for row, listed in found.items() for one in entries(ids[row], str(periods[row]), listed))


def _made_from(result: _Result) -> tuple[Computation, Records]:
    if result.working is None or result.records is None:
        raise UsageError(
            "这份结果是从文件夹打开的,没有原始记录,无法逐条说明;请用原始数据重新计分(assess)后再查",
            "this result was opened from a folder and has no records to explain it by; assess the data again",
        )
    return result.working, result.records


def _desk(result: _Result, member_id: str) -> MemberRecords:
    working, records = _made_from(result)
    at = int(working.roster.ids.searchsorted(member_id))
    return desk_of(working, records, result.scheme.words, _settings(result).as_of, at)


def _meant(result: _Result, asked: str) -> str:
    """Return the id of the member who is meant by an id or a name."""
    working, records = _made_from(result)
    ids = working.roster.ids
    if asked in ids:
        return asked
    members = records.table("members")
    wanted = _spelt(asked)
    called = members[members["name"].map(_spelt, na_action="ignore") == wanted]
    if not len(called):
        raise _unknown_member(asked, ids)
    if called["member_id"].nunique() > 1:
        raise _several(called)
    return str(called["member_id"].iloc[0])


def _spelt(name: str) -> str:
    """Return a name without the blanks that make two signs as wide as three."""
    return "".join(name.split())


def _several(called: pd.DataFrame) -> UsageError:
    last = called.drop_duplicates("member_id", keep="last").sort_values("member_id")
    places = zip(last["member_id"], last["branch"], strict=True)
    listed = [f"{member}({branch})" for member, branch in places]
    return UsageError(
        f"叫这个名字的有 {len(listed)} 人,请给出编号:{'、'.join(listed)}",
        f"{len(listed)} members bear this name; give the id: {', '.join(listed)}",
    )


def _unknown_member(asked: str, ids: pd.Index) -> UsageError:
    padded = list(ids[ids.str.lstrip("0") == asked.lstrip("0")])
    near = nearest_to(padded[0], padded) if padded else nearest_to(asked, ids, 0.5)
    kind = ("编号是", "") if any(map(str.isdigit, asked)) else ("叫", "called ")
    return UsageError(
        f"花名册没有{kind[0]} {asked} 的党员{near.zh}", f"there is no member {kind[1]}{asked} on the roster{near.en}"
    )


def _shown(result: _Result, roster: Roster) -> tuple[Period, ...]:
    read = [read_period(text) for text in _settings(result).periods]
    return requested_periods([one for one in read if one is not None], result.scheme.period) or roster.periods


def _period(result: _Result, roster: Roster, text: str | None) -> Period:
    shown = _shown(result, roster)
    if text is None and shown:
        scored = [roster.periods[at] for at in roster.period[roster.scored]]
        return max([period for period in scored if period in shown], default=shown[-1])
    wanted = read_period(text or "")
    if wanted is None or wanted not in shown:
        asked, known = f" {text}" if text else "", there_are(shown)
        raise UsageError(f"结果中没有考核期{asked};{known.zh}", f"no period{asked} in the result; {known.en}")
    return wanted


def _uncorrected(result: _Result, desk: MemberRecords, row: int | None) -> Computation | None:
    """Score again without decisions after objections, where one touches the member."""
    if row is None:
        return None
    changed, whole = desk.working.corrections, desk.rows[row]
    if not changed.touched[whole] and not changed.year_grade[whole]:
        return None
    return result.again() if result.again else None


def _settings(result: _Result) -> Settings:
    return result.settings or Settings()


# ---------------------------------------------------------------- part by part


def _explanation(
    desk: MemberRecords, scheme: Scheme, member_id: str, period: Period, row: int | None, before: Computation | None
) -> Explanation:
    """Say everything about one row of the desk, of a member who may not be on the roster of the year."""
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
        outcomes=standing_outcomes(row, desk),
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
        return desk.words.text("flag", state)
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
    return Person(member_id, name, branch, unit, desk.words.text("stage", stage), title)


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
        said = {**{path: _as_said(value) for path, value in change.set.items()}, **dict.fromkeys(change.drop, "-")}
        found |= {path: (since, value, change.clause) for path, value in said.items()}
    for path, (since, now, clause) in found.items():
        before = _as_said(_at(scheme.document, path))
        if before != now:
            yield ChangeInForce(path, since, before, now, clause)


def _at(document: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(document, Mapping):
            document = document.get(step)
        else:
            document = document[int(step)] if isinstance(document, Sequence) and step.isdigit() else None
    return document


def _as_said(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "-" if value is None else json.dumps(value, ensure_ascii=False, default=dict)  # a frozen table is no dict


# ---------------------------------------------------------------- points


def _components(row: int, desk: MemberRecords) -> Iterator[ComponentScore]:
    scores, whole = desk.working.scores, desk.rows[row]
    for name, component in desk.book(row).components.items():
        title = title_of(component.title, name)
        yield ComponentScore(name, title, _known(scores.components[name][whole]), float(scores.weights[name][whole]))


def _missing(row: int, desk: MemberRecords) -> Iterator[Text]:
    items = desk.book(row).items
    for key, score in desk.working.scores.items.items():
        if score.missing[desk.rows[row]]:
            title, wanted = title_of(items[key].title, key[1]), submitted_text(items[key])
            yield Text(f"{title.zh}没有{wanted.zh}", f"{title.en}: no {wanted.en}")


def _flags(row: int, desk: MemberRecords) -> Iterator[tuple[str, Text]]:
    for name in sorted(desk.working.flags):
        if desk.working.flags[name][desk.rows[row]]:
            label, more = desk.words.text("flag", name), _more(name, row, desk)
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
    items = desk.book(row).items
    for key, score in desk.working.scores.items.items():
        if isinstance(item := items[key], EvaluationItem):
            absent = {line.rule for line in score.lines if line.kind == "rule" and not line.count[desk.rows[row], 0]}
            yield from (title_of(group.title, name) for name, group in item.groups.items() if name in absent)


# ---------------------------------------------------------------- review, year


def _review(row: int, desk: MemberRecords, before: Computation | None, *, year: bool = False) -> ReviewDecision | None:
    """Say what decisions after objections changed in a row's period, or in its year."""
    if before is None:
        return None
    at = year_row(row, desk) if year else desk.rows[row]
    was = before.years.years if year else before.grading
    decisions = tuple(to_evidence(trace, desk) for trace in grade_traces(row, desk, year=year))
    touched = bool(decisions) if year else bool(desk.working.corrections.touched[at])
    return ReviewDecision(_known(was.total[at]), str(was.grade[at]), touched, decisions)


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
        forcing_clauses(row, desk, year=True),
        standing_outcomes(row, desk, year=True),
        _review(row, desk, before, year=True),
    )
