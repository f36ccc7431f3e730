"""The notebooks: stored clean, and each runs from top to bottom."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from html import unescape
from itertools import pairwise, zip_longest
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import jifen_analysis as jf
from jifen_analysis import analysis, charts
from jifen_analysis.sample import write
from jifen_analysis.sample.synthetic import synthetic
from tests.charts.browser import found as browser
from tests.charts.figures import public
from tests.command import files
from tests.eleventh import VOICES, written

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
named = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
LONELY = [path for path in NOTEBOOKS if path.stem not in ("02_from_branches", "05_scheme_comparison")]
"""All but the one that makes its own data, and the one that runs on four members below."""


def cells_of(path: Path) -> list[SimpleNamespace]:
    """Return the cells of a notebook, the source of each as one text."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [SimpleNamespace(**{"outputs": [], **cell, "source": "".join(cell["source"])}) for cell in cells]


def test_there_are_notebooks() -> None:
    """The quickstart comes first."""
    assert NOTEBOOKS[0].name == "00_quickstart.ipynb"


@named
def test_stored_without_outputs(path: Path) -> None:
    """No outputs and no counts are stored."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert not [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]


@named
def test_each_is_a_question_with_something_to_try(path: Path) -> None:
    """A title, Chinese prose with a short English line, and (of the analyses) a cell to try with parameters on top."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert prose[0].startswith("# ")
    assert all(re.search(r"\*[A-Z][^*]+\*", text) for text in prose)
    at = next((at for at, cell in enumerate(cells) if re.match(r"#+ .*试一(试|套)", "".join(cell["source"]))), None)
    assert (at is None) == (path.stem[:2] in ("00", "01", "10"))
    if at is not None:
        assert re.match(r"[A-Z_]+(, [A-Z_]+)* = ", "".join(cells[at + 1]["source"]))


@named
def test_one_line_names_the_data(path: Path) -> None:
    """A user's own folder is put into one line, near the top."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lines = [line for cell in cells if cell["cell_type"] == "code" for line in cell["source"]]
    assert len([line for line in lines if re.match('DATA = "', line)]) == 1
    assert any("*" in line for line in cells[0]["source"])  # the short English line


STEPS = {
    "branches.intraclass_correlation",
    "branches.overdispersion",
    "comparison.yearly",
    "sensitivity.indices",
}
"""Analyses that are steps of others: what they find stands in what those return."""


def test_superlatives_name_everybody_who_ties() -> None:
    """Who is highest or lowest is said by the findings, which know of ties; one alone is picked to be explained."""
    cells = [(path.stem, cell.source) for path in NOTEBOOKS for cell in cells_of(path)]
    picked = [name for name, source in cells if re.search(r"\bidx(?:max|min)\(", source)]
    assert picked == ["05_scheme_comparison"]


def test_every_analysis_has_its_place() -> None:
    """Every analysis is called in a notebook, and every chart is drawn in one."""
    code = ["\n".join(cell.source for cell in cells_of(path) if cell.cell_type == "code") for path in NOTEBOOKS]
    called = {name for text in code for name in re.findall(r"\b([a-z_]+\.[a-z_]+)\(", text)}
    drawn = {
        f"{module}.{name}"
        for text in code
        for module, alias in re.findall(r"^from jifen_analysis\.charts import (\w+) as (\w+)$", text, re.MULTILINE)
        for name in re.findall(rf"\b{alias}\.([a-z_]+)\b", text)
    }
    assert public(analysis) - STEPS <= called
    assert public(charts) <= drawn


CHART = "application/vnd.plotly.v1+json"
"""An interactive chart, as a notebook keeps it."""


def test_no_output_stands_in_a_widget() -> None:
    """What runs notebooks without a front end may wait for ever for a cell that fills a widget for output."""
    cells = (cell.source for path in NOTEBOOKS for cell in cells_of(path))
    assert not [source for source in cells if re.search(r"interactive_output|widgets\.Output|interact\(", source)]


@named
def test_prose_leads(path: Path) -> None:
    """What is in sight of the code is short; longer cells are folded, but for those where something is tried."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for before, cell in pairwise(cells):
        tried = "试一试" in "".join(before["source"])
        folded = cell["metadata"].get("jupyter", {}).get("source_hidden", False)
        lines = [line for line in cell["source"] if line.strip()]
        assert cell["cell_type"] == "markdown" or tried or folded or len(lines) <= 12


