"""Over parts and over machines: the result is that of one machine, to the bit."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import dask
import distributed
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.errors import JifenError, UsageError
from jifen_analysis.intake import check, load
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import FRAMES, Assessment
from jifen_analysis.scoring.cluster import cluster, each, on
from jifen_analysis.scoring.collection import Gathered, RecordQueries, collect, light
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.store.manifest import manifest_of
from jifen_analysis.store.write import convert
from jifen_analysis.tables import Records
from jifen_analysis.tables.partition import partitions
from jifen_analysis.tables.records import Stored
from tests.intake.cities import cities, split
from tests.reference import random_records

CROSSING = {
    "community_60_40": {"exemplary", "most_improved", "persuade_withdrawal", "quota_tied"},
    "street_80_20": {"persuade_withdrawal", "re_education"},
    "bureau_quarterly": {"removal_review", "quota_tied"},
    "community_cadre": {"reward", "talk_no_awards", "organisational_handling", "quota_tied"},
}
"""Schemes, and what of theirs takes more than one part or year to decide: shares and thirds of a unit, runs, gains."""


@cache
def records_of(scheme: str, seed: int = 11) -> Records:
    """Return random records of every table that a scheme reads."""
    tables = random_records(seed, scheme=scheme)
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items() if rows}
    return Records.from_frames(frames, vocabulary=read_scheme(scheme).words)


def same(one: Assessment, other: Assessment) -> None:
    """Compare every frame of two results to the bit."""
    for frame in FRAMES:
        pd.testing.assert_frame_equal(one.frames(frame), other.frames(frame), check_exact=True)


# ---------------------------------------------------------------- any parts, without a cluster


def in_parts(records: Records, part_of: Mapping[str, np.ndarray], parts: int, size: int) -> tuple[Records, ...]:
    """Return the records of each part in turn, in batches of some size."""
    frames = {name: records.table(name) for name in records.frames if name != "members"}
    return tuple(
        Records(
            MappingProxyType({name: (frame[part_of[name] == at],) for name, frame in frames.items()}),
            vocabulary=records.vocabulary,
        ).cut(size)
        for at in range(parts)
    )


@pytest.mark.parametrize("scheme", CROSSING)
def test_the_records_reach_what_crosses_parts(scheme: str) -> None:
    """What crosses branches, parts and years happens in the records that are cut up here."""
    result = assess(records_of(scheme), read_scheme(scheme))
    assert {*result.outcomes["outcome"], *result.flags["flag"]} >= CROSSING[scheme]
    assert result.years["year"].nunique() > 1


@pytest.mark.parametrize("scheme", CROSSING)
@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), parts=st.integers(1, 4), size=st.integers(20, 90))
def test_any_partition_adds_up_to_the_same_result(scheme: str, seed: int, parts: int, size: int) -> None:
    """Every record thrown into any part, the rows in any order, in batches of any size: no bit changes."""
    records, random = records_of(scheme), np.random.default_rng(seed)
    part_of = {name: random.integers(0, parts, len(records.table(name))) for name in records.frames}

    def gather(all_records: Records, roster: Roster, asked: RecordQueries) -> Gathered:
        whole = Gathered.nothing(roster, asked, all_records.vocabulary)
        everyone, rows = light(roster, np.arange(len(roster.ids)))
        cut = in_parts(all_records, part_of, parts, size)
        for at in random.permutation(parts):
            whole = whole.entered(collect(cut[at], everyone, asked), rows, len(roster))
        return whole

    same(assess(records, read_scheme(scheme)), assess(records, read_scheme(scheme), gather=gather))


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_partitions_hold_every_record_once(size: int) -> None:
    """Every record is in one part, with its member; a member of two branches may be in two parts."""
    records = records_of("community_60_40")
    ids = np.array(sorted(set(records.members["member_id"])))
    parts = list(partitions(records, size))
    assert set(np.concatenate([part.members for part in parts])) == set(range(len(ids)))
    assert sum(len(part.records.attendance) for part in parts) == len(records.attendance)
    assert all(set(part.records.attendance["member_id"]) <= set(ids[part.members]) for part in parts)
    assert (len(parts) == 1) == (size == 1000)


def test_light_rows_are_those_of_the_chosen_members() -> None:
    """A part of the roster keeps its rows in order, and says which of the whole they are."""
    records = records_of("community_60_40")
    found = assess(records, read_scheme("community_60_40"))
    assert found.working is not None
    roster = found.working.roster
    chosen, rows = light(roster, np.array([1, 3]))
    assert chosen.ids.tolist() == roster.ids[[1, 3]].tolist()
    assert np.array_equal(roster.ids.to_numpy()[roster.member[rows]], chosen.ids.to_numpy()[chosen.member])
    assert np.array_equal(chosen.period, roster.period[rows])


# ---------------------------------------------------------------- on Dask


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Return a cluster of two processes on this machine."""
    with cluster(workers=2) as opened:
        yield opened


