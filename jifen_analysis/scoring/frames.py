"""The arrays of a working, as the tidy frames that people read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from jifen_analysis.periods import Period
from jifen_analysis.schemes.model import Condition, RuleBook
from jifen_analysis.schemes.model.phrases import Speech, condition_text
from jifen_analysis.scoring.arrays import Bools, Ints, Names, at_once, splice
from jifen_analysis.scoring.computation import Computation
from jifen_analysis.scoring.grade import clause_titles
from jifen_analysis.scoring.ledger import ItemScore, LedgerLine
from jifen_analysis.scoring.outcomes import Standing
from jifen_analysis.scoring.outcomes import outcome_reasons as reasons_of
from jifen_analysis.scoring.row_state import holds, holds_in_year


def frame_of(name: str, working: Computation, shown: Sequence[Period]) -> pd.DataFrame:
    """Build one of the result frames, for the periods that were asked for."""
    kept = np.isin(working.roster.period, [working.roster.periods.index(period) for period in shown])
    return BUILDERS[name](working, kept)


def grade_type(book: RuleBook) -> pd.CategoricalDtype:
    """Return the ordered type of the scheme's grades, lowest first."""
    return pd.CategoricalDtype(list(book.grades)[::-1], ordered=True)


def table(working: Computation, kept: Bools) -> pd.DataFrame:
    """One row per member and period: scores, ranks, grades, flags."""
    rows, book = working.roster, working.book
    at = np.flatnonzero(kept & rows.inside)
    scored, grading = rows.scored[at], working.grading
    described = ("name", "branch", "unit", "stage")
    of_member = {name: partial(_of_rows, rows.members[name].array, rows.held, at) for name in described}
    components = {name: partial(_scored, values, scored, at) for name, values in working.scores.components.items()}
    columns: dict[str, Callable[[], object]] = {
        "member_id": lambda: _of_rows(rows.ids.array, rows.member, at),
        "name": of_member["name"],
        "branch": of_member["branch"],
        "unit": of_member["unit"],
        "category": lambda: _taken([None, *rows.categories[1:]], rows.category[at]),
        "stage": lambda: of_member["stage"]().fillna("full"),
        "period": lambda: _taken([str(period) for period in rows.periods], rows.period[at]),
        **components,
        "total": lambda: working.total[at],
        "rank_branch": lambda: _ranks(working.rank_branch[at]),
        "rank_overall": lambda: _ranks(working.rank_overall[at]),
        "grade_by_total": lambda: _grades(grading.by_total[at], book),
        "grade": lambda: _grades(grading.grade[at], book),
        "flags": lambda: join_flags({name: where[at] for name, where in working.flags.items()}, len(at)),
        "distance_to_next_grade": lambda: working.distance[at],
    }
    made = at_once(lambda column: column(), columns.values(), len(at))
    return _typed(pd.DataFrame(dict(zip(columns, made, strict=True)), copy=False))


def _scored(values: np.ndarray, scored: Bools, at: Ints) -> np.ndarray:
    return np.where(scored, values[at], np.nan)


def _of_rows(values: ExtensionArray, held: Ints, at: Ints) -> ExtensionArray:
    """Return the value that some rows hold, as it is where each holds its own: text is most of a table's memory."""
    own = held[at]
    return values.copy() if len(own) == len(values) and (np.diff(own) == 1).all() else values.take(own)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    text = [name for name in frame if frame[name].dtype == object]
    return frame.astype(dict.fromkeys(text, pd.StringDtype(na_value=np.nan))) if text else frame


def _ranks(rank: Ints) -> ExtensionArray:
    return pd.arrays.IntegerArray(rank.astype("int64"), rank == 0)


def _grades(grade: Names, book: RuleBook) -> Names:
    kind = grade_type(book)
    return pd.Categorical.from_codes(grade.set_categories(kind.categories).codes, dtype=kind)


def _period_names(working: Computation) -> np.ndarray:
    return np.array([str(period) for period in working.roster.periods] or [""], dtype=object)


def join_flags(flags: Mapping[str, Bools], size: int) -> ExtensionArray:
    """Return the codes of each row's flags, sorted and joined by semicolons."""
    names = sorted(flags)
    kind = np.min_scalar_type(1 << len(names))
    bits = sum((flags[name].astype(kind) << kind.type(at) for at, name in enumerate(names)), np.zeros(size, kind))
    back, distinct = pd.factorize(bits)
    said = [";".join(name for at, name in enumerate(names) if bit >> at & 1) for bit in distinct.tolist()]
    return _taken(said, back)


def _taken(texts: Sequence[str | None], codes: Ints) -> ExtensionArray:
    """Return a text for each code, without making a Python string for each."""
    return pd.array(list(texts) or [""], dtype=pd.StringDtype(na_value=np.nan)).take(codes)


# ---------------------------------------------------------------- ledger and parts


