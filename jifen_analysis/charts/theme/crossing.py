"""Who stands where, before and after: one heat map for every table of two gradings."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.charts.theme.colours import BLUES
from jifen_analysis.charts.theme.pen import Pen, share_bar


def crossed(pen: Pen, counts: pd.DataFrame, shares: pd.DataFrame) -> go.Heatmap:
    """Return a cell for each pair of grades: its number written, its share of the row as shade.

    Parameters
    ----------
    pen : Pen
        Names the grades.
    counts, shares : DataFrame of shape (grades, grades)
        In the order in which they are to stand, from above and from the left.

    Examples
    --------
    >>> counts = pd.DataFrame([[3, 1]], index=["优秀"], columns=["优秀", "合格"])
    >>> crossed(Pen(), counts, counts / 4).text[0]
    ['3 人<br>75%', '1 人<br>25%']
    """
    pairs = zip(counts.to_numpy().tolist(), shares.to_numpy("float64").tolist(), strict=True)
    unit = pen.say(" 人", "")
    return go.Heatmap(
        z=shares.to_numpy("float64"),
        x=pen.names(counts.columns),
        y=pen.all_counted(counts.index, counts.sum(axis=1)),
        text=[[f"{n}{unit}<br>{share:.0%}" for n, share in zip(*row, strict=True)] for row in pairs],
        texttemplate="%{text}",
        colorscale=BLUES,
        zmin=0,
        zmax=1,
        xgap=2,
        ygap=2,
        colorbar=share_bar(),
        hovertemplate="%{y} → %{x}<br>%{text}<extra></extra>",
    )
