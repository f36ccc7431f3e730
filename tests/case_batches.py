"""Worked cases put together into few data sets, so that all of them are scored in seconds.

Members, branches and units get the number of their case in front. Cases then
share nothing but the scored periods, so those with the same periods are put
together; a case that expects a rank over all members stands alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import pandas as pd

from jifen_analysis.periods import Kind, Period
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.collection import Gather, collect_once
from jifen_analysis.tables.records import Records
from tests.builders import records_of
from tests.worked_cases import Row, Tables, WorkedCase, cases

OWN = ("member_id", "branch", "unit")
"""What must not be shared between cases."""
LATE = {"year_total": 1, "year_grade": 1, "outcomes": 2}
"""What stands in frames of their own: looked at after the rows, for whoever asks for the first miss alone."""


@dataclass(frozen=True)
class Expectation:
    """What one case expects of one member in one period, one value after the other.

    Attributes
    ----------
    case : str
        File and name of the case.
    member_id, period : str
        Whose, with the number of the case in front; when.
    values : dict
        As in ``WorkedCase.expect``.
    """

    case: str
    member_id: str
    period: str
    values: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Batch:
    """Cases that are scored together: one scheme, one variant, the same scored periods."""

    scheme: str
    variants: tuple[str, ...]
    records: Records
    expectations: tuple[Expectation, ...]

    def misses(self, scheme: Scheme) -> Iterator[str]:
        """Score under a scheme and yield every expectation that is not met."""
        found = Found(assess(self.records, scheme.variant(*self.variants), gather=self.gather))
        for expected in self.expectations:
            yield from found.misses(expected)

    @cached_property
    def gather(self) -> Gather:
        """Add the records up once for all mutants that ask the same of them."""
        return collect_once(8)


class Cells:
    """A frame's values by member and time; a column is read when it is asked for."""

    def __init__(self, frame: pd.DataFrame, when: str) -> None:
        self.at = {key: at for at, key in enumerate(_keys(frame, when))}
        self.column = cache(lambda name: frame[name].tolist())

    def of(self, key: tuple[str, str], name: str) -> Any:
        """Return one value."""
        return self.column(name)[self.at[key]]


class Found:
    """What an assessment says, under the names that expectations use; nothing is made that none asks for."""

    def __init__(self, result: Assessment) -> None:
        self.result = result

    @cached_property
    def rows(self) -> Cells:
        """Every period's rows."""
        return Cells(self.result.table, "period")

    @cached_property
    def years(self) -> Cells:
        """Every year's rows."""
        return Cells(self.result.years, "year")

    @cached_property
    def outcomes(self) -> Mapping[tuple[str, str], set[str]]:
        """What follows, by member and period."""
        frame, found = self.result.outcomes, defaultdict(set)
        for key, outcome in zip(_keys(frame, "period"), frame["outcome"], strict=True):
            found[key].add(outcome)
        return found

    def value(self, member_id: str, period: str, name: str) -> Any:
        """Return what was found, a missing value as ``None``."""
        key = member_id, period
        if name == "absent":
            return key not in self.rows.at
        if name == "outcomes":
            return frozenset(self.outcomes[key])
        if name in ("year_total", "year_grade"):
            return _plain(self.years.of(key, name.removeprefix("year_")))
        found = self.rows.of(key, name)
        return frozenset(found.split(";")) - {""} if name == "flags" else _plain(found)

    def misses(self, expected: Expectation) -> Iterator[str]:
        """Yield what is not as expected, in words."""
        for name, value in expected.values.items():
            found = self.value(expected.member_id, expected.period, name)
            if not same(found, value):
                yield f"{expected.case}: {name} of {expected.member_id} in {expected.period} is {found}, not {value}"


def _keys(frame: pd.DataFrame, when: str) -> Iterator[tuple[str, str]]:
    return zip(frame["member_id"], frame[when].astype("str"), strict=True)


def _plain(value: Any) -> Any:
    return None if pd.isna(value) else value


def same(found: Any, expected: Any) -> bool:
    """Return whether two values are the same; numbers to 1e-6."""
    if isinstance(expected, float) and found is not None:
        return abs(found - expected) <= 1e-6
    return bool(found == expected)


# ---------------------------------------------------------------- putting together


@cache
def batches(scheme: str) -> tuple[Batch, ...]:
    """Return all cases of a scheme, those without variant first, the largest batch first."""
    kind = read_scheme(scheme).period
    shared: dict[Any, dict[str, WorkedCase]] = defaultdict(dict)
    for owner, file, name, case in cases():
        if owner == scheme:
            alone = f"{file}-{name}" if _ranks_all(case) else ""
            shared[case.variants, scored_periods(case.tables, kind), alone][f"{file}-{name}"] = case
    order = sorted(shared, key=lambda key: (key[0], -len(shared[key])))
    return tuple(_batch(scheme, key[0], shared[key]) for key in order)


def _ranks_all(case: WorkedCase) -> bool:
    return any("rank_overall" in values for values in case.expect.values())


def scored_periods(tables: Tables, kind: Kind) -> frozenset[Period]:
    """Return the periods that a case's records open."""
    months = [f"{row['date']:%Y-%m}" for name in ("attendance", "events") for row in tables.get(name, ())]
    months += [row["month"] for row in tables.get("dues", ())]
    return frozenset(Period.of_month(Period.parse(month).first, kind) for month in months)


def _batch(scheme: str, variants: tuple[str, ...], together: Mapping[str, WorkedCase]) -> Batch:
    tables: dict[str, list[Row]] = defaultdict(list)
    expectations: list[Expectation] = []
    for number, (name, case) in enumerate(together.items()):
        for table, rows in case.tables.items():
            tables[table] += _numbered(rows, number)
        for (member_id, period), values in case.expect.items():
            who = own(number, member_id)
            expectations += [Expectation(name, who, period, {asked: value}) for asked, value in values.items()]
    expectations.sort(key=lambda one: max(LATE.get(asked, 0) for asked in one.values))
    return Batch(scheme, variants, records_of(tables), tuple(expectations))


def _numbered(rows: Sequence[Row], number: int) -> list[Row]:
    return [row | {column: own(number, row[column]) for column in OWN if row.get(column)} for row in rows]


def own(number: int, name: str) -> str:
    """Return a name with the number of its case in front.

    >>> own(7, "00001")
    '007-00001'
    """
    return f"{number:03d}-{name}"
