"""Years, halves, quarters and months: which contains which, which days.

A period is written ``2024``, ``2024H1``, ``2024Q3`` or ``2024-07``. Inside the
package a month is an integer, ``12 * year + month - 1``, so that months can be
counted, compared and used as array positions.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Literal, get_args

Kind = Literal["year", "half", "quarter", "month"]
KINDS: tuple[Kind, ...] = get_args(Kind)
YEARS = range(1990, 2101)
"""Years in which a record may fall."""
MONTHS: dict[Kind, int] = {"year": 12, "half": 6, "quarter": 3, "month": 1}
NAMES: dict[str, tuple[str, str]] = {
    "year": ("年", "year"), "half": ("半年", "half"), "quarter": ("季度", "quarter"), "month": ("月", "month")
}  # fmt: skip
"""What each kind is called, in Chinese and English."""

_CODE = re.compile(r"(?P<year>(?!0000)\d{4})(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")
_DIGIT = dict(zip("一二三四", "1234", strict=True))


@dataclass(frozen=True, order=True)
class Period:
    """A year, half, quarter or month.

    Parameters
    ----------
    first : int
        Its first month, ``12 * year + month - 1``.
    length : int
        Number of months: 12, 6, 3 or 1.

    Examples
    --------
    >>> half = Period.parse("2024H1")
    >>> half.last_day, Period.parse("2024Q2") in half
    (datetime.date(2024, 6, 30), True)
    """

    first: int
    length: int

    @classmethod
    def parse(cls, code: str) -> Period:
        """Read a period code; ``ValueError`` where it is none."""
        found = _CODE.fullmatch(code)
        if not found:
            raise ValueError(code)
        year = 12 * int(found["year"])
        if found["half"]:
            return cls(year + 6 * (int(found["half"]) - 1), 6)
        if found["quarter"]:
            return cls(year + 3 * (int(found["quarter"]) - 1), 3)
        if found["month"]:
            return cls(year + int(found["month"]) - 1, 1)
        return cls(year, 12)

    @classmethod
    def of_month(cls, month: int, kind: Kind) -> Period:
        """Return the period of a kind that contains a month."""
        length = MONTHS[kind]
        return cls(month - month % length, length)

    @property
    def kind(self) -> Kind:
        """Year, half, quarter or month."""
        return next(kind for kind, length in MONTHS.items() if length == self.length)

    @property
    def year(self) -> int:
        """The calendar year."""
        return self.first // 12

    @property
    def months(self) -> range:
        """The months inside, as integers."""
        return range(self.first, self.first + self.length)

    @property
    def first_day(self) -> date:
        """The first day."""
        return date(self.first // 12, self.first % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        """The last day."""
        last = self.first + self.length - 1
        year, month = last // 12, last % 12 + 1
        return date(year, month, calendar.monthrange(year, month)[1])

    def __contains__(self, other: Period) -> bool:
        return self.first <= other.first and other.first + other.length <= self.first + self.length

    def within(self, kind: Kind) -> Period:
        """Return the period of a kind that contains this one's first month."""
        return Period.of_month(self.first, kind)

    def split(self, kind: Kind) -> tuple[Period, ...]:
        """Return the parts of a kind, in order."""
        step = MONTHS[kind]
        return tuple(Period(first, step) for first in self.months[::step])

    def part_names(self, per: str) -> tuple[str, ...]:
        """Return the names of its months or quarters; one blank for ``period``, the whole."""
        return ("",) if per == "period" else tuple(str(part) for part in self.split(per))  # type: ignore[arg-type]

    def label(self, lang: str = "zh") -> str:
        """Return the name a person reads: 2024年上半年."""
        if lang == "en":
            return str(self)
        year, inside = f"{self.year}年", self.first % 12 // self.length
        names = {"year": "", "half": "上下"[inside % 2] + "半年", "quarter": f"第{'一二三四'[inside % 4]}季度"}
        return year + names.get(self.kind, f"{inside + 1}月")

    def __str__(self) -> str:
        inside = self.first % 12 // self.length + 1
        return f"{self.year}" + {12: "", 6: f"H{inside}", 3: f"Q{inside}", 1: f"-{inside:02d}"}[self.length]


