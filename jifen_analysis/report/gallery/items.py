"""Charts of items."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.analysis import items as ask
from jifen_analysis.charts import items as draw
from jifen_analysis.periods import Period
from jifen_analysis.report.gallery.subject import Subject

AGES = (0, 35, 60, 200)
AGE_NAMES = ("35 岁以下", "35 至 59 岁", "60 岁以上")


def item_analysis(of: Subject, *, component: str = "") -> go.Figure:
    """Draw which items of a component tell members apart."""
    return draw.item_analysis(ask.item_analysis(_items(of, component)), **of.style)


def differential_functioning(
    of: Subject, *, component: str = "", by: str = "branch", shown: int = 20, min_n: int = 5
) -> go.Figure:
    """Draw for whom an item is harder than for others who do as well; by branch, sex, age or another column."""
    found = ask.differential_functioning(_items(of, component), _groups(of, by), min_n=min_n)
    return draw.differential_functioning(found, shown, **of.style)


def _items(of: Subject, component: str) -> pd.DataFrame:
    return ask.item_table(of.result, of.component(component), of.looked_at)


def _groups(of: Subject, by: str) -> pd.Series:
    """Return a column of the table or of the roster, or the age at the end of the period in three bands."""
    if by in of.last:
        return of.last[by]
    roster = of.records.members.drop_duplicates("member_id", keep="last").set_index("member_id")
    if by != "age":
        return roster[by] if by in roster else of.column(by)
    years = (pd.Timestamp(Period.parse(of.looked_at).last_day) - roster["birth_date"]).dt.days / 365.25
    return pd.cut(years, list(AGES), right=False, labels=list(AGE_NAMES))
