"""What every scheme says, with the answers of one that says nothing."""

from collections.abc import Iterable
from fractions import Fraction
from typing import ClassVar

from .book import Book, Outcomes, Row, Years
from .desk import Desk
from .exact import rounded, whole_mark
from .roster import Place

Items = dict[str, dict[str, Fraction | None]]


class Scheme:
    """One scheme under some of its readings."""

    period = "year"
    weights: ClassVar[dict[str, Fraction]] = {}
    known_readings: tuple[str, ...] = ()
    bands: tuple[tuple[str, int | None], ...] = ()
    lowest: str | None = None
    reads_dues = False
    year_total: str | None = None
    quota: tuple[str, Fraction] | None = None
    zero_on_veto = False

    def __init__(self, readings: Iterable[str] = ()) -> None:
        self.readings = frozenset(readings)
        unknown = self.readings - set(self.known_readings)
        if unknown:
            raise ValueError(f"no such reading: {sorted(unknown)}")

    def reads(self, reading: str) -> bool:
        """Whether a reading is in force."""
        return reading in self.readings

    @property
    def grades(self) -> list[str]:
        """The grades the scheme can give, from the top."""
        if self.bands:
            return [grade for grade, _ in self.bands]
        return [] if self.lowest is None else [self.lowest]

    def weight(self, component: str) -> Fraction:
        """The weight of a component."""
        return self.weights[component]

    def band(self, total: Fraction) -> str | None:
        """The first grade, from the top, that the total reaches."""
        value = whole_mark(total) if self.reads("whole_marks") else rounded(total)
        for grade, cut in self.bands:
            if cut is None or self.reaches(value, grade, cut):
                return grade
        return None

    def reaches(self, value: Fraction, grade: str, cut: int) -> bool:
        """Whether a value is enough for a grade."""
        return value >= cut

    def covers(self, place: Place) -> bool:
        """Whether the scheme's population includes one in this place."""
        return True

    def category(self, row: Row) -> str | None:
        """The member's category, where the scheme has categories."""
        return None

    def meet(self, rows: list[Row]) -> None:
        """What is settled across the members of a period before anybody is priced."""

    def items(self, row: Row) -> Items:
        """Each component's items, after floors and caps; missing as None."""
        raise NotImplementedError

    def forced(self, row: Row, book: Book) -> set[str]:
        """The flags of the clauses that set the lowest grade."""
        return set()

    def quota_size(self, rows: list[Row]) -> int | None:
        """The n of the quota on grades, for one branch's assessed rows; None: no quota."""
        return sum(row.counted for row in rows)

    def outcomes(self, book: Book, desk: Desk) -> Outcomes:
        """What follows from each period's result."""
        return set()

    def forced_year(self, rows: list[Row]) -> bool:
        """Whether a clause sets the lowest grade for the year."""
        return False

    def year_outcomes(self, years: Years, desk: Desk) -> Outcomes:
        """What follows from each year's result."""
        return set()


def full_item(start: int, deducted: Fraction | int, forfeited: bool = False, floor: bool = True) -> Fraction:
    """An item that starts full: deductions, then a forfeit, then the floor at 0."""
    left = Fraction(start) - deducted
    if forfeited:
        left = min(Fraction(0), left)
    return max(Fraction(0), left) if floor else left
