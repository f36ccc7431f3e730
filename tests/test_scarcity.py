"""Too little memory, and no room for temporary files: a sentence, an exit code, no traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import files
from tests.test_cli import ATTENDANCE, ROSTER

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux has them, and its devices")

RUNS = """
import os, resource, sys
from jifen_analysis.cli import main
import jifen_analysis.cli.app, jifen_analysis.cli.records, jifen_analysis.intake.workbooks, pandas, pyarrow.parquet

def held(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name)) << 10

def alone(limit, words):
    child = os.fork()
    if not child:
        limit()
        sys.argv = ["jifen", *words]
        main()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(f"{code}\\0", end="", flush=True)

def little_memory():
    resource.setrlimit(resource.RLIMIT_AS, (held("VmSize") + (4 << 20),) * 2)

def no_room():
    os.environ["TMPDIR"] = "/dev/full"
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

data, out = sys.argv[1:]
for command in ("check", "assess"):
    alone(little_memory, [command, data])
    alone(no_room, [command, data, "--out", out])
"""
"""Both commands under either limit, each in a process of its own that has the libraries already."""


def test_too_little_memory_or_room_is_told(tmp_path: Path) -> None:
    """Each ends with a sentence (where memory lacks, or does its work), and leaves no file that is half there."""
    data, out = files(tmp_path / "数据", 花名册=ROSTER, 考勤=ATTENDANCE), tmp_path / "x.xlsx"
    line = [sys.executable, "-c", RUNS, str(data), str(out)]
    done = subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120)
    told = done.stdout.split("\0")
    assert len(told) == 5
    assert "Traceback" not in done.stdout
    for little, no_room in (told[:2], told[2:4]):
        assert little[-1] in "012"
        assert no_room[-1] in "12"
        assert "写不" in no_room
    assert not out.exists()
