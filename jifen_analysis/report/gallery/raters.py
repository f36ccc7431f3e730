"""Charts of raters."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.analysis import raters as ask
from jifen_analysis.charts import raters as draw
from jifen_analysis.errors import UsageError
from jifen_analysis.report.gallery.subject import Subject


def concordance(of: Subject) -> go.Figure:
    """Draw how far the groups of evaluators agree on the same members."""
    return draw.concordance(ask.concordance(_marks(of)), **of.style)


def repeated_rows(of: Subject, *, by: str = "branch", min_n: int = 5) -> go.Figure:
    """Draw how many members' marks repeat another's, by branch or another column."""
    return draw.repeated_rows(ask.repeated_rows(_marks(of), of.last[by], min_n=min_n), **of.style)


def _marks(of: Subject) -> pd.DataFrame:
    """Return each member's mark by each group of evaluators in the period."""
    given = of.records.table("evaluations")
    given = given[given["period"] == of.looked_at]
    if given.empty:
        raise UsageError(f"{of.looked_at} 没有评议分", f"there are no evaluations in {of.looked_at}")
    return given.pivot_table(index="member_id", columns="group", values="mark", observed=True)