def ledger(working: Computation, kept: Bools) -> pd.DataFrame:
    """Per member, period, part and rule: count, points, contribution, clause."""
    entered = kept & working.roster.scored
    lines = [
        (working, component, item, line, score, _priced(line, entered))
        for (component, item), score in working.scores.items.items()
        for line in score.lines
    ]
    pieces = [_entries(*line) for line in [line for line in lines if len(line[-1][0])] or lines[:1]]
    entries = pd.concat(pieces, ignore_index=True)
    entries = pd.concat([entries, _zero_entries(working, entries, entered)], ignore_index=True)
    entries = entries.sort_values("row", kind="stable", ignore_index=True)
    at = entries.pop("row").to_numpy()
    entries.insert(0, "period", _period_names(working)[working.roster.period[at]])
    entries.insert(0, "member_id", working.roster.ids.to_numpy()[working.roster.member[at]])
    return _typed(entries.astype({"kind": pd.CategoricalDtype(list(working.facts.words.codes("kind")))}))


def _priced(line: LedgerLine, entered: Bools) -> tuple[Ints, Ints]:
    """Return the rows and parts in which a line says anything; most lines of most data say nothing."""
    row, part = np.nonzero(((line.value != 0) | (line.count != 0)) & entered[:, None])
    return row, part


def _entries(
    working: Computation, component: str, item: str, line: LedgerLine, score: ItemScore, where: tuple[Ints, Ints]
) -> pd.DataFrame:
    points, (row, part) = line.value, where
    per = "period" if line.kind == "correction" else score.per
    return pd.DataFrame(
        {
            "row": row,
            "part": _part_names(working, per, row, part),
            "component": component,
            "item": item,
            "rule": line.rule,
            "kind": line.kind,
            "count": line.count[row, part].astype("int64"),
            "points": points[row, part],
            "contribution": points[row, part] * working.scores.weights[component][row],
            "clause": line.clause,
        }
    )


def _part_names(working: Computation, per: str, row: Ints, part: Ints) -> np.ndarray:
    if per == "period" or not working.roster.periods:
        return np.full(len(row), "", dtype=object)
    names = np.array([period.part_names(per) for period in working.roster.periods], dtype=object)
    return names[working.roster.period[row], part]


def _zero_entries(working: Computation, entries: pd.DataFrame, entered: Bools) -> pd.DataFrame:
    zeroed = np.flatnonzero(working.grading.zeroed & entered)
    summed = np.bincount(entries["row"], entries["contribution"], minlength=len(entered))[zeroed]
    clause = [working.zero_clause(row) for row in zeroed.tolist()]
    blank = {"part": "", "component": "", "item": "", "rule": "", "kind": "zero", "count": 1}
    frame = pd.DataFrame({"row": zeroed, **blank, "points": -summed, "contribution": -summed, "clause": clause})
    return frame.reindex(columns=entries.columns).astype({"count": "int64"})


def parts(working: Computation, kept: Bools) -> pd.DataFrame:
    """Scores of the months or quarters inside a period, where the scheme prices by part."""
    entered = kept & working.roster.scored
    pieces = [
        _part_scores(working, key, score, entered)
        for key, score in working.scores.items.items()
        if score.per != "period"
    ]
    columns = ["member_id", "period", "part", "component", "item", "score"]
    frame = pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=[*columns, "row"])
    order = frame.sort_values(["row", "part"], kind="stable", ignore_index=True)
    return _typed(order[columns].astype({"score": "float64"}))


def _part_scores(working: Computation, key: tuple[str, str], score: ItemScore, entered: Bools) -> pd.DataFrame:
    row, part = np.nonzero(np.broadcast_to(entered[:, None], score.parts.shape))
    rows = working.roster
    return pd.DataFrame(
        {
            "row": row,
            "member_id": rows.ids.to_numpy()[rows.member[row]],
            "period": _period_names(working)[rows.period[row]],
            "part": _part_names(working, score.per, row, part),
            "component": key[0],
            "item": key[1],
            "score": score.parts[row, part],
        }
    )


# ---------------------------------------------------------------- years, outcomes, flags


def years(working: Computation, kept: Bools) -> pd.DataFrame:
    """One row per member and year: total, and the grade where the scheme grades years."""
    rows, of_year = working.roster, working.years.years
    at = np.flatnonzero(_years_kept(working, kept))
    last = of_year.last[at]
    return _typed(
        pd.DataFrame(
            {
                "member_id": rows.ids.to_numpy()[rows.member[last]],
                "year": rows.year[last],
                "total": of_year.total[at],
                "grade": _grades(of_year.grade[at], working.book),
            }
        )
    )


def _years_kept(working: Computation, kept: Bools) -> Bools:
    return working.years.years.any(kept & working.roster.inside)


