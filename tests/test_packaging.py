"""What is imported is what is installed: dependencies, pins, the built wheel."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NEEDED: list[str] = PROJECT["project"]["dependencies"]
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
GROUPS: dict[str, list[str]] = PROJECT["dependency-groups"]
OPTIONAL = [one for extra in EXTRAS.values() for one in extra]
DECLARED = {
    "jifen_analysis": [*NEEDED, *OPTIONAL],
    "tests": [*NEEDED, *OPTIONAL, *GROUPS["dev"]],
    "docs": [*NEEDED, *OPTIONAL],
    "bundle": [],
    "benchmarks": [*NEEDED, *OPTIONAL, *GROUPS["dev"], *GROUPS["peers"]],
}
PARTS = {"pydantic-core": "pydantic", "choreographer": "kaleido"}
"""Published apart, but part of a package that is declared."""
OURS = {*DECLARED, "jifen_analysis"}


def names(requirements: Iterable[str]) -> set[str]:
    """Return what requirements are called."""
    return {canonicalize_name(Requirement(one).name) for one in requirements}


distributions = cache(packages_distributions)


def imported(folder: str) -> set[str]:
    """Return the distributions that the files of a folder import, wherever in them."""
    known, found = distributions(), set()
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(str(node.module).split(".")[0])
    outside = found - OURS - set(sys.stdlib_module_names)
    return {canonicalize_name(known.get(name, [name])[0]) for name in outside}


def test_every_import_is_declared() -> None:
    """Nothing is imported that pyproject.toml does not ask for by its own name."""
    found = {folder: {PARTS.get(name, name) for name in imported(folder)} for folder in DECLARED}
    assert {folder: lacking for folder in DECLARED if (lacking := found[folder] - names(DECLARED[folder]))} == {}


def test_every_dependency_is_pinned() -> None:
    """requirements.txt has a pin that each requirement of pyproject.toml accepts."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines]
    for one in map(Requirement, [*NEEDED, *OPTIONAL, *GROUPS["dev"]]):
        held = [pin for pin in pins if canonicalize_name(pin.name) == canonicalize_name(one.name)]
        assert held, one.name
        assert all(one.specifier.contains(str(pin.specifier).removeprefix("==")) for pin in held), one.name


def test_commands_start_without_what_is_optional() -> None:
    """Every command can be asked for help where none of the extras is installed."""
    known = distributions()
    absent = [name for name, found in known.items() if canonicalize_name(found[0]) in names(OPTIONAL)]
    script = f"""
import sys
for name in {absent!r}:
    sys.modules[name] = None
from jifen_analysis.cli.app import load_command
from jifen_analysis.cli.commands import COMMANDS
for name in COMMANDS:
    load_command(name)
"""
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def test_the_wheel_is_whole(tmp_path: Path) -> None:
    """The built wheel holds every file of the package, and the notebooks, and nothing else."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = {
        file for file in (ROOT / "jifen_analysis").rglob("*") if file.is_file() and "__pycache__" not in file.parts
    }
    notebooks = {f"jifen_analysis/notebooks/{file.name}" for file in (ROOT / "notebooks").glob("*.ipynb")}
    assert held == {file.relative_to(ROOT).as_posix() for file in files} | notebooks
