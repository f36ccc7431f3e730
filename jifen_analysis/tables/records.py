"""Records: a frozen bundle of the tables, with the place every record came from."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Any, overload

import numpy as np
import pandas as pd

from jifen_analysis.errors import InvalidRecords, ManyProblems, Problem, UsageError
from jifen_analysis.tables import consistency, membership
from jifen_analysis.tables.coded import CodedTable, encode_texts, find_repeats
from jifen_analysis.tables.columns import TABLES, canonical, decode_texts, typed_columns
from jifen_analysis.tables.failures import Failure
from jifen_analysis.tables.frames import frames_given, in_english, labels
from jifen_analysis.tables.problems import address_failures, collect_problems, with_cells
from jifen_analysis.tables.sources import Source
from jifen_analysis.vocabulary import Vocabulary, standard


class Stored(Sequence[pd.DataFrame]):
    """A table whose batches are read when they are asked for, and never all held at once."""

    @overload
    def __getitem__(self, at: int) -> pd.DataFrame: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[pd.DataFrame]: ...
    def __getitem__(self, at: int | slice) -> pd.DataFrame | Sequence[pd.DataFrame]:
        if isinstance(at, slice):
            return tuple(self[one] for one in range(*at.indices(len(self))))
        return next(islice(self, range(len(self))[at], None))

    @abstractmethod
    def __iter__(self) -> Iterator[pd.DataFrame]: ...

    @abstractmethod
    def narrow(self, columns: Iterable[str]) -> Iterator[pd.DataFrame]:
        """Yield the batches with only some columns; ids, months, periods and days may be Arrow's own types."""

    @property
    @abstractmethod
    def rows(self) -> int:
        """Return the number of its records, without reading them."""

    @abstractmethod
    def months(self) -> frozenset[int]:
        """Return the integer months in which its records fall, without reading them."""

    @abstractmethod
    def pieces(self) -> Mapping[tuple[str, ...], Sequence[pd.DataFrame]]:
        """Return its parts under the branches whose records they hold, still unread."""


@dataclass(frozen=True)
class Records:
    """Everything the branches reported, typed and checked; never changed.

    A table may be held in several batches, or :class:`Stored` outside memory; what
    is computed does not depend on how it is cut. Use :meth:`from_frames` to make one from frames, or
    ``jifen_analysis.load`` to read files.

    Examples
    --------
    >>> members = pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]})
    >>> Records.from_frames({"members": members}).table("members")["unit"].tolist()
    ['第一支部']
    """

    frames: Mapping[str, Sequence[pd.DataFrame]] = field(repr=False)
    sources: tuple[Source, ...] = field(default=(), repr=False)
    notes: Sequence[Problem] = ()
    vocabulary: Vocabulary = field(default_factory=standard, repr=False)

    @classmethod
    def from_frames(
        cls,
        tables: Mapping[str, pd.DataFrame],
        *,
        sources: Iterable[Source] = (),
        vocabulary: Vocabulary | None = None,
    ) -> Records:
        """Type and check frames whose columns have the types of their tables; headers and words as people spell them.

        For frames with what people type (3月5日, 12元, ids as numbers): ``jifen_analysis.load(tables)``.

        Parameters
        ----------
        tables : mapping of str to DataFrame
            By table name (``members`` or 花名册 …); all but the roster may be absent.
        sources : iterable of Source
            What the origin columns refer to.
        vocabulary : Vocabulary, optional
            Where a scheme or layout adds words.

        Raises
        ------
        UsageError
            Where something else than frames is given, or two of one table.
        InvalidRecords
            With every problem: the frame's name, what it calls the row, and the column.
        """
        words, origins = vocabulary or standard(), tuple(sources)
        given, unread = frames_given(tables, words)
        typed, failures = check_tables(in_english(given, words), words)
        own = labels(tables, given, words)
        if failures:
            raise InvalidRecords(with_cells(collect_problems(address_failures(failures, typed, origins)), own))
        kept, found = drop_repeats(typed)
        notes = collect_problems((unread, *address_failures(found, typed, origins)))
        return cls.of_checked(kept, origins, with_cells(notes, own), words)

    @classmethod
    def of_checked(
        cls, tables: Mapping[str, pd.DataFrame], sources: Iterable[Source], notes: Iterable[Problem], words: Vocabulary
    ) -> Records:
        """Bundle tables that :func:`check_tables` and :func:`drop_repeats` have passed."""
        frames = {name: _held(name, frame) for name, frame in tables.items() if len(frame) or name == "members"}
        kept = notes if isinstance(notes, ManyProblems) else tuple(notes)
        return cls(MappingProxyType(frames), tuple(sources), kept, words)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table as one fresh frame."""
        frames = self.frames.get(name, ())
        if not frames:
            return canonical(name, pd.DataFrame(), self.vocabulary)[0]
        return frames[0].copy(deep=False) if len(frames) == 1 else pd.concat(frames, ignore_index=True)

    def rows(self, name: str) -> int:
        """Return how many records a table has."""
        frames = self.frames.get(name, ())
        return frames.rows if isinstance(frames, Stored | CodedTable) else sum(map(len, frames))

    def batches(self, name: str, columns: Iterable[str] = ()) -> Iterator[pd.DataFrame]:
        """Return a table batch by batch, with at least the columns that are wanted (all by default)."""
        frames, wanted = self.frames.get(name, ()), tuple(columns)
        return frames.narrow(wanted) if wanted and isinstance(frames, Stored | CodedTable) else iter(frames)

    def cut(self, size: int) -> Records:
        """Return the same records in batches of at most ``size`` rows."""
        frames = {
            name: tuple(part.iloc[at : at + size] for part in parts for at in range(0, len(part), size))
            for name, parts in self.frames.items()
        }
        return Records(MappingProxyType(frames), self.sources, self.notes, self.vocabulary)

    def only(self, kept: Mapping[str, pd.Series]) -> Records:
        """Return records with only the rows for which a mask of a table holds."""
        frames = {name: (self.table(name),) for name in self.frames}
        chosen = {
            name: (parts[0][kept[name].to_numpy()].reset_index(drop=True),) if name in kept else parts
            for name, parts in frames.items()
        }
        return Records(MappingProxyType(chosen), self.sources, self.notes, self.vocabulary)

    @property
    def years(self) -> tuple[int, ...]:
        """Every year the records speak of."""
        parts = [{name: frame} for name, frames in self.frames.items() for frame in frames]
        return tuple(sorted({year for part in parts for year in consistency.years_in(part)}))

    @property
    def members(self) -> pd.DataFrame:
        """The roster, fresh."""
        return self.table("members")

    @property
    def attendance(self) -> pd.DataFrame:
        """Attendance, fresh."""
        return self.table("attendance")

    @property
    def dues(self) -> pd.DataFrame:
        """Dues, fresh."""
        return self.table("dues")

    @property
    def events(self) -> pd.DataFrame:
        """Events, fresh."""
        return self.table("events")

    @property
    def evaluations(self) -> pd.DataFrame:
        """Evaluations, fresh."""
        return self.table("evaluations")

    @property
    def ballots(self) -> pd.DataFrame:
        """Ballots, fresh."""
        return self.table("ballots")

    @property
    def marks(self) -> pd.DataFrame:
        """Assessors' marks, fresh."""
        return self.table("marks")

    @property
    def corrections(self) -> pd.DataFrame:
        """Decisions after objections, fresh."""
        return self.table("corrections")

    def address(self, record: pd.Series | Mapping[str, Any], column: str = "") -> tuple[str, str, str]:
        """Return file, sheet and cell of a record (a row of one of the tables)."""
        source = self.source(record)
        if source is None:
            return "", "", ""
        return source.file, source.sheet, source.cell(int(record["_row"]), column, int(record.get("_column", 0)))

    def source(self, record: pd.Series | Mapping[str, Any]) -> Source | None:
        """Return the sheet of a record; ``None`` for one that came from no file."""
        number = int(record.get("_source", 0))
        return self.sources[number - 1] if 0 < number <= len(self.sources) else None


