"""How numbers and names are said, so that no sentence says more than its numbers do."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from jifen_analysis.errors import Text

ENOUGH = 5
"""Fewer members bear no sentence about rates and means."""

MOST = 3
"""Names that are listed at most."""

_GRAIN = 6
"""Decimals at which values are alike."""

Unit = Literal["share", "points"]


def format_value(value: float, unit: Unit = "points", digits: int = 1) -> str:
    """Return a number as it is printed; never a zero with a sign.

    Examples
    --------
    >>> format_value(0.7918, "share"), format_value(-0.01), format_value(94.3)
    ('79.2%', '0.0', '94.3')
    """
    number = round(100 * value if unit == "share" else value, digits) + 0.0
    return f"{number:.{digits}f}{'%' if unit == 'share' else ''}"


def digits_apart(one: float, other: float, unit: Unit = "points") -> int:
    """Return the decimals, one or more, at which two values that differ are printed differently.

    Examples
    --------
    >>> digits_apart(95.02, 94.96), digits_apart(95.0, 95.0)
    (2, 1)
    """
    if round(one, _GRAIN) == round(other, _GRAIN):
        return 1
    fine = (
        digits for digits in range(1, _GRAIN) if format_value(one, unit, digits) != format_value(other, unit, digits)
    )
    return next(fine, _GRAIN)


def list_names(names: Sequence[object], most: int = MOST) -> Text:
    """Join names, the first few of many.

    Examples
    --------
    >>> list_names(["一", "二", "三", "四"]).zh, list_names(["a", "b"]).en
    ('一、二、三等4个', 'a, b')
    """
    first = [str(name) for name in names[:most]]
    more = len(names) > most
    zh = "、".join(first) + (f"等{len(names)}个" if more else "")
    return Text(zh, ", ".join(first) + (f" and {len(names) - most} more" if more else ""))


def bracket_names(named: Sequence[tuple[object, str]], unit: str = "", most: int = MOST) -> Text:
    """Join names, each with its number in brackets.

    Examples
    --------
    >>> bracket_names([("一", "92.0")], "分").zh, bracket_names([("一", "92.0")], "分").en
    ('一(92.0分)', '一 (92.0)')
    """
    zh = list_names([f"{name}({number}{unit})" for name, number in named], most).zh
    return Text(zh, list_names([f"{name} ({number})" for name, number in named], most).en)


def against(moved: float, unit: Unit = "points", than: Text | None = None) -> Text:
    """Say how far something moved since a time or from a value.

    Examples
    --------
    >>> against(-1.25).zh, against(0.026, "share").en, against(0.01).zh
    ('比上年低1.2分', '2.6 percentage points above last year', '与上年持平')
    """
    base = than or Text("上年", "last year")
    said = format_value(abs(moved) * (100 if unit == "share" else 1))
    if said == "0.0":
        return Text(f"与{base.zh}持平", f"level with {base.en}")
    way, zh_unit, en_unit = moved > 0, *(("个百分点", "percentage points") if unit == "share" else ("分", "points"))
    return Text(
        f"比{base.zh}{'高' if way else '低'}{said}{zh_unit}",
        f"{said} {en_unit} {'above' if way else 'below'} {base.en}",
    )


def odds(p: float) -> str:
    """Return a probability as it is printed.

    Examples
    --------
    >>> odds(0.0001), odds(0.0312), odds(0.9999)
    ('p<0.001', 'p=0.031', 'p>0.999')
    """
    if p < 0.001:
        return "p<0.001"
    return "p>0.999" if p > 0.999 else f"p={p:.3f}"


@dataclass(frozen=True)
class Ends:
    """The highest and the lowest of some values, with everybody who has them.

    Parameters
    ----------
    high, low : tuple of str
        Who has the highest, and the lowest; all who tie.
    top, bottom : float
        The two values.
    unit : {"share", "points"}
        What they are.
    """

    high: tuple[str, ...]
    low: tuple[str, ...]
    top: float
    bottom: float
    unit: Unit

    @property
    def alike(self) -> bool:
        """Whether there is no highest and no lowest: all are the same."""
        return round(self.top, _GRAIN) == round(self.bottom, _GRAIN)

    @property
    def digits(self) -> int:
        """The decimals, one or more, at which the two are printed differently."""
        return digits_apart(self.top, self.bottom, self.unit)

    def _said(self, value: float, digits: int) -> str:
        return format_value(value, self.unit, digits)

    def span(self) -> Text:
        """Say from where to where they reach, naming nobody."""
        low, high = (self._said(value, self.digits) for value in (self.bottom, self.top))
        zh_unit, en_unit = ("", "") if self.unit == "share" else ("分", " points")
        if self.alike:
            return Text(f"都是{high}{zh_unit}", f"are all at {high}{en_unit}")
        return Text(f"在{low}至{high}{zh_unit}之间", f"lie between {low} and {high}{en_unit}")

    def named(self) -> Text:
        """Name who is highest and who is lowest."""
        if self.alike:
            return self.span()
        zh_unit, en_unit = ("", "") if self.unit == "share" else ("分", " points")
        (high, low), (top, bottom) = (map(list_names, (self.high, self.low))), self._both()
        return Text(
            f"最高的是{high.zh}({top}{zh_unit})，最低的是{low.zh}({bottom}{zh_unit})",
            f"{high.en} the highest ({top}{en_unit}), {low.en} the lowest ({bottom}{en_unit})",
        )

    def _both(self) -> tuple[str, str]:
        return self._said(self.top, self.digits), self._said(self.bottom, self.digits)


def ends(values: pd.Series, unit: Unit = "points") -> Ends | None:
    """Return the ends of values by group; ``None`` where fewer than two groups have one.

    Examples
    --------
    >>> ends(pd.Series({"一": 0.5, "二": 0.25, "三": 0.5}), "share").named().zh
    '最高的是一、三(50.0%)，最低的是二(25.0%)'
    >>> ends(pd.Series({"一": 0.5, "二": 0.5}), "share").named().zh
    '都是50.0%'
    """
    held = values.dropna().astype("float64")
    held = held[[math.isfinite(value) for value in held]]
    if len(held) < 2:
        return None
    grains = held.round(_GRAIN)
    high, low = (tuple(map(str, held.index[grains == end])) for end in (grains.max(), grains.min()))
    return Ends(high, low, float(held.max()), float(held.min()), unit)


def highest(values: pd.Series) -> Text:
    """Name everybody who has the highest value, as far as scores are told apart; nobody where there is none.

    Examples
    --------
    >>> highest(pd.Series({"一": 0.1 + 0.2, "二": 0.3, "三": 0.2})).zh
    '一、二'
    """
    grains = values.dropna().astype("float64").round(_GRAIN)
    return list_names(grains.index[grains == grains.max()].tolist())


def lowest(values: pd.Series) -> Text:
    """Name everybody who has the lowest value; nobody where there is none."""
    return highest(-values)


def between(values: pd.Series, what: str, unit: Unit = "points") -> str:
    """Say who is highest and lowest, however many tie; of one alone what it has.

    Parameters
    ----------
    values : Series
        One a group, under its name; missing ones are left out.
    what : str
        What they are, in Chinese.
    unit : {"share", "points"}
        What they are in.

    Examples
    --------
    >>> between(pd.Series({"2023": 0.25, "2024": 0.25}), "优秀占比", "share")
    '优秀占比都是25.0%。'
    >>> between(pd.Series({"一": 90.0, "二": 92.5}), "平均分")
    '平均分最高的是二(92.5分)，最低的是一(90.0分)。'
    >>> between(pd.Series({"一": 90.0}), "平均分"), between(pd.Series(dtype=float), "平均分")
    ('只有一组可看:一,平均分90.0分。', '没有可看的平均分。')
    """
    found, held = ends(values, unit), values.dropna()
    if found is not None:
        return f"{what}{found.named().zh}。"
    if held.empty:
        return f"没有可看的{what}。"
    number = format_value(float(held.iloc[0]), unit) + ("" if unit == "share" else "分")
    return f"只有一组可看:{held.index[0]},{what}{number}。"


def join_sentence(parts: Iterable[Text | None], comma: tuple[str, str] = ("，", ", ")) -> Text:
    """Join the parts of a sentence; what says nothing is left out.

    Examples
    --------
    >>> join_sentence([Text("甲", "a"), None, Text("乙", "b")], (";", "; ")).en
    'a; b'
    """
    said = [part for part in parts if part is not None and part.zh]
    return Text(comma[0].join(part.zh for part in said), comma[1].join(part.en for part in said))


BRANCHES, GROUPS = Text("个支部", "branches"), Text("组", "groups")
"""What is hidden, with its measure word."""


def hidden_rest(hidden: int, kind: Text = BRANCHES) -> Text | None:
    """Say that some groups are hidden, and that with them the picture may be another.

    Examples
    --------
    >>> hidden_rest(5).zh
    '另有5个支部不予显示，最高和最低的可能就在其中'
    >>> hidden_rest(0) is None
    True
    """
    if not hidden:
        return None
    single = kind.en.removesuffix("es" if kind is BRANCHES else "s")
    one = f"1 {single} is not shown, and may be the highest or the lowest"
    more = f"{hidden} {kind.en} are not shown, and the highest and the lowest may be among them"
    return Text(f"另有{hidden}{kind.zh}不予显示，最高和最低的可能就在其中", one if hidden == 1 else more)
