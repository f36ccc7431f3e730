"""Pieces of a submission, in memory or in several converted folders: the records, problems and addresses of one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.errors import UsageError
from jifen_analysis.intake import Check, check, load
from jifen_analysis.intake.reconcile import HeldPiece, Submission, compare, mentioned_branches
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import FRAMES
from jifen_analysis.store.manifest import MANIFEST, manifest_of
from jifen_analysis.store.table import StoredTable
from jifen_analysis.store.write import convert
from jifen_analysis.tables import TABLES, Records, Source
from jifen_analysis.tables.consistency import years_in
from jifen_analysis.tables.problems import add_addresses
from jifen_analysis.tables.records import drop_repeats
from tests.intake.cities import Tables, cities, split
from tests.intake.sheets import ROSTER, book

MEMBERS = pd.DataFrame({"member_id": ["00001", "00002"], "branch": ["甲支部", "乙支部"]})
EVENTS = pd.DataFrame({"member_id": ["00001"], "date": ["2024-03-05"], "event": ["mediation"]})
DUES = pd.DataFrame({"member_id": ["00001"], "month": ["2024-03"], "due": [5], "paid": [5]})


def said(found: Check) -> set[tuple[str, ...]]:
    """Return every problem with its whole address and wording, but for what is odd only beside the others there."""
    told = (p for p in found.problems if p.code not in BESIDE)
    return {(p.severity, p.code, p.file, p.sheet, p.cell, p.value, p.message()) for p in told}


BESIDE = frozenset({"part_of_period"})
"""Notes on what is unlike the rest of the same folder: who is alone with it there need not be alone among all."""


def in_memory(tables: Mapping[str, Tables]) -> tuple[Submission, np.ndarray]:
    """Return what some cities sent, a piece a table, and for each number of a source its city."""
    files = [(at, name) for at, of in enumerate(tables.values()) for name in of]
    frames = [
        frame.reset_index(drop=True).assign(_source=number, _row=np.arange(2, len(frame) + 2), _column=0)
        for number, frame in enumerate((frame for of in tables.values() for frame in of.values()), start=1)
    ]
    named = [(name, HeldPiece(at, frame)) for (at, name), frame in zip(files, frames, strict=True)]
    pieces = {table: [piece for name, piece in named if name == table] for table in TABLES if table != "members"}
    rosters = [next(piece.read()) for name, piece in named if name == "members"]
    sources = tuple(Source(f"{list(tables)[at]}/{name}.csv", columns={"member_id": 1}) for at, name in files)
    held = {table: own for table, own in pieces.items() if own}
    return Submission(pd.concat(rosters, ignore_index=True), held, sources), np.array([0, *(at for at, _ in files)])


@pytest.mark.parametrize(("scheme", "seed"), [("community_60_40", 1), ("street_80_20", 2), ("bureau_quarterly", 3)])
def test_pieces_hold_as_one_table_does(scheme: str, seed: int) -> None:
    """However records are cut, those are kept and said to repeat that repeat in one table of all."""
    whole, cities_of = in_memory(split(scheme, seed))
    left, problems = compare(whole, cities_of, years_in({"members": whole.members}))
    tables = {"members": whole.members, **{name: _joined(own) for name, own in whole.pieces.items()}}
    kept, notes = drop_repeats(tables)
    assert notes
    assert set(problems) == set(add_addresses(notes, tables, whole.sources))
    for name, own in left.pieces.items():
        pd.testing.assert_frame_equal(_joined(own), kept[name])


def _joined(pieces: Sequence[HeldPiece]) -> pd.DataFrame:
    return pd.concat([batch for piece in pieces for batch in piece.read()], ignore_index=True)


def test_a_file_speaks_of_branches_in_rows_in_its_name_and_for_those_beside_it() -> None:
    """What nobody could read is held against the branches of its folder, unless it is a workbook, whole in itself."""
    far = pd.DataFrame({"member_id": ["00009"], "branch": ["丙支部"]})
    whole, _ = in_memory({"甲市": {"members": MEMBERS, "dues": DUES}, "乙市": {"members": far}})
    spoken = {
        "甲市/dues.csv": {"甲支部"},
        "甲市/members.csv": {"甲支部", "乙支部"},
        "丙支部的事项.csv": {"丙支部"},
        "甲市/events.csv": {"甲支部", "乙支部"},
        "乙市/events.xlsx": set(),
    }
    assert {file: mentioned_branches(whole, {file}) for file in spoken} == spoken


def test_a_table_of_which_nothing_is_left_is_none(tmp_path: Path) -> None:
    """Where all its records contradict each other the rest is there, and told."""
    of = {"甲市": {"members": MEMBERS, "dues": DUES}, "乙市": {"members": MEMBERS, "dues": DUES.assign(paid=4)}}
    found = check(cities(tmp_path, of, size=1)[1])
    assert found.records is not None
    assert set(found.tables) == set(found.records.frames) == {"members"}
    assert found.json()["tables"]["members"][0]["branch"] == "乙支部"


def test_they_are_read_as_everything_at_once(tmp_path: Path) -> None:
    """Whoever and whatever stands in several folders: notes, addresses and every frame of the result are the same."""
    scheme = "street_80_20"
    read = read_scheme(scheme)
    data, converted = cities(tmp_path, split(scheme, 2))
    whole, together = check(data), check(converted)
    assert not whole.errors
    assert {"repeated_row"} <= {note.code for note in whole.notes}
    assert said(together) == said(whole)
    assert whole.records is not None
    assert together.records is not None
    assert together.records.sources == whole.records.sources
    one, other = assess(whole.records, read), assess(together.records, read)
    for frame in FRAMES:
        pd.testing.assert_frame_equal(one.frames(frame), other.frames(frame), check_exact=True)


def test_records_stay_in_their_files_and_name_them(tmp_path: Path) -> None:
    """Tables are streamed; a record says in which folder its workbook lay, an input has its own SHA-256."""
    (tmp_path / "材料").mkdir()
    for city in ("甲市", "乙市/丙县"):
        number = f"{len(city):05d}"
        roster = [("党员编号", "党支部"), (number, f"{city}一支部")]
        events = [("党员编号", "日期", "事项"), (number, "2024-03-05", "调解矛盾纠纷")]
        path = book(tmp_path / "材料" / city / "一.xlsx", {"花名册": roster, "事项": events})
        convert(load(path), tmp_path / "已查验" / city)
    records = load(tmp_path / "已查验")
    assert isinstance(records.frames["events"], StoredTable)
    assert records.events.apply(records.address, axis=1, column="event").tolist() == [
        ("乙市/丙县/一.xlsx", "事项", "C2"),
        ("甲市/一.xlsx", "事项", "C2"),
    ]
    assert {source.digest for source in records.sources} == {
        source.digest for source in load(tmp_path / "材料").sources
    }


def test_folders_without_a_member_in_common_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of their records can repeat, so nothing is read before it is asked for."""
    other = {name: frame.assign(member_id="00009") for name, frame in (("dues", DUES), ("events", EVENTS))}
    roster = pd.DataFrame({"member_id": ["00009"], "branch": ["丙支部"]})
    tables = {"甲市": {"members": MEMBERS, "dues": DUES, "events": EVENTS}, "乙市": {"members": roster, **other}}
    _, converted = cities(tmp_path, tables)
    read = StoredTable.__iter__

    def rosters_alone(table: StoredTable) -> Iterator[pd.DataFrame]:
        assert table.table == "members"
        return read(table)

    monkeypatch.setattr(StoredTable, "narrow", None)
    monkeypatch.setattr(StoredTable, "__iter__", rosters_alone)
    assert check(converted).verdict == "accept"


