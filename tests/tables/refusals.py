"""What is said of a few small tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from jifen_analysis.errors import InvalidRecords
from jifen_analysis.tables import Records

MEMBERS = [{"member_id": "00001", "branch": "甲"}, {"member_id": "00002", "branch": "甲"}]
PRESENT = {"member_id": "00001", "date": "2024-03-05", "activity": "lecture", "status": "present"}


def codes(members: list[dict[str, Any]] | None = None, **tables: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return what is said of tables: the errors, or the notes where there is none."""
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    try:
        records = Records.from_frames({"members": pd.DataFrame(members or MEMBERS), **frames})
    except InvalidRecords as error:
        return [(p.code, p.cell) for p in error.problems if p.severity == "error"]
    return [(p.code, p.cell) for p in records.notes]
