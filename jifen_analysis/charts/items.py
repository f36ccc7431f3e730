"""Pictures of items: which tell members apart, and which are harder for some than for others who do as well."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen, Style
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.findings import items as found_in
from jifen_analysis.summaries import Functioning, ItemAnalysis

STANDS = {
    "together": (Text("分得开,与其余一致", "tells apart, with the others"), theme.MAIN),
    "alone": (Text("分得开,看不出与其余一致", "tells apart, on its own"), theme.SOFT),
    "against": (Text("分得开,与其余相反", "tells apart, against the others"), theme.BAD),
    "ceiling": (Text("几乎人人满分", "nearly all in full"), theme.AMBER),
    "floor": (Text("几乎人人最低", "nearly all at the lowest"), theme.ROSE),
    "dead": (Text("全员同分", "the same for all"), theme.PALE),
}


def item_analysis(table: pd.DataFrame, **style: Unpack[Style]) -> go.Figure:
    """Draw how much of the differences between members each item makes.

    Parameters
    ----------
    table : DataFrame
        What ``items.item_analysis`` returned.
    **style
        ``labels`` (what items are called), ``source``, ``lang``.

    Returns
    -------
    Figure
        A bar an item, the largest above: its share of the variance of the sum;
        its colour and text say whether it tells members apart or fills the sheet.

    Examples
    --------
    >>> rows = {"n": 30, "share": [0.0, 1.0], "difficulty": [1.0, 0.8], "item_rest_r": [np.nan, 0.4]}
    >>> rows |= {"ceiling_share": [1.0, 0.3], "stands": ["dead", "together"]}
    >>> table = ItemAnalysis().on(pd.DataFrame(rows, index=["family", "dues"]))
    >>> [bar.x.tolist() for bar in item_analysis(table).data]
    [[1.0], [0.0]]
    """
    pen = Pen.over(table, style)
    pen.large_groups(table)  # refuses a table of fewer members than may be shown
    rows = table.sort_values("share", ascending=False, kind="stable")
    names, known, n = pen.names(rows.index), ItemAnalysis.read(table), int(table["n"].max())
    bars = [
        _bars(pen, [name for name, one in zip(names, here, strict=True) if one], rows[here], said, colour)
        for stands, (said, colour) in STANDS.items()
        if (here := rows["stands"] == stands).any()
    ]
    low, high = min(0.0, float(rows["share"].min())), max(0.05, float(rows["share"].max()))
    room = 0.2 * (high - low)  # for the text beyond the end of a bar, on either side
    words = FigureText(
        Text(f"哪些项目分得开人(n={n})", f"Which items tell members apart (n={n})"),
        theme.join_parts(_interval("α", "alpha", known), _interval("ω", "omega", known)),
        Text(
            "占各项之和方差的比例；旁为满分的人所占",
            "Share of the variance of the sum; beside it, members at full marks",
        ),
        method=Text("Kelley 1939、McDonald 1999", "Kelley 1939, McDonald 1999"),
        finding=theme.headline(found_in.item_analysis(table, {str(item): pen.name(item) for item in table.index})),
    )
    return pen.listing(
        bars,
        words,
        names,
        28,
        xaxis={"tickformat": ".0%", "range": [low - room * (low < 0), high + room]},
        barmode="overlay",
        yaxis={"categoryorder": "array", "categoryarray": names},
    )


def _interval(sign: str, name: str, known: ItemAnalysis) -> Text:
    value, low, high = (theme.format_number(getattr(known, key)) for key in (name, f"{name}_low", f"{name}_high"))
    return Text(f"{sign} = {value}({low} 至 {high})", f"{name} = {value} ({low} to {high})")


def _bars(pen: Pen, names: list[str], rows: pd.DataFrame, said: Text, colour: str) -> go.Bar:
    told = pen.say(
        "%{y}<br>占方差 %{x:.1%}<br>得分率 %{customdata[0]}<br>与其余之和的相关 %{customdata[1]}",
        "%{y}<br>share of variance %{x:.1%}<br>mean of full marks %{customdata[0]}<br>item-rest r %{customdata[1]}",
    )
    numbers = [
        [theme.format_number(value) for value in pair] for pair in rows[["difficulty", "item_rest_r"]].to_numpy()
    ]
    return theme.bars(
        names,
        rows["share"].fillna(0).to_numpy(),
        told,
        [_nearly(share) for share in rows["ceiling_share"]],
        name=said.message(pen.lang) if pen.lang == "en" else said.zh,
        marker=theme.bar_outline(colour),
        customdata=numbers,
    )


def _nearly(share: float) -> str:
    """Return a share that is 100% or 0% only where it is all or none.

    Examples
    --------
    >>> _nearly(1.0), _nearly(0.996), _nearly(0.62)
    ('100%', '99.6%', '62%')
    """
    whole = f"{share:.0%}"
    return whole if whole not in ("100%", "0%") or share in (0, 1) else f"{share:.1%}"


def differential_functioning(table: pd.DataFrame, shown: int = 20, **style: Unpack[Style]) -> go.Figure:
    """Draw how much harder an item is for a group than for others who do as well.

    Parameters
    ----------
    table : DataFrame
        What ``items.differential_functioning`` returned.
    shown : int
        How many pairs of item and group: those least likely by chance.
    **style
        ``labels`` (what items and groups are called), ``source``, ``lang``.

    Returns
    -------
    Figure
        A dot with its interval an item and group: to the left of the line the
        item is harder for the group; what stands out is beyond chance with all
        comparisons considered. Pairs where nobody or everybody matched holds
        the item have no number: those that stand out are arrows at the edge, the
        others are left out.

    Examples
    --------
    >>> rows = {"item": ["dues"], "group": ["男"], "n": [40], "others": [50], "odds_ratio": [1.0], "low": [0.5]}
    >>> rows |= {"high": [2.0], "delta": [0.0], "p": [1.0], "p_holm": [1.0], "stands": [""], "withheld": [False]}
    >>> table = pd.DataFrame(rows)
    >>> table = Functioning(tests=1, false_alarms=0.05, matched=90, min_n=5).on(table)
    >>> differential_functioning(table).data[0].x.tolist()
    [0.0]
    """
    pen = Pen.over(table, style)
    held, small = _comparable(pen, table)
    rows = held.sort_values(["p", "item", "group"], kind="stable").head(shown)
    pairs = [f"{pen.name(item)}·{pen.name(group)}" for item, group in zip(rows["item"], rows["group"], strict=True)]
    names = pen.all_counted(pairs, rows["n"])
    known = Functioning.read(table)
    words = FigureText(
        Text(
            f"做得一样多的人里，谁更难得满分(n={known.matched})",
            f"Among those who do as well: for whom an item is harder (n={known.matched})",
        ),
        theme.join_parts(_chance(known), small),
        Text("← 对该组更难   Δ(ETS)   更易 →", "← harder for the group   delta (ETS)   easier →"),
        method=Text("Mantel-Haenszel(Holland 与 Thayer 1988)", "Mantel-Haenszel (Holland & Thayer 1988)"),
        finding=theme.headline(
            found_in.differential_functioning(_shown(pen, table), {str(one): pen.name(one) for one in table["item"]})
        ),
    )
    figure = pen.listing([_spans(pen, rows, names), _beyond(pen, rows, names)], words, names, 26)
    return figure.add_vline(x=0, line={"color": theme.GREY, "dash": "dash", "width": 1.5})


def _chance(known: Functioning) -> Text:
    tests, alarms = known.tests, f"{known.false_alarms:.1f}"
    return Text(
        f"共比 {tests} 次,纯属偶然也会有约 {alarms} 次 p<0.05;深色的计入全部比较后仍超出偶然",
        f"{tests} comparisons, about {alarms} with p<0.05 by chance alone; dark: beyond chance with all considered",
    )


def _shown(pen: Pen, table: pd.DataFrame) -> pd.DataFrame:
    return table[table["group"].isin(pen.large_groups(table.drop_duplicates("group"))[0]["group"])]


def _comparable(pen: Pen, table: pd.DataFrame) -> tuple[pd.DataFrame, Text]:
    """Return the pairs that have a number, of groups that may be shown, and how many groups may not, in words."""
    held, (_, small) = _shown(pen, table), pen.large_groups(table.drop_duplicates("group"))
    number = np.isfinite(held["delta"].astype("float64")) & held["low"].notna()
    held = held[number | (held["stands"] != "")]
    held = held.assign(**{name: held[name].where(number) for name in ("delta", "low", "high")})
    if held.empty:
        raise UsageError(
            "得分相同的人里没有可比的两组,无从比较", "among those who do as well there are no two groups to compare"
        )
    return held, small


def _beyond(pen: Pen, rows: pd.DataFrame, names: list[str]) -> go.Scatter:
    """Return an arrow at the edge for each pair that stands out and has no number: one side holds the item wholly."""
    off = rows["delta"].isna().to_numpy()
    edge = 1.08 * max(
        2.0,
        *(
            float(np.nanmax(np.abs(2.35 * np.log(rows[end].to_numpy("float64"))), initial=0.0))
            for end in ("low", "high")
        ),
    )
    easier = (rows["stands"] == "easier").to_numpy()[off]
    return go.Scatter(
        x=np.where(easier, edge, -edge),
        y=[name for name, one in zip(names, off, strict=True) if one],
        mode="markers+text",
        marker={"size": 13, "color": theme.BAD, "symbol": np.where(easier, "triangle-right", "triangle-left").tolist()},
        text=[pen.say("一边全有或全无，算不出倍数", "all or none on one side: no ratio")] * int(off.sum()),
        textposition=np.where(easier, "middle left", "middle right").tolist(),
        textfont={"size": 11},
        hoverinfo="skip",
        showlegend=False,
    )


def _spans(pen: Pen, rows: pd.DataFrame, names: list[str]) -> go.Scatter:
    scale = rows["delta"].to_numpy("float64")
    low, high = (2.35 * np.log(rows[end].to_numpy("float64")) for end in ("low", "high"))
    said = pen.say(
        "%{y}<br>Δ %{x:.2f},比数比 %{customdata[0]:.2f}<br>p %{customdata[1]:.3f},计入全部比较 %{customdata[2]:.3f}",
        "%{y}<br>delta %{x:.2f}, odds ratio %{customdata[0]:.2f}<br>p %{customdata[1]:.3f}, "
        "all considered %{customdata[2]:.3f}",
    )
    return go.Scatter(
        x=scale,
        y=names,
        mode="markers",
        error_x={
            "type": "data",
            "symmetric": False,
            "array": high - scale,
            "arrayminus": scale - low,
            "color": theme.GREY,
            "thickness": 2,
            "width": 0,
        },
        marker={"size": 10, "color": np.where(rows["stands"] != "", theme.BAD, theme.SOFT).tolist()},
        customdata=rows[["odds_ratio", "p", "p_holm"]].to_numpy("float64"),
        hovertemplate=said + "<extra></extra>",
        showlegend=False,
    )
