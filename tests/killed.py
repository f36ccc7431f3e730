"""Every command that writes, killed while it writes: what stands there afterwards is the old output or the new.

What is written, and how its name may end, comes from the commands' own
declarations. ``python -m tests.killed [COMMAND ...]`` kills each at random
moments between its first and its last step; the suite kills the quick ones at
some of their steps, too.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jifen_analysis.cli.app import READ
from jifen_analysis.cli.commands import COMMANDS
from tests.matrix import DRAWN, ENDINGS, beside, parameters
from tests.odd_data import ODD

SAID: Mapping[str, Sequence[str]] = {
    "explain": ("DATA", "--branch", "第1支部", "--period", "2024H1"),
    "export": ("DATA", "--pseudonymise", "KEY"),
    "notice": ("DATA", "--period", "2024H1"),
    "compare": ("DATA", "--scheme", "community_60_40", "--scheme", "street_80_20"),
    "try": ("DATA", "--cut", "优秀=88"),
    "chart": ("distribution.histogram", "DATA"),
    "schemes": ("community_60_40",),
    "sample": ("--members", "8", "--years", "2024"),
}
"""What a command needs besides where it writes; ``DATA`` alone where nothing stands here."""
FAULTY = "check-returned"
"""What is written of data with errors alone: the command ends with 1."""
ADDED_TO = "check-unknown"
"""What is read again where it stands, and so has nothing in its place at first."""
SET = "DIR"
"""How a folder is called whose files stand each for itself: every one of them is whole."""

RUNS = """
import hashlib, json, os, random, resource, shutil, signal, sys, time
from pathlib import Path
from jifen_analysis.cli import run

place, lines, unwritten = Path(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3]
steps_wanted, moments, seed = map(int, sys.argv[4:])
chance = random.Random(seed)
writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
changing = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "shutil.move"}
count, deadly, first, last, bell = 0, -1, 0.0, 0.0, None

def counts(event, given):
    # Only what is done here: what the first run alone does elsewhere, as trying out where temporary files may stand,
    # is no step of the runs after it, and the kill at the last one would never come.
    inside = str(given[0]).startswith(str(place)) or not os.path.isabs(str(given[0]))  # a name in an open folder
    return inside and (event in changing or (isinstance(given[2], int) and given[2] & writing))

def watch(event, given):
    global count, first, last
    if (event == "open" or event in changing) and counts(event, given):
        count, last = count + 1, time.monotonic()
        if count == 1:
            first = last
            if bell is not None:
                os.write(bell, b"!")
        if count == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

def digests(path):
    found = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
    return {one.relative_to(path.parent).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest() for one in found}

def without_room(line):
    one = os.fork()
    if not one:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        try:
            code = run(line)
        except BaseException:
            code = 99
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(one, 0)[1])

def killed(line, at=-1, after=None):
    global count, deadly, bell
    here, there = os.pipe()
    one = os.fork()
    if not one:
        os.close(here)
        count, deadly, bell = 0, at, there
        try:
            run(line)
        except BaseException:
            os._exit(70)  # a run that breaks off is no kill, and goes no further in this program
        os._exit(0)
    os.close(there)
    if after is not None and os.read(here, 1):
        time.sleep(after)
        os.kill(one, signal.SIGKILL)
    _, status = os.waitpid(one, 0)
    os.close(here)
    return os.waitstatus_to_exitcode(status)  # below zero where a signal ended it

told = {}
sys.dont_write_bytecode = True  # what is compiled the first time is no step: a kill at the last one would never come
sys.addaudithook(watch)
said = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
(place / "new").mkdir()
for name, words in lines.items():
    def line(target):
        return [word.replace("OUT", str(target)) for word in words]
    target = place / name

    def anew():
        shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
        if target.suffix and not name.startswith(unwritten):
            target.write_text("old")
        return digests(target)

    old, seen, count = anew(), [], 0
    code = run(line(place / "new" / name))  # here, so that every run below has all it imports
    steps, lasted = count, last - first
    full = [without_room(line(target)), digests(target)]
    for at in sorted({max(round(steps * (share + 1) / steps_wanted), 1) for share in range(steps_wanted)}):
        anew()
        ended = killed(line(target), at)
        seen.append([f"at step {at} of {steps}", digests(target), ended, [-signal.SIGKILL]])
    for moment in sorted(chance.uniform(0, lasted) for _ in range(moments)):
        anew()
        ended = killed(line(target), after=moment)
        after = f"{moment:.4f} of {lasted:.4f} s after its first step"
        seen.append([after, digests(target), ended, [-signal.SIGKILL, 0]])  # it may have ended sooner than that
    anew()
    seen.append(["not at all", digests(target), killed(line(target)), [0]])
    left = [one.name for one in place.iterdir() if one.name.startswith(".")]
    told[name] = {"code": code, "steps": steps, "old": old, "new": digests(place / "new" / name), "seen": seen,
                  "last": digests(target), "left": left, "full": full}
