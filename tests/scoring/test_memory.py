"""Records that do not fit into memory: streamed under a limit ten times too small for them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.intake import load
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import FRAMES, open_result
from jifen_analysis.sealing import seal
from jifen_analysis.store.manifest import FORMAT, MANIFEST, manifest_of
from jifen_analysis.store.write import convert
from jifen_analysis.tables import Records
from jifen_analysis.vocabulary import standard

SPARE = 64 << 20
"""Bytes that may be taken beyond what the imports and one small run have taken."""

UNDER_A_LIMIT = """
import resource, sys
from pathlib import Path
import jifen_analysis as jf
small, folder, out, spare = sys.argv[1:]
scheme = jf.read_scheme("community_60_40")
jf.assess(jf.load(small), scheme)
taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (taken + int(spare),) * 2)
records = jf.load(folder)
try:
    records.attendance
except MemoryError:
    print("they do not fit")
jf.assess(records, scheme).save(out)
"""


def year(members: int = 60) -> Records:
    """Return a year in which everybody is at four activities a day."""
    ids = [f"{number:05d}" for number in range(members)]
    days = np.datetime64("2024-01-01") + np.arange(366)
    words = standard()
    rows = pd.MultiIndex.from_product([ids, days, words.codes("activity")[:4]], names=["member_id", "date", "activity"])
    status = np.random.default_rng(3).choice(words.codes("status"), len(rows))
    roster = pd.DataFrame({"member_id": ids, "branch": "第一支部"})
    return Records.from_frames({"members": roster, "attendance": rows.to_frame(index=False).assign(status=status)})


def repeated(folder: Path, out: Path, times: int) -> Path:
    """Copy a converted folder, with its attendance so many times: a file each, all in the manifest."""
    shutil.copytree(folder, out)
    manifest = manifest_of(folder)
    roster, attendance = manifest.parts
    held = out / "held.parquet"
    (out / attendance.path).rename(held)
    path = attendance.path.replace("0001", "{:04d}").format
    copies = [replace(attendance, path=path(n + 1), block=n) for n in range(times)]
    for part in copies:
        os.link(held, out / part.path)
    held.unlink()
    made = {"format": FORMAT, **asdict(replace(manifest, parts=(roster, *copies), blocks=manifest.blocks * times))}
    (out / MANIFEST).write_text(seal(made), encoding="utf-8")
    return out


@pytest.mark.skipif(sys.platform != "linux", reason="limits of address space are kept by Linux")
def test_records_ten_times_the_memory_are_assessed(tmp_path: Path) -> None:
    """Under a limit that the records as frames exceed tenfold, the result is that of a run without a limit."""
    records = year()
    size = int(records.attendance.memory_usage(deep=True).sum())
    times = 10 * SPARE // size + 1
    small = convert(records, tmp_path / "small")
    folder = repeated(small, tmp_path / "large", times)
    asked = [str(small), str(folder), str(tmp_path / "result"), str(SPARE)]
    # Arenas and pools reserve addresses that nobody uses; the limit is one of addresses.
    plain = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", UNDER_A_LIMIT, *asked],
        capture_output=True, text=True, check=False, env={**os.environ, **plain},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "they do not fit\n"), done.stderr
    limited, free = open_result(tmp_path / "result"), assess(load(folder), read_scheme("community_60_40"))
    for frame in FRAMES:
        pd.testing.assert_frame_equal(limited.frames(frame), free.frames(frame), check_exact=True)
    counted = free.ledger["count"].max() / assess(records, read_scheme("community_60_40")).ledger["count"].max()
    assert counted == times