# In a process of its own: event loops that other tests leave running can swallow a kernel's reply.
# One kernel, emptied before each notebook: to start one and to import takes longer than most notebooks run.
EXECUTE = """
import json, sys, nbformat
once = '''
import functools, jifen_analysis
def _once(load):
    kept = functools.cache(load)
    return lambda data, **said: (kept if data == "../data/sample" else load)(data, **said)
jifen_analysis.load = _once(jifen_analysis.load)
'''  # the sample is read once for all
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
manager = None
for line in sys.stdin:
    path, folder, executed, on, stills = json.loads(line)
    notebook = nbformat.read(path, as_version=4)
    first = ["%reset_selective -f ^[A-Za-z]", "import os", f"os.chdir({folder!r})", f"os.environ.update({stills!r})"]
    first += [once] * (manager is None)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("\\n".join(first)))
    client = NotebookClient(notebook, timeout=240, km=manager, kernel_name="python3", allow_errors=on)
    try:
        client.execute(cleanup_kc=False)
        said = ""
    except CellExecutionError as error:
        said = str(error)
    manager = client.km
    del notebook.cells[0]
    nbformat.write(notebook, executed)
    print(json.dumps(said), flush=True)
if manager is not None:
    client.owns_km = True
    client._cleanup_kernel()
"""

Execute = Callable[..., list[SimpleNamespace]]


@pytest.fixture(scope="module")
def execute(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Execute]:
    """Run a notebook in the kernel; return its cells as they are afterwards."""
    folder = tmp_path_factory.mktemp("executed")
    command = [sys.executable, "-c", EXECUTE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def run(path: Path, at: Path, errors: bool = False, stills: bool = False) -> list[SimpleNamespace]:
            executed = folder / path.name
            asked = [str(path), str(at), str(executed), errors, {"JIFEN_STILLS": str(int(stills))}]
            print(json.dumps(asked), file=process.stdin, flush=True)
            said = process.stdout.readline()
            assert said == '""\n', said
            return cells_of(executed)

        yield run
        process.stdin.close()


@named
def test_runs_from_top_to_bottom(path: Path, execute: Execute) -> None:
    """Every cell runs on the sample, in order, in a kernel that holds nothing."""
    quickstart = path.stem == "00_quickstart"  # one notebook's pictures are enough
    cells = execute(path, FOLDER, stills=quickstart)
    shown = [cell for cell in cells if cell.cell_type == "code" and cell.outputs]
    assert len(shown) >= (1 if path.stem == "10_desk" else 3)  # the desk is one cell
    assert not [out for cell in shown for out in cell.outputs if out.get("name") == "stderr"]
    drawn = [set(out["data"]) for cell in shown for out in cell.outputs if CHART in out.get("data", {})]
    assert path.stem[:2] in ("01", "02", "10") or drawn
    tables = [
        out["data"]["text/html"]
        for cell in shown
        for out in cell.outputs
        if "<td" in out.get("data", {}).get("text/html", "")
    ]
    assert [breadth(table) for table in tables if breadth(table) > PAPER] == []
    if quickstart and browser():
        assert all("image/png" in kinds for kinds in drawn)


PAPER = 100
"""Signs side by side on an upright page."""


def breadth(table: str) -> int:
    """Return how broad a table in HTML is at least: Latin words are not broken, a line may end at a Chinese sign."""
    lines = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)
        for line in re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    ]
    columns = zip_longest(*lines, fillvalue="")
    return sum(
        2 + max(len(word) for cell in column for word in re.findall(r"[!-~]+|$", unescape(cell))) for column in columns
    )


# ---------------------------------------------------------------- on somebody else's data


@pytest.fixture(autouse=True)
def unpictured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start no browser for notebooks that run in this process; the quickstart in its kernel is asked for pictures."""
    monkeypatch.setenv("JIFEN_STILLS", "0")


def elsewhere(path: Path, **lines: str) -> Iterator[ast.Module]:
    """Yield the cells of a notebook as code, lines like DATA = "…" changed in them."""
    for cell in cells_of(path):
        if cell.cell_type == "code":
            yield ast.parse(re.sub(r'^([A-Z_]+) = "(.*?)"', partial(changed, lines), cell.source, flags=re.MULTILINE))


def changed(lines: Mapping[str, str], found: re.Match[str]) -> str:
    """Return a line with another value, where one is given."""
    return f'{found[1]} = "{lines.get(found[1], found[2])}"'


def refused(path: Path, **lines: str) -> str:
    """Run a notebook in this process; return the sentence with which it stopped, nothing where it came to its end."""
    shown: list[object] = []
    names: dict[str, object] = {"display": lambda *values: shown.extend(values)}
    try:
        for cell in elsewhere(path, **lines):
            exec(compile(cell, path.name, "exec"), names)
    except jf.JifenError as refusal:
        return str(refusal)
    finally:
        for made in (one for one in names.values() if isinstance(one, tempfile.TemporaryDirectory)):
            made.cleanup()  # as closing the notebook does
    return ""


@pytest.fixture(scope="module")
def lonely(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One branch of one year."""
    folder = tmp_path_factory.mktemp("lonely")
    write(folder, 25, [2024], 3, "parquet")
    return folder


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Other members in other years."""
    folder = tmp_path_factory.mktemp("other")
    write(folder, 70, [2021, 2022], 11, "parquet")
    return folder


@pytest.fixture(scope="module")
def chance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records in which nothing is planted: marks and attendance as chance deals them, an event of a scheme's own."""
    folder, deal = tmp_path_factory.mktemp("chance"), np.random.default_rng(11)
    tables = synthetic(70, [2021, 2022], 11)
    for table, column in (("attendance", "status"), ("evaluations", "mark")):
        tables[table] = tables[table].assign(**{column: deal.permutation(tables[table][column])})
    tables["events"] = tables["events"][["member_id", "date"]].assign(event="tree_planted", quantity=2)
    for name in ("members", "attendance", "dues", "events", "evaluations"):
        tables[name].to_csv(folder / f"{name}.csv", index=False)
    return folder


