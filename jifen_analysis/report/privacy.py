"""What may leave the desk: small groups hidden for good, ids replaced by pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize

from jifen_analysis.errors import UsageError, cause
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.tables import Records
from jifen_analysis.tables.records import Source

LEAST = 5
"""Groups of fewer members are not shown."""

WHOLE = "合计"
"""The margin of a table of counts."""

Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# ---------------------------------------------------------------- small groups


def suppressed(counts: pd.DataFrame, least: int = LEAST) -> pd.DataFrame:
    """Hide small counts of a table, and as many others as keep the totals from giving them back.

    Parameters
    ----------
    counts : DataFrame of shape (groups, kinds)
        Members, as whole numbers, without totals.
    least : int
        Counts from 1 to ``least - 1`` are hidden. 0 hides nothing.

    Returns
    -------
    DataFrame
        The table with a row and a column ``合计``, ``Int64``; hidden cells are
        missing. Whoever knows every number shown, and that counts are not
        negative, cannot tell of any small count that it is below ``least``.

    Notes
    -----
    Primary and complementary cell suppression with an audit by linear
    programming: Hundepool et al. (2012), Statistical Disclosure Control, ch. 4;
    Fischetti & Salazar (2001), "Solving the cell suppression problem",
    Management Science 47, 1008-1027. Complements are chosen greedily.

    Examples
    --------
    >>> counts = pd.DataFrame({"优秀": [20, 9, 12], "合格": [2, 8, 6]}, index=["一", "二", "三"])
    >>> suppressed(counts)["合格"].astype("object").where(lambda held: held.notna(), None).tolist()
    [None, None, 6, 16]
    """
    table = _with_totals(counts)
    values = table.to_numpy()
    small = (values > 0) & (values < least)
    hidden = small.copy()
    for cell in map(tuple, np.argwhere(small)):
        if _highest(values, hidden, cell) < least:
            hidden |= _complements(values, hidden, cell, least)
    return table.astype("Int64").mask(pd.DataFrame(hidden, table.index, table.columns))


def _with_totals(counts: pd.DataFrame) -> pd.DataFrame:
    whole = counts.astype("int64")
    wide = whole.assign(**{WHOLE: whole.sum(axis=1)})
    return pd.concat([wide, wide.sum().to_frame(WHOLE).T])


def _highest(values: Counts, hidden: Mask, cell: tuple[int, int]) -> float:
    """Return the largest count that a hidden cell may have, by all that is shown."""
    rows, columns = values.shape
    place = np.full(values.shape, -1)
    place[hidden] = np.arange(hidden.sum())
    lines = [*(place[row] for row in range(rows)), *(place[:, column] for column in range(columns))]
    shown = [*(np.where(hidden[row], 0, values[row]) for row in range(rows))]
    shown += [np.where(hidden[:, column], 0, values[:, column]) for column in range(columns)]
    equations = [_equation(line, known, int(hidden.sum())) for line, known in zip(lines, shown, strict=True)]
    wanted = np.zeros(int(hidden.sum()))
    wanted[place[cell]] = -1
    left, right = np.array([one[0] for one in equations]), np.array([one[1] for one in equations])
    found = optimize.linprog(wanted, A_eq=left, b_eq=right, bounds=(0, None), method="highs")
    return float("inf") if found.status == _UNBOUNDED else round(-found.fun)


_UNBOUNDED = 3


def _equation(line: Counts, known: Counts, size: int) -> tuple[npt.NDArray[np.float64], float]:
    """Return what a line says of the hidden cells: all but its last add up to its last."""
    signs = np.append(np.ones(len(line) - 1), -1.0)
    factors = np.zeros(size)
    at = line >= 0
    factors[line[at]] = signs[at]
    return factors, -float(signs @ known)


def _complements(values: Counts, hidden: Mask, cell: tuple[int, int], least: int) -> Mask:
    """Return the cheapest three cells that let a small one be as large as ``least``; all, where none do.

    With the small cell they are the corners of a rectangle, round which members
    could be moved without changing a total.
    """
    row, column = cell
    needed = least - values[cell]
    # One member more in the cell: what each corner has to change by, margins with the other sign.
    rows, columns = (np.append(np.ones(size - 1), -1) for size in values.shape)
    across, down = -columns[column] / columns, -rows[row] / rows
    able = np.where(values >= needed, 0.0, np.inf)
    price = np.where(hidden, 0.0, values + 1.0 + values.sum() * _margins(values.shape))
    beside = price[row] + np.where(across < 0, able[row], 0)
    below = price[:, column] + np.where(down < 0, able[:, column], 0)
    corner = price + np.where(np.outer(down, across) < 0, able, 0)
    total = corner + beside + below[:, None]
    total[row], total[:, column] = np.inf, np.inf
    other_row, other_column = divmod(int(np.argmin(total)), total.shape[1])
    chosen = np.zeros_like(hidden)
    chosen[[row, row, other_row, other_row], [column, other_column, column, other_column]] = True
    return chosen if np.isfinite(total[other_row, other_column]) else np.ones_like(hidden)


def _margins(shape: tuple[int, ...]) -> Counts:
    """Return 0 for a cell, 1 for a total, 2 for the total of all."""
    last_row, last_column = np.arange(shape[0]) == shape[0] - 1, np.arange(shape[1]) == shape[1] - 1
    return last_row[:, None].astype("int64") + last_column


def spaced(totals: pd.Series, wanted: Iterable[float], told: Iterable[int] = (), least: int = LEAST) -> list[float]:
    """Return the scores at which it may be told how many members reach them.

    Parameters
    ----------
    totals : Series
        In points, none missing.
    wanted : iterable of float
        Scores, the most wanted first.
    told : iterable of int
        How many members are told of elsewhere: how many hold the best grade,
        how many it or the next. Whoever subtracts finds nobody, or enough.
    least : int
        Members between any two numbers that are told.

    Returns
    -------
    list of float
        In ascending order.

    Examples
    --------
    >>> held = pd.Series([80.5] * 6 + [81.5] * 2 + [82.5] * 7)
    >>> spaced(held, [82, 81, 83]), spaced(held, [82, 81, 83], told=[9])
    ([82.0], [81.0])
    """
    held = np.sort(totals.round(6).to_numpy("float64"))
    elsewhere, known, kept = set(told), [0, len(held)], set()
    for score in wanted:
        reached = len(held) - int(np.searchsorted(held, score))
        others = [*known, *(elsewhere - {reached})]
        if all(abs(count - reached) >= least for count in others):
            known.append(reached)
            kept.add(float(score))
    return sorted(kept)


# ---------------------------------------------------------------- pseudonyms


@dataclass(frozen=True)
class Key:
    """A secret that turns ids into pseudonyms: the same id always into the same one."""

    secret: bytes

    def __repr__(self) -> str:
        return "Key(…)"

    def pseudonym(self, member_id: str) -> str:
        """Return sixteen hexadecimal digits: HMAC-SHA-256 of the id, cut short.

        Examples
        --------
        >>> Key(b"0123456789abcdef").pseudonym("00017")
        'p681793f290a2099'
        """
        return "p" + hmac.new(self.secret, member_id.encode(), hashlib.sha256).hexdigest()[:15]


SHORTEST = 16
"""Bytes of the shortest key that is taken."""


def read_key(path: str | Path) -> Key:
    """Read the secret from a file that is kept away from data and programs.

    Raises
    ------
    UsageError
        Where there is no such file, it is too short, or it lies inside a
        repository, where it would be committed one day.
    """
    file = Path(path)
    try:
        secret = file.read_bytes().strip()
    except OSError as fault:
        raise UsageError(
            f"读不了密钥文件 {file}:{cause(fault).zh}。请先用记事本存一个至少 {SHORTEST} 个字符的随机文本,妥善保管",
            f"cannot read the key file {file}: {cause(fault).en}; "
            f"save a random text of at least {SHORTEST} characters there, and keep it safe",
        ) from None
    if len(secret) < SHORTEST:
        raise UsageError(
            f"密钥太短:{file} 只有 {len(secret)} 个字节,至少要 {SHORTEST} 个",
            f"the key is too short: {file} has {len(secret)} bytes, at least {SHORTEST} are needed",
        )
    if any((folder / ".git").exists() for folder in file.resolve().parents):
        raise UsageError(
            f"密钥不能放在代码库里:{file.resolve()};请移到别处",
            f"the key must not lie inside a repository: {file.resolve()}; move it elsewhere",
        )
    return Key(secret)


TEXTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"members": ("name",), "events": ("note", "award", "clause"), "corrections": ("document", "decided_by")}
)
"""What names people, or could, and no score depends on."""


def pseudonymised(records: Records, key: Key) -> Records:
    """Return records with pseudonyms for ids, without names and remarks, births by month.

    They are pseudonymous, not anonymous: whoever has the key can undo it, and
    whoever knows a member's record well may still recognise it.

    Parameters
    ----------
    records : Records
        As loaded.
    key : Key
        From :func:`read_key`.

    Returns
    -------
    Records
        Scores stay what they are.

    Raises
    ------
    UsageError
        Where two ids would get the same pseudonym.

    Examples
    --------
    >>> members = pd.DataFrame({"member_id": ["00001"], "name": ["甲一"], "branch": ["第一支部"]})
    >>> hidden = pseudonymised(Records.from_frames({"members": members}), Key(b"0123456789abcdef"))
    >>> hidden.members[["member_id", "name"]].isna().to_numpy().tolist()
    [[False, True]]
    """
    ids = pd.unique(pd.concat([part["member_id"] for part in _with_ids(records)], ignore_index=True))
    known = {str(member): key.pseudonym(str(member)) for member in ids}
    if len(set(known.values())) < len(known):
        raise UsageError("两个编号得到同一个假名,请换一个密钥", "two ids get the same pseudonym; use another key")
    frames = {name: tuple(_hidden(name, frame, known) for frame in parts) for name, parts in records.frames.items()}
    return Records(MappingProxyType(frames), records.sources, (), records.vocabulary)


def _with_ids(records: Records) -> Iterator[pd.DataFrame]:
    yield from (frame for parts in records.frames.values() for frame in parts if "member_id" in frame)


def _hidden(table: str, frame: pd.DataFrame, known: Mapping[str, str]) -> pd.DataFrame:
    blank = {name: pd.Series(index=frame.index, dtype=frame[name].dtype) for name in TEXTS.get(table, ())}
    if table == "corrections":
        blank["reason"] = pd.Series("略", index=frame.index, dtype=frame["reason"].dtype)
    if table == "members":  # ages are taken at the end of a month: the day of birth moves none
        blank["birth_date"] = frame["birth_date"].dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
    if "member_id" in frame:
        blank["member_id"] = frame["member_id"].map(known).astype(frame["member_id"].dtype)
    return frame.assign(**blank)


def unaddressed(result: Assessment) -> Assessment:
    """Return a result whose records come from files known by their hashes: people name files after people.

    Parameters
    ----------
    result : Assessment
        Of pseudonymised records.

    Returns
    -------
    Assessment
        Files are called ``5f0a….xlsx``, sheets by their number in the file, and notes on corrections have no address.
    """
    assert result.records is not None, "an assessment that was just made has its records"
    assert result.working is not None, "and its working"
    sheets: dict[str, int] = {}
    sources = []
    for source in result.records.sources:
        sheets[source.file] = number = sheets.get(source.file, 0) + 1
        sources.append(replace(source, file=_by_hash(source), sheet=f"表{number}" if source.sheet else ""))
    unused = tuple(replace(one, file="", sheet="", cell="", value="") for one in result.working.corrections.unused)
    working = replace(result.working, corrections=replace(result.working.corrections, unused=unused))
    return replace(result, records=replace(result.records, sources=tuple(sources)), working=working)


def _by_hash(source: Source) -> str:
    return f"{source.digest[:12]}{Path(source.file).suffix}"