def _held(table: str, frame: pd.DataFrame) -> Sequence[pd.DataFrame]:
    return (decode_texts(table, frame),) if table == "members" else CodedTable(table, encode_texts(table, frame))


Broken = Mapping[str, consistency.Cells]
"""Cells already refused: for each table, the rows by column."""


def check_tables(
    tables: Mapping[str, pd.DataFrame],
    vocabulary: Vocabulary,
    broken: Broken = MappingProxyType({}),
    *,
    any_member: bool = False,
    years: Iterable[int] = (),
) -> tuple[dict[str, pd.DataFrame], list[Failure]]:
    """Type every table and find everything that is wrong, dropping nothing.

    A row with a broken cell is still held against everything that does not
    need that cell.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        English column names; words as codes; ``members`` must be among them.
    vocabulary : Vocabulary
        The words that may occur.
    broken : mapping of str to mapping of str to ndarray of int
        By table and column, the rows of cells that are missing because they were refused already.
    any_member : bool
        Whether no roster is known, so that nobody can be unknown.
    years : iterable of int
        Years of which records that are not among the tables speak.

    Returns
    -------
    dict of str to DataFrame
        Typed tables, row for row those given.
    list of Failure
        All problems; rows are positions in the typed tables.
    """
    unknown = set(tables) - set(TABLES)
    if unknown or "members" not in tables:
        raise UsageError(
            f"数据表只能是 {'、'.join(TABLES)},且须有 members;收到 {sorted(tables)}",
            f"tables are {', '.join(TABLES)}, and members must be among them; found {sorted(tables)}",
        )
    typed: dict[str, pd.DataFrame] = {}
    failures: list[Failure] = []
    for name, frame in tables.items():
        cast, refused = typed_columns(name, frame, vocabulary)
        typed[name] = encode_texts(name, cast)
        wrong = list(consistency.type_failures(name, frame, refused, vocabulary))
        at = _spoilt(broken.get(name, {}), wrong)
        failures += [*wrong, *consistency.schema_failures(name, typed[name], vocabulary, at)]
    spoilt = {name: _spoilt(broken.get(name, {}), [f for f in failures if f.table == name]) for name in typed}
    spoken_of = tuple(sorted({*consistency.years_in(typed), *years}))
    return typed, failures + list(_between(typed, vocabulary, spoilt, spoken_of, any_member=any_member))


