"""A run that is killed, and a disk that is full: what was there stays whole, and nothing is left beside it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest

pytest.importorskip("resource", reason="Windows has no fork and no such limits")

from jifen_analysis.report import images
from jifen_analysis.report.export import export
from jifen_analysis.report.flat import write_table
from jifen_analysis.report.notice import notices, write_notices
from jifen_analysis.report.page import write_page
from jifen_analysis.report.results import sheets
from jifen_analysis.report.review import Picture, Review, Section, Table
from jifen_analysis.report.word import write_word
from jifen_analysis.report.workbook import write_workbook
from tests.charts.browser import found
from tests.report.builders import assessed
from tests.report.sampled import MADE

Write = Callable[[Path], Any]
BARS = Picture("grades_by_year", "等次", "优秀两人。", go.Figure(go.Bar(x=["优秀", "合格"], y=[2, 3]), {"height": 300}))
SHORT = Review("总结", "", "zh", (), (BARS,), (Section("附", (Table("等次", ("优秀", "合格"), (("2", "3"),)),)),))
"""A review by hand: to make a real one takes longer than all that is written here."""
PLAIN: Mapping[str, Write] = {
    "结果.xlsx": lambda path: write_workbook(sheets(assessed()), path),
    "结果.csv": lambda path: write_table(assessed().table, path, MADE),
    "结果.parquet": lambda path: write_table(assessed().table, path, MADE),
    "总结.html": lambda path: write_page(SHORT, path),
    "公示.xlsx": lambda path: write_notices(notices(assessed()), path, MADE),
    "公示.docx": lambda path: write_notices(notices(assessed()), path, MADE),
    "核验.zip": lambda path: export(assessed(), "community_60_40", path),
    "核验": lambda path: export(assessed(), "community_60_40", path),
}
DRAWN: Mapping[str, Write] = {
    "总结.docx": lambda path: write_word(SHORT, path),
    "图/01_grades_by_year.png": lambda path: images.write_images(SHORT, path.parent),
}
ALL = {**PLAIN, **(DRAWN if found() else {})}

RUNS = """
import os, resource, shutil, signal, sys
from pathlib import Path
from tests.report import test_killed

drawn = {path.suffix: path for path in Path(sys.argv[3]).iterdir()}

def copied(figures, paths, **wanted):
    # Drawn before all runs: to start a browser takes longer than to write.
    for path in paths:
        shutil.copyfile(drawn[path.suffix], path)

def killed(place):
    def hang(new, target):
        # Everything is written but the last step: the likeliest moment at which something could go wrong.
        os.write(there, b"h")
        signal.pause()

    for name, write in test_killed.ALL.items():
        here, there = os.pipe()
        run = os.fork()
        if not run:
            Path.replace = hang
            write(place / name)
            os._exit(70)
        os.close(there)
        assert os.read(here, 1), f"{name} never came to its last step"
        os.kill(run, signal.SIGKILL)
        status = os.waitpid(run, 0)[1]
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, name

def full(place):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    for name, write in test_killed.PLAIN.items():
        try:
            write(place / name)
        except Exception as refusal:
            print(type(refusal).__name__, refusal, flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)

test_killed.assessed().table
test_killed.images.pio.write_images = copied
full(Path(sys.argv[2]))  # first, and here: so every run below has what it imports
killed(Path(sys.argv[1]))
"""
"""Runs without room, and runs that come as far as they can and never end by themselves."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[str]]:
    """A folder where each run was killed, one that had no room, and what was said there; old files stand in both."""
    killed, full = tmp_path_factory.mktemp("结果"), tmp_path_factory.mktemp("没有地方")
    (killed / "图").mkdir()
    for place, names in ((killed, ALL), (full, PLAIN)):
        for name in names:
            if Path(name).suffix:
                (place / name).write_text(name, encoding="utf-8")
    places = [killed, full, drawn := tmp_path_factory.mktemp("画好")]
    if found():
        images.render([BARS.figure] * 2, [drawn / "图.png", drawn / "图.svg"])
    command, root = [sys.executable, "-c", RUNS, *map(str, places)], Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, text=True, check=True, timeout=300)
    return killed, full, done.stdout.splitlines()


@pytest.fixture(scope="module")
def folder(runs: tuple[Path, Path, list[str]]) -> Path:
    """The folder where a run for each output was killed while it wrote."""
    return runs[0]


@pytest.mark.parametrize("name", [name for name in ALL if Path(name).suffix])
def test_a_killed_run_leaves_what_was_there(folder: Path, name: str) -> None:
    """The old file is as it was, to the byte."""
    assert (folder / name).read_text(encoding="utf-8") == name


def test_a_killed_run_leaves_no_half_folder(folder: Path) -> None:
    """A folder to be filled is not there."""
    assert not (folder / "核验").exists()


@pytest.mark.parametrize("name", ALL)
def test_the_next_run_writes_and_tidies(folder: Path, name: str) -> None:
    """The output is new, and what the killed run had written is gone."""
    target = folder / name
    left = list(target.parent.glob(f".{target.stem}.*{target.suffix}"))
    assert left
    ALL[name](target)
    assert target.is_dir() or target.read_bytes() != name.encode()
    assert not [path for path in left if path.exists()]


def test_a_full_disk_leaves_what_was_there(runs: tuple[Path, Path, list[str]]) -> None:
    """Where no more than some bytes can be written each refusal is a sentence, and nothing is left."""
    files, (_, full, said) = [name for name in PLAIN if Path(name).suffix], runs
    assert len(said) == len(PLAIN)
    assert all(line.startswith("UsageError 写不进去") for line in said)
    assert {path.name: path.read_text(encoding="utf-8") for path in full.iterdir()} == dict(
        zip(files, files, strict=True)
    )
