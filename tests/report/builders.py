"""A small assessed data set with something in every sheet."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import jifen_analysis as jf
from tests.builders import records

MEMBERS = [
    ["00001", "第十支部", "甲一"],
    ["00002", "第十支部", "甲二"],
    ["00003", "第二支部", "=1+1"],
    ["00004", "第二支部", "@乙二"],
]


@cache
def assessed(scheme: str = "community_60_40") -> jf.Assessment:
    """Return the usual four members under a scheme."""
    return assessed_of(scheme)


def assessed_of(scheme: str = "community_60_40", members: Iterable[Any] = MEMBERS, **tables: Any) -> jf.Assessment:
    """Return four members' first half of 2024: one late, one vetoed, one without a review, one plain."""
    given = {
        "attendance": [["00001", "2024-03-05", "lecture", "late"], ["00003", "2024-03-05", "lecture", "present"]],
        "events": [["00003", "2024-04-01", "veto"]],
        "evaluations": [[f"0000{n}", "2024H1", "committee", 85] for n in (1, 2, 3)],
        **tables,
    }
    return jf.assess(records(members=[[*row] for row in members], **given), jf.read_scheme(scheme))
