"""The notebooks: stored clean, and each runs from top to bottom."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
named = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_are_notebooks() -> None:
    """The quickstart comes first."""
    assert NOTEBOOKS[0].name == "00_quickstart.ipynb"


@named
def test_stored_without_outputs(path: Path) -> None:
    """No outputs and no counts are stored."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert not [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]


@named
def test_one_line_names_the_data(path: Path) -> None:
    """A user's own folder is put into one line, near the top."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lines = [line for cell in cells if cell["cell_type"] == "code" for line in cell["source"]]
    assert len([line for line in lines if re.match('DATA = "', line)]) == 1
    assert any("*" in line for line in cells[0]["source"])  # the short English line


# In a process of its own: event loops that other tests leave running can swallow a kernel's reply.
EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient
path, folder, executed = sys.argv[1:]
notebook = nbformat.read(path, as_version=4)
NotebookClient(notebook, timeout=240, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
nbformat.write(notebook, executed)
"""


@named
def test_runs_from_top_to_bottom(path: Path, tmp_path: Path) -> None:
    """Every cell runs on the sample, in order, in a fresh kernel."""
    executed = tmp_path / path.name
    command = [sys.executable, "-c", EXECUTE, str(path), str(FOLDER), str(executed)]
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stderr
    notebook = nbformat.read(executed, as_version=4)
    shown = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.outputs]
    assert len(shown) >= 3
    assert not [out for cell in shown for out in cell.outputs if out.get("name") == "stderr"]
