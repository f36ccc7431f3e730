"""What a review is made of, whatever it is written as: sections of paragraphs, tables and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

from jifen_analysis.errors import Lang, Speaker, UsageError, typeset
from jifen_analysis.findings import Finding

_BRACKETS = str.maketrans("()", "\uff08\uff09")


@dataclass(frozen=True)
class Voice(Speaker):
    """Says everything in one language.

    Examples
    --------
    >>> Voice("en").share(0.256), Voice().people(12), Voice().people(None)
    ('25.6%', '12人', '人数不予显示')
    """

    lang: Lang = "zh"

    def say(self, zh: str, en: str) -> str:
        """Return one of two sentences, the Chinese one with full-width signs."""
        return super().say(typeset(zh).translate(_BRACKETS), en)

    def texts(self, *pairs: tuple[str, str]) -> tuple[str, ...]:
        """Return one of the two of every pair, such as the headers of a table."""
        return tuple(self.say(*pair) for pair in pairs)

    def people(self, count: int | None) -> str:
        """Return a number of members; ``None`` is hidden."""
        if count is None:
            return self.say("人数不予显示", "a number not shown")
        return self.say(f"{count}人", f"{count}")

    def share(self, share: float) -> str:
        """Return a share as a percentage."""
        return f"{share:.1%}"


@dataclass(frozen=True)
class Table:
    """A table; ``numbers`` of the last columns are flushed right; with a key where the first page speaks of it."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: int = 0
    note: str = ""
    key: str = ""


_NOTHING = re.compile(r"(?<![A-Za-z])nan(?![A-Za-z])")
"""What a number that cannot be calculated looks like in a sentence."""


@dataclass(frozen=True)
class Picture:
    """A figure, the name of its file, its title, and what it shows in words.

    Raises
    ------
    UsageError
        Where the words have nothing to say: a number in them could not be calculated.
    """

    key: str
    title: str
    sentence: str
    figure: go.Figure = field(repr=False)
    findings: tuple[Finding, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if _NOTHING.search(self.sentence):
            raise UsageError(f"{self.title}:人数太少,算不出来", f"{self.title}: too few members to calculate")


@dataclass(frozen=True)
class Point:
    """One line of the first page: what is said, how sure that is, and the key of the figure or table that shows it."""

    text: str
    note: str = ""
    shown_by: str = ""


@dataclass(frozen=True)
class Points:
    """Lines of the first page, the weightiest first; ``numbered`` where their order matters."""

    points: tuple[Point, ...]
    numbered: bool = False


Block = str | Table | Picture | Points
"""A paragraph, a table, a picture or a list of points."""


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, in order; ``folded`` where it is looked up rather than read."""

    title: str
    blocks: tuple[Block, ...]
    folded: bool = False


@dataclass(frozen=True)
class Review:
    """A first page that concludes, the figures behind it, and an appendix.

    Parameters
    ----------
    title, subtitle : str
        What it is about; on what it rests.
    lang : {"zh", "en"}
        In which language it is written.
    opening : tuple of Section
        What the first page concludes, what to discuss, what to mind, of whom it speaks.
    front : tuple of Picture
        At most eight.
    appendix : tuple of Section
        Everything else.
    made : mapping
        From ``manifest.origin``; empty where the pages say it themselves.
    """

    title: str
    subtitle: str
    lang: Lang
    opening: tuple[Section, ...]
    front: tuple[Picture, ...]
    appendix: tuple[Section, ...]
    made: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The first page, the figures and the appendix, as sections in order."""
        voice = Voice(self.lang)
        figures = (Section(voice.say("图表", "Figures"), self.front),) if self.front else ()
        return (*self.opening, *figures, *self.appendix)

    def pictures(self) -> Iterator[Picture]:
        """Every picture in order; its place, from 1, is its number."""
        yield from (block for section in self.sections for block in section.blocks if isinstance(block, Picture))

    def numbers(self) -> Mapping[str, int]:
        """Return the number of every picture by its key."""
        return {picture.key: number for number, picture in enumerate(self.pictures(), start=1)}

    def told_by(self) -> Mapping[str, str]:
        """Return what each figure, and each table that has a key, is called where the first page points to it."""
        say = Voice(self.lang).say
        blocks = (block for section in self.sections for block in section.blocks)
        tables = {
            block.key: say(f"表“{block.title}”", f"table: {block.title}")
            for block in blocks
            if isinstance(block, Table) and block.key
        }
        return tables | {key: say(f"图{number}", f"figure {number}") for key, number in self.numbers().items()}

    def points(self) -> Iterator[Point]:
        """Every point of the first page in order."""
        blocks = (block for section in self.opening for block in section.blocks)
        yield from (point for block in blocks if isinstance(block, Points) for point in block.points)
