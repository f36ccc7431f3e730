"""The results so far: one row a member and period, found by either."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from .case import Case
from .exact import exact, rounded
from .periods import period_before, year_of
from .places import keep


@dataclass
class Row:
    """What has been worked out for one member in one period."""

    case: Case
    category: str | None = None
    scores: dict[str, Fraction | None] = field(default_factory=dict)
    total: Fraction | None = None
    grade_by_total: str | None = None
    grade: str | None = None
    rank_branch: int | None = None
    rank_overall: int | None = None
    distance: Fraction | None = None
    ballot_grade: str | None = None
    flags: set[str] = field(default_factory=set)

    @property
    def assessed(self) -> bool:
        """Neither exempt nor off the roster the whole period."""
        return not self.flags & {"exempt", "not_assessed"}

    @property
    def counted(self) -> bool:
        """Whether he is one of the n: a total, and no activist."""
        return self.total is not None and not self.case.place.activist

    def at_least(self, cut: int) -> bool:
        """Whether there is a total and it reaches the cut."""
        return self.total is not None and rounded(self.total) >= cut

    def below(self, cut: int) -> bool:
        """Whether there is a total and it stays under the cut."""
        return self.total is not None and rounded(self.total) < cut


@dataclass
class YearRow:
    """A member's year under a scheme scored by half or month."""

    rows: list[Row]
    total: Fraction | None = None
    grade: str | None = None

    @property
    def last(self) -> Row:
        """The last row of the year in which he was assessed: it says unit and stage."""
        return self.rows[-1]

    @property
    def counted(self) -> bool:
        """Whether he is one of the year's n."""
        return self.total is not None and not self.last.case.place.activist


Years = dict[tuple[str, str], YearRow]
Outcomes = set[tuple[str, str, str]]


class Book:
    """All rows, in the order of the periods."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Row] = {}

    def add(self, rows: Iterable[Row]) -> None:
        """Enter the rows of one period."""
        for row in rows:
            self.rows[row.case.member_id, row.case.period] = row

    def assessed(self, period: str | None = None) -> list[Row]:
        """The rows that were assessed, of one period or of all."""
        return [r for r in self.rows.values() if r.assessed and period in (None, r.case.period)]

    def just_before(self, row: Row) -> Row | None:
        """The member's row of the period before, assessed or not."""
        return self.rows.get((row.case.member_id, period_before(row.case.period)))

    def before(self, row: Row) -> Row | None:
        """The member's row of the period before, where he was assessed in it."""
        earlier = self.just_before(row)
        return earlier if earlier is not None and earlier.assessed else None

    def up_to(self, row: Row) -> list[Row]:
        """The member's assessed rows up to and including this one."""
        own = [r for r in self.assessed() if r.case.member_id == row.case.member_id]
        return [r for r in own if r.case.period <= row.case.period]

    def twice_running(self, row: Row, holds: Callable[[Row], bool]) -> bool:
        """Whether something holds in this period and in the one before."""
        earlier = self.before(row)
        return earlier is not None and holds(earlier) and holds(row)


def outcome(row: Row, name: str) -> tuple[str, str, str]:
    """An outcome standing in the row's period."""
    return row.case.member_id, row.case.period, name


def groups_of(rows: Iterable[Row], by: str) -> list[list[Row]]:
    """The rows with a total, activists aside, by period and branch or unit."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.counted:
            groups.setdefault((row.case.period, getattr(row.case.place, by)), []).append(row)
    return list(groups.values())


def year_groups(years: Years) -> dict[tuple[str, str], dict[str, YearRow]]:
    """The members with a year total, activists aside, by year and unit."""
    groups: dict[tuple[str, str], dict[str, YearRow]] = {}
    for (member_id, year), row in years.items():
        if row.counted:
            groups.setdefault((year, row.last.case.place.unit), {})[member_id] = row
    return groups


def best(rows: list[Row], places: int) -> list[Row]:
    """The rows with the highest totals; a tie over the boundary is left out and flagged."""
    return _ranked(rows, places, 1)


def worst(rows: list[Row], places: int) -> list[Row]:
    """The rows with the lowest totals; a tie over the boundary is left out and flagged."""
    return _ranked(rows, places, -1)


def _ranked(rows: list[Row], places: int, sign: int) -> list[Row]:
    totals = {row.case.member_id: sign * rounded(exact(row.total)) for row in rows}
    kept, tied = keep(totals, places)
    for row in rows:
        row.flags |= {"quota_tied"} if row.case.member_id in tied else set()
    return [row for row in rows if row.case.member_id in kept]


def by_year(book: Book) -> dict[tuple[str, str], list[Row]]:
    """Each member's rows of a year, whether assessed or not."""
    piles: dict[tuple[str, str], list[Row]] = {}
    for (member_id, period), row in book.rows.items():
        piles.setdefault((member_id, year_of(period)), []).append(row)
    return piles
