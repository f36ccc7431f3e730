"""A province that converts city by city, each a run of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from jifen_analysis.intake import load
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.store.write import convert
from jifen_analysis.tables import Records
from tests.intake.sheets import canonical_csv
from tests.reference import random_records

Tables = Mapping[str, pd.DataFrame]


def cities(tmp_path: Path, tables: Mapping[str, Tables], size: int = 4) -> tuple[Path, Path]:
    """Write the files of each city, and each city's converted folder; return both roofs."""
    data, converted = tmp_path / "材料", tmp_path / "已查验"
    for city, of in tables.items():
        canonical_csv(data / city, of)
        convert(load(data / city), converted / city, members_a_file=size)
    return data, converted


def split(scheme: str, seed: int) -> dict[str, Tables]:
    """Throw random records into three cities; some stand in two; everyone is on the roster where records are."""
    rows = random_records(seed, members=16, scheme=scheme)
    records = Records.from_frames(
        {name: pd.DataFrame(of) for name, of in rows.items() if of}, vocabulary=read_scheme(scheme).words
    )
    found: dict[str, dict[str, pd.DataFrame]] = {"甲市": {}, "乙市": {}, "丙市": {}}
    random = np.random.default_rng(seed)
    home = {member: random.integers(0, 3) for member in records.members["member_id"].unique()}
    for name in records.frames:
        frame = records.table(name)
        city, moved = frame["member_id"].map(home).to_numpy(), random.random(len(frame)) < 0.01
        for at, of in enumerate(found.values()):
            of[name] = frame[(city == at) | (moved & (random.random(len(frame)) < 0.5))]
    for of in found.values():
        seen = set().union(*(set(frame["member_id"]) for frame in of.values()))
        of["members"] = records.members[records.members["member_id"].isin(seen)]
    return {city: {name: frame for name, frame in of.items() if len(frame)} for city, of in found.items()}
