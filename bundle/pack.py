"""Make the zip for Windows desks without a package index: ``make bundle``.

What the project needs there is resolved to the pins of ``requirements.txt``, fetched as wheels once for each supported
Python, and put into the zip with a list of which Python installs which, and the texts beside this file. ``.bat`` files
leave as GBK, in which the command line of a Chinese Windows reads them; under ``chcp 65001`` it loses its place.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
PYTHONS = ("3.11.0", "3.12.0", "3.13.0")
"""The first of each: what can be installed there can be on all that followed."""
DEEPEST = 259 - 80
"""Characters left below a folder of 80, which 安装.bat allows: Windows takes paths of at most 259."""
LIST = "wheels.txt"
TEXTS = {"安装.bat": "gbk", "启动.bat": "gbk", "说明.txt": "utf-8-sig"}
UV = (sys.executable, "-m", "uv")
PIP = (*UV, "tool", "run", "pip", "--disable-pip-version-check")
RESOLVED = ("--only-binary", ":all:", "--python-platform", "windows", "--no-header", "--no-annotate", "--quiet")
FETCHED = ("--only-binary=:all:", "--no-deps", "--platform", "win_amd64", "--implementation", "cp", "--quiet")


def pins(python: str, *asked: str) -> list[str]:
    """Return what is installed on a Windows desk with this Python, all of it as wheels.

    Parameters
    ----------
    python : str
        Such as ``3.12.0``.
    *asked : str
        A file of requirements, and options of ``uv pip compile``.

    Raises
    ------
    CalledProcessError
        Where something has no such wheel, or no index can be reached; ``stderr`` says which.
    """
    command = [*UV, "pip", "compile", *asked, "--python-version", python, *RESOLVED]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split("\n")[:-1]


def fetch(python: str, store: Path) -> set[Path]:
    """Download the wheels of a Python into a store and return them."""
    extras = ("--extra", "notebook", "--extra", "export")
    with tempfile.TemporaryDirectory() as folder:
        file, fetched = Path(folder) / "pins.txt", Path(folder) / "wheels"
        file.write_text("\n".join(pins(python, "pyproject.toml", *extras, "-c", "requirements.txt")), encoding="utf-8")
        command = [*PIP, "download", *FETCHED, "--python-version", python, "--dest", str(fetched), "-r", str(file)]
        subprocess.run(command, check=True)
        return {Path(shutil.copy2(wheel, store)) for wheel in fetched.iterdir()}


def own_wheel(store: Path) -> Path:
    """Build the project's wheel into a store."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*UV, "build", "--quiet", "--wheel", "--out-dir", folder, str(ROOT)], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        return Path(shutil.copy2(wheel, store))


def too_deep(wheel: Path) -> list[str]:
    """Return the files of a wheel whose path a Windows desk could not hold."""
    with zipfile.ZipFile(wheel) as opened:
        return [name for name in map(_installed, opened.namelist()) if len(name) > DEEPEST]


def _installed(name: str) -> str:
    """Say where a file of a wheel goes, below the folder of the bundle; compiled files have the longest names."""
    first, _, rest = name.partition("/")
    data = rest.partition("/") if first.endswith(".data") else None
    below = f"env/{data[2]}" if data and data[0] == "data" else f"env/Lib/site-packages/{name}"
    head, _, file = below.rpartition("/")
    return f"{head}/__pycache__/{file[:-3]}.cpython-313.pyc" if file.endswith(".py") else below


def text(name: str, folder: Path = HERE) -> bytes:
    """Return a file as it leaves: in its encoding, with the line ends of Windows."""
    said = (folder / name).read_text(encoding="utf-8")
    return said.replace("\n", "\r\n").encode(TEXTS[name])


def listed(wheels: Mapping[str, Iterable[Path]]) -> str:
    """Return the wheels that each Python installs, as requirements: nothing is left to be looked for on the desk."""
    pythons: dict[str, set[str]] = {}
    for python, needed in wheels.items():
        for wheel in needed:
            pythons.setdefault(wheel.name, set()).add(python.rpartition(".")[0])
    every = {python.rpartition(".")[0] for python in wheels}
    return "".join(f"wheels/{name}{_only(found, every)}\n" for name, found in sorted(pythons.items()))


def _only(pythons: set[str], every: set[str]) -> str:
    if pythons == every:
        return ""
    return " ; " + " or ".join(f"python_version == '{python}'" for python in sorted(pythons))


def pack(wheels: Mapping[str, Iterable[Path]], target: Path) -> Path:
    """Write the zip with the wheels of each Python; the same wheels give the same bytes."""
    top = target.stem
    with zipfile.ZipFile(target, "w") as zipped:
        for name in TEXTS:
            zipped.writestr(_entry(f"{top}/{name}"), text(name), zipfile.ZIP_DEFLATED)
        zipped.writestr(_entry(f"{top}/{LIST}"), listed(wheels), zipfile.ZIP_DEFLATED)
        for wheel in sorted(set().union(*wheels.values())):
            zipped.writestr(_entry(f"{top}/wheels/{wheel.name}"), wheel.read_bytes())  # a wheel is compressed already
    return target


def _entry(name: str) -> zipfile.ZipInfo:
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", "315532800"))  # the first day that a zip can tell
    return zipfile.ZipInfo(name, time.gmtime(epoch)[:6])


def main() -> None:
    """Fetch, choose, pack, and say where it is."""
    store, out = ROOT / "build" / "windows", ROOT / "dist"
    for folder in (store, out):
        folder.mkdir(parents=True, exist_ok=True)
    own = own_wheel(store)
    wheels = {python: {own} | fetch(python, store) for python in PYTHONS}
    chosen = set().union(*wheels.values())
    deep = [name for wheel in chosen for name in too_deep(wheel)]
    if deep:
        sys.exit("\n".join(["these paths are too long for Windows:", *deep]))
    made = pack(wheels, out / f"积分分析-{own.name.split('-')[1]}-windows.zip")
    print(f"{made.relative_to(ROOT)}: {len(chosen)} wheels, {made.stat().st_size / 1e6:.0f} MB")  # noqa: T201


if __name__ == "__main__":
    main()
