"""Too little memory, and no room for temporary files: a sentence, an exit code, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import files
from tests.test_cli import ATTENDANCE, ROSTER

resource = pytest.importorskip("resource", reason="limits are set by POSIX systems alone")

TIGHT = """
import resource, sys
from jifen_analysis.cli import main
import jifen_analysis.cli.app, jifen_analysis.cli.records, jifen_analysis.intake.workbooks, pandas, pyarrow.parquet
held = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + {room},) * 2)
main()
"""
"""The command with so many bytes beside what its libraries take."""


def told(code: str, *args: object, **environment: str) -> tuple[int, str]:
    """Run some code in a process of its own; return its exit code and all it said."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, args)],
        capture_output=True, text=True, check=False, timeout=120, env={**os.environ, **environment},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what is held")
@pytest.mark.parametrize("command", ["check", "assess"])
def test_too_little_memory_is_told(tmp_path: Path, command: str) -> None:
    """It ends with a sentence, or does its work."""
    data = files(tmp_path / "数据", 花名册=ROSTER, 考勤=ATTENDANCE)
    code, said = told(TIGHT.format(room=1 << 22), command, data)
    assert code in (0, 1, 2)
    assert "Traceback" not in said


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such device")
@pytest.mark.parametrize("command", ["check", "assess"])
def test_no_room_for_temporary_files_is_told(tmp_path: Path, command: str) -> None:
    """A temporary folder that takes nothing, and files that may not grow."""
    data = files(tmp_path / "数据", 花名册=ROSTER, 考勤=ATTENDANCE)
    run = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); " \
          "from jifen_analysis.cli import main; main()"  # fmt: skip
    code, said = told(run, command, data, "--out", tmp_path / "x.xlsx", TMPDIR="/dev/full")
    assert code in (1, 2)
    assert "Traceback" not in said
    assert "写不" in said
    assert not (tmp_path / "x.xlsx").exists()