def longer_kinds(kind: Kind) -> tuple[Kind, ...]:
    """Return the kinds longer than one, shortest first.

    Examples
    --------
    >>> longer_kinds("quarter")
    ('half', 'year')
    """
    return tuple(reversed(KINDS[: KINDS.index(kind)]))


def read_period(text: str) -> Period | None:
    """Read a period as people write it: 2024年上半年, 2024Q3, 2024年第三季度, 2024年7月.

    Returns ``None`` where the words name no period; nothing is guessed.

    Examples
    --------
    >>> str(read_period("2024年第三季度"))
    '2024Q3'
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    plain = re.sub(r"年度?", "年", plain)
    for pattern, code in _SPELLINGS:
        found = re.fullmatch(pattern, plain)
        if found:
            parts = {k: _DIGIT.get(v, v) for k, v in found.groupdict().items() if v}
            return _parsed(code.format(**parts), parts.get("month"), parts.get("last", parts.get("of_it")))
    return None


_SPELLINGS = (
    (r"(?P<year>\d{4})年?", "{year}"),
    (r"(?P<year>\d{4})(年?上半年|年?H1)", "{year}H1"),
    (r"(?P<year>\d{4})(年?下半年|年?H2)", "{year}H2"),
    (r"(?P<year>\d{4})年?第?(?P<quarter>[1-4一二三四])季度?", "{year}Q{quarter}"),
    (r"(?P<year>\d{4})年?Q(?P<quarter>[1-4])", "{year}Q{quarter}"),
    (r"(?P<year>\d{4})[-年/.](?P<month>\d{1,2})月?", "{year}"),
    (r"(?P<year>\d{4})(?P<month>\d{2})", "{year}"),
    (
        r"(?P<year>\d{4})[-年/.](?P<month>\d{1,2})月?[-–—~至到]"
        r"(?:(?P=year)[-年/.](?P<last>\d{1,2})月?|(?P<of_it>\d{1,2})月)",
        "{year}",
    ),
)


def _parsed(code: str, month: str | None, last: str | None) -> Period | None:
    if code.startswith("0000"):  # no calendar has such a year
        return None
    year = Period.parse(code)
    if month is None:
        return year
    first, length = int(month) - 1, int(last or month) - int(month) + 1
    whole = 0 <= first < 12 and length in MONTHS.values() and first % length == 0
    return Period(year.first + first, length) if whole else None


def requested_periods(wanted: Sequence[Period], kind: Kind) -> tuple[Period, ...]:
    """Return the scored periods that a person asked for: a year stands for its halves, and so on.

    Examples
    --------
    >>> [str(one) for one in requested_periods([Period.parse("2024")], "half")]
    ['2024H1', '2024H2']
    """
    split = [part for period in wanted if KINDS.index(period.kind) <= KINDS.index(kind) for part in period.split(kind)]
    return tuple(sorted(set(split)))


BEIJING = timezone(timedelta(hours=8))
"""The one time of the country."""
_ZONED = re.compile(r"(\d{4}-\d\d-\d\d)[T ]?(\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?))")


def read_moment(text: str) -> datetime | None:
    """Read a moment as programs write it with its distance from the time of Greenwich; nothing else.

    Examples
    --------
    >>> read_moment("2024-03-04 16:00:00+00")
    datetime.datetime(2024, 3, 4, 16, 0, tzinfo=datetime.timezone.utc)
    """
    found = _ZONED.fullmatch(text)
    try:
        return found and datetime.fromisoformat(f"{found[1]}T{found[2]}")
    except ValueError:
        return None


def days_of(moment: datetime) -> set[date]:
    """Return the day that a moment names and, where it has a zone, the day that it was in Beijing.

    Examples
    --------
    >>> sorted(days_of(datetime.fromisoformat("2024-03-04T16:00:00Z")))
    [datetime.date(2024, 3, 4), datetime.date(2024, 3, 5)]
    """
    return {moment.date(), moment.astimezone(BEIJING).date()} if moment.tzinfo else {moment.date()}
