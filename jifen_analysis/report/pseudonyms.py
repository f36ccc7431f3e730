"""Pseudonyms: who has the key can tell who it is, nobody else can; names and addresses go."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from jifen_analysis.documents import ending
from jifen_analysis.errors import Problem, UsageError, cause
from jifen_analysis.report.redact import names_of
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.tables import TABLES, Column, Records
from jifen_analysis.tables.sources import Source


@dataclass(frozen=True)
class PseudonymKey:
    """A secret that turns ids into pseudonyms: the same id always into the same one."""

    secret: bytes

    def __repr__(self) -> str:
        return "PseudonymKey(…)"

    def pseudonym(self, member_id: str) -> str:
        """Return sixteen hexadecimal digits: HMAC-SHA-256 of the id, cut short.

        Examples
        --------
        >>> PseudonymKey(b"0123456789abcdef").pseudonym("00017")
        'p681793f290a2099'
        """
        return "p" + self._digest(member_id)

    def code(self, text: str) -> str:
        """Return a code for a text that anybody could have typed: equal texts stay equal."""
        return "t" + self._digest(f"text {text}")

    def _digest(self, text: str) -> str:
        return hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()[:15]


SHORTEST = 16
"""Bytes of the shortest key that is taken."""


def read_key(path: str | Path) -> PseudonymKey:
    """Read the secret from a file that is kept away from data and programs.

    Raises
    ------
    UsageError
        Where there is no such file, it is too short, or it lies inside a
        repository, where it would be committed one day.
    """
    file = Path(path)
    try:
        secret = ending(file).read_bytes().strip()
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
    return PseudonymKey(secret)


def seen_by_others(path: str | Path) -> bool:
    """Return whether a key file may be read by others than its owner, as far as the system says."""
    return os.name != "nt" and bool(Path(path).stat().st_mode & 0o077)


OMITTED = "略"
"""Stands for a text that every record must have."""


def pseudonymise(records: Records, key: PseudonymKey, categories: Collection[str] = ()) -> Records:
    """Return records with pseudonyms for ids, without names and remarks, births by month.

    What becomes of a column of text is declared with it (``Column.hiding``).

    They are pseudonymous, not anonymous: whoever has the key can undo it, and
    whoever knows a member's record well may still recognise it.

    Parameters
    ----------
    records : Records
        As loaded.
    key : PseudonymKey
        From :func:`read_key`.
    categories : collection of str
        Of the scheme: those of members stay, all others are coded.

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
    >>> hidden = pseudonymise(Records.from_frames({"members": members}), PseudonymKey(b"0123456789abcdef"))
    >>> hidden.members[["member_id", "name"]].isna().to_numpy().tolist()
    [[False, True]]
    """
    known = _pseudonyms(records, key)
    if len(set(known.values())) < len(known):
        raise UsageError("两个编号得到同一个假名,请换一个密钥", "two ids get the same pseudonym; use another key")
    return _under(records, known, partial(_coded, key=key, kept=categories))


def number(records: Records) -> Records:
    """Return records whose members go by a number, without names and remarks: for what is passed on as a picture.

    Numbers follow no order that a roster has, and are the same as often as the
    same files are read.

    Examples
    --------
    >>> members = pd.DataFrame({"member_id": ["00001", "00002"], "name": ["甲一", "甲二"], "branch": "第一支部"})
    >>> sorted(number(Records.from_frames({"members": members})).members["member_id"])
    ['#1', '#2']
    """
    told = _pseudonyms(records, PseudonymKey("".join(source.digest for source in records.sources).encode() or b"-"))
    known = {member: f"#{n}" for n, member in enumerate(sorted(told, key=told.__getitem__), start=1)}
    return _under(records, known, lambda values: values)


def _pseudonyms(records: Records, key: PseudonymKey) -> dict[str, str]:
    """Return the pseudonym of every id in the records."""
    ids = pd.unique(pd.concat([part["member_id"] for part in _with_ids(records)], ignore_index=True))
    return {str(member): key.pseudonym(str(member)) for member in ids}


def _under(records: Records, known: Mapping[str, str], coded: Callable[[pd.Series], pd.Series]) -> Records:
    """Return records under other ids, without what is free text."""
    frames = {
        name: tuple(_hidden(name, frame, known, coded) for frame in parts) for name, parts in records.frames.items()
    }
    return Records(MappingProxyType(frames), records.sources, tuple(_settled(records)), records.vocabulary)


def _settled(records: Records) -> Iterator[Problem]:
    """Yield what a correspondence table settled, unless somebody is told in it; nowhere it stood is said."""
    found = [note for note in records.notes if note.code == "settled"]
    tells = names_of(records.members) if found else bool
    for note in found:
        if not tells(note.value):
            yield replace(note, file="", sheet="", cell="")


def _with_ids(records: Records) -> Iterator[pd.DataFrame]:
    yield from (frame for parts in records.frames.values() for frame in parts if "member_id" in frame)


def _hidden(
    table: str, frame: pd.DataFrame, known: Mapping[str, str], coded: Callable[[pd.Series], pd.Series]
) -> pd.DataFrame:
    columns = [column for column in TABLES[table].values() if column.kind == "text" and column.name in frame]
    new = {column.name: _text(frame[column.name], column, coded) for column in columns}
    if table == "members":  # ages are taken at the end of a month: the day of birth moves none
        new["birth_date"] = frame["birth_date"].dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
    if "member_id" in frame:
        new["member_id"] = frame["member_id"].map(known).astype(frame["member_id"].dtype)
    return frame.assign(**new)


def _text(values: pd.Series, column: Column, coded: Callable[[pd.Series], pd.Series]) -> pd.Series:
    if column.hiding == "keep":
        return values
    if column.hiding == "code":
        return coded(values).astype(values.dtype)
    return pd.Series(OMITTED if column.required else None, index=values.index, dtype=values.dtype)


def _coded(values: pd.Series, key: PseudonymKey, kept: Collection[str]) -> pd.Series:
    codes = {text: text if text in kept else key.code(str(text)) for text in values.dropna().unique()}
    return values.map(codes)


def without_addresses(result: Assessment) -> Assessment:
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
