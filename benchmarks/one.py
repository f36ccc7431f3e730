"""One engine, one scheme, one process: ``python -m benchmarks.one ENGINE SCHEME FOLDER OUT``."""

from __future__ import annotations

import resource
import sys
import time
from importlib import import_module
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def main(engine: str, scheme: str, folder: str, out: str) -> None:
    """Compute, write the totals, and say what it took."""
    totals = import_module(f"benchmarks.peers.{engine}").totals
    start = time.perf_counter()
    found = totals(Path(folder), scheme)
    seconds = time.perf_counter() - start
    table = found if isinstance(found, pa.Table) else pa.Table.from_pandas(found, preserve_index=False)
    pq.write_table(table, out)
    print(seconds, peak())


def peak() -> int:
    """Return the most memory this process held; its own, where getrusage would tell the parent's."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = status.read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main(*sys.argv[1:])
