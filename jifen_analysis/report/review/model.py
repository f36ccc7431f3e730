"""What a review is made of, whatever it is written as: sections of paragraphs, tables and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

from jifen_analysis.errors import Lang, UsageError, typeset

_BRACKETS = str.maketrans("()", "\uff08\uff09")


@dataclass(frozen=True)
class Voice:
    """Says everything in one language.

    Examples
    --------
    >>> Voice("en").share(0.256), Voice().people(12), Voice().people(None)
    ('25.6%', '12人', '人数不予显示')
    """

    lang: Lang = "zh"

    def say(self, zh: str, en: str) -> str:
        """Return one of two sentences, the Chinese one with full-width signs."""
        return en if self.lang == "en" else typeset(zh).translate(_BRACKETS)

    def listed(self, parts: list[str]) -> str:
        """Join what is listed."""
        return self.say("、", ", ").join(parts)

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
    """A table; ``numbers`` of the last columns are flushed right."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: int = 0
    note: str = ""


_NOTHING = re.compile(r"(?<![A-Za-z])nan(?![A-Za-z])")
"""What a number that cannot be calculated looks like in a sentence."""


@dataclass(frozen=True)
class Picture:
    """A figure, the name of its file, its title, and the sentence that it shows.

    Raises
    ------
    UsageError
        Where the sentence has nothing to say: a number in it could not be calculated.
    """

    key: str
    title: str
    sentence: str
    figure: go.Figure = field(repr=False)

    def __post_init__(self) -> None:
        if _NOTHING.search(self.sentence):
            raise UsageError(f"{self.title}:人数太少,算不出来", f"{self.title}: too few members to calculate")


Block = str | Table | Picture
"""A paragraph, a table or a picture."""


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, in order."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Review:
    """The annual review: a first page that decides, and an appendix.

    Parameters
    ----------
    title, subtitle : str
        What it is about; on what it rests.
    lang : {"zh", "en"}
        In which language it is written.
    summary : tuple of str
        The first paragraphs.
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
    summary: tuple[str, ...]
    front: tuple[Picture, ...]
    appendix: tuple[Section, ...]
    made: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The first page and the appendix, as sections in order."""
        voice = Voice(self.lang)
        pictures = Section(voice.say("一、主要情况", "1. Main findings"), self.front)
        return (Section(voice.say("摘要", "Summary"), self.summary), pictures, *self.appendix)

    def pictures(self) -> Iterator[Picture]:
        """Every picture in order; its place, from 1, is its number."""
        yield from (block for section in self.sections for block in section.blocks if isinstance(block, Picture))
