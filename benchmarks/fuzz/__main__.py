"""Search for what is neither a finding nor a refusal: ``python -m benchmarks.fuzz --minutes 60``."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.fuzz.engines import guided, search

TARGETS = (
    *("texts", "packages", "cells", "layouts", "schemes", "scheme_texts"),
    *("scheme_sheets", "correspondences", "manifests", "saved", "results"),
)
"""Doors, named here so that nothing of the package is imported before it can be watched."""


def main() -> int:
    """Search in a process of its own, again where it dies; print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "jifen-fuzz")
    parser.add_argument("--case", metavar="FILE", type=Path, help="try one case again that was found")
    parser.add_argument("--seconds", type=int, help=argparse.SUPPRESS)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; all by default")
    given = parser.parse_args()
    names = given.targets or TARGETS
    if given.case:
        return _again(given.case)
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.seconds is not None:
        search(names, given.folder, given.seconds)
        return 0
    return _searched(names, given.folder, given.minutes)


def _again(case: Path) -> int:
    from benchmarks.fuzz.targets import tried

    name, data = case.read_text(encoding="utf-8").split("\n", 1)[0].split(" ")
    tried(name, bytes.fromhex(data))
    return 0


def _searched(names: list[str], folder: Path, minutes: float) -> int:
    until, tries, deaths = time.monotonic() + 60 * minutes, 0, 0
    while (left := int(until - time.monotonic())) > 0:
        command = [sys.executable, "-m", "benchmarks.fuzz", "--folder", str(folder), "--seconds", str(left), *names]
        deaths += subprocess.run(command, check=False).returncode != 0
        count = folder / "count"
        tries += int(count.read_text(encoding="utf-8")) if count.exists() else 0
        count.unlink(missing_ok=True)
    kinds = sorted(path.name for path in (folder / "found").iterdir())
    print(f"{'atheris' if guided() else 'hypothesis'}: {tries:,} cases in {minutes:g} minutes; {deaths} deaths")
    print("\n".join(["nothing found" if not kinds else f"{len(kinds)} kinds found, in {folder / 'found'}:", *kinds]))
    return int(bool(kinds or deaths))


if __name__ == "__main__":
    sys.exit(main())
