"""convert, and assess on many processes: the same answers from every command, to the bit."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import jifen_analysis as jf
from jifen_analysis.cli import run
from jifen_analysis.sample import write
from jifen_analysis.scoring.cluster import cluster
from jifen_analysis.store.manifest import manifest_of
from jifen_analysis.store.write import convert
from tests.command import Jifen


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of workbooks, one a branch."""
    folder = tmp_path_factory.mktemp("报送") / "材料"
    write(folder, members=60, years=[2023, 2024], format="xlsx")
    return folder


@pytest.fixture(scope="module")
def folder(workbooks: Path) -> Path:
    """The same, converted by the command."""
    out = workbooks.parent / "已查验"
    assert run(["convert", str(workbooks), str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def folders(workbooks: Path) -> Path:
    """The same, each year converted by a run of its own."""
    out = workbooks.parent / "逐年查验"
    for year in ("2023", "2024"):
        assert run(["convert", str(workbooks / year), str(out / year)]) == 0
    return out


# ---------------------------------------------------------------- every command takes a converted folder


def contents(path: Path) -> Mapping[str, Any]:
    """Return what stands in a file, whatever packs it."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    if path.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as pack:
            return {name: pack.read(name) for name in pack.namelist()}
    return {"": path.read_bytes()}


WRITING = [
    ("assess", "x.csv", []),
    ("notice", "x.xlsx", ["--period", "2024"]),
    ("compare", "x.xlsx", ["--scheme", "community_60_40", "--scheme", "street_80_20"]),
    ("report", "x.html", ["--year", "2024"]),
]
"""Commands that write, what they write, and how they are asked."""


@pytest.mark.parametrize("asked", WRITING, ids=lambda asked: f"{asked[0]} {asked[1]}")
def test_what_is_written_is_the_same(
    jifen: Jifen,
    workbooks: Path,
    folder: Path,
    folders: Path,
    tmp_path: Path,
    undrawn: None,
    asked: tuple[str, str, list[str]],
) -> None:
    """From one converted folder, or several, every command prints and writes what it does from the workbooks.

    Figures are compared as what is to be drawn; the reviews and comparisons are not made from one folder as well.
    """
    (command, file, options), made = asked, []
    for data in (workbooks, folder, folders) if command in ("assess", "notice") else (workbooks, folders):
        code, out, err = jifen(command, data, *options, "--out", tmp_path / file)
        assert (code, err) == (0, "")
        made.append((out, contents(tmp_path / file)))
    assert all(one == made[0] for one in made)


def test_an_explanation_still_names_the_cells(jifen: Jifen, workbooks: Path, folder: Path, folders: Path) -> None:
    """File, sheet and cell are those of the workbook that the branch sent."""
    member = jf.load(folder).members["member_id"].iloc[0]
    said = [jifen("explain", data, member, "--period", "2024H1") for data in (workbooks, folder, folders)]
    assert said[0] == said[1] == said[2]
    assert said[0][0] == 0
    assert any(f"2024/{book.name}" in said[0][1] for book in (workbooks / "2024").iterdir())


def test_a_check_finds_the_same(jifen: Jifen, workbooks: Path, folder: Path, folders: Path, tmp_path: Path) -> None:
    """Who sent what, and every row with its place, is the same; only the files that were read are others."""
    found = []
    for data in (workbooks, folder, folders):
        code, out, _ = jifen("check", data, "--json", tmp_path / "f.json")
        assert code == 0
        assert not re.search(":$", out, re.MULTILINE)  # no sentence ends where something should be told
        tables = json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))["tables"]
        rows = {name: sorted(json.dumps(row, sort_keys=True) for row in rows) for name, rows in tables.items()}
        found.append((out.split("\n\n")[0], rows))
    assert found[0] == found[1] == found[2]


def test_an_export_is_the_same(jifen: Jifen, workbooks: Path, folder: Path, folders: Path, tmp_path: Path) -> None:
    """Under the same key the packs hold the same files."""
    key = tmp_path / "key"
    key.write_text("a key of thirty-two characters at least", encoding="utf-8")
    packs = []
    for data, name in ((workbooks, "a.zip"), (folder, "b.zip"), (folders, "c.zip")):
        assert jifen("export", data, tmp_path / name, "--pseudonymise", key)[0] == 0
        packs.append(contents(tmp_path / name))
    assert packs[0] == packs[1] == packs[2]


@pytest.mark.parametrize("option", ["--roster", "--id-width"])
def test_what_was_settled_by_the_conversion_is_not_asked_again(
    jifen: Jifen, workbooks: Path, folder: Path, option: str
) -> None:
    """A roster or a width of ids given for a converted folder is refused, not ignored."""
    given = workbooks if option == "--roster" else 8
    code, _, err = jifen("check", folder, option, given)
    assert code == 2
    assert "转换" in err
    assert option in err


def test_convert_refuses_data_with_errors(jifen: Jifen, tmp_path: Path) -> None:
    """Where anything is wrong nothing is written, and every problem is said."""
    (data := tmp_path / "data").mkdir()
    (data / "members.csv").write_text("member_id,branch\n00001,一支部\n", encoding="utf-8")
    (data / "events.csv").write_text("member_id,date,event\n00002,2024-03-05,volunteer\n", encoding="utf-8")
    code, _, err = jifen("convert", data, tmp_path / "out")
    assert code == 1
    assert "events.csv" in err
    assert not (tmp_path / "out").exists()


# ---------------------------------------------------------------- on many processes


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a cluster of two processes on this machine."""
    with cluster(workers=2) as client:
        yield client.scheduler.address


def assessed(jifen: Jifen, data: Path, target: Path, *options: object) -> tuple[tuple[int, str, str], bytes]:
    """Assess into a CSV and return what was said, and the file."""
    said = jifen("assess", data, "--out", target, *options)
    return said, target.read_bytes() if target.exists() else b""


def test_a_scheduler_gives_the_same_file(
    jifen: Jifen, workbooks: Path, folder: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Added up by workers who stand in another folder, from workbooks and converted, the table is the same bytes."""
    alone = assessed(jifen, workbooks, tmp_path / "x.csv")
    assert alone[0][0] == 0
    monkeypatch.chdir(workbooks.parent)
    for data in (workbooks, folder):
        assert assessed(jifen, Path(data.name), tmp_path / "x.csv", "--scheduler", scheduler) == alone


def test_a_worker_that_sees_other_data_is_named(
    jifen: Jifen, folder: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a machine does not see would count as broken files; it is refused instead."""
    monkeypatch.setattr("jifen_analysis.cli.scale.in_sight", lambda _: os.getpid())
    code, _, err = jifen("assess", folder, "--scheduler", scheduler)
    assert code == 2
    assert f"同一路径看到同样的数据 {folder}" in err
    assert err.count("tcp://") == 2


def test_workers_of_ones_own_give_the_same_file(jifen: Jifen, folder: Path, tmp_path: Path) -> None:
    """--workers opens processes here and closes them again."""
    alone = assessed(jifen, folder, tmp_path / "x.csv")
    assert assessed(jifen, folder, tmp_path / "x.csv", "--workers", 2) == alone


def test_a_part_that_fails_is_named_and_the_rest_scored(
    jifen: Jifen, workbooks: Path, tmp_path: Path, scheduler: str
) -> None:
    """A partition whose file was changed is named with its branches; --strict scores nothing."""
    folder = convert(jf.load(workbooks), tmp_path / "out", members_a_file=8)
    manifest = manifest_of(folder)
    part = next(part for part in manifest.parts if part.table == "attendance" and part.block == 1)
    (folder / part.path).write_bytes(b"")
    (code, out, _), written = assessed(jifen, folder, tmp_path / "x.csv", "--scheduler", scheduler)
    assert code == 0
    assert part.path in out
    assert f"{part.path}\n  错误  文件在转换之后改动过" in out
    assert not any(f",{branch},".encode() in written for branch in manifest.blocks[1])
    assert any(f",{branch},".encode() in written for branch in manifest.blocks[0])
    (tmp_path / "x.csv").unlink()
    (code, _, err), written = assessed(jifen, folder, tmp_path / "x.csv", "--scheduler", scheduler, "--strict")
    assert (code, written) == (1, b"")
    assert part.path in err


def test_a_workbook_that_fails_is_named_and_the_rest_scored(
    jifen: Jifen, workbooks: Path, tmp_path: Path, scheduler: str
) -> None:
    """The same holds for the files that branches send."""
    data = shutil.copytree(workbooks, tmp_path / "材料")
    first, *_ = sorted((data / "2024").iterdir())
    first.write_bytes(b"PK")
    (code, out, _), written = assessed(jifen, data, tmp_path / "x.csv", "--scheduler", scheduler)
    assert code == 0
    assert f"2024/{first.name}\n  错误" in out
    assert len(written.splitlines()) > 1


MISUSED = [
    (["--workers", "2", "--scheduler", "tcp://127.0.0.1:1"], "只能用一个"),
    (["--workers", "2", "--strict", "--accepted-only"], "只能用一个"),
    (["--workers", "2", "--scheduler", ""], "只能用一个"),
    (["--scheduler", ""], "连不上调度器"),
    (["--workers", "0"], "--workers 的值不对:至少为 1"),
]


@pytest.mark.parametrize(("options", "said"), MISUSED)
def test_wrong_usage_is_told(jifen: Jifen, folder: Path, options: list[str], said: str) -> None:
    """Options that contradict each other, and workers that are none, give exit code 2."""
    code, _, err = jifen("assess", folder, *options)
    assert code == 2
    assert said in err
