"""Who makes up the cases: atheris, led by what was reached, or hypothesis, by chance."""

from __future__ import annotations

import hashlib
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType

Try = Callable[[bytes], None]


def guided() -> bool:
    """Return whether coverage can lead the search."""
    return find_spec("atheris") is not None


def search(names: Sequence[str], folder: Path, seconds: int) -> None:
    """Search for so long; what is found stands in the folder. Returns or ends the process.

    Parameters
    ----------
    names : sequence of str
        Doors to try, by the first byte of each case.
    folder : Path
        Gets ``cases`` (what reached something new), ``found`` (a file a kind) and ``count``.
    seconds : int
        Until when.
    """
    if guided():
        _with_atheris(names, folder, seconds)
    else:
        _with_hypothesis(names, folder, seconds)


def _with_atheris(names: Sequence[str], folder: Path, seconds: int) -> None:
    import atheris

    with atheris.instrument_imports(include=["jifen_analysis"]):
        from benchmarks.fuzz.targets import tried
    cases = folder / "cases"
    cases.mkdir(exist_ok=True)
    limits = ["-timeout=120", "-rss_limit_mb=6000", "-max_len=2048", "-len_control=0", f"-max_total_time={seconds}"]
    told = ["fuzz", str(cases), *limits, "-print_final_stats=1", f"-artifact_prefix={folder}/died-"]
    atheris.Setup(told, recording(names, folder, tried))
    atheris.Fuzz()


def _with_hypothesis(names: Sequence[str], folder: Path, seconds: int) -> None:
    from hypothesis import HealthCheck, Phase, given, settings, strategies

    from benchmarks.fuzz.targets import tried

    attempt, until = recording(names, folder, tried), time.monotonic() + seconds

    @settings(
        max_examples=200, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck]
    )
    @given(strategies.binary(min_size=1, max_size=2048))
    def run(data: bytes) -> None:
        if time.monotonic() < until:
            attempt(data)

    while time.monotonic() < until:
        run()


def recording(names: Sequence[str], folder: Path, tried: Callable[[str, bytes], None]) -> Try:
    """Return what tries a case and writes down what went wrong, so that the search goes on."""
    found, count = folder / "found", [0]
    found.mkdir(exist_ok=True)

    def attempt(data: bytes) -> None:
        count[0] += 1
        if count[0] % 50 == 0:
            (folder / "count").write_text(str(count[0]), encoding="utf-8")
        name = names[data[0] % len(names)] if data else names[0]
        try:
            tried(name, data[1:])
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as fault:  # a panic of Rust is no Exception
            _write_down(found, name, data[1:], fault)

    return attempt


def _write_down(found: Path, name: str, data: bytes, fault: BaseException) -> None:
    """Write the first and shortest case of each kind: the same door, the same error, the same line of ours."""
    key = hashlib.sha256(f"{name} {type(fault).__name__} {_place(fault.__traceback__)}".encode()).hexdigest()[:8]
    path = found / f"{name}-{type(fault).__name__}-{key}.txt"
    told = f"{name} {data.hex()}\n\n{''.join(traceback.format_exception(fault)[-14:])}"
    if not path.exists() or len(told) < path.stat().st_size:
        path.write_text(told, encoding="utf-8", errors="backslashreplace")
        sys.stderr.write(f"found: {path.name}\n")


def _place(trace: TracebackType | None) -> str:
    frames = [f"{one.filename}:{one.lineno}" for one in traceback.extract_tb(trace)]
    return next((place for place in reversed(frames) if "jifen_analysis" in place), frames[-1] if frames else "")