def _spoilt(broken: consistency.Cells, failures: Iterable[Failure]) -> consistency.Cells:
    """Return the cells that were refused and those of which something is wrong, of one table."""
    found: dict[str, list[np.ndarray]] = {name: [rows] for name, rows in broken.items()}
    for failure in failures:
        found.setdefault(failure.column, []).append(failure.rows)
    return {name: np.concatenate(rows) for name, rows in found.items()}


def _between(
    typed: Mapping[str, pd.DataFrame],
    vocabulary: Vocabulary,
    spoilt: Broken,
    years: tuple[int, ...],
    *,
    any_member: bool,
) -> Iterator[Failure]:
    roster = _sound(typed, spoilt, {"members": ("member_id",)})["members"]
    yield from roster.failures(membership.roster_failures(_distinct(roster.frame), years))
    if not any_member:
        yield from _strangers(typed, spoilt, roster.frame, years)
    for name, frame in typed.items():
        found = consistency.repeats(name, frame, _unspoilt(frame, spoilt[name], TABLES[name]))[1]
        yield from (failure for failure in found if failure.severity == "error")
    for name, check in _ALONE.items():
        if name in typed:
            part = _sound(typed, spoilt, {name: tuple(set(TABLES[name]) - {"member_id", "date", "month", "period"})})[
                name
            ]
            yield from part.failures(check(part.frame, vocabulary))


_ALONE: Mapping[str, Callable[[pd.DataFrame, Vocabulary], Iterator[Failure]]] = MappingProxyType(
    {
        "events": consistency.event_failures,
        "dues": lambda frame, _: consistency.due_failures(frame),
        "corrections": lambda frame, _: consistency.correction_failures(frame),
    }
)


def _strangers(
    typed: Mapping[str, pd.DataFrame], spoilt: Broken, members: pd.DataFrame, years: tuple[int, ...]
) -> Iterator[Failure]:
    days = {name: ("member_id", *membership.day_column(name)) for name in typed if name not in ("members", "surveys")}
    roster = membership.Presence(members, years)
    for part in _sound(typed, spoilt, dict.fromkeys(days, ("member_id",))).values():
        yield from part.failures(membership.unknown_failures(part.name, part.frame, roster.known))
    for part in _sound(typed, spoilt, days).values():
        yield from part.failures(membership.absent_failures(part.name, part.frame, roster))


def _distinct(members: pd.DataFrame) -> pd.DataFrame:
    again = find_repeats([members["member_id"]])
    same = np.zeros(len(members), bool)
    same[again] = members.iloc[again].duplicated(list(TABLES["members"]))
    # A repeated row keeps its place but holds in no year, so that positions stay true.
    return members.assign(year=members["year"].mask(same, -1))


@dataclass(frozen=True)
class _Part:
    """Some rows of a table, and which ones they are."""

    name: str
    frame: pd.DataFrame
    rows: np.ndarray

    def failures(self, found: Iterable[Failure]) -> Iterator[Failure]:
        """Return failures with their rows in the whole table."""
        return (failure.among(self.rows) for failure in found)


def _sound(
    typed: Mapping[str, pd.DataFrame], spoilt: Broken, needed: Mapping[str, tuple[str, ...]]
) -> dict[str, _Part]:
    """Return of each table the rows whose needed cells are not broken."""
    parts = {}
    for name, columns in needed.items():
        sound = _unspoilt(typed[name], spoilt[name], columns)
        rows = np.flatnonzero(sound)
        frame = typed[name] if len(rows) == len(sound) else typed[name].iloc[rows].reset_index(drop=True)
        parts[name] = _Part(name, frame, rows)
    return parts


def _unspoilt(frame: pd.DataFrame, spoilt: consistency.Cells, columns: Iterable[str]) -> np.ndarray:
    """Return which rows have none of some cells broken."""
    sound = np.ones(len(frame), bool)
    for column in columns:
        sound[spoilt.get(column, [])] = False
    return sound


def drop_repeats(
    typed: Mapping[str, pd.DataFrame], broken: Broken = MappingProxyType({})
) -> tuple[dict[str, pd.DataFrame], list[Failure]]:
    """Drop repeated rows, with notes, and fill what a blank means.

    Rows with a cell in ``broken`` are left as they are.
    """
    kept, notes = {}, []
    for name, frame in typed.items():
        mask, found = consistency.repeats(name, frame)
        whole = np.ones(len(frame), bool)
        for rows in broken.get(name, {}).values():
            whole[rows] = False
        mask |= ~whole
        notes += [failure.where(whole) for failure in found if failure.severity == "note"]
        kept[name] = frame if mask.all() else frame[mask].reset_index(drop=True)
    members = kept["members"]
    kept["members"] = members.assign(unit=members["unit"].fillna(members["branch"]))
    return kept, notes
