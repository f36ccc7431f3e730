"""The verdict on what a folder holds, and whose branches the rows with errors are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from jifen_analysis.errors import Lang, Problem, Text, errors_of, notes_of
from jifen_analysis.tables import TABLES, Records, Source
from jifen_analysis.tables.columns import ORIGIN, decode_texts
from jifen_analysis.vocabulary import Vocabulary, standard

if TYPE_CHECKING:  # a name for types alone: who reads a converted folder needs no layouts of sheets
    from jifen_analysis.intake.layouts.block import Fate
import numpy as np

from jifen_analysis.errors import kinds_of
from jifen_analysis.tables.coded import different
from jifen_analysis.tables.problems import rows_of

RosterSource = str | Path | Records
"""What may be given as a roster."""
Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""``map``, or what does the same in other processes."""
Watch = Callable[[int, int], None]
"""What is told, again and again, how many bytes of long tables were looked through, and of how many."""
Verdict = Literal["accept", "accept_with_notes", "reject"]


Row = tuple[str, str, int]
"""File, sheet and row."""


@dataclass(frozen=True, eq=False)
class BranchRows(Mapping[Row, frozenset[str]]):
    """The branches of rows of sheets, one pair of row and branch below the other."""

    sheets: Mapping[tuple[str, str], int] = field(default_factory=dict)  # the number of each sheet
    places: np.ndarray = field(default_factory=partial(np.zeros, 0, "int64"))  # sheet and row of each pair, rising
    codes: np.ndarray = field(default_factory=partial(np.zeros, 0, "int64"))  # which of the branches
    branches: Sequence[str] = ()  # their names

    def __getitem__(self, row: Row) -> frozenset[str]:
        first, last = np.searchsorted(self.places, self.key(row[:2], np.array([row[2]]))[0] + np.array([0, 1]))
        if first == last:
            raise KeyError(row)
        return frozenset(self.branches[code] for code in self.codes[first:last].tolist())

    def __iter__(self) -> Iterator[Row]:
        names = {number: sheet for sheet, number in self.sheets.items()}
        return ((*names[key >> 32], key & 0xFFFFFFFF) for key in _once(self.places).tolist())

    def __len__(self) -> int:
        return len(_once(self.places))

    def only(self, sheet: tuple[str, str], rows: np.ndarray) -> np.ndarray:
        """Return for each of some rows of a sheet which branch it is of, -1 where none or several are known."""
        wanted = self.key(sheet, rows)
        first, last = (np.searchsorted(self.places, wanted, side) for side in ("left", "right"))
        return np.where(last - first == 1, np.append(self.codes, -1)[first], -1)

    def key(self, sheet: tuple[str, str], rows: np.ndarray) -> np.ndarray:
        """Return one number for each of some rows of a sheet."""
        return self.sheets.get(sheet, 0) << 32 | rows.astype("int64")


