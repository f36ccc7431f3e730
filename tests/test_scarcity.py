"""Too little memory, and no room for temporary files: a sentence, an exit code, no traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jifen_analysis.cli import app, reading
from tests.command import Jifen, files
from tests.test_cli import ATTENDANCE, ROSTER

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux has them, and its devices")

RUNS = """
import os, resource, sys
from jifen_analysis.cli import main
import jifen_analysis.cli.app, jifen_analysis.cli.records, jifen_analysis.intake.workbooks, pandas, pyarrow.parquet

def alone(limit, words):
    child = os.fork()
    if not child:
        limit()
        sys.argv = ["jifen", *words]
        main()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(f"{code}\\0", end="", flush=True)

def no_room():
    os.environ["TMPDIR"] = "/dev/full"
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

data, out = sys.argv[1:]
for command in ("check", "assess"):
    alone(no_room, [command, data, "--out", out])
"""
"""Both commands, each in a process of its own that has the libraries already."""


def test_too_little_room_is_told(tmp_path: Path) -> None:
    """Each ends with a sentence, and leaves no file that is half there."""
    data, out = files(tmp_path / "数据", 花名册=ROSTER, 考勤=ATTENDANCE), tmp_path / "x.xlsx"
    line = [sys.executable, "-c", RUNS, str(data), str(out)]
    done = subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=300)
    told = done.stdout.split("\0")[:-1]
    assert len(told) == 2
    assert "Traceback" not in done.stdout
    for said in told:
        assert said[-1] in "12"
        assert "写不" in said
    assert not out.exists()


def test_what_waits_for_memory_is_loaded_first(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    """Under a limit there must be room for it from the beginning; where there is none, a sentence says so."""
    monkeypatch.setattr(app, "_limited", lambda: True)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    app.load_early()
    monkeypatch.setattr(app, "ROOM", 2**60)
    with pytest.raises(MemoryError):
        app.load_early()
    monkeypatch.setattr("sys.stdout", sys.stdout)  # main lets nothing more be written to it
    with pytest.raises(SystemExit, match="1"):
        app.main()
    assert "内存不足" in capsys.readouterr().err


def test_breaking_off_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    """Whoever breaks a command off reads that it was, and gets the code for it."""

    def broken_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reading, "check", broken_off)
    monkeypatch.setattr("sys.argv", ["jifen", "check", "."])
    monkeypatch.setattr("sys.stdout", sys.stdout)  # main lets nothing more be written to it
    with pytest.raises(SystemExit, match="130"):
        app.main()
    assert "已中断" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "assess"])
def test_too_little_memory_is_told(command: str, tmp_path: Path, jifen: Jifen, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where memory runs out while data are read, a sentence says so."""

    def refused(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(reading, "check", refused)
    code, out, err = jifen(command, files(tmp_path / "数据", 花名册=ROSTER, 考勤=ATTENDANCE))
    assert code == 1
    assert "内存不足" in out + err
    assert "Traceback" not in out + err