WRONG = {
    "contradiction": (MEMBERS, DUES.assign(paid=4)),
    "duplicate_member": (MEMBERS.assign(branch="丙支部"), DUES.assign(month="2024-04")),
}


@pytest.mark.parametrize("code", WRONG)
def test_what_does_not_hold_between_them_is_found(tmp_path: Path, code: str) -> None:
    """Each side is named by folder, file and cell; only branches of which neither file speaks are left."""
    members, dues = WRONG[code]
    far = {"members": pd.DataFrame({"member_id": ["00009"], "branch": ["丁支部"]}),
           "dues": DUES.assign(member_id="00009")}  # fmt: skip
    of = {"甲市": {"members": MEMBERS, "dues": DUES}, "乙市": {"members": members, "dues": dues}, "丙市": far}
    data, converted = cities(tmp_path, of, size=1)
    whole, together = check(data), check(converted)
    assert {problem.code for problem in together.errors} == {code}
    assert said(together) == said(whole)
    assert (together.refused, together.branches) == (whole.refused, whole.branches)
    assert together.records is not None
    assert whole.records is not None
    for name in ("members", "dues"):
        assert together.records.table(name)["member_id"].tolist() == whole.records.table(name)["member_id"].tolist()


def test_a_file_that_came_to_two_cities_is_said_once(tmp_path: Path) -> None:
    """Its rows count once, with one note for the file instead of one for each row."""
    tables = {"members": MEMBERS, "events": pd.concat([EVENTS] * 3)}
    data, converted = cities(tmp_path, {"甲市": tables, "乙市": {**tables, "dues": DUES}})
    assert said(check(converted)) == said(check(data))
    notes = {(note.code, note.file) for note in check(converted).notes}
    assert notes == {("same_file", "甲市/events.csv"), ("same_file", "甲市/members.csv")}
    assert len(load(converted).events) == 3


def test_a_folder_that_lies_there_twice_counts_once(tmp_path: Path) -> None:
    """A copy of a converted folder is noted, and nothing of it is read."""
    _, converted = cities(tmp_path, {"甲市": {"members": MEMBERS, "events": EVENTS}})
    shutil.copytree(converted / "甲市", converted / "甲市备份")
    found = check(converted)
    assert [(note.code, note.file) for note in found.notes] == [("same_file", f"甲市备份/{MANIFEST}")]
    assert found.records is not None
    assert len(found.records.events) == 1


