"""Frames by the names that people give: tables, headers, and the rows as the frames call them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pandas as pd

from jifen_analysis.tables.columns import TABLES
from jifen_analysis.vocabulary import Vocabulary, Word, spelling


def in_english(tables: Mapping[str, pd.DataFrame], words: Vocabulary) -> dict[str, pd.DataFrame]:
    """Return frames under the English names of their tables and columns; what nobody knows keeps its own.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> roster = pd.DataFrame({"党员编号": ["00001"], "党支部": ["一支部"]})
    >>> [(name, list(frame)) for name, frame in in_english({"花名册": roster}, standard()).items()]
    [('members', ['member_id', 'branch'])]
    """
    found = {}
    for given, frame in tables.items():
        table = _meant(given, {name: words.tables[name] for name in TABLES})
        columns = {name: words.column(table, name) for name in TABLES.get(table, ())}
        called = {header: _meant(header, columns) for header in frame if isinstance(header, str)}
        twice = len({*called.values()}) < len(called)
        found[table] = frame if twice else frame.rename(columns=called)
    return found


def _meant(text: str, known: Mapping[str, Word]) -> str:
    folded = spelling(text)
    own = (name for name, word in known.items() if folded in map(spelling, (name, *word.spellings)))
    return text if text in known else next(own, text)


def labels(tables: Mapping[str, pd.DataFrame], words: Vocabulary) -> Callable[[str, str], str]:
    """Return what calls a cell such as ``dues[3].paid`` by the frame's own name, row label and header."""
    given = {next(iter(in_english({name: frame}, words).items()))[0]: (name, frame) for name, frame in tables.items()}

    def cell(_: str, address: str) -> str:
        at = re.fullmatch(r"(\w+)\[(\d+)\]\.(\w+)", address)
        if at is None or at[1] not in given:
            return address
        name, frame = given[at[1]]
        columns = words.column(at[1], at[3])
        header = next((one for one in frame if isinstance(one, str) and _meant(one, {at[3]: columns}) == at[3]), at[3])
        return f"{name}[{frame.index[int(at[2])]}].{header}"

    return cell
