"""Every writing command killed at any of its steps: the old output is there or the new, never a part of one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from tests.command import files
from tests.test_cli import ATTENDANCE, MARKS, ROSTER

pytest.importorskip("resource", reason="Windows has no fork")

COMMANDS: Mapping[str, list[str]] = {
    "检查.xlsx": ["check", "DATA", "--out", "OUT"],
    "检查.json": ["check", "DATA", "--json", "OUT"],
    "结果.xlsx": ["assess", "DATA", "--out", "OUT"],
    "结果.csv": ["assess", "DATA", "--out", "OUT"],
    "已查验": ["convert", "DATA", "OUT"],
    "积分卡.docx": ["explain", "DATA", "--branch", "一支部", "--period", "2024H1", "--out", "OUT"],
    "公示.docx": ["notice", "DATA", "--period", "2024H1", "--out", "OUT"],
    "核验.zip": ["export", "DATA", "OUT", "--pseudonymise", "KEY"],
    "比较.xlsx": ["compare", "DATA", "--scheme", "community_60_40", "--scheme", "street_80_20", "--out", "OUT"],
    "空白表.xlsx": ["template", "OUT"],
    "样例": ["sample", "OUT", "--members", "8", "--years", "2024"],
    "样例表": ["sample", "OUT", "--members", "8", "--years", "2024", "--format", "parquet"],
}
RUNS = """
import hashlib, json, os, signal, sys, tempfile
from pathlib import Path
from jifen_analysis.cli import run

place, data, key = map(Path, sys.argv[1:4])
commands = json.loads(sys.argv[4])
writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
changing = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate"}
count, deadly, watched, log = 0, -1, None, -1

def watch(event, given):
    global count
    if event in changing or (event == "open" and isinstance(given[2], int) and given[2] & writing):
        count += 1
        if watched is not None:
            os.write(log, json.dumps([count, digests(watched)]).encode() + b"\\n")
        if count == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

def digests(path):
    found = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
    return {one.relative_to(path.parent).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest() for one in found}

def killed(line, target, at):
    # What stands in a place before each step is what a kill at that step would leave there.
    global count, deadly, watched, log
    with tempfile.TemporaryFile() as kept:
        one = os.fork()
        if not one:
            count, deadly, watched, log = 0, at, target, kept.fileno()
            run(line)
            os._exit(0)
        _, ended = os.waitpid(one, 0)
        kept.seek(0)
        return os.WIFSIGNALED(ended), [json.loads(line) for line in kept]

told = {}
sys.dont_write_bytecode = True  # what is compiled the first time is no step of a command
sys.addaudithook(watch)
said = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
(place / "new").mkdir()
for name, command in commands.items():
    def line(target):
        return [{"OUT": str(target), "DATA": str(data), "KEY": str(key)}.get(word, word) for word in command]
    target = place / name
    if target.suffix:
        target.write_text("old")
    old, count = digests(target), 0
    code, steps = run(line(place / "new" / name)), count  # here, so that every run below has all it imports
    died, seen = killed(line(target), target, steps)
    _, again = killed(line(target), target, -1)
    left = [one.name for one in place.iterdir() if one.name.startswith(".")]
    told[name] = {"code": code, "died": died, "old": old, "new": digests(place / "new" / name),
                  "seen": [*seen, *again], "last": digests(target), "left": left}
os.write(said, json.dumps(told).encode())
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, object]]:
    """What stood in the place of every output at each step of a run that was killed at its last, and of the next."""
    root = tmp_path_factory.mktemp("killed")
    data = files(root / "数据", 花名册=ROSTER, 考勤=ATTENDANCE, 民主评议=MARKS)
    (root / "key").write_text("k" * 40, encoding="utf-8")
    (root / "out").mkdir()
    command = [sys.executable, "-c", RUNS, *map(str, (root / "out", data, root / "key")), json.dumps(COMMANDS)]
    environment = {"SOURCE_DATE_EPOCH": "1735689600"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=300, env={**os.environ, **environment}
    )
    found: Mapping[str, Mapping[str, object]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_the_old_or_the_new(told: Mapping[str, Mapping[str, object]], name: str) -> None:
    """At any step, where a kill could come, the output is to the byte the earlier one, or that of a run that ended."""
    found = told[name]
    assert found["code"] == 0
    assert found["new"], "the command wrote nothing"
    assert found["died"], "nothing was killed"
    for step, after in found["seen"]:  # type: ignore[attr-defined]
        assert after in (found["old"], found["new"]), f"at step {step}"
    assert found["last"] == found["new"]


def test_nothing_is_left_over(told: Mapping[str, Mapping[str, object]]) -> None:
    """The next run has tidied up what killed ones had begun."""
    assert all(found["left"] == [] for found in told.values())
