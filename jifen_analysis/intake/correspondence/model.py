"""The correspondence table: what each local word, header, sign or name means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jifen_analysis.intake.correspondence.kinds import OTHERS, fold_text
from jifen_analysis.intake.hints import Hints
from jifen_analysis.tables import Source
from jifen_analysis.vocabulary import ASIDE


@dataclass(frozen=True)
class CorrespondenceLine:
    """One line: a text that was sent, and what it means.

    Parameters
    ----------
    kind : str
        Kind of word (``event``, ``status`` …), or ``header``, ``sheet``,
        ``sign``, ``branch``, ``year``, ``blank``.
    text : str
        As it was sent; empty for ``year`` and ``blank``.
    meaning : str
        Code of a word or table, label of a column, name of a branch, year; or 不计.
    file, sheet, cell : str
        Where the line stands; of no consequence.
    """

    kind: str
    text: str
    meaning: str
    file: str = field(default="", compare=False)
    sheet: str = field(default="", compare=False)
    cell: str = field(default="", compare=False)


@dataclass(frozen=True)
class Correspondence:
    """Lines that will do together: each text has one meaning.

    Parameters
    ----------
    lines : tuple of Line
        In order of kind and text.
    sources : tuple of Source
        The files in which they stand; of no consequence.
    """

    lines: tuple[CorrespondenceLine, ...] = ()
    sources: tuple[Source, ...] = field(default=(), compare=False)

    @property
    def hints(self) -> Hints:
        """What the readers of sheets need of it."""
        year, blank = (next((line.meaning for line in self._of(kind)), "") for kind in ("year", "blank"))
        return Hints(
            int(year) if year else None,
            blank,
            self._read("sign"),
            {**self._read("header"), **dict.fromkeys(self._aside("header"), ASIDE)},
            self._read("sheet"),
            self._read("branch"),
            {kind: found for kind in self._words() if (found := self._read(kind))},
            {kind: aside for kind in (*self._words(), "sign", "sheet") if (aside := self._aside(kind))},
        )

    def _of(self, kind: str) -> Iterable[CorrespondenceLine]:
        return (line for line in self.lines if line.kind == kind)

    def _read(self, kind: str) -> Mapping[str, str]:
        return {fold_text(kind, line.text): line.meaning for line in self._of(kind) if line.meaning != ASIDE}

    def _aside(self, kind: str) -> frozenset[str]:
        return frozenset(fold_text(kind, line.text) for line in self._of(kind) if line.meaning == ASIDE)

    def _words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.kind for line in self.lines if line.kind not in OTHERS))