@dataclass(frozen=True)
class Check:
    """Everything that can be said of files before they are scored; never changed.

    Parameters
    ----------
    problems : sequence of Problem
        Every error, then every note, by file, sheet and cell as found; of more than some thousands, each is made
        when it is asked for.
    records : Records or None
        Of the files without error; ``None`` where nothing is left.
    files : tuple of str
        Every file that was read or refused.
    refused : tuple of str
        Files left out of ``records``.
    tables : mapping of str to DataFrame
        Every row that could be read, with ``_file``, ``_sheet`` and ``_row``.
    counts : mapping of str to int
        Non-empty cells by what became of them.
    sheets : mapping of (str, str) to str
        File and sheet to the table that was found there.
    branches : tuple of str
        Branches left out of ``records`` because a file that speaks of them
        was refused.
    rows : BranchRows
        File, sheet and row of each error to the branches it concerns, where known.
    vocabulary : Vocabulary
        The words that were known.
    """

    problems: Sequence[Problem] = ()
    records: Records | None = None
    files: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    counts: Mapping[Fate, int] = field(default_factory=dict)
    branches: tuple[str, ...] = ()
    sheets: Mapping[tuple[str, str], str] = field(default_factory=dict)
    rows: BranchRows = field(default_factory=BranchRows, repr=False, compare=False)
    vocabulary: Vocabulary = field(default_factory=standard, repr=False, compare=False)

    @property
    def errors(self) -> Sequence[Problem]:
        """Problems that keep a file from being scored."""
        return errors_of(self.problems)

    @property
    def notes(self) -> Sequence[Problem]:
        """Readings taken, and what else is worth knowing."""
        return notes_of(self.problems)

    @property
    def verdict(self) -> Verdict:
        """Whether the data can be scored."""
        if self.errors:
            return "reject"
        return "accept_with_notes" if self.notes else "accept"

    @cached_property
    def unknown(self) -> pd.DataFrame:
        """Every word, header, sign and name that nobody knows yet, once.

        Columns are kind, text, count, files, file, sheet, cell (of the first),
        nearest (the known ones most like it). A correspondence table settles
        them: :meth:`write_unknown`, then ``words=`` of :func:`check`.
        """
        from jifen_analysis.intake.correspondence import unknown_texts  # which a converted folder does without

        return unknown_texts(self.problems, self.vocabulary, self._known_branches())

    @cached_property
    def count_unknown(self) -> int:
        """How many these are, which is told without a look at each."""
        from jifen_analysis.intake.correspondence import count_unknown

        return count_unknown(self.problems, self.vocabulary)

    def write_unknown(self, path: str | Path) -> Path:
        """Write the table to fill in (对照表); what is filled in there already is kept, what is new is added below.

        Raises
        ------
        UsageError
            Where it cannot be written.
        InvalidRecords
            Where something else stands at its place.
        """
        from jifen_analysis.intake.correspondence import write_unknown

        return write_unknown(self.unknown, path, self.vocabulary, self._known_branches())

    def _known_branches(self) -> list[str]:
        return sorted(self.tables["members"]["branch"].dropna().unique()) if "members" in self.tables else []

    def json(self, lang: Lang = "zh") -> dict[str, Any]:
        """Return the whole finding as plain data, ready for ``json.dump``."""
        plain: dict[str, Any] = json.loads("".join(self.json_text(lang)))
        return plain

    def json_text(self, lang: Lang = "zh") -> Iterator[str]:
        """Yield the text of :meth:`json`, a problem or a record a line, none of them held."""
        yield f'{{"verdict": {_said(self.verdict)},\n"problems": '
        yield from _array(_problem(problem, lang) for problem in self.problems)
        yield ',\n"tables": {'
        for at, (name, frame) in enumerate(self.tables.items()):
            yield f"{',' if at else ''}\n{_said(name)}: "
            yield from _array(_rows(name, frame))
        yield f'}},\n"counts": {_said(dict(self.counts))}}}\n'


_said = partial(json.dumps, ensure_ascii=False)