@pytest.mark.parametrize("scheme", ["community_60_40", "bureau_quarterly"])
def test_a_cluster_gives_the_result_of_one_machine(client: Any, scheme: str) -> None:
    """Records in memory, sent to workers branch by branch; Dask's advice on large ones is not passed on to the user."""
    records, read = records_of(scheme), read_scheme(scheme)
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1B"}):
        same(assess(records, read), assess(records, read, gather=on(client, members_a_part=3)))


def test_workers_read_converted_files_themselves(client: Any, tmp_path: Path) -> None:
    """Files are checked and read where the work is done; the result is the same."""
    records, read = records_of("street_80_20"), read_scheme("street_80_20")
    folder = convert(records, tmp_path / "out", members_a_file=3)
    found = check(folder, scheme=read, each=each(client))
    assert found.records is not None
    assert not found.errors
    same(assess(records, read), assess(found.records, read, gather=on(client)))


def test_a_broken_file_is_named_and_the_rest_scored(client: Any, tmp_path: Path) -> None:
    """Workers find the file that was changed; the other branches come out as if scored alone."""
    records, read = records_of("community_60_40"), read_scheme("community_60_40")
    folder = convert(records, tmp_path / "out", members_a_file=3)
    part = next(part for part in manifest_of(folder).parts if part.table == "dues" and part.block == 0)
    (folder / part.path).write_bytes(b"")
    found = check(folder, each=each(client))
    assert [problem.file for problem in found.errors] == [part.path]
    assert found.records is not None
    same(assess(found.records, read), assess(found.records, read, gather=on(client)))


def test_workers_read_several_folders(client: Any, tmp_path: Path) -> None:
    """Members and branches that stand in several folders are added up from all of them."""
    data, converted = cities(tmp_path, split("street_80_20", 4), size=3)
    found, read = check(converted, each=each(client)), read_scheme("street_80_20")
    assert found.records is not None
    same(assess(load(data), read), assess(found.records, read, gather=on(client)))


@dataclass(frozen=True)
class Deadly(Stored):
    """A table that kills, once, the process that first reads it."""

    frame: pd.DataFrame
    branches: tuple[str, ...]
    marker: str

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return iter((self.frame,))

    def narrow(self, columns: Iterable[str]) -> Iterator[pd.DataFrame]:
        """Die, or read."""
        marker = Path(self.marker)
        if not marker.exists():
            marker.write_text(str(os.getpid()), encoding="utf-8")
            os.kill(os.getpid(), signal.SIGKILL)
        yield self.frame

    @property
    def rows(self) -> int:
        """Return its length."""
        return len(self.frame)

    def months(self) -> frozenset[int]:
        """Return the months of the first half of 2024."""
        return frozenset(range(2024 * 12, 2024 * 12 + 6))

    def pieces(self) -> Mapping[tuple[str, ...], Sequence[pd.DataFrame]]:
        """Return itself alone."""
        return {self.branches: self}


