"""What is said of schemes side by side, once, for every way of writing it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from jifen_analysis.analysis import comparison, thresholds
from jifen_analysis.analysis.comparison import Moves
from jifen_analysis.analysis.inputs import KEYS
from jifen_analysis.errors import Lang, Text, UsageError, choose_from
from jifen_analysis.report.privacy import LEAST, number_members
from jifen_analysis.report.review.cells import HIDDEN
from jifen_analysis.schemes.labels import label_code
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.summaries import Readings, Why

EXPLAINED = 5
"""Members of each pair whose difference is taken apart."""
_OF_ALL = {"full_marks": Text("满分", "full marks"), "": Text("总分归零或更正", "total cleared or corrected")}
"""What parts are called that belong to no component."""


@dataclass(frozen=True)
class Pair:
    """The first scheme and one other.

    Parameters
    ----------
    a, b : str
        What they are called.
    moves : Moves
        Who stands differently.
    reasons : mapping of (member, period or year) to DataFrame
        ``comparison.why`` of the largest movers, those whose grade changed first.
    """

    a: str
    b: str
    moves: Moves
    reasons: Mapping[tuple[str, str], pd.DataFrame]

    def said(self, row: Mapping[Hashable, Any], lang: Lang = "zh") -> str:
        """Return what a row of the reasons is about, in its own scheme's words; which one, where only one has it."""
        called = self.plain(row, lang)
        only = {"a": self.a, "b": self.b}.get(str(row["side"]), "") if row["component"] else ""
        return Text(f"{called}({only})", f"{called} ({only})").message(lang) if only else called

    def plain(self, row: Mapping[Hashable, Any], lang: Lang = "zh") -> str:
        """Return what a row of the reasons is about, in its own scheme's words."""
        return _OF_ALL[row["part"]].message(lang) if row["part"] in _OF_ALL else str(row["title"])

    @property
    def two_schemes(self) -> bool:
        """Whether two schemes are compared, not two readings of one: then by what they take from full marks."""
        return any(Why.read(table).from_full_marks for table in self.reasons.values())

    @property
    def same_grades(self) -> bool:
        """Whether both have the same list of grades."""
        rows, columns = ([name for name in names if name != "<NA>"] for names in self.moves.transitions.axes)
        return rows == columns

    @property
    def changed(self) -> int:
        """How many grades change."""
        return int(self.moves.members["grade_changed"].sum())


@dataclass(frozen=True)
class Compared:
    """Everything that is said of some schemes, once, for every way of writing.

    Parameters
    ----------
    results : mapping of str to Assessment
        By what the scheme is called; all others are held against the first.
    agreement : DataFrame
        ``comparison.schemes``: a row for each two.
    pairs : tuple of Pair
        The first with each other.
    readings : DataFrame
        ``thresholds.readings`` of every scheme that was asked for as it stands:
        ``scheme``, ``reading``, then whose grade it moves.
    summary : DataFrame
        ``scheme``, ``reading``, ``n`` (members and periods), 0 included.
    people : DataFrame
        ``member_id``, ``name`` (not where nobody is named), ``branch``, as last known.
    """

    results: Mapping[str, Assessment]
    agreement: pd.DataFrame
    pairs: tuple[Pair, ...]
    readings: pd.DataFrame
    summary: pd.DataFrame
    people: pd.DataFrame


def contenders(schemes: Iterable[Scheme], variants: Iterable[str] = ()) -> dict[str, Scheme]:
    """Name what is to be compared: the schemes, and each reading of every scheme that has it.

    Parameters
    ----------
    schemes : iterable of Scheme
        In the order of the comparison.
    variants : iterable of str
        Names of readings.

    Raises
    ------
    UsageError
        Where none of the schemes has a reading of that name, or fewer than two are left.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> list(contenders([read_scheme("community_60_40")], ["strict"]))
    ['社区党员量化管理', '社区党员量化管理·高于90分才为优秀']
    """
    asked, wanted = list(schemes), list(dict.fromkeys(variants))
    known = {name: reading.title for scheme in asked for name, reading in scheme.book.readings.items()}
    for name in wanted:
        if name not in known:
            listed = choose_from(label_code(one, known) for one in known)
            raise UsageError(f"没有读法 {name},{listed.zh}", f"no reading {name}; {listed.en}")
    read = [scheme.variant(name) for scheme in asked for name in wanted if name in scheme.book.readings]
    named: dict[str, Scheme] = {}
    for scheme in {scheme.digest: scheme for scheme in [*asked, *read]}.values():
        named[_called(scheme, named)] = scheme
    if len(named) < 2:
        raise UsageError(
            "至少要两个不同的方案或读法才能比较:再给一个 --scheme 或 --variant",
            "two different schemes or readings are needed: give another --scheme or --variant",
        )
    return named


def _called(scheme: Scheme, taken: Iterable[str]) -> str:
    name = "·".join([scheme.title, *(_reading(scheme, name) for name in scheme.applied)])
    return f"{name}({scheme.id} {scheme.digest[:6]})" if name in taken else name


