"""What the frames of ``analysis.items`` say."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.findings.finding import Finding, Sure
from jifen_analysis.findings.saying import ENOUGH, join_sentence, list_names
from jifen_analysis.summaries import ItemAnalysis

_PAUSE = ("；", "; ")

_FILLING = {
    "dead": Text("全员同分", "the same for everybody"),
    "ceiling": Text("几乎人人满分", "held in full by nearly everybody"),
    "floor": Text("几乎人人最低", "at the lowest for nearly everybody"),
}
"""What is said of items that only fill the sheet, the emptiest first."""

_AGAINST = Text("与其余各项方向相反", "against the others")


def item_analysis(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> Finding | None:
    """Say which items tell members apart, and which only fill the sheet.

    Parameters
    ----------
    table : DataFrame
        What ``items.item_analysis`` returned.
    labels : mapping of str to str
        What items are called.

    Returns
    -------
    Finding or None
        ``None`` for fewer than five members.

    Examples
    --------
    >>> table = pd.DataFrame({"n": 30, "share": [0.0, 1.0], "stands": ["dead", "together"]}, index=["family", "dues"])
    >>> item_analysis(table, {"family": "家庭", "dues": "党费"}).text.zh
    '2项之和的差别有100%出自党费；全员同分的1项：家庭；与其余各项一致的1项：党费'
    """
    n = int(table["n"].max()) if len(table) else 0
    if n < ENOUGH:
        return None
    called = {
        kind: _called(table.index[table["stands"] == kind], labels) for kind in ("together", *_FILLING, "against")
    }
    first = _most(table, labels)
    rest = [_kind(said, called[kind]) for kind, said in (*_FILLING.items(), ("against", _AGAINST)) if called[kind]]
    text = join_sentence([first, *rest, _agreeing(called["together"]), _reliability(table)], _PAUSE)
    figures = {kind: float(len(names)) for kind, names in called.items()}
    return Finding("items.item_analysis", text, n, "counted", 0.4, figures, tuple(called["together"]))


def _most(table: pd.DataFrame, labels: Mapping[str, str] | None) -> Text:
    """Say which item makes most of the differences; those that tie with it, too."""
    shares = table["share"].round(6)
    if shares.isna().all():
        return Text(f"{len(table)}项之和全员相同", f"the sum of {len(table)} items is the same for all")
    top = list_names(_called(table.index[shares == shares.max()], labels))
    return Text(
        f"{len(table)}项之和的差别有{shares.max():.0%}出自{top.zh}",
        f"{shares.max():.0%} of the variance of the sum of {len(table)} items is made by {top.en}",
    )


def _kind(said: Text, names: list[str]) -> Text:
    told = list_names(names)
    zh = told.zh.removesuffix(f"{len(names)}个")  # how many there are is said before
    return Text(f"{said.zh}的{len(names)}项：{zh}", f"{said.en} ({len(names)}): {told.en}")


def _agreeing(names: list[str]) -> Text:
    if not names:
        return Text("没有一项与其余各项一致到超出偶然", "no item goes with the others beyond chance")
    return _kind(Text("与其余各项一致", "in line with the others"), names)


def _called(items: pd.Index, labels: Mapping[str, str] | None) -> list[str]:
    return [(labels or {}).get(str(item), str(item)) for item in items]


def _reliability(table: pd.DataFrame) -> Text | None:
    known = ItemAnalysis.read(table)
    if np.isnan(known.omega) or np.isnan(known.omega_low):
        return None
    omega, low, high = (f"{one:.2f}" for one in (known.omega, known.omega_low, known.omega_high))
    return Text(f"各项之和的信度ω={omega}({low}至{high})", f"reliability of their sum: omega={omega} ({low} to {high})")


def differential_functioning(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> Finding | None:
    """Say which items are harder for a group than for others who do as well, and what that may come from.

    Parameters
    ----------
    table : DataFrame
        What ``items.differential_functioning`` returned, or those of its rows that may be shown.
    labels : mapping of str to str
        What items are called.

    Returns
    -------
    Finding or None
        ``None`` where no comparison could be made.

    Examples
    --------
    >>> rows = {"item": ["dues"], "group": ["流动党员"], "n": [40], "others": 200, "p": [0.001], "stands": ["harder"]}
    >>> differential_functioning(pd.DataFrame(rows | {"withheld": False}), {"dues": "党费"}).text.zh
    '做得一样多的人里，流动党员更难得满分的有党费；规则本身、执行或各自情况都可能造成，须看材料'
    """
    held = table[~table["withheld"].astype("bool") & table["p"].notna()]
    if held.empty:
        return None
    sides = [_side(held, kind, labels) for kind in ("harder", "easier")]
    found = held[held["stands"] != ""]
    if found.empty:
        text = Text(
            f"{len(held)}次比较中，没有看出做得一样多的人因所在的组而更难或更易得满分(均未超出偶然，不等于没有)",
            f"in {len(held)} comparisons no group that does as well is seen to hold an item less or more often: none "
            "beyond chance, which is not to say that there is none",
        )
    else:
        whom = Text("做得一样多的人里", "among those who do as well")
        text = join_sentence([join_sentence([whom, join_sentence(sides, _PAUSE)]), _CAUSE], _PAUSE)
    n = int((held["n"] + held["others"]).max())
    figures = {"found": float(len(found)), "compared": float(len(held))}
    about = tuple(dict.fromkeys(map(str, found["group"])))
    sure: Sure = "beyond_chance" if len(found) else "within_chance"
    return Finding("items.differential_functioning", text, n, sure, 0.5 if len(found) else 0.1, figures, about)


_CAUSE = Text(
    "规则本身、执行或各自情况都可能造成，须看材料",
    "the rule, how it is applied or what the group does may each make it so: look at the records",
)


def _side(held: pd.DataFrame, kind: str, labels: Mapping[str, str] | None) -> Text | None:
    rows = held[held["stands"] == kind]
    if rows.empty:
        return None
    zh, en = ("更难", "harder") if kind == "harder" else ("更易", "easier")
    parts = [(str(group), list_names(_called(pd.Index(part["item"]), labels))) for group, part in rows.groupby("group")]
    said = list_names([f"{group}{zh}得满分的有{items.zh}" for group, items in parts])
    told = list_names([f"{items.en} {en} for {group}" for group, items in parts])
    return Text(said.zh, told.en)
