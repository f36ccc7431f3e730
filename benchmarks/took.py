"""Run a command and say what it took, from a process that is small itself: a child's peak begins with its parent's."""

from __future__ import annotations

import os
import sys
from subprocess import DEVNULL, PIPE, Popen, run


def took(command: list[str], accepted: tuple[int, ...] = (0,)) -> tuple[float, float]:
    """Return processor seconds and the peak of memory of a command; end where it fails."""
    said = run([sys.executable, "-m", "benchmarks.took", *command], stdout=PIPE, check=True).stdout
    code, seconds, peak = map(float, said.split())
    if code not in accepted:
        sys.exit(f"failed: {' '.join(command)}")
    return seconds, peak


def main(command: list[str]) -> None:
    """Run it and print how it ended, its processor seconds and its peak of memory."""
    process = Popen(command, stdout=DEVNULL, stderr=DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    print(process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss)


if __name__ == "__main__":
    main(sys.argv[1:])
