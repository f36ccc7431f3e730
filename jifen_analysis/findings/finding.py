"""One sentence that a frame bears out, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from jifen_analysis.errors import Lang, Text, typeset

Sure = Literal["counted", "beyond_chance", "within_chance", "estimated", "unclear"]
"""How far a sentence may be relied on."""

SURE = {
    "counted": Text("全数统计", "counted"),
    "beyond_chance": Text("超出偶然波动(95%)", "beyond chance (95%)"),
    "within_chance": Text("未超出偶然波动(95%)", "within chance (95%)"),
    "estimated": Text("按模型估计", "estimated by a model"),
    "unclear": Text("人数少，不足以判断", "too few to tell"),
}

_BRACKETS = str.maketrans("()", "\uff08\uff09")


@dataclass(frozen=True)
class Finding:
    """One sentence that a frame bears out, and what it rests on.

    Parameters
    ----------
    chart : str
        The chart that shows it, such as ``branches.funnel``.
    text : Text
        The sentence in both languages, without its full stop.
    size : int
        How many members it speaks of.
    sure : Sure
        Whether it was counted, or how it stands against chance.
    weight : float
        0 to 1: how much a decision hangs on it. What lies within chance weighs little.
    figures : mapping of str to float
        The numbers of the sentence, unrounded.
    about : tuple of str
        The groups that it speaks of: what a chart highlights.

    Examples
    --------
    >>> found = Finding("branches.funnel", Text("两组都是(50%)", "both are at 50%"), 20, "counted", 0.3)
    >>> found.sentence("en"), found.certainty("en")
    ('Both are at 50%.', 'counted')
    """

    chart: str
    text: Text
    size: int
    sure: Sure
    weight: float
    figures: Mapping[str, float] = field(default_factory=dict)
    about: tuple[str, ...] = ()

    def headline(self, lang: Lang = "zh") -> str:
        """Return the sentence as a title: no full stop."""
        if lang == "en":
            return self.text.en[:1].upper() + self.text.en[1:]
        return typeset(self.text.zh).translate(_BRACKETS)

    def sentence(self, lang: Lang = "zh") -> str:
        """Return the sentence with its full stop."""
        return self.headline(lang) + ("." if lang == "en" else "。")

    def certainty(self, lang: Lang = "zh") -> str:
        """Return how far the sentence may be relied on, in words."""
        said = SURE[self.sure]
        return said.en if lang == "en" else typeset(said.zh).translate(_BRACKETS)
