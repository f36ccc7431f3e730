"""A scheme: a checked rule book with the document it came from; frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from jifen_analysis.errors import InvalidScheme, Lang, Problem
from jifen_analysis.periods import Kind
from jifen_analysis.schemes import variants, weighting
from jifen_analysis.schemes.describe import describe
from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.schemes.model.parts import freeze, thaw
from jifen_analysis.schemes.read import (
    SHEET_ENDINGS,
    check_changes,
    read_document,
    read_placed,
    rule_book,
    scheme_names,
)
from jifen_analysis.schemes.score_range import nominal_shares
from jifen_analysis.schemes.vocabulary_checks import words_of
from jifen_analysis.vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class Scheme:
    """How points are priced, weighted, totalled and graded.

    Variants return new schemes; scoring one never changes another.

    Parameters
    ----------
    document : mapping
        What the file says (with the variant's changes).
    file : str
        Name of the file, for messages.
    applied : tuple of str
        The variants that led here, in order.

    Examples
    --------
    >>> scheme = read_scheme("community_60_40")
    >>> scheme.with_grades(优秀=85).book.grades["优秀"].at_least, scheme.book.grades["优秀"].at_least
    (85.0, 90.0)
    """

    document: Mapping[str, Any] = field(repr=False)
    file: str = ""
    applied: tuple[str, ...] = ()
    book: RuleBook = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # What somebody tried upon the file is no mistake of the file.
        tried = f"({', '.join(self.applied)})" if self.applied else ""
        object.__setattr__(self, "book", rule_book(self.document, f"{self.file}{tried}"))
        object.__setattr__(self, "document", freeze(self.document))

    def __reduce__(self) -> tuple[Any, ...]:
        return Scheme, (thaw(self.document), self.file, self.applied)

    @property
    def id(self) -> str:
        """The scheme's name."""
        return self.book.id

    @property
    def title(self) -> str:
        """The scheme's Chinese name."""
        return self.book.title

    @property
    def period(self) -> Kind:
        """What one score is for: a year, half, quarter or month."""
        return self.book.period

    @cached_property
    def words(self) -> Vocabulary:
        """The vocabulary with the scheme's own events."""
        return words_of(self.book)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the scheme says, variants included."""
        text = json.dumps(thaw(self.document), sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def describe(self, lang: Lang = "zh") -> str:
        """Return the scheme in plain words, from its file alone.

        Parameters
        ----------
        lang : {"zh", "en"}
            Titles, clauses and assumptions stay as the file has them.

        Returns
        -------
        str
            Whom it is for, how points are scored, grades, what follows, other readings, what is assumed.

        Examples
        --------
        >>> print(read_scheme("community_60_40").describe().splitlines()[2])
        考核期:每半年;年度总分为各期平均,年度另定等次
        """
        return describe(self.book, self.words, lang)

    def variant(self, *readings: str) -> Scheme:
        """Return the scheme under one or more of its readings.

        Parameters
        ----------
        *readings : str
            Names of readings in the scheme's file; one that is applied already changes nothing.

        Returns
        -------
        Scheme
            With their values in the place of its own.

        Raises
        ------
        UsageError
            Where a reading does not exist, or two set the same path.

        Examples
        --------
        >>> read_scheme("community_60_40").variant("strict").applied
        ('strict',)
        """
        new = tuple(dict.fromkeys(name for name in readings if name not in self.applied))
        if not new:
            return self
        return self._with(variants.with_readings(self.document, self.book, new, self.applied), *new)

    def with_weights(self, *, normalise: bool = False, **weights: float) -> Scheme:
        """Return the scheme with other component weights (see ``weighting.with_weights``).

        Parameters
        ----------
        normalise : bool
            Scale them so that the full marks stay what they were.
        **weights : float
            By component id; those not named keep theirs.

        Returns
        -------
        Scheme
            With these weights on every day of it.

        Raises
        ------
        UsageError
            For an unknown component, a negative weight, or weights that sum to something else.

        Examples
        --------
        >>> read_scheme("community_60_40").with_weights(daily=0.5, evaluation=0.5).book.components["daily"].weight
        0.5
        """
        said = ",".join(f"{name}={weight:g}" for name, weight in weights.items())
        return self._with(weighting.with_weights(self.document, self.book, weights, normalise=normalise), said)

    def with_shares(self, **shares: weighting.Said) -> Scheme:
        """Return the scheme with other shares of its own full marks, on every day.

        Parameters
        ----------
        **shares : float, str or Fraction
            By component id or title, such as ``0.7`` or ``"1/3"``; those not
            named keep theirs. The full marks of the whole stay.

        Returns
        -------
        Scheme
            With the weights that give these shares.

        Raises
        ------
        UsageError
            For an unknown component, one without full marks (a bonus), shares
            that do not sum to 1, or full marks that differ among members.

        Examples
        --------
        >>> scheme = read_scheme("school_framework").with_shares(base=0.5, evaluation=0.5)
        >>> scheme.document["components"]["evaluation"]["weight"], scheme.shares["base"]
        (1.5, Fraction(1, 2))
        """
        asked, called = weighting.read_shares(shares, self.book), weighting.component_names(shares, self.book)
        weights = weighting.weights_of_shares(asked, self.book, called)
        days = {since: self.on(date.fromisoformat(since)).book for since in sorted(self.book.changes)}
        later = {since: weighting.weights_of_shares(asked, book, called) for since, book in days.items()}
        said = ",".join(f"{name}={float(100 * share):g}%" for name, share in asked.items())
        return self._with(weighting.with_shares(self.document, weights, later), said)

    @property
    def shares(self) -> Mapping[str, Fraction]:
        """The share of the full marks that each component has (see ``score_range.nominal_shares``)."""
        return nominal_shares(self.book)

    def with_quotas(self, **shares: float | str | None) -> Scheme:
        """Return the scheme with other quotas (see ``variants.with_quotas``).

        Parameters
        ----------
        **shares : float, str or None
            By grade: the share of the members that may have it, such as ``0.3`` or ``"1/3"``; ``None`` for no quota.

        Returns
        -------
        Scheme
            With these quotas.

        Raises
        ------
        UsageError
            For an unknown grade, or the lowest one.

        Examples
        --------
        >>> read_scheme("community_60_40").with_quotas(优秀="1/3").applied
        ('优秀≤1/3',)
        """
        said = ",".join(f"{name}≤{share}" for name, share in shares.items())
        return self._with(variants.with_quotas(self.document, self.book, shares), said)

    def with_grades(self, **cuts: float) -> Scheme:
        """Return the scheme with other cut scores (see ``variants.with_grades``).

        Parameters
        ----------
        **cuts : float
            By grade: the lowest total that has it, in points.

        Returns
        -------
        Scheme
            With these cut scores.

        Raises
        ------
        UsageError
            For an unknown grade, or one that has no cut score.

        Examples
        --------
        >>> read_scheme("community_60_40").with_grades(优秀=85).book.grades["优秀"].at_least
        85.0
        """
        said = ",".join(f"{name}={cut:g}" for name, cut in cuts.items())
        return self._with(variants.with_grades(self.document, self.book, cuts), said)

    def patch(self, values: Mapping[str, Any]) -> Scheme:
        """Return the scheme with other values at dotted paths.

        Parameters
        ----------
        values : mapping of str to object
            By path in the scheme's file, such as ``components.daily.weight``.

        Returns
        -------
        Scheme
            With these values.

        Raises
        ------
        UsageError, InvalidScheme
            Where a path leads nowhere, or the value cannot stand there.

        Examples
        --------
        >>> read_scheme("community_60_40").patch({"grades.优秀.at_least": 88}).book.grades["优秀"].at_least
        88.0
        """
        said = (f"{path}={value}" for path, value in values.items())
        return self._with(variants.override_paths(self.document, values), *said)

    def write(self, path: str | Path) -> Path:
        """Write the scheme as a file to read again: ``.toml``, or a workbook (方案表) with lists to choose from.

        Raises
        ------
        UsageError
            Where the name ends otherwise, or the file cannot be written.

        Examples
        --------
        >>> import tempfile
        >>> place = read_scheme("street_80_20").write(Path(tempfile.mkdtemp()) / "方案.xlsx")
        >>> read_scheme(place).digest == read_scheme("street_80_20").digest
        True
        """
        from jifen_analysis.schemes.write import write_document  # what writes workbooks, for those who write one

        return write_document(self.document, path)

    def on(self, day: date) -> Scheme:
        """Return the scheme as in force on a day, with the dated changes up to it."""
        if not any(date.fromisoformat(since) <= day for since in self.book.changes):
            return self
        return self._with(variants.in_force(self.document, self.book, day))

    def _with(self, document: Mapping[str, Any], *names: str) -> Scheme:
        return Scheme(document, self.file, (*self.applied, *names))


def read_scheme(name: str | Path) -> Scheme:
    """Read a scheme by its built-in name, from a ``.toml`` file or a workbook (方案表).

    Parameters
    ----------
    name : str or Path
        One of :func:`scheme_names`, or a file that ends in ``.toml`` or ``.xlsx``.

    Returns
    -------
    Scheme
        Checked and frozen.

    Raises
    ------
    UsageError
        Where there is no such scheme or file.
    InvalidScheme
        With every mistake in the file, by dotted path; in a workbook by cell.

    Examples
    --------
    >>> read_scheme("community_60_40").period
    'half'
    """
    if name in scheme_names():
        return _built_in(str(name))
    if Path(name).suffix.lower() in SHEET_ENDINGS:
        return _from_sheets(Path(name))
    document, file = read_document(name)
    return _checked(document, file)


@cache  # frozen, and its file does not change while the package runs
def _built_in(name: str) -> Scheme:
    return _checked(*read_document(name))


def _checked(document: Mapping[str, Any], file: str) -> Scheme:
    scheme = Scheme(document, file)
    check_changes(document, scheme.book, file)
    return scheme


def _from_sheets(path: Path) -> Scheme:
    placed = read_placed(path)
    problems = [replace(problem, file=path.name) for problem in placed.problems]
    try:
        scheme = _checked(placed.document, path.name)
    except InvalidScheme as refusal:
        unread = {_row(problem) for problem in problems}
        addressed = [placed.addressed(problem, path.name) for problem in refusal.problems]
        # What follows from a cell that could not be read is no mistake of its own.
        raise InvalidScheme([*problems, *(one for one in addressed if _row(one) not in unread)]) from None
    if problems:
        raise InvalidScheme(problems)
    return scheme


def _row(problem: Problem) -> tuple[str, str]:
    return problem.sheet, problem.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
