"""Records and schemes for tests: only what matters is said."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, TypeVar

import pandas as pd
from pydantic import TypeAdapter

from jifen_analysis.schemes.model import AnyRule, Rule, SchemePart
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.scoring.aggregate import answers, by_table, merge_tables
from jifen_analysis.scoring.arrays import no_labels
from jifen_analysis.scoring.kinds import of_scheme
from jifen_analysis.scoring.roster import Roster, build_roster, enrol, scored_periods
from jifen_analysis.scoring.row_state import RowState, compute_measures, measured_in_year
from jifen_analysis.scoring.submissions import Submissions, collect_submissions, resolve
from jifen_analysis.tables.records import Records
from jifen_analysis.vocabulary import Vocabulary
from tests.reference import random_records
from tests.worked_cases import Row, tables_of

P = TypeVar("P", bound=SchemePart)
HEAD: Mapping[str, Any] = {"id": "trial", "title": "试行办法", "source": "测试", "period": "year"}


def records_of(tables: Mapping[str, Iterable[Row]], words: Vocabulary | None = None) -> Records:
    """Records from rows that name their columns."""
    frames = {name: pd.DataFrame(list(rows)) for name, rows in tables.items()}
    return Records.from_frames({name: frame for name, frame in frames.items() if len(frame)}, vocabulary=words)


@cache
def random_of(seed: int, members: int = 40) -> Records:
    """Random records, drawn once for all that ask for the same."""
    return records_of(random_records(seed, members))


def records(words: Vocabulary | None = None, **tables: list[list[Any]]) -> Records:
    """Records from compact rows, written as in the worked cases.

    >>> records(members=[["00001..00003", "第一支部"]]).members["member_id"].tolist()
    ['00001', '00002', '00003']
    """
    return records_of(tables_of({}, tables), words)


def scheme(text: str, **head: Any) -> Scheme:
    """Return a scheme from TOML that says only what the test is about; by year unless said."""
    return Scheme({**HEAD, **head, **tomllib.loads(text)})


def part(kind: type[P], text: str) -> P:
    """Return one part of a scheme from an inline table, as a file writes it."""
    return kind.model_validate(_table(text))


def rule(text: str) -> Rule:
    """Return a rule of the shape that its keys choose, from an inline table."""
    return TypeAdapter[Rule](AnyRule).validate_python(_table(text))


def _table(text: str) -> dict[str, Any]:
    return tomllib.loads(f"it = {{ {text} }}")["it"]


def submitted(
    given: Records, roster: Roster, items: Mapping[str, tuple[str, ...]], seen: date | None = None
) -> Submissions:
    """What was submitted for each row; ``items`` says how each marked item may be called."""
    return resolve(collect_submissions(given, roster, items, seen), roster, items, given.vocabulary)


def facts_of(given: Records, of: Scheme) -> RowState:
    """Return rows, sums and measures of some records under a scheme."""
    rows = enrol(build_roster(given, scored_periods(given, of.period)), of.book)
    asked = of_scheme(of.book, of.words)
    sums = answers(
        merge_tables(table() for table in by_table(given, rows, asked).values()), rows, asked, given.vocabulary
    )
    bare = RowState(rows, of.words, sums, {}, no_labels(len(rows)), {})
    with_measures = bare.with_values(**compute_measures(of.book.measures, bare))
    return with_measures.with_values(**measured_in_year(of.book.measures, with_measures))
