"""The engine: any scheme file, every rule, grades, ranks, flags and outcomes included."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from jifen_analysis.intake import load
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess


def totals(folder: Path, scheme: str) -> pd.DataFrame:
    """Return member_id, period, total and rank_branch."""
    return assess(load(folder), read_scheme(scheme)).table[["member_id", "period", "total", "rank_branch"]]
