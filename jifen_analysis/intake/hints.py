"""What sheets do not say and nobody should guess, settled by the people who know: as the sheets' readers need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Hints:
    """What a correspondence table settles.

    Parameters
    ----------
    year : int or None
        The year of dates that name none.
    blank : str
        Status that a blank cell of a sheet of ticks means; empty for no record.
    symbols : mapping of str to str
        Sign to status code.
    headers : mapping of str to str
        Folded header as the sheets have it to the header as we have it; 不计
        for a column that is left aside on purpose.
    sheets : mapping of str to str
        Folded sheet name to table.
    branches : mapping of str to str
        Folded name of a branch to the name it goes by.
    spellings : mapping of str to mapping of str to str
        Kind of word to spelling to code.
    aside : mapping of str to frozenset of str
        Kind of word, or ``sign`` or ``sheet``, to the folded spellings that
        are left aside on purpose.
    """

    year: int | None = None
    blank: str = ""
    symbols: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    branches: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    aside: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def of_cells(self) -> bool:
        """Whether something is settled that is looked for cell by cell."""
        return bool(self.headers or self.branches or self.aside)
