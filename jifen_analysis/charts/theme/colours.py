"""Colours that the colour-blind tell apart and a grey printer too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

INK = "#1F2933"
GREY = "#616E7C"
PALE = "#D5DBE1"
PAPER = "#FFFFFF"
MAIN = "#1F5A99"
SOFT = "#9FC3E7"
GOOD = "#1F6FB2"
BAD = "#B8451A"
ROSE = "#E9A27F"
AMBER = "#F0B45A"

SERIES = ("#1F5A99", "#E08A1E", "#009E73", "#A8327D", "#56B4E9", "#6B4E16")
"""Lines and groups without an order (after Okabe & Ito 2008)."""

BLUES = [[0.0, "#FFFFFF"], [0.25, "#E3EEF8"], [0.5, "#C9DFF1"], [0.75, "#AECFE9"], [1.0, "#8FBADF"]]
"""From none to all, darker throughout, and never so dark that ink upon it is hard to read."""

_LADDER = ("#0A2A55", "#28619E", "#9DC2E3", "#FBEBB8", "#E0683C")
"""From the highest grade to the lowest; any two differ by 15 in grey, the first and the last by 40."""

_GRADES = {
    "优秀": _LADDER[0],
    "良好": _LADDER[1],
    "合格": _LADDER[2],
    "称职": _LADDER[2],
    "基本合格": _LADDER[3],
    "基本称职": _LADDER[3],
    "不合格": _LADDER[4],
    "不称职": _LADDER[4],
}

FAILING = frozenset({"不合格", "不称职"})
"""Grades that are hatched, so that no printer makes them look like another."""


def grade_colours(grades: Sequence[str]) -> dict[str, str]:
    """Return each grade's colour: a known grade has the same one in every picture.

    Parameters
    ----------
    grades : sequence of str
        Grades from the highest. A name the theme does not know takes the free
        colour that differs most, in grey, from its neighbours'; where it knows
        none the colours stand in their order. More than five grades use colours
        again, never side by side.

    Examples
    --------
    >>> grade_colours(["优秀", "合格", "三星"])["优秀"] == grade_colours(["优秀"])["优秀"]
    True
    """
    chosen = {grade: _GRADES[grade] for grade in grades if grade in _GRADES}
    if not chosen and len(grades) <= len(_LADDER):
        return dict(zip(grades, _spread(len(grades)), strict=True))
    for place, grade in enumerate(grades):
        if grade not in chosen:
            beside = [
                chosen[name]
                for name in (*grades[max(place - 1, 0) : place], *grades[place + 1 : place + 2])
                if name in chosen
            ]
            chosen[grade] = _free(beside, list(chosen.values()))
    return {grade: chosen[grade] for grade in grades}


def hatching(grade: str) -> dict[str, Any]:
    """Return the pattern of a grade's area: hatched where it is a failure, none otherwise.

    Examples
    --------
    >>> hatching("优秀"), hatching("不合格")["shape"]
    ({}, '/')
    """
    lines = {"shape": "/", "fillmode": "overlay", "size": 5, "solidity": 0.25, "fgcolor": PAPER}
    return lines if grade in FAILING else {}


def contrast(one: str, other: str) -> float:
    """Return how far two colours are apart for the eye: 1 alike, 21 black on white (WCAG 2.1).

    Examples
    --------
    >>> contrast("#000000", "#FFFFFF"), round(contrast(GREY, PAPER), 1)
    (21.0, 5.2)
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _spread(n: int) -> list[str]:
    """Return so many colours from the whole ladder, its ends first of all."""
    return [_LADDER[round(place * (len(_LADDER) - 1) / max(n - 1, 1))] for place in range(n)]


def best_first(grades: Sequence[str], *, ascending: bool = False) -> list[str]:
    """Return grades from the highest, as bars are stacked and legends read.

    Parameters
    ----------
    grades : sequence of str
        From the lowest or from the highest; what the theme knows tells which.
    ascending : bool
        Which of both where the theme does not know the names.

    Examples
    --------
    >>> best_first(["不合格", "合格", "优秀"]), best_first(["一星", "二星"], ascending=True)
    (['优秀', '合格', '不合格'], ['二星', '一星'])
    """
    rungs = [_LADDER.index(_GRADES[grade]) for grade in grades if grade in _GRADES]
    rises = rungs[0] > rungs[-1] if len(set(rungs)) > 1 else ascending
    return list(grades)[::-1] if rises else list(grades)


def _free(beside: Sequence[str], used: Sequence[str]) -> str:
    left = [colour for colour in _LADDER if colour not in used] or list(_LADDER)
    return max(left, key=lambda colour: min((abs(lightness(colour) - lightness(other)) for other in beside), default=0))


def lightness(colour: str) -> float:
    """Return how light a colour is in grey: CIE L*, 0 black to 100 white.

    Examples
    --------
    >>> round(lightness("#FFFFFF")), round(lightness("#000000"))
    (100, 0)
    """
    y = _luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > (6 / 29) ** 3 else y * (29 / 3) ** 3


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