def test_a_killed_worker_changes_nothing(client: Any, tmp_path: Path) -> None:
    """The process is really killed in the middle; the work is done again elsewhere."""
    records, read = records_of("community_60_40"), read_scheme("community_60_40")
    attendance, marker = records.attendance, tmp_path / "killed"
    branches = tuple(sorted(set(records.members["branch"])))
    deadly = Deadly(attendance, branches, str(marker))
    stored = Records(MappingProxyType({**records.frames, "attendance": deadly}), vocabulary=records.vocabulary)
    before = set(client.run(os.getpid).values())
    after = assess(stored, read, gather=on(client))
    assert int(marker.read_text(encoding="utf-8")) in before
    same(assess(stored, read), after)


def refuse(number: int) -> None:
    """Refuse on a worker."""
    raise UsageError(f"不读 {number}", f"not read: {number}")


def test_a_refusal_comes_back_as_it_was(client: Any) -> None:
    """A mistake found on a worker is told as if it had been found here."""
    with pytest.raises(UsageError, match="不读 3"):
        list(each(client)(refuse, [3]))


def die(_: int) -> None:
    """End this process."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_work_that_ends_every_worker_is_said() -> None:
    """Where the same piece ends one worker after the other, the message says so instead of a traceback."""
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        pytest.raises(JifenError, match="接连中断"),
        cluster(workers=1) as opened,
    ):
        list(each(opened)(die, [1]))


def test_a_scheduler_that_goes_away_is_said(client: Any) -> None:
    """Work that nobody will ever finish is told, not traced; Dask gives up the same way when a scheduler is lost."""
    lost = client.submit(len, "lost", pure=False)
    client.cancel([lost])
    with pytest.raises(JifenError, match="调度器中断"), cluster(client.scheduler.address):
        lost.result()


def test_a_file_that_a_worker_does_not_see_is_said(client: Any, tmp_path: Path) -> None:
    """What a worker cannot open is told with its path."""
    with pytest.raises(JifenError, match=r"读不到文件.*gone"), cluster(client.scheduler.address) as opened:
        list(each(opened)(os.stat, [tmp_path / "gone"]))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "127.0.0.1", "http://127.0.0.1:1", ""])
def test_nobody_at_the_address_is_said(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """An address where no scheduler answers, or that is none, is wrong usage, not a traceback."""
    monkeypatch.setattr("jifen_analysis.scoring.cluster.PATIENCE", 1)
    with pytest.raises(UsageError, match="连不上调度器"), cluster(address):
        pass


def test_the_address_of_a_worker_is_said(client: Any) -> None:
    """Somebody else than a scheduler at the address is named for what it is."""
    worker = next(iter(client.run(os.getpid)))
    with pytest.raises(UsageError, match=r"连不上调度器.*\(Worker\)"), cluster(worker):
        pass


def test_a_scheduler_without_workers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that nobody would ever begin is refused, with what to run."""
    monkeypatch.setattr("jifen_analysis.scoring.cluster._A_MINUTE", 0.1)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=None) as empty,
        pytest.raises(UsageError, match="dask worker"),
        cluster(empty.scheduler_address),
    ):
        pass


def test_another_version_on_a_worker_is_said(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scheduler and workers without this version of the package are named."""

    def versions(_: Any, packages: Sequence[str]) -> Mapping[str, Any]:
        here, older, none = ({"packages": dict.fromkeys(packages, one)} for one in ("2", "1", None))
        return {"client": here, "scheduler": none, "workers": {"tcp://a:1": older, "tcp://b:1": here}}

    monkeypatch.setattr(distributed.Client, "get_versions", versions)
    with (
        pytest.raises(UsageError, match=r"jifen-analysis 2;不是的有:scheduler \(–\)、tcp://a:1 \(1\)$"),
        cluster(client.scheduler.address),
    ):
        pass


def test_answers_come_in_order_and_in_goes(client: Any) -> None:
    """However many things there are, the answers stand in their order; of nothing there are none."""
    for size in (0, 1, 50, 120):
        assert list(each(client)(str, range(size))) == [str(number) for number in range(size)]


def test_an_asynchronous_client_is_refused() -> None:
    """A client that cannot be waited for is wrong usage, not a standstill."""
    with pytest.raises(UsageError, match="asynchronous=True"):
        on(SimpleNamespace(asynchronous=True))


def test_dask_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Dask is not installed, the message says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="scale"), cluster(workers=1):
        pass