STOPS = {
    "04_year_over_year": "要有两年的总分才能比,现有:2024",
    "07_branches": "只有一个支部",
}
"""What a notebook says that cannot do with one branch of one year."""


UNJUDGED = frozenset({"03_distributions", "08_weights_lab", "09_evaluators"})
"""Those that speak of evaluations, run under a scheme that has none of its own."""


@pytest.mark.parametrize("path", LONELY, ids=lambda path: path.stem)
def test_one_branch_of_one_year(path: Path, lonely: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one branch and one year each comes to its end, or says in a sentence what it lacks."""
    monkeypatch.chdir(tmp_path)
    scheme = {"SCHEME": "bureau_quarterly"} if path.stem in UNJUDGED else {}
    said = refused(path, DATA=lonely.as_posix(), **scheme)
    assert STOPS.get(path.stem, "") in said
    assert bool(said) == (path.stem in STOPS)


@named
def test_an_eleventh_scheme(path: Path, chance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a scheme file of one's own, parts called as no other's, and data that hold no effect, all come to an end."""
    monkeypatch.chdir(tmp_path)
    file = written(tmp_path, VOICES)
    assert refused(path, DATA=chance.as_posix(), SCHEME=file.as_posix()) == ""


@pytest.mark.parametrize("name", ["06_threshold_fairness", "08_weights_lab"])
def test_a_scheme_without_bands(name: str, other: Path) -> None:
    """Where a scheme has no cut scores a notebook about them says so, and which scheme has."""
    said = refused(FOLDER / f"{name}.ipynb", DATA=other.as_posix(), SCHEME="village_monthly")
    assert "分数线" in said or "等次线" in said
    assert "community_60_40" in said


def test_a_list_by_hand_is_a_year(lonely: Path, tmp_path: Path) -> None:
    """With last year as a hand-tallied list one year of records is enough."""
    totals = jf.assess(jf.load(lonely), jf.read_scheme("community_60_40")).years.dropna(subset="total")
    ledger = tmp_path / "上年.csv"
    listed = totals[["member_id", "total"]].assign(grade="合格").set_axis(["编号", "总分", "等次"], axis=1)
    listed.to_csv(ledger, index=False, encoding="utf-8-sig")
    path = FOLDER / "04_year_over_year.ipynb"
    assert refused(path, DATA=lonely.as_posix(), LAST_YEAR=ledger.as_posix()) == ""


@pytest.mark.parametrize("marks", ["", "00001,2024,党员,90\n00002,2024,党员,80\n00003,2024,党员,70\n"])
def test_schemes_without_a_common_period_are_compared_all_the_same(tmp_path: Path, marks: str) -> None:
    """By year, or it is said that there is nothing to compare; the notebook comes to its end."""
    people = "".join(f"0000{n},{'甲' if n < 3 else '乙'}支部\n" for n in range(1, 5))
    came = "".join(f"0000{n},2024-0{n}-05,党课,{'缺席' if n == 2 else '出勤'}\n" for n in range(1, 5))
    files(tmp_path, 花名册="党员编号,党支部\n" + people, 考勤="党员编号,日期,活动类型,出勤情况\n" + came,
          **({"民主评议": "党员编号,考核期,评议主体,分数\n" + marks} if marks else {}))  # fmt: skip
    assert refused(FOLDER / "05_scheme_comparison.ipynb", DATA=tmp_path.as_posix()) == ""


def test_an_assumed_change_is_said_to_be_assumed(other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the scheme has no dated change, what rules would have moved is no change of the year."""
    assert refused(FOLDER / "04_year_over_year.ipynb", DATA=other.as_posix()) == ""
    said = capsys.readouterr().out
    assert "假设把“日常考核”的权重加一成(办法并没有改),\n则" in said


def test_a_refusal_is_a_sentence(tmp_path: Path, execute: Execute) -> None:
    """In a kernel a user's mistake is shown as its sentence alone, without a traceback."""
    cell = 'import jifen_analysis as jf\njf.read_scheme("社区")'
    code = {"cell_type": "code", "id": "a", "source": cell, "metadata": {}, "outputs": [], "execution_count": None}
    path = tmp_path / "wrong.ipynb"
    path.write_text(json.dumps({"cells": [code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    (shown,) = execute(path, tmp_path, errors=True)[0].outputs
    assert shown["output_type"] == "error"
    assert len(shown["traceback"]) == 1
    assert "社区" in shown["traceback"][0]
