"""What people have to look at or decide before results are published."""

from __future__ import annotations

import pandas as pd

from jifen_analysis.scoring.assessment import Assessment

_LOOKED_AT = (
    "incomplete", "evaluation_partial", "veto", "forced", "quota_tied", "ballot_gap", "review", "category_assumed",
)  # fmt: skip
_NAMED = 5


def needs_attention(result: Assessment) -> pd.DataFrame:
    """Return one row per kind of flag and period, the last period first.

    Parameters
    ----------
    result : Assessment
        From ``assess``.

    Returns
    -------
    DataFrame
        flag, period, cases (members), who (the ids and names of the first few).
    """
    flags = result.flags
    flags = flags[flags["flag"].isin(_LOOKED_AT)]
    named = flags.merge(result.table[["member_id", "name"]].drop_duplicates("member_id"), on="member_id", how="left")
    who = (named["member_id"] + " " + named["name"].fillna("")).str.strip()
    kind = pd.Categorical(named["flag"], _LOOKED_AT, ordered=True)
    grouped = named.assign(flag=kind, who=who).groupby(["period", "flag"], observed=True)["who"]
    frame = grouped.agg(cases="nunique", who=_first_few).reset_index()
    return frame.sort_values(["period", "flag"], ascending=[False, True], ignore_index=True).astype({"flag": "str"})


def _first_few(who: pd.Series) -> str:
    return "、".join(who.drop_duplicates().head(_NAMED))
