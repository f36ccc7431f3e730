"""Converted folders: the same records, the same results, and nothing trusted that was changed."""

from __future__ import annotations

import json
import shutil
import weakref
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.errors import UsageError
from jifen_analysis.intake import check, coverage, load
from jifen_analysis.periods import Period
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import FRAMES
from jifen_analysis.store import write
from jifen_analysis.store.manifest import MANIFEST, manifest_of
from jifen_analysis.store.table import StoredTable
from jifen_analysis.store.write import convert
from jifen_analysis.tables import TABLES, Records
from jifen_analysis.tables.partition import homes
from jifen_analysis.tables.records import Stored
from tests.eleventh import written
from tests.reference import random_records


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
        monkeypatch.setattr(write, "HELD", held)
        made.append(manifest_of(convert(given, tmp_path / str(at), members_a_file=4)))
    assert made[0] == made[1] == made[2]
    assert not [*tmp_path.rglob("*.parquet.*")]


def test_no_more_is_held_than_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After every batch what waits to be written is below the limit, or nothing waits."""
    seen, add = [], write.GroupFiles.add

    def watched(files: write.GroupFiles, *given: object) -> None:
        add(files, *given)  # type: ignore[arg-type]
        waiting = [one.nbytes for rows in files._waiting.values() for one in rows]
        seen.append((sum(waiting), len(waiting)))

    monkeypatch.setattr(write, "HELD", 200_000)
    monkeypatch.setattr(write.GroupFiles, "add", watched)
    convert(shuffled(records_of("community_60_40"), 3), tmp_path / "out", members_a_file=4)
    assert max(held for held, _ in seen) <= 200_000
    assert max(waiting for _, waiting in seen) > 1


SCHEMES = ("community_60_40", "street_80_20", "bureau_quarterly", "village_monthly")


@cache
def records_of(scheme: str, seed: int = 5) -> Records:
    """Return random records of every table that a scheme reads."""
    tables = random_records(seed, scheme=scheme)
    return Records.from_frames(
        {name: pd.DataFrame(rows) for name, rows in tables.items() if rows},
        vocabulary=read_scheme(scheme).words,
    )


Converted = Callable[..., Path]


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Folders of random records, converted once into files of a few members each."""
    return cache(lambda scheme: convert(records_of(scheme), tmp_path_factory.mktemp(scheme) / "out", members_a_file=4))


@pytest.fixture
def converted(originals: Callable[[str], Path], tmp_path: Path) -> Converted:
    """A copy of such a folder, to do anything to."""
    return lambda scheme="community_60_40": shutil.copytree(originals(scheme), tmp_path / "out")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_results_are_those_of_the_records_in_memory(converted: Converted, scheme: str) -> None:
    """Every frame of a result is the same to the bit, whether the records were held or streamed."""
    read = read_scheme(scheme)
    stored = check(converted(scheme), scheme=read).records
    assert stored is not None
    held, streamed = assess(records_of(scheme), read), assess(stored, read)
    for frame in FRAMES:
        pd.testing.assert_frame_equal(held.frames(frame), streamed.frames(frame), check_exact=True)


@pytest.mark.parametrize(("scheme", "code"), [("community_60_40", "2024H1"), ("village_monthly", "2024-03")])
def test_records_of_one_period_need_no_dates(tmp_path: Path, scheme: str, code: str) -> None:
    """Where all records lie in one period their dates need not be read, and the result is that of their dates."""
    read, inside, every = read_scheme(scheme), {*Period.parse(code).months}, records_of(scheme)
    frames = {name: every.table(name)[list(TABLES[name])] for name in every.frames}
    dated = frames.keys() & {"attendance", "events"}
    for name in dated:
        days = frames[name]["date"].dt
        frames[name] = frames[name][(12 * days.year + days.month - 1).isin(inside)]
    held = Records.from_frames(frames, vocabulary=read.words)
    stored = load(convert(held, tmp_path / "out"), scheme=read)
    assert all(isinstance(found := stored.frames[name], Stored) and found.months() <= inside for name in dated)
    one, other = assess(held, read), assess(stored, read)
    for frame in FRAMES:
        pd.testing.assert_frame_equal(one.frames(frame), other.frames(frame), check_exact=True)


def test_records_come_back_as_they_went(converted: Converted) -> None:
    """Every column of every table, its type and its values survive; only the order of rows is new."""
    before, after = records_of("community_60_40"), load(converted())
    for name in before.frames:
        columns = list(TABLES[name])
        one, other = (
            records.table(name)[columns].sort_values(columns, ignore_index=True) for records in (before, after)
        )
        pd.testing.assert_frame_equal(one, other)


