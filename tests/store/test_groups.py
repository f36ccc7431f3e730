"""The files of converted tables: the same whatever is held, and in whatever order records come."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from jifen_analysis.store import groups
from jifen_analysis.store.manifest import manifest_of
from jifen_analysis.store.write import convert
from jifen_analysis.tables import Records
from tests.store.test_write import records_of


def shuffled(records: Records, seed: int) -> Records:
    """Return the same records, those of a member in their order, in batches."""
    random, frames = np.random.default_rng(seed), {"members": records.frames["members"]}
    for name in set(records.frames) - {"members"}:
        whole = records.table(name)
        key = "branch" if "branch" in whole else "member_id"
        turn = whole.groupby(key).cumcount().to_numpy()
        first = random.permutation(whole[key].nunique())[whole[key].factorize()[0]]
        mixed = whole.iloc[np.lexsort((first, turn))].reset_index(drop=True)
        frames[name] = tuple(mixed.iloc[at : at + 200] for at in range(0, len(mixed), 200))
    return replace(records, frames=MappingProxyType(frames))


def test_files_are_the_same_however_they_are_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing held, or all of it; by member, or member after member anew: the same bytes."""
    records, made = records_of("community_60_40"), []
    for at, (given, held) in enumerate(
        [(records, 1 << 30), (shuffled(records, 1), 1 << 30), (shuffled(records, 2), 0)]
    ):
        monkeypatch.setattr(groups, "HELD", held)
        made.append(manifest_of(convert(given, tmp_path / str(at), members_a_file=4)))
    assert made[0] == made[1] == made[2]
    assert not [*tmp_path.rglob("*.parquet.*")]


def test_no_more_is_held_than_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After every batch what waits to be written is below the limit, or nothing waits."""
    seen, add = [], groups.GroupFiles.add

    def watched(files: groups.GroupFiles, *given: object) -> None:
        add(files, *given)  # type: ignore[arg-type]
        waiting = [one.nbytes for rows in files._waiting.values() for one in rows]
        seen.append((sum(waiting), len(waiting)))

    monkeypatch.setattr(groups, "HELD", 200_000)
    monkeypatch.setattr(groups.GroupFiles, "add", watched)
    convert(shuffled(records_of("community_60_40"), 3), tmp_path / "out", members_a_file=4)
    assert max(held for held, _ in seen) <= 200_000
    assert max(waiting for _, waiting in seen) > 1
