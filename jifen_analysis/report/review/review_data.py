"""What every part of a review looks at: both years, counted once, small groups hidden once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from jifen_analysis.errors import UsageError
from jifen_analysis.intake import Check
from jifen_analysis.periods import Period
from jifen_analysis.report.manifest import origin
from jifen_analysis.report.privacy import LEAST, space_scores, suppress
from jifen_analysis.report.review.model import Voice
from jifen_analysis.report.standing import standing, yearly
from jifen_analysis.report.summary import WHOLE, by_number
from jifen_analysis.schemes.model import RuleBook
from jifen_analysis.scoring.assessment import Assessment


@dataclass(frozen=True)
class ReviewData:
    """One result, the year reviewed, and how openly it may be spoken of.

    Parameters
    ----------
    result : Assessment
        With the year reviewed, and the one before where there is one.
    year : int
        The year reviewed.
    voice : Voice
        The language.
    check : Check or None
        What was found in the files.
    with_names : bool
        For internal use: nothing is hidden, and people are named.
    """

    result: Assessment
    year: int
    voice: Voice
    check: Check | None = None
    with_names: bool = False

    @property
    def origin(self) -> dict[str, Any]:
        """From what the result was made."""
        return origin(self.result, self.check.branches if self.check else ())

    @property
    def book(self) -> RuleBook:
        """The rule book."""
        return self.result.scheme.book

    @property
    def least(self) -> int:
        """Groups of fewer are hidden."""
        return 0 if self.with_names else LEAST

    @cached_property
    def period(self) -> str:
        """The period that stands for the year reviewed."""
        return yearly(self.result, self.year)

    @cached_property
    def now(self) -> pd.DataFrame:
        """Everyone's standing in the year reviewed."""
        return standing(self.result, self.period)

    @cached_property
    def before(self) -> pd.DataFrame | None:
        """Everyone's standing a year earlier, if it was scored."""
        try:
            return standing(self.result, yearly(self.result, self.year - 1))
        except UsageError:
            return None

    @cached_property
    def inside(self) -> pd.DataFrame:
        """The rows of the result's table in the year's periods: one a member and period."""
        table = self.result.table
        years = table["period"].map({code: Period.parse(code).year for code in table["period"].unique()})
        return table[years == self.year].reset_index(drop=True)

    @property
    def grades(self) -> list[str]:
        """The scheme's grades, best first."""
        return list(self.book.grades)

    @property
    def top(self) -> str | None:
        """The best grade, where a total can reach it."""
        found = next(iter(self.book.grades), None)
        return found if found is not None and self.book.grades[found].cut is not None else None

    @property
    def cuts(self) -> Mapping[str, float]:
        """Cut scores by grade."""
        return {name: grade.cut for name, grade in self.book.grades.items() if grade.cut is not None}

    @cached_property
    def style(self) -> dict[str, Any]:
        """What every chart is given: labels, source, language."""
        titles, items = self.book.titles, self.book.items.items()
        labels = titles | {f"{name}.{key}": f"{titles[name]}·{item.title or key}" for (name, key), item in items}
        source = f"{self.book.title},{self.label}" if self.voice.lang == "zh" else f"{self.book.id}, {self.label}"
        return {"labels": labels, "source": source, "lang": self.voice.lang, "least": self.least}

    @property
    def label(self) -> str:
        """What the year reviewed is called."""
        return Period.parse(self.period).label(self.voice.lang)

    @property
    def label_before(self) -> str:
        """What the year before is called."""
        return Period.parse(yearly(self.result, self.year - 1)).label(self.voice.lang)

    @cached_property
    def by_branch(self) -> pd.DataFrame:
        """Members of the year by branch and grade, with totals; hidden ones are missing.

        The lowest grades stand together where most branches would show nothing.
        """
        counts = _crossed(self.now, self.grades)
        for depth in range(1, max(len(self.grades), 2)):
            shown = suppress(self._joined(counts, depth), self.least)
            if shown.iloc[:-1].isna().any(axis=1).mean() <= _HOLLOW:
                break
        return shown

    @cached_property
    def by_year(self) -> pd.DataFrame | None:
        """Members by grade, a row a year, every number shown; the lowest grades together where they must be."""
        years = {self.label: self.now}
        if self.before is not None:
            years = {self.label_before: self.before, **years}
        counts = pd.DataFrame({label: _crossed(rows, self.grades).sum() for label, rows in years.items()}).T
        for depth in range(self._hidden_depth(), len(self.grades)):
            joined = self._joined(counts, depth)
            if ((joined == 0) | (joined >= self.least)).all(axis=None):
                return joined
        return None

    @cached_property
    def ranked(self) -> pd.DataFrame:
        """Those of the year with a total, and a grade where totals lead to one: of whom figures speak."""
        rows = self.now.dropna(subset=["total"])
        return rows[rows["grade"].notna()] if self.book.banded and rows["grade"].notna().any() else rows

    @cached_property
    def grid(self) -> list[float]:
        """The ends of classes of one width, as Freedman and Diaconis have it, the line of the best grade among them."""
        held = self.ranked["total"]
        if held.empty:
            return []
        first, middle, third = held.quantile([0.25, 0.5, 0.75])
        step = next((step for step in (1, 2, 5, 10, 20) if step >= 2 * (third - first) / len(held) ** (1 / 3)), 50)
        reach = step * _MOST_CLASSES / 2
        low, high = max(np.floor(held.min()) + 1, middle - reach), min(np.ceil(held.max()) + step, middle + reach)
        offset = self.cuts[self.top] if self.top is not None else 0
        return [float(end) for end in np.arange(low + (offset - low) % step, high, step).round(6)]

    @cached_property
    def marks(self) -> list[float]:
        """The scores at which it may be told how many of the year reach them: the cut scores first."""
        held = self.ranked["total"]
        top = self.cuts[self.top] if self.top is not None else held.median()
        near = [top - 1, top + 1] if self.top is not None else []
        outwards = sorted(self.grid, key=lambda score: abs(score - top))
        return space_scores(held, [*self.cuts.values(), *near, *outwards], self.told_counts, self.least)

    @property
    def told_counts(self) -> list[int]:
        """How many hold the best grade, it or the next, and so on, as far as totals lead to grades and that is told."""
        if self.by_year is None or not self.book.banded:
            return []
        return self.by_year.iloc[-1].cumsum().astype("int64").tolist()

    @property
    def beyond(self) -> dict[str, int]:
        """How many more reach each cut score than hold its grade or a better one, where both are told."""
        held, pairs = self.ranked["total"].round(6), zip(self.grades, self.told_counts, strict=False)
        known = [(name, n) for name, n in pairs if self.cuts.get(name) in self.marks]
        return {name: int((held >= self.cuts[name]).sum()) - n for name, n in known}

    def agrees(self, sizes: pd.Series) -> list[str]:
        """Return the branches of whom so many may be told beside what is told of them in figures.

        Neither is one told whose size is hidden, nor one where a few are missing.
        """
        shown = self.by_branch.drop(index=WHOLE)[WHOLE].reindex(sizes.index).astype("Float64")
        if not self.with_names and self.book.banded:
            sizes = sizes[((shown == sizes) | ((shown - sizes).abs() >= self.least)).fillna(False)]
        return [str(name) for name in sizes.index]

    def _hidden_depth(self) -> int:
        """Return how many of the lowest grades are not to be told apart, by what the branches' table hides."""
        margins = self.by_branch.loc[WHOLE].iloc[:-1]
        first = next((at for at, hidden in enumerate(margins.isna()) if hidden), len(margins) - 1)
        return len(self.grades) - first if margins.isna().any() else 1

    def kinds(self, depth: int) -> dict[str, str]:
        """Return what each grade is counted as where the lowest ``depth`` stand together."""
        kept, low = self.grades[: len(self.grades) - depth], self.grades[len(self.grades) - depth :]
        name = self.voice.say(f"{low[0]}及以下", f"{low[0]} or below") if len(low) > 1 else "".join(low)
        return {**{grade: grade for grade in kept}, **dict.fromkeys(low, name)}

    def drawable(self, counts: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
        """Return a table whose joined grades go by the best of them, which charts can place, and their style."""
        best = {joined: grade for grade, joined in reversed(self._all_kinds)}
        labels = self.style["labels"] | {best[name]: name for name in map(str, counts) if name in best}
        return counts.rename(columns=best), {**self.style, "labels": labels}

    @property
    def _all_kinds(self) -> list[tuple[str, str]]:
        depths = range(2, max(len(self.grades), 2) + 1)
        return [pair for depth in depths for pair in self.kinds(depth).items() if pair[0] != pair[1]]

    def _joined(self, counts: pd.DataFrame, depth: int) -> pd.DataFrame:
        kinds = self.kinds(depth)
        return counts.T.groupby([kinds[str(grade)] for grade in counts], sort=False).sum().T

    def reason(self, refusal: UsageError) -> str:
        """Say why a figure cannot be drawn; not of whom, where a refusal goes on to say that."""
        said = refusal.message(self.voice.lang)
        whole = self.voice.say("数据不足以画出这张图", "the data do not bear this figure")
        ways = [said, re.split("[:;\uff1a\uff1b]", said)[0]]
        return next((one for one in ways if self.with_names or not self._names_somebody(one)), whole)

    def _names_somebody(self, said: str) -> bool:
        """Return whether a sentence holds anybody's id or name; numbers of members and groups are no ids."""
        words = _COUNTED.sub("", said)
        return any(re.search(rf"(?<![0-9A-Za-z]){re.escape(one)}(?![0-9A-Za-z])", words) for one in self._people)

    @cached_property
    def _people(self) -> frozenset[str]:
        """The ids and names of all members."""
        records = self.result.records
        names: list[str] = [] if records is None else records.members["name"].dropna().tolist()
        return frozenset(map(str, [*self.result.table["member_id"].unique(), *names])) - {""}

    def sayable(self, count: Any, *wholes: int) -> int | None:
        """Return a number that may be said, or ``None``: small ones are hidden, and what leaves few of a whole."""
        if pd.isna(count) or 0 < count < self.least:
            return None
        return None if any(0 < whole - count < self.least for whole in wholes) else int(count)

    def sayable_of_both(self, count: int) -> bool:
        """Return whether it may be said how many stand in both years, beside how many do in each."""
        return self.sayable(count, *self.sizes) is not None

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many are assessed, have a total and have a grade, in each of the years: told by tables and figures."""
        years = [rows for rows in (self.before, self.now) if rows is not None]
        counts = [((rows["state"] == "assessed").sum(), *rows[["total", "grade"]].count()) for rows in years]
        return tuple(int(size) for count in counts for size in count)


_COUNTED = re.compile(r"\d+ (?:[人组期项次个]|members|groups|periods)")
"""A number of something in a sentence."""

_MOST_CLASSES = 20
"""Into how many classes totals are put at most, beside the two without an end."""

_HOLLOW = 0.5
"""The share of branches that may show nothing before grades are put together."""


def _crossed(rows: pd.DataFrame, grades: Iterable[str]) -> pd.DataFrame:
    """Count the graded by branch and grade; branches in the order of their numbers."""
    graded = rows[rows["grade"].notna()]
    branches = sorted(rows["branch"].unique(), key=by_number)
    counts = pd.crosstab(graded["branch"], graded["grade"].astype("object"))
    return (
        counts.reindex(index=branches, columns=list(grades), fill_value=0).rename_axis(None).rename_axis(None, axis=1)
    )