def test_records_stay_in_their_files(converted: Converted) -> None:
    """Only the roster is held; a table is read in batches, and only the columns asked for."""
    records = load(converted())
    attendance = records.frames["attendance"]
    assert isinstance(attendance, Stored)
    assert len(attendance) > 1
    assert {tuple(batch.columns) for batch in records.batches("attendance", ("member_id", "status"))} == {
        ("member_id", "status")
    }


def test_a_branch_stands_in_one_file_of_a_year(converted: Converted) -> None:
    """Branches are never cut, and the manifest says where each stands."""
    records, folder = records_of("community_60_40"), converted()
    manifest = manifest_of(folder)
    names = [branch for block in manifest.blocks for branch in block]
    assert sorted(names) == sorted(set(records.members.sort_values("branch").drop_duplicates("member_id")["branch"]))
    assert len(manifest.blocks) > 1
    assert len({(part.table, part.year, part.block) for part in manifest.parts}) == len(manifest.parts)


def test_origin_and_notes_survive(tmp_path: Path) -> None:
    """Where a record came from can still be said, and what was noted is still noted."""
    source = tmp_path / "data"
    source.mkdir()
    (source / "members.csv").write_text("member_id,branch\n00001,第一支部\n", encoding="utf-8")
    row = "00001,2024-03-05,lecture,late\n"
    (source / "attendance.csv").write_text(f"member_id,date,activity,status\n{row}{row}", encoding="utf-8")
    before = load(source)
    after = load(convert(before, tmp_path / "out"))
    record = after.attendance.iloc[0]
    assert after.address(record, "status") == before.address(before.attendance.iloc[0], "status")
    assert after.address(record, "status") == ("attendance.csv", "", "D2")
    assert [note.code for note in after.notes] == [note.code for note in before.notes]
    assert check(tmp_path / "out").tables["attendance"]["_file"].tolist() == ["attendance.csv"]


def test_a_changed_file_is_refused_and_the_rest_kept(converted: Converted) -> None:
    """A file that is not the one written is named; its branches are left out, whole."""
    folder = converted()
    part = next(part for part in manifest_of(folder).parts if part.table == "attendance" and part.block == 1)
    (folder / part.path).write_bytes((folder / part.path).read_bytes() + b"x")
    found = check(folder)
    assert [(problem.code, problem.file) for problem in found.errors] == [("changed", part.path)]
    assert found.branches == tuple(sorted(manifest_of(folder).blocks[1]))
    assert found.records is not None
    assert not set(found.branches) & set(homes(found.records.members))
    assert len(found.records.members) > 0
    assert part.path in found.refused


def test_a_table_of_which_nothing_is_left_is_told(tmp_path: Path) -> None:
    """Where the only group of a table, or every group, is refused, the rest is still told."""
    records = records_of("community_60_40")
    some = Records.from_frames({"members": records.members, "dues": records.dues.iloc[:1]})
    folder = convert(some, tmp_path / "out", members_a_file=4)
    (folder / manifest_of(folder).parts[1].path).write_bytes(b"")
    assert check(folder).verdict == "reject"
    assert set(check(folder).tables) == {"members"}
    whole = convert(records, tmp_path / "whole")
    (whole / manifest_of(whole).parts[1].path).write_bytes(b"")
    assert check(whole).records is None
    assert coverage(check(whole))["errors"].tolist() == [1]


def test_a_missing_file_is_refused(converted: Converted) -> None:
    """A file that is gone is named."""
    folder = converted()
    part = manifest_of(folder).parts[-1]
    (folder / part.path).unlink()
    assert [(problem.code, problem.file) for problem in check(folder).errors] == [("not_readable", part.path)]


def test_a_broken_roster_leaves_nothing(converted: Converted) -> None:
    """Without the roster as it was nobody can be scored."""
    folder = converted()
    (folder / "members.parquet").write_bytes(b"")
    found = check(folder)
    assert found.records is None
    assert found.verdict == "reject"


