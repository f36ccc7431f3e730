"""How long rank acceptability takes, beside numpy's product and row sort, and beside scikit-criteria.

``python -m benchmarks.robustness``. scikit-criteria pins an older numpy, so it
runs in an environment of its own, made in a temporary folder on first use; it
scores one weighting at a time, so fewer of them are run and the time is scaled.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from jifen_analysis.analysis import weights

PEER = """
import sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np, skcriteria
from skcriteria.agg.simple import WeightedSumModel
members, k, runs = map(int, sys.argv[1:])
generator = np.random.default_rng(0)
scores, draws = generator.uniform(0, 100, (members, k)), generator.dirichlet(np.ones(k), runs)
model = WeightedSumModel()
start = time.perf_counter()
for draw in draws:
    model.evaluate(skcriteria.mkdm(scores, [max] * k, weights=draw)).rank_
print(time.perf_counter() - start)
"""


def floor(scores: np.ndarray, draws: np.ndarray) -> None:
    """Do what cannot be avoided: every composite score, and one sort a weighting."""
    for at in range(0, len(draws), 100):
        np.sort(draws[at : at + 100] @ scores.T, axis=1)


def seconds(work: Callable[[], object]) -> float:
    """Return how long one run takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def alternating(works: Sequence[Callable[[], object]], times: int) -> list[float]:
    """Return the shortest of several runs of each, taken in turns: what else the machine does falls on all."""
    taken = [[seconds(work) for work in works] for _ in range(times)]
    return [min(runs) for runs in zip(*taken, strict=True)]


def peak() -> float:
    """Return the most memory that this process has held so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peer(folder: Path, members: int, components: int, runs: int) -> float | None:
    """Return the seconds scikit-criteria takes for some weightings; ``None`` where it cannot be installed."""
    python = folder / "scikit-criteria" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", python.parent.parent], check=True)
        wanted = [python, "-m", "pip", "install", "--quiet", "scikit-criteria"]
        if subprocess.run(wanted, check=False, capture_output=True).returncode:
            return None
    asked = [python, "-c", PEER, *map(str, (members, components, runs))]
    return float(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Measure and print, everything in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--weightings", type=int, default=2_000)
    parser.add_argument("--components", type=int, default=3)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "jifen-bench")
    given = parser.parse_args()
    generator = np.random.default_rng(0)
    scores = generator.uniform(0, 100, (given.members, given.components))
    draws = generator.dirichlet(np.ones(given.components), given.weightings)
    frame = pd.DataFrame(scores)
    before = peak()
    weights.acceptability(frame, n=given.weightings)
    held = peak() - before
    least, ours = alternating(
        [lambda: floor(scores, draws), lambda: weights.acceptability(frame, n=given.weightings)], given.times
    )
    few = max(given.weightings // 100, 1)
    theirs = peer(given.folder, given.members, given.components, few)
    print(f"{given.members:,} members, {given.weightings:,} weightings; best of {given.times} runs each, in turns")
    print(f"acceptability                {ours / least:6.2f} times numpy's product and row sort; {held:.0f} MB more")
    if theirs is None:
        print("scikit-criteria              not installed: no package index within reach")
    else:
        print(f"scikit-criteria ({few} scaled) {theirs * given.weightings / few / ours:6.2f} times acceptability")


if __name__ == "__main__":
    main()
