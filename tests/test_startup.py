"""What is imported when: nobody waits for what is not used."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pandas as pd

from jifen_analysis.cli.commands import COMMANDS
from jifen_analysis.store.write import convert
from jifen_analysis.tables import Records

HEAVY = {"numpy", "pandas", "pandera", "plotly", "pyarrow", "scipy", "statsmodels", "dask"}
DRAWING = {"plotly", "scipy", "statsmodels", "dask"}
LOADED = f"print('loaded', *sorted({HEAVY!r} & set(sys.modules)))"


def python(code: str, **environment: str) -> list[str]:
    """Run some code in a process of its own and return the lines it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, **environment}
    )
    return done.stdout.splitlines()


def test_words_need_no_numbers() -> None:
    """Help, version and the rule book come without anything that computes or draws, one after the other."""
    asked = [["--help"], ["--version"], ["schemes"], ["lint", "bureau_quarterly"]]
    runs = "; ".join(f"run({args!r}); {LOADED}" for args in asked)
    said = python(f"import sys; from jifen_analysis.cli import run; {runs}")
    ends = [at for at, line in enumerate(said) if line.startswith("loaded")]
    assert [said[at] for at in ends] == ["loaded"] * len(asked)
    assert min(end - start for start, end in pairwise([-1, *ends])) > 1, "one said nothing"


def test_no_help_waits_for_what_analyses_or_draws() -> None:
    """The options of every command are there without scipy or plotly: those come when something is drawn."""
    shown = "; ".join(f"run([{command!r}, '--help'])" for command in COMMANDS)
    *said, loaded = python(f"import sys; from jifen_analysis.cli import run; {shown}; {LOADED}")
    assert sum("--help" in line for line in said) == len(COMMANDS)
    assert not DRAWING & set(loaded.split())


def test_the_package_imports_a_name_when_it_is_asked_for() -> None:
    """The front alone imports nothing; all its names together draw nothing."""
    first, every = python(
        f"import sys, jifen_analysis as jf; {LOADED}; [getattr(jf, name) for name in jf.__all__]; {LOADED}"
    )
    assert first == "loaded"
    assert not DRAWING & set(every.split())


def test_a_converted_folder_needs_nothing_that_reads_workbooks(tmp_path: Path) -> None:
    """Loading and assessing one, or several, imports no library of workbooks or documents, and no layouts of sheets."""
    for number in ("00001", "00002"):
        members = pd.DataFrame({"member_id": [number], "branch": ["第一支部"]})
        dues = pd.DataFrame({"member_id": [number], "month": ["2024-03"], "due": [5], "paid": [5]})
        convert(Records.from_frames({"members": members, "dues": dues}), tmp_path / "several" / number)
    others = {"openpyxl", "xlsxwriter", "python_calamine", "xlrd", "docx", "lxml", "jifen_analysis.intake.layouts"}
    for folder in (tmp_path / "several", tmp_path / "several" / "00001"):
        assessed = f"jf.assess(jf.load({str(folder)!r}), jf.read_scheme('community_60_40')).table"
        rows, *imported = python(
            f"import sys, jifen_analysis as jf; print(len({assessed})); print(*{others!r} & set(sys.modules))"
        )
        assert int(rows) > 0
        assert imported == [""]


def completed(*words: str) -> list[str]:
    """Return what the shell is offered after some words, the last of them unfinished."""
    typed = {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    offered = python("from jifen_analysis.cli import run; run([])", _JIFEN_COMPLETE="complete_bash", **typed)
    return [word for word in offered if word]


def test_shells_complete_commands_and_options() -> None:
    """Commands are offered from the table, options from the command's own module; what is unknown offers nothing."""
    assert completed("jifen", "che") == ["check"]
    assert "--returned" in completed("jifen", "check", "--re")
    assert completed("jifen", "chekc", "--re") == []