os.write(said, json.dumps(told).encode())
"""


def writes(name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield what a command may be asked to write, with the words that ask for it; ``OUT`` is where."""
    declared = parameters(name)
    plain = ["DATA"] if any(one.name == "data" and one.required for one in declared) else []
    for one in declared:
        if "Path" in str(getattr(one.type_descriptor, "annotation", "")) and one.name not in READ:
            option = max(one.opts, key=len)
            for ending in endings(one):
                target = ["OUT"] if not option.startswith("--") else [option, "OUT"]
                kind = SET if one.metavar == SET else "OUT"
                what = f"{name}-{one.name}-{kind}{ending}"
                yield what, [name, *([FAULTY] if what.startswith(FAULTY) else SAID.get(name, plain)), *target]


def endings(parameter: Any) -> list[str]:
    """Return how the name of what is written may end, a folder not at all, as its help says."""
    said = f"{parameter.metavar or ''} {parameter.help}"
    found = [ending for ending in ENDINGS if ending in said]
    return [*found, *([""] if not found or "文件夹" in said else [])]


def all_writes() -> dict[str, list[str]]:
    """Return everything that any command writes."""
    return {what: words for name in COMMANDS for what, words in writes(name)}


def drawn(what: str) -> bool:
    """Return whether it takes a browser, or long, to make: left to the whole run."""
    return what.endswith(DRAWN) or what.startswith("demo") or "images" in what


def told(root: Path, data: str, lines: Mapping[str, Sequence[str]], steps: int, moments: int) -> dict[str, Any]:
    """Run and kill; return of each output the old one, the new one, and what stood there after each kill."""
    ODD[data](root / "data")
    ODD["a name for a status"](root / FAULTY)
    beside(root / "beside")
    (root / "out").mkdir()
    places = {name: str(root / place) for name, place in _PLACES.items()}
    said = {what: [places.get(word, word) for word in words] for what, words in lines.items()}
    numbers = map(str, (steps, moments, random.randrange(1000)))
    command = [sys.executable, "-c", RUNS, str(root / "out"), json.dumps(said), ADDED_TO, *numbers]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1735689600"}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=3000, env=environment)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


_PLACES = {"DATA": "data", "KEY": "beside/密钥.txt", FAULTY: FAULTY}


def faults(what: str, found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with what was left of one output."""
    if found["code"] != what.startswith(FAULTY) or not found["new"]:
        yield f"ended with {found['code']}, and wrote {len(found['new'])} files"
    if found["full"] not in ([1, found["old"]], [2, found["old"]]):
        yield f"without room to write: ended with {found['full'][0]}, or left a part"
    for when, after, ended, allowed in found["seen"]:
        if ended not in allowed:
            yield f"killed {when}: ended with {ended}, not {allowed[0]}"
        there = {name: digest for name, digest in after.items() if "/." not in name}  # what the next run tidies up
        alone = SET in what and there.items() <= found["new"].items()
        if not alone and after not in (found["old"], found["new"]):
            yield f"killed {when}: neither the old output nor the new"
    if found["last"] != found["new"]:
        yield "the run after it wrote something else"
    yield from (f"left {name}" for name in found["left"])


def main(names: Sequence[str]) -> None:
    """Kill everything that some commands write, or that all do, at ten random moments, and print what is left of it."""
    for what, words in all_writes().items():
        if not names or words[0] in names:
            with tempfile.TemporaryDirectory() as folder:
                found = told(Path(folder), "two of a fair size", {what: words}, 3, 10)[what]
            wrong = [*faults(what, found)]
            states = ["old" if after == found["old"] else "new" for _, after, *_ in found["seen"][:-1]]
            counted = f"{len(states)} kills in {found['steps']} steps, {states.count('old')} left the old"
            sys.stderr.write(f"{'!!' if wrong else '##'} {what}: {counted} {wrong or ''}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