def _array(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the text of a list, an item a line."""
    yield "["
    for at, item in enumerate(items):
        yield f"{',' if at else ''}\n{_said(item)}"
    yield "]"


def _problem(problem: Problem, lang: Lang) -> dict[str, str]:
    said = ("severity", "code", "file", "sheet", "cell", "value")
    return {**{name: getattr(problem, name) for name in said}, "message": problem.message(lang)}


def _rows(table: str, frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    kinds = {name: column.kind for name, column in TABLES[table].items()}
    data = {name: _plain(frame[name], kind=kinds.get(name, "")) for name in map(str, frame.columns)}
    return (dict(zip(data, row, strict=True)) for row in zip(*data.values(), strict=True))


def _plain(values: pd.Series, kind: str) -> list[Any]:
    if kind == "date":
        values = values.dt.strftime("%Y-%m-%d")
    return [None if pd.isna(value) else value for value in values.astype("object").tolist()]


Narrow = Callable[[str, Sequence[str]], Iterator[pd.DataFrame]]
"""What returns some columns of a table batch by batch; texts may be Arrow's own types, or categories."""


class ToldTables(Mapping[str, pd.DataFrame]):
    """Every row that could be read, with the place it was read from; made table by table when it is asked for."""

    def __init__(
        self, made: Mapping[str, Callable[[], pd.DataFrame]], narrow: Mapping[str, Narrow] = MappingProxyType({})
    ) -> None:
        self._made = made
        self._narrow = narrow

    def narrow(self, table: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Return at least some columns of a table, without their places; batch by batch where it is not held."""
        return self._narrow[table](table, columns) if table in self._narrow else iter((self[table],))

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self._made[table]()

    def __contains__(self, table: object) -> bool:
        return table in self._made  # not to be made for that

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def told_tables(
    records: Records, names: Iterable[str], beside: Mapping[str, pd.DataFrame] = MappingProxyType({})
) -> ToldTables:
    """Return tables of records all of which could be read, with those that were told before."""
    told = {name: partial(beside.__getitem__, name) for name in beside}
    whole = {name: cache(partial(_told_whole, records, name)) for name in names}
    return ToldTables({**told, **whole}, dict.fromkeys(whole, records.batches))


def _told_whole(records: Records, table: str) -> pd.DataFrame:
    return with_places(table, records.table(table), records.sources)


def with_places(table: str, frame: pd.DataFrame, sources: Sequence[Source]) -> pd.DataFrame:
    """Return a table, its texts spelt out, with file and sheet in place of what they are numbered by."""
    at = frame["_source"].to_numpy()
    place: dict[str, Any] = {
        name: pd.Series(["", *(getattr(source, name[1:]) for source in sources)], dtype="str").take(at).array
        for name in ("_file", "_sheet")
    }
    return pd.DataFrame({**decode_texts(table, frame.drop(columns=list(ORIGIN))), **place, "_row": frame["_row"]})


def no_roster() -> Problem:
    """Return the error of data that name members and say nowhere who they are."""
    text = Text("数据里没有花名册;请加入花名册,或用 --roster 指明", "no roster in the data; add one or give --roster")
    return Problem("error", "no_roster", text)


# ---------------------------------------------------------------- whose branches the rows with errors are


def branches_at(typed: Mapping[str, pd.DataFrame], sources: Sequence[Source], errors: Sequence[Problem]) -> BranchRows:
    """Return the branches of the rows with errors."""
    sheets = {sheet: n for n, sheet in enumerate(dict.fromkeys((one.file, one.sheet) for one in sources), start=1)}
    nothing = BranchRows(sheets)
    places = [nothing.key((kind[0].file, kind[0].sheet), rows_of(kind)) for kind in kinds_of(errors)]
    wrong = _once(np.sort(np.concatenate(places))) if places else nothing.places
    if not len(wrong):
        return nothing
    sheet = np.array([0, *(sheets[one.file, one.sheet] for one in sources)], "int64")
    found = [_pairs(frame, typed["members"], sheet, wrong) for frame in typed.values()]
    codes, branches = pd.factorize(np.concatenate([names for _, names in found]))
    pairs = pd.DataFrame({"key": np.concatenate([keys for keys, _ in found]), "code": codes})
    pairs = pairs[codes >= 0].drop_duplicates().sort_values(["key", "code"])
    return BranchRows(sheets, pairs["key"].to_numpy(), pairs["code"].to_numpy(), tuple(map(str, branches)))


def _once(rising: np.ndarray) -> np.ndarray:
    """Return each of rising numbers once."""
    return rising[np.append(True, np.diff(rising) > 0)] if len(rising) else rising


def _pairs(
    frame: pd.DataFrame, members: pd.DataFrame, sheet: np.ndarray, wrong: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return sheet and row, and the branch, of the records that stand in wrong rows."""
    keys = sheet[frame["_source"].to_numpy()] << 32 | frame["_row"].to_numpy("int64")
    mine = np.flatnonzero(np.isin(keys, wrong))
    if "branch" in frame:
        at, names = different(frame["branch"].iloc[mine])
    else:
        branch_of = members.drop_duplicates("member_id", keep="last").set_index("member_id")["branch"]
        at, ids = different(frame["member_id"].iloc[mine])
        names = ids.map(branch_of)
    return keys[mine], np.array([*names, None], dtype=object)[at]