EDITS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a table dropped": lambda made: made["parts"].pop(),
    "no months": lambda made: [part.update(months=[]) for part in made["parts"]],
    "another version": lambda made: made.update(made_by="0.0.1"),
    "no notes, other words": lambda made: [part.update(words={}) for part in made["parts"]],
    "another group": lambda made: made["parts"][-1].update(block=77),
    "an unknown table": lambda made: made["parts"][-1].update(table="votes"),
    "more rows": lambda made: made["parts"][-1].update(rows=10**6),
    "branches in another order": lambda made: made["blocks"].reverse(),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_manifest_is_not_believed(converted: Converted, edit: str) -> None:
    """Whatever was changed in it, the folder is to be converted again."""
    path = converted() / MANIFEST
    made = json.loads(path.read_text(encoding="utf-8"))
    EDITS[edit](made)
    path.write_text(json.dumps(made), encoding="utf-8")
    with pytest.raises(UsageError, match="请重新转换"):
        check(path.parent)


def test_records_that_the_manifest_does_not_name_are_an_error(converted: Converted) -> None:
    """A file where records stand is never passed over."""
    folder = converted()
    part = next(folder.rglob("branches-0001.parquet"))
    shutil.copyfile(part, part.with_name("branches-0099.parquet"))
    assert [problem.code for problem in check(folder).errors] == ["unlisted"]


@pytest.mark.parametrize("beside", [False, True])
def test_a_conversion_without_its_manifest_is_refused(converted: Converted, tmp_path: Path, beside: bool) -> None:
    """What an interrupted run of an earlier version left is not scored, alone or beside whole data."""
    folder = converted()
    (folder / MANIFEST).unlink()
    if beside:
        (tmp_path / "花名册.csv").write_text("党员编号,党支部\n99001,第九支部\n", encoding="utf-8")
    found = check(tmp_path)
    assert found.verdict == "reject"
    assert [(problem.code, problem.file) for problem in found.errors] == [("half_converted", "out")]


def test_a_half_conversion_is_written_over(converted: Converted) -> None:
    """Converting again into what is only a part of a conversion makes it whole; other files are never removed."""
    folder = converted()
    (folder / MANIFEST).unlink()
    assert check(convert(records_of("community_60_40"), folder)).records is not None
    (folder / MANIFEST).unlink()
    (folder / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="不是空的文件夹"):
        convert(records_of("community_60_40"), folder)
    assert (folder / "mine.txt").exists()


def test_a_file_put_there_later_is_said(converted: Converted) -> None:
    """What was not written by the conversion is left aside, with a note."""
    folder = converted()
    (folder / "more.csv").write_text("member_id\n", encoding="utf-8")
    assert ("left_aside", "more.csv") in {(problem.code, problem.file) for problem in check(folder).notes}


def test_words_of_another_scheme_are_refused(tmp_path: Path) -> None:
    """Events that only the scheme of the conversion knows are not read as blank."""
    scheme = written(tmp_path)
    members = pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]})
    events = pd.DataFrame({"member_id": ["00001"], "date": ["2024-03-05"], "event": ["tree_planted"]})
    records = Records.from_frames({"members": members, "events": events}, vocabulary=read_scheme(scheme).words)
    folder = convert(records, tmp_path / "out")
    assert not check(folder, scheme=["community_60_40", scheme]).errors
    assert [problem.code for problem in check(folder).errors] == ["unknown_word"]


def test_a_folder_with_something_in_it_is_not_written_to(tmp_path: Path) -> None:
    """Nothing is overwritten."""
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="不是空的文件夹"):
        convert(records_of("community_60_40"), tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"format": 0, "made_by": "0.0.1"}', "由另一版本转换"),
        *((text, "已损坏") for text in ("{", "null", "[]", "[" * 99_999, '{"format": 3}')),
    ],
)
def test_manifests_of_others_are_refused(tmp_path: Path, text: str, said: str) -> None:
    """Another version's conversion, or a damaged manifest, is said to be one."""
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        check(tmp_path)


def test_one_batch_at_a_time_is_held(converted: Converted) -> None:
    """While a result is made, no more batches are alive than the one in hand and the one being read."""
    records, alive = load(converted()), []
    attendance = records.frames["attendance"]
    assert isinstance(attendance, StoredTable)
    for batch in attendance.narrow(("member_id", "date", "activity", "status")):
        alive = [one for one in alive if one() is not None]
        alive.append(weakref.ref(batch))
        assert len(alive) <= 2


def test_what_is_converted_is_converted_again(converted: Converted, tmp_path: Path) -> None:
    """The same bytes come out."""
    folder = converted()
    assert manifest_of(convert(load(folder), tmp_path / "again", members_a_file=4)) == manifest_of(folder)
