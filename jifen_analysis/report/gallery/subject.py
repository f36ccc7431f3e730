"""What a chart of the gallery is drawn of: a result, and what charts commonly ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import pandas as pd

from jifen_analysis.charts.theme import Style
from jifen_analysis.errors import Lang, UsageError, there_are
from jifen_analysis.periods import Period
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.schemes.score_range import is_bonus
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.tables.records import Records


@dataclass(frozen=True)
class Subject:
    """A result, the period to look at, and the language to draw in.

    Parameters
    ----------
    result : Assessment
        Of every period.
    period : str
        Such as ``2024H2``; the last with totals where it is blank.
    lang : {"zh", "en"}
        Of titles, axes and notes.
    """

    result: Assessment
    period: str = ""
    lang: Lang = "zh"

    @property
    def scheme(self) -> Scheme:
        """What it was scored under."""
        return self.result.scheme

    @property
    def records(self) -> Records:
        """What was scored."""
        assert self.result.records is not None, "a result that was just made has its records"
        return self.result.records

    @cached_property
    def looked_at(self) -> str:
        """The period that is drawn."""
        scored = self.result.table.dropna(subset="total")["period"]
        known = sorted(map(str, self.result.table["period"].unique()), key=Period.parse)
        if self.period and self.period not in known:
            listed = there_are(known)
            raise UsageError(f"没有考核期 {self.period};{listed.zh}", f"no period {self.period}; {listed.en}")
        if not self.period and scored.empty:
            raise UsageError("还没有人有总分,画不出来", "nobody has a total yet: nothing to draw")
        return self.period or max(map(str, scored.unique()), key=Period.parse)

    @cached_property
    def last(self) -> pd.DataFrame:
        """The table of the period, by member."""
        return self.result.table[self.result.table["period"] == self.looked_at].set_index("member_id")

    @property
    def graded(self) -> pd.DataFrame:
        """Those of the period who have a grade."""
        return self.last.dropna(subset="grade")

    def column(self, name: str) -> pd.Series:
        """Return a column of those who have a grade."""
        if name not in self.graded:
            listed = there_are(self.graded.columns)
            raise UsageError(f"没有列 {name};{listed.zh}", f"no column {name}; {listed.en}")
        return self.graded[name]

    @property
    def lines(self) -> dict[str, float]:
        """The cut scores by grade, the highest first; none where the scheme has none."""
        return {name: grade.cut for name, grade in self.scheme.book.grades.items() if grade.cut is not None}

    @property
    def cuts(self) -> dict[str, float]:
        """The same for a chart that is nothing without them."""
        found = self.lines
        if not found:
            raise UsageError(f"“{self.scheme.title}”没有分数线", f"{self.scheme.id} has no cut scores")
        return found

    def grade(self, name: str) -> str:
        """Return a grade of the scheme; the best where the name is blank."""
        known = list(self.scheme.book.grades)
        if not known:
            raise UsageError(f"“{self.scheme.title}”不划等次", f"{self.scheme.id} has no grades")
        if name and name not in known:
            listed = there_are(known)
            raise UsageError(f"没有等次 {name};{listed.zh}", f"no grade {name}; {listed.en}")
        return name or known[0]

    def component(self, name: str) -> str:
        """Return a component by its id or title; the first that does not only add where the name is blank."""
        parts = self.scheme.book.components
        ids = {part.title: key for key, part in parts.items()} | {key: key for key in parts}
        if name and name not in ids:
            listed = there_are(parts)
            raise UsageError(f"没有板块 {name};{listed.zh}", f"no component {name}; {listed.en}")
        return ids[name] if name else next(iter(self.weighted), next(iter(parts)))

    @property
    def weighted(self) -> dict[str, float]:
        """The weights of the components that do not only add."""
        return {name: part.weight for name, part in self.scheme.book.components.items() if not is_bonus(part)}

    @cached_property
    def two(self) -> tuple[str, str]:
        """The last two periods of one kind, a year apart where there are such."""
        known = sorted(map(str, self.result.table["period"].unique()), key=Period.parse)
        year_before = f"{int(self.looked_at[:4]) - 1}{self.looked_at[4:]}"
        before = [one for one, other in pairwise(known) if other == self.looked_at]
        if year_before not in known and not before:
            raise UsageError("只有一个考核期,没有可比的前一期", "there is no period before to compare with")
        return (year_before if year_before in known else before[0]), self.looked_at

    def both(self, column: str) -> tuple[pd.Series, pd.Series]:
        """Return a column of the two periods, by member."""
        table = self.result.table
        first, second = (table[table["period"] == period].set_index("member_id")[column] for period in self.two)
        return first, second

    def under(self, other: str) -> Assessment:
        """Return the result under another scheme or reading; the first reading where the name is blank."""
        readings = self.scheme.book.readings
        if not other and not readings:
            raise UsageError(
                "这张图要与另一个方案或读法比:写明 other=方案名", "name what to compare with: other=a scheme or reading"
            )
        name = other or next(iter(readings))
        scheme = self.scheme.variant(name) if name in readings else read_scheme(name)
        return assess(self.records, scheme)

    @property
    def style(self) -> Style:
        """What parts are called, where the numbers come from, the language."""
        source = f"{self.scheme.title},{Period.parse(self.looked_at).label(self.lang)}"
        return {"labels": self.titles, "source": source, "lang": self.lang}

    @property
    def overall(self) -> Style:
        """The style of a chart that counts every period of the result, not only the one looked at."""
        known = sorted(map(Period.parse, self.result.table["period"].unique()))
        ends = dict.fromkeys(one.label(self.lang) for one in (known[0], known[-1]))
        span = ("至" if self.lang == "zh" else " to ").join(ends)
        return {"labels": self.titles, "source": f"{self.scheme.title},{span}", "lang": self.lang}

    @property
    def titles(self) -> Mapping[str, str]:
        """What components, items and groups of evaluators are called."""
        parts = self.scheme.book.components
        items = {name: item for part in parts.values() for name, item in part.items.items()}
        groups = {name: group for item in items.values() for name, group in getattr(item, "groups", {}).items()}
        return {name: one.title for name, one in (groups | items | dict(parts)).items() if one.title}