def outcomes(working: Computation, kept: Bools) -> pd.DataFrame:
    """Outcomes of periods and of years."""
    rows = working.roster
    of_period = _outcome_rows(working, working.outcomes, kept, partial(holds, facts=working.facts))
    of_period["period"] = _period_names(working)[rows.period[of_period["row"]]]
    in_year = partial(holds_in_year, years=working.years.years)
    of_year = _outcome_rows(working, working.year_outcomes, _years_kept(working, kept), in_year)
    of_year["row"] = working.years.years.last[of_year["row"]]
    of_year["period"] = rows.year[of_year["row"]].astype(str)
    both = pd.concat([of_period, of_year], ignore_index=True)
    both["member_id"] = rows.ids.to_numpy()[rows.member[both["row"]]]
    both = both.sort_values(["member_id", "period"], kind="stable", ignore_index=True)
    return _typed(both[["member_id", "period", "outcome", "reason", "clause", "decided_by", "quantity"]])


Holds = Callable[[Condition], Bools]


def _outcome_rows(
    working: Computation, standings: Mapping[str, Standing], kept: Bools, holds_here: Holds
) -> pd.DataFrame:
    pieces = [
        _one_outcome(working, name, standing, kept, holds_here)
        for name, standing in standings.items()
        if (standing.stands & kept).any()
    ]
    text = dict.fromkeys(("outcome", "reason", "clause", "decided_by"), np.zeros(0, object))
    empty = pd.DataFrame({"row": np.zeros(0, "int64"), **text, "quantity": np.zeros(0)})
    return pd.concat(pieces or [empty], ignore_index=True)


def _one_outcome(working: Computation, name: str, standing: Standing, kept: Bools, holds_here: Holds) -> pd.DataFrame:
    outcome = working.book.outcomes[name]
    stands = standing.stands & kept
    row = np.flatnonzero(stands)
    said = partial(condition_text, speech=Speech(working.book, working.facts.words))
    why = reasons_of(outcome, stands, holds_here, said)[row]
    columns = {
        "row": row,
        "outcome": np.full(len(row), name, dtype=object),
        "reason": np.where(why == "", outcome.title or name, why),
        "clause": np.full(len(row), outcome.clause, dtype=object),
        "decided_by": np.full(len(row), outcome.decided_by, dtype=object),
        "quantity": standing.quantity[row],
    }
    return pd.DataFrame(columns)


def flags(working: Computation, kept: Bools) -> pd.DataFrame:
    """List the flags, with the reason of each."""
    rows = working.roster
    said = _flag_reasons(working)
    pieces = []
    for name in sorted(working.flags):
        row = np.flatnonzero(working.flags[name] & kept & rows.inside)
        period = _period_names(working)[rows.period[row]]
        pieces.append(_flag_rows(working, row, period, name, said[name][row]))
    pieces += list(_year_flags(working, kept))
    frame = pd.concat(pieces, ignore_index=True)
    return _typed(frame.sort_values(["member_id", "period", "flag"], kind="stable", ignore_index=True))


def _flag_rows(working: Computation, row: Ints, period: np.ndarray, name: str, why: np.ndarray) -> pd.DataFrame:
    ids = working.roster.ids.to_numpy()[working.roster.member[row]]
    return pd.DataFrame({"member_id": ids, "period": period, "flag": name, "reason": why}).astype(object)


def _flag_reasons(working: Computation) -> dict[str, np.ndarray]:
    size = len(working.roster)
    said = {name: np.full(size, working.facts.words.label("flag", name), dtype=object) for name in working.flags}
    for kind in ("veto", "forced"):
        titles = [_forced_titles(working, book, kind) for book in working.books]
        said[kind] = splice(titles, working.version)
    return said


def _forced_titles(working: Computation, book: RuleBook, kind: str) -> np.ndarray:
    """Return the titles that the clauses have in one version of the scheme."""
    found = working.grading.clauses.items()
    clauses = {name: where for name, where in found if name in book.forced and book.forced[name].flag == kind}
    return clause_titles(book.forced, clauses, len(working.roster))


def _year_flags(working: Computation, kept: Bools) -> list[pd.DataFrame]:
    if working.book.period == "year":
        return []
    of_year = working.years.years
    shown = _years_kept(working, kept)
    forced = {name: (where, working.book.forced[name].title) for name, where in working.years.clauses.items()}
    tied = {name: (one.tied, working.book.outcomes[name].title) for name, one in working.year_outcomes.items()}
    pieces = []
    for flag, found in (("forced", forced), ("quota_tied", tied)):
        for where, title in found.values():
            row = of_year.last[np.flatnonzero(where & shown)]
            period = working.roster.year[row].astype(str)
            pieces.append(_flag_rows(working, row, period, flag, np.full(len(row), title, dtype=object)))
    return pieces


BUILDERS: Mapping[str, Callable[[Computation, Bools], pd.DataFrame]] = {
    "table": table,
    "ledger": ledger,
    "outcomes": outcomes,
    "years": years,
    "parts": parts,
    "flags": flags,
}
