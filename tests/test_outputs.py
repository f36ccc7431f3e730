"""Whatever leaves the desk: the same bytes wherever it is made, and under pseudonyms nobody's name or id."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import jifen_analysis as jf
from jifen_analysis.sample.synthetic import synthetic
from tests.command import Jifen

Told = Callable[..., str]

PLAIN: Mapping[tuple[str, ...], int] = {
    ("assess", "数据", "--out", "结果.xlsx"): 1,
    ("assess", "数据", "--out", "结果.csv"): 4,
    ("assess", "数据", "--out", "结果.parquet"): 2,
    ("report", "数据", "--out", "总结.html", "--manifest"): 2,
    ("notice", "数据", "--out", "公示.docx"): 1,
    ("notice", "数据", "--out", "公示.xlsx"): 1,
    ("compare", "数据", "--scheme", "community_60_40", "--variant", "strict", "--out", "比较.html"): 1,
    ("explain", "数据", "--branch", "第一支部", "--period", "2024H2", "--out", "卡.docx"): 1,
}
"""Commands, with how many files each writes: CSV and page have a manifest each, years a table; no figure is drawn."""
HIDDEN = (
    ("assess", "数据", "--out", "结果.xlsx"),
    ("assess", "数据", "--out", "结果.csv"),
    ("assess", "数据", "--out", "结果.parquet"),
    ("report", "数据", "--out", "总结.html", "--manifest", "--with-names"),
    ("compare", "数据", "--scheme", "community_60_40", "--scheme", "street_80_20", "--out", "比较.xlsx"),
    ("compare", "数据", "--scheme", "community_60_40", "--scheme", "street_80_20", "--out", "比较.html"),
    ("export", "数据", "核验.zip"),
)


@pytest.fixture
def told(jifen: Jifen, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Run the command in a folder; return everything it said."""

    def call(folder: Path, *args: str) -> str:
        monkeypatch.chdir(folder)
        code, out, err = jifen(*args)
        assert code == 0, err
        return out + err

    return call


@pytest.fixture(scope="module")
def tables() -> Mapping[str, pd.DataFrame]:
    """Two years of twenty members, whose names and ids are like nothing else, and stand in every remark."""
    found = synthetic(20, (2023, 2024), 5)
    members = found["members"]["member_id"].unique()
    ids = dict(zip(members, (f"ID9{at:04d}X" for at in range(len(members))), strict=True))
    frames = {
        name: frame.assign(member_id=frame["member_id"].map(ids)) if "member_id" in frame else frame
        for name, frame in found.items()
        if len(frame)
    }
    frames["members"] = frames["members"].assign(name="龘" + frames["members"]["name"])
    frames["events"] = frames["events"].assign(note="龘甲检举", award="龘甲奖")
    last = frames["members"]["member_id"].iloc[0]
    frames["corrections"] = pd.DataFrame(
        [[last, "2024H2", "daily.dues", 1.0, "龘乙", "龘丙来信"], [last, "2024H2", "nothing", 1.0, "龘乙", "龘丙"]],
        columns=["member_id", "period", "target", "points", "decided_by", "reason"],
    )
    return frames


def written(tables: Mapping[str, pd.DataFrame], folder: Path, called: str = "") -> Path:
    """Write tables into a folder of data, each file called after somebody."""
    data = folder / "数据"
    data.mkdir(parents=True)
    for name, table in tables.items():
        table.to_csv(data / f"{called}{name}.csv", index=False)
    return folder


@pytest.mark.parametrize("command", PLAIN, ids=lambda command: f"{command[0]} {command[command.index('--out') + 1]}")
def test_two_folders_give_equal_bytes(
    told: Told, tables: Mapping[str, pd.DataFrame], tmp_path: Path, undrawn: None, command: tuple[str, ...]
) -> None:
    """Neither the place nor the moment stands in any output; from what it was made does."""
    made = []
    for name in ("甲", "乙 处"):
        folder = written(tables, tmp_path / name)
        told(folder, *command)
        made.append({path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()})
    assert made[0] == made[1]
    assert len(made[0]) == PLAIN[command]
    assert command[0] != "report" or "2025年1月1日编制" in made[0]["总结.html"].decode()
    says_its_origin(folder)


def test_under_pseudonyms_no_name_and_no_id_is_anywhere(
    told: Told, tables: Mapping[str, pd.DataFrame], tmp_path: Path
) -> None:
    """Not in cells, properties, metadata, hovers, remarks or names of files, nor in what is printed."""
    folder = written(tables, tmp_path, called="龘甲ID90001X")
    (tmp_path / "key").write_text("a key for tests only", encoding="utf-8")
    before = set(folder.iterdir())
    said = [told(folder, *command, "--pseudonymise", "key") for command in HIDDEN]
    outputs = set(folder.iterdir()) - before
    assert len(outputs) == len(HIDDEN) + 7
    for name, content in [("said", one.encode()) for one in said] + [part for path in outputs for part in parts(path)]:
        assert "龘".encode() not in content, name
        assert b"u9f98" not in content, name
        assert b"ID9" not in content, name


def parts(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield everything that a file says, unpacked."""
    content = path.read_bytes()
    yield path.name, content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from ((f"{path.name}/{name}", name.encode() + archive.read(name)) for name in archive.namelist())
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        yield path.name, repr((table.schema.metadata, table.to_pylist())).encode()


def says_its_origin(folder: Path) -> None:
    """Assert that each output, or the manifest beside it, has the hashes of the scheme and of the data."""
    members = hashlib.sha256((folder / "数据" / "members.csv").read_bytes()).hexdigest()
    for name in {path.name for path in folder.iterdir() if path.is_file()} - {"结果.csv", "结果.年度.csv"}:
        said = b"".join(content for _, content in parts(folder / name))
        for part in (jf.read_scheme("community_60_40").digest, members, version("jifen-analysis")):
            assert part.encode() in said, name