def test_a_sheet_that_two_files_hold_alike_counts_once(tmp_path: Path) -> None:
    """Events may repeat, sheets of them may not; a sheet that says more is another sheet."""
    rows = [("党员编号", "日期", "事项"), *[("00001", "2024-03-05", "调解矛盾纠纷")] * 2]
    more = [*rows, ("00003", "2024-03-05", "调解矛盾纠纷")]
    for city, events in (("甲市", rows), ("乙市", rows), ("丙市", more)):
        book(tmp_path / "材料" / city / f"{city}.xlsx", {"花名册": ROSTER, "事项": events, "说明": [(city,)]})
        convert(load(tmp_path / "材料" / city), tmp_path / "已查验" / city, members_a_file=1)
    whole, together = check(tmp_path / "材料"), check(tmp_path / "已查验")
    notes, others = (
        {problem for problem in said(one) if problem[1] in ("same_sheet", "repeated_row")} for one in (whole, together)
    )
    assert notes == others
    assert "same_sheet" in {problem[1] for problem in notes}
    assert together.records is not None
    assert len(together.records.events) == 5


def test_records_without_a_source_are_known_by_their_folder(tmp_path: Path) -> None:
    """Where no workbook is behind a row, the folder's manifest stands for it."""
    for city, paid in (("甲市", 5), ("乙市", 4)):
        frames = {"members": MEMBERS, "dues": DUES.assign(paid=paid)}
        convert(Records.from_frames(frames), tmp_path / city)
    files = {problem.file for problem in check(tmp_path).errors}
    assert files == {f"甲市/{MANIFEST}", f"乙市/{MANIFEST}"}


def test_a_bad_file_leaves_its_branches_out_of_every_folder(tmp_path: Path) -> None:
    """Who has records in a group that cannot be read is not scored from what another folder has."""
    moved = pd.DataFrame({"member_id": ["00001", "00005"], "branch": ["丙支部", "丁支部"], "since": "2024-07-01"})
    late = DUES.assign(month="2024-08")
    here = {"members": MEMBERS.assign(until="2024-06-30"), "dues": DUES}
    there = {"members": moved, "dues": pd.concat([late, late.assign(member_id="00005")])}
    _, converted = cities(tmp_path, {"甲市": here, "乙市": there}, size=1)
    (converted / "甲市/dues/year=2024/branches-0001.parquet").write_bytes(b"")
    found = check(converted)
    assert [(problem.code, problem.file) for problem in found.errors] == [
        ("changed", "甲市/dues/year=2024/branches-0001.parquet")
    ]
    assert found.refused == ("甲市/dues/year=2024/branches-0001.parquet",)
    assert found.branches == ("甲支部",)
    assert found.records is not None
    assert found.records.dues["member_id"].tolist() == ["00005"]


def test_a_broken_roster_leaves_its_folder_out(tmp_path: Path) -> None:
    """The others are still there."""
    _, converted = cities(tmp_path, {"甲市": {"members": MEMBERS[:1]}, "乙市": {"members": MEMBERS[1:]}})
    (converted / "甲市/members.parquet").write_bytes(b"")
    found = check(converted)
    assert found.branches == ("甲支部",)
    assert found.records is not None
    assert found.records.members["member_id"].tolist() == ["00002"]


def test_workbooks_beside_converted_folders_are_refused(tmp_path: Path) -> None:
    """What was checked is not mixed with what was not; texts beside them are."""
    _, converted = cities(tmp_path, {"甲市": {"members": MEMBERS}})
    (converted / "说明.docx").write_bytes(b"PK")
    assert [(note.code, note.file) for note in check(converted).notes] == [("left_aside", "说明.docx")]
    (converted / "乙市").mkdir()
    MEMBERS.to_csv(converted / "乙市" / "花名册.csv", index=False)
    with pytest.raises(UsageError, match=r"甲市.*乙市/花名册\.csv.*jifen convert"):
        check(converted)


def test_another_version_is_named(tmp_path: Path) -> None:
    """One folder that has to be converted again stops all, and is named."""
    _, converted = cities(tmp_path, {"甲市": {"members": MEMBERS[:1]}, "乙市": {"members": MEMBERS[1:]}})
    made = json.loads((converted / "乙市" / MANIFEST).read_text(encoding="utf-8"))
    (converted / "乙市" / MANIFEST).write_text(json.dumps({**made, "format": 0}), encoding="utf-8")
    with pytest.raises(UsageError, match="乙市 由另一版本转换"):
        check(converted)


def test_they_can_be_converted_into_one(tmp_path: Path) -> None:
    """Small folders share files; results and notes stay; once more writes the same bytes."""
    scheme = "street_80_20"
    _, converted = cities(tmp_path, split(scheme, 5), size=3)
    together = load(converted)
    one = convert(together, tmp_path / "一", members_a_file=8)
    assert 1 < len(manifest_of(one).blocks) < sum(len(manifest_of(city).blocks) for city in converted.iterdir())
    assert load(one).notes == together.notes
    assert manifest_of(convert(load(one), tmp_path / "二", members_a_file=8)) == manifest_of(one)
    results = [assess(records, read_scheme(scheme)) for records in (together, load(one))]
    for frame in FRAMES:
        pd.testing.assert_frame_equal(*(result.frames(frame) for result in results), check_exact=True)