def _reading(scheme: Scheme, name: str) -> str:
    known = scheme.book.readings.get(name)
    return known.title or name if known else name


def compare_results(results: Mapping[str, Assessment]) -> Compared:
    """Compare results of the same records: each two in agreement, all against the first in detail.

    Parameters
    ----------
    results : mapping of str to Assessment
        With their records, at least two, by what they are called.

    Raises
    ------
    UsageError
        With fewer than two, or where two have no member and period or year in common.
    """
    agreement = comparison.schemes(results)
    (a, first), *others = results.items()
    pairs = tuple(_pair(a, b, first, other) for b, other in others)
    moved = {name: _moved(result) for name, result in results.items() if not result.scheme.applied}
    counts = [
        (name, _reading(results[name].scheme, reading), n)
        for name, table in moved.items()
        for reading, n in Readings.read(table).summary.items()
    ]
    said = [
        table.assign(scheme=name, reading=table["variant"].map(lambda one, at=name: _reading(results[at].scheme, one)))
        for name, table in moved.items()
        if len(table)
    ]
    return Compared(
        results,
        agreement,
        pairs,
        pd.concat(said, ignore_index=True)[_MOVED] if said else pd.DataFrame(columns=_MOVED),
        pd.DataFrame(counts, columns=["scheme", "reading", "n"]),
        _people(results),
    )


def _people(results: Mapping[str, Assessment]) -> pd.DataFrame:
    tables = [result.table[["member_id", "name", "branch"]] for result in results.values()]
    return pd.concat(tables).drop_duplicates("member_id", keep="last", ignore_index=True)


_MOVED = ["scheme", "reading", *KEYS, "grade_before", "grade_after", "total_before", "total_after"]


def _moved(result: Assessment) -> pd.DataFrame:
    assert result.records is not None
    return thresholds.readings(result.records, result.scheme)


def _pair(a: str, b: str, first: Assessment, other: Assessment) -> Pair:
    moves = comparison.moves(first, other)
    largest = _largest(moves.members)
    reasons = {key: comparison.why(first, other, *key) for key in largest[KEYS].itertuples(index=False, name=None)}
    return Pair(a, b, moves, reasons)


def _largest(members: pd.DataFrame) -> pd.DataFrame:
    """Return those with both totals who move most: by points where the grade changed, then by points alone."""
    both = members.dropna(subset="difference")
    changed, gap = both["grade_changed"].astype("bool"), both["difference"].abs().round(6)
    order = pd.DataFrame({"same": ~changed, "gap": -gap})[changed | (gap > 0)]
    return both.loc[order.sort_values(["same", "gap"], kind="stable").index].head(EXPLAINED)


# ---------------------------------------------------------------- without names


def unnamed_comparison(found: Compared) -> Compared:
    """Return a comparison that names nobody.

    Parameters
    ----------
    found : Compared
        From ``compared``.

    Returns
    -------
    Compared
        Members are ``#1``, ``#2``, … in the order in which they are listed:
        the same number stands for the same member throughout, and for nobody
        in another comparison. A branch of fewer than five is ``*``.
    """
    numbers = number_members(_listed(found))
    sizes = found.people["branch"].value_counts()
    small = frozenset(map(str, sizes[sizes < LEAST].index))
    return replace(
        found,
        pairs=tuple(_unnamed_pair(pair, numbers, small) for pair in found.pairs),
        readings=_rows(found.readings, numbers, small),
        people=_rows(found.people, numbers, small).drop(columns="name"),
    )


def _listed(found: Compared) -> Iterator[str]:
    """Yield ids in the order of the lists: those whose difference is taken apart, those who move, all others."""
    for pair in found.pairs:
        yield from (member for member, _ in pair.reasons)
    for pair in found.pairs:
        yield from pair.moves.members["member_id"]
    yield from found.readings["member_id"]
    yield from found.people["member_id"]


def _unnamed_pair(pair: Pair, numbers: Mapping[str, str], small: frozenset[str]) -> Pair:
    members = _rows(pair.moves.members, numbers, small)
    reasons = {
        (numbers[member], period): replace(Why.read(table), member_id=numbers[member]).on(table)
        for (member, period), table in pair.reasons.items()
    }
    return replace(pair, moves=replace(pair.moves, members=members), reasons=reasons)


def _rows(rows: pd.DataFrame, numbers: Mapping[str, str], small: frozenset[str]) -> pd.DataFrame:
    """Return rows by number, without names and without the branches that are small."""
    told: dict[str, Any] = {"member_id": rows["member_id"].map(numbers).astype("str")}
    if "name" in rows:
        told["name"] = pd.Series(None, index=rows.index, dtype="str")
    if "branch" in rows:
        told["branch"] = rows["branch"].astype("object").mask(rows["branch"].isin(small), HIDDEN).astype("str")
    return rows.assign(**told)
