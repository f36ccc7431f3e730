"""The documents tell the truth: their commands and snippets run, their tables match the code."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

import jifen_analysis as jf
from docs import gallery
from jifen_analysis import charts
from jifen_analysis.cli import run
from jifen_analysis.cli.app import load_command as imported
from jifen_analysis.cli.commands import COMMANDS
from jifen_analysis.report.results import sheets
from jifen_analysis.sample import write
from tests.charts.figures import public
from tests.report.builders import assessed

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
both_readmes = pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)


def blocks(readme: Path, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)


def commands(readme: Path) -> list[str]:
    """Return the lines of shell that a README shows."""
    return [line.split("#")[0].strip() for block in blocks(readme, "sh") for line in block.splitlines()]


def table(document: Path, heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, without its head."""
    text = document.read_text(encoding="utf-8").split(f"\n{heading}\n", 1)[1]
    rows = re.search(r"((?:^\|.*\n)+)", text, re.MULTILINE)
    assert rows is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in rows[1].splitlines()[2:]]


def named(cell: str) -> list[str]:
    """Return what stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def test_the_python_snippet_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The five lines, which are the same in both languages, run as they stand, from the root of the checkout."""
    monkeypatch.chdir(ROOT)
    (snippet,) = blocks(READMES[0], "python")
    exec(compile(snippet, READMES[0].name, "exec"), {})
    assert "00012" in capsys.readouterr().out


@both_readmes
def test_both_readmes_show_the_same_commands(readme: Path) -> None:
    """The two languages say the same to type."""
    assert commands(readme) == commands(READMES[0])
    assert blocks(readme, "bat") == blocks(READMES[0], "bat")
    assert blocks(readme, "python") == blocks(READMES[0], "python")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with fewer members in the sample's place; the snippet reads the sample itself."""
    folder = tmp_path_factory.mktemp("small") / "data"
    write(folder / "sample", 60, format="csv")
    return folder


@pytest.mark.parametrize("command", [line for line in commands(READMES[0]) if line.startswith("jifen")])
def test_the_commands_run(
    command: str, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undrawn: None
) -> None:
    """Every command that the README shows ends with exit code 0."""
    (tmp_path / "data").symlink_to(small)
    monkeypatch.chdir(tmp_path)
    assert run(shlex.split(command)[1:]) == 0


@both_readmes
def test_the_targets_exist(readme: Path) -> None:
    """Every make target that is named is in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```", "", readme.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = {target for said in [*named(prose), *commands(readme)] for target in re.findall(r"^make ([a-z]+)$", said)}
    assert targets >= {"demo", "test", "bundle", "gallery"}
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


@both_readmes
def test_the_table_of_commands(readme: Path) -> None:
    """The table has every command of the code and no other, and its options exist."""
    heading = "## The command" if readme.name == "README.md" else "## 命令"
    rows = table(readme, heading)
    assert [named(row[0])[0].split()[1] for row in rows] == list(COMMANDS)
    for first, does in rows:
        parameters = imported(named(first)[0].split()[1]).params
        options = {option for parameter in parameters for option in parameter.opts}
        assert {word.split()[0] for word in named(does) if word.startswith("--")} <= options


@both_readmes
def test_the_table_of_notebooks(readme: Path) -> None:
    """Every notebook stands there, in order, with its question."""
    rows = table(readme, "## Notebooks" if readme.name == "README.md" else "## 笔记本")
    assert [row[0].partition("](")[2].rstrip(")") for row in rows] == [
        path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    ]
    assert all(row[1].endswith(("?", "?")) for row in rows)


@both_readmes
def test_every_page_is_linked(readme: Path) -> None:
    """Each page of docs is one click away, and so is what has changed."""
    text = readme.read_text(encoding="utf-8")
    pages = [*(ROOT / "docs").glob("*.md"), ROOT / "CHANGELOG.md"]
    assert [page.name for page in pages if f"]({page.relative_to(ROOT).as_posix()})" not in text] == []


@both_readmes
def test_the_pictures_have_a_target(readme: Path) -> None:
    """Every picture of a README is one that a make target writes."""
    pictures = set(re.findall(r"!\[[^]]+\]\(docs/pictures/([^)]+)\)", readme.read_text(encoding="utf-8")))
    makers = "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("pictures.py", "gallery.md"))
    assert len(pictures) > 2
    assert all(picture in makers for picture in pictures)


@both_readmes
def test_the_table_of_dependencies(readme: Path) -> None:
    """Every dependency stands there with its reason."""
    heading = "## Dependencies" if readme.name == "README.md" else "## 用到的程序库"
    listed = {name for row in table(readme, heading) for name in re.split(r", |、", row[0])}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert listed == {re.split(r"[\[<>=]", wanted)[0] for wanted in project["dependencies"]}


def test_every_promise_has_its_test() -> None:
    """The page on trust names tests that are there, in every row of its promises."""
    rows = re.findall(
        r"^\| (?!承诺|---)(.+?) \| (.+) \|$", (ROOT / "docs" / "trust.md").read_text("utf-8"), re.MULTILINE
    )
    named = [re.findall(r"`(tests/[^`]+)`", tests) for _, tests in rows]
    assert len(named) > 10
    assert all(named)
    assert [path for paths in named for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", [*READMES, *sorted((ROOT / "docs").glob("*.md"))], ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    """Every link to a file of the repository has that file at its end."""
    links = re.findall(r"\]\(([^)#:]+)[^)]*\)", document.read_text(encoding="utf-8"))
    assert not [link for link in links if not (document.parent / link).exists()]


NAMED_FILES = [*READMES, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def lacking(text: str) -> list[str]:
    """Return the folders and files of the package and its surroundings that a text names, and that are not there."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    steps = r"(?:[\w.-]+/)+(?:[\w.-]+\.(?:py|md|toml|ipynb))?|[\w-]+\.(?:py|md|toml)"
    paths = {name for said in named(prose) for name in re.findall(rf"^(?:{steps})$", said)}
    return sorted(path for path in paths if not any((base / path).exists() for base in (ROOT, ROOT / "jifen_analysis")))


@pytest.mark.parametrize("document", NAMED_FILES, ids=lambda path: path.name)
def test_files_that_are_named_exist(document: Path) -> None:
    """Every file of the repository that a page names in backticks is there; what users call theirs is listed here."""
    theirs = {"jifen.toml", "look/", "demo_out/", "对照表.toml", "grid.toml"}
    assert set(lacking(document.read_text(encoding="utf-8"))) <= theirs


def test_a_file_that_is_gone_would_be_seen() -> None:
    """A module that was renamed is found, a folder too; what is there, columns, commands and code are none."""
    there = "`cli/commands.py` `charts/` `docs/schemes.md` `result.table` `make test`\n```\n`a.py`\n```"
    assert lacking(f"`scoring/nothing.py` `nowhere/` {there}") == ["nowhere/", "scoring/nothing.py"]


def test_results_page_names_the_columns() -> None:
    """The page on results has exactly the columns of the frames."""
    page, result = ROOT / "docs" / "results.md", assessed()
    components = list(result.scheme.book.components)
    listed = [name for row in table(page, "## `result.table`") for name in named(row[0])]
    assert listed == [name for name in result.table if name not in components]
    assert [name for row in table(page, "## `result.ledger`") for name in named(row[0])] == list(result.ledger)
    for first, columns in table(page, "## 其余"):
        frame: pd.DataFrame = getattr(result, named(first)[0].removeprefix("result."))
        assert named(columns) == list(frame)


def test_results_page_names_the_sheets() -> None:
    """The page on results has exactly the sheets of the workbook, in order."""
    listed = [row[0] for row in table(ROOT / "docs" / "results.md", "## 结果工作簿")]
    assert listed == [sheet.name for sheet in sheets(assessed())]


def test_the_changelog_knows_this_version() -> None:
    """The version of the package has an entry that says whether results moved."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    entry = text.split(f"## {project['version']}", 1)[1].split("\n## ")[0]
    assert "Results moved:" in entry


@pytest.mark.parametrize("document", [*READMES, ROOT / "docs" / "walkthrough.md"], ids=lambda path: path.name)
def test_the_wheel_is_called_by_this_version(document: Path) -> None:
    """The name of the wheel to install is that of the version at hand."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = re.findall(r"jifen_analysis-([\d.]+)-py3", document.read_text(encoding="utf-8"))
    assert set(named) == {project["version"]}


def test_every_scheme_is_named_in_the_docs() -> None:
    """The page on schemes lists all that come with the package."""
    assert all(f"`{name}`" in (ROOT / "docs" / "schemes.md").read_text(encoding="utf-8") for name in jf.scheme_names())


def test_the_gallery_has_every_chart() -> None:
    """Each public chart has its question, call and picture, and the page is what the target would write."""
    assert {f"{chart.module}.{chart.name}" for chart in gallery.charts()} == public(charts)
    assert {chart.picture for chart in gallery.charts()} == set(gallery.FOLDER.iterdir())
    assert (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8") == gallery.page()
    assert all(re.search("[\u4e00-\u9fff]", chart.zh) and chart.en.isascii() for chart in gallery.charts())


def test_the_calls_of_the_gallery_draw(tmp_path: Path) -> None:
    """Every call of the gallery draws its figure, from the records of the sample."""
    write(tmp_path, format="parquet")
    known = gallery.setup(tmp_path)
    assert all(chart.draw(known).data for chart in gallery.charts())


def sourced(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Yield each function of a module whose notes cite a paper, with the years of the papers."""
    for name, function in inspect.getmembers(module, inspect.isfunction):
        notes = re.search(r"Notes\n\s+-----\n(.*?)(?:\n\s*Examples|\Z)", function.__doc__ or "", re.DOTALL)
        if function.__module__ == module.__name__ and notes:
            yield from ((name, year) for year in re.findall(r"\b(?:18|19|20)\d\d\b", notes[1]))


def test_methods_page_names_every_source() -> None:
    """Every paper that an analysis cites stands on the page of methods beside the function, of a step beside others."""
    package, page = importlib.import_module("jifen_analysis.analysis"), ROOT / "docs" / "methods.md"
    found = [one.name for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    shared = {name for name in found if name.startswith(f"{package.__name__}.inputs")}
    cited = {pair for name in {*found} - shared for pair in sourced(importlib.import_module(name))}
    lines = {named(row[1])[0]: row[2] for row in table(page, "## 分析")}
    assert len(cited) > len(lines) > 0
    assert {(name, year) for name, year in cited if year not in lines.get(name, "")} == set()
    assert lines.keys() <= {name for name, _ in cited}
    steps = {year for name in shared for _, year in sourced(importlib.import_module(name))}
    assert {year for year in steps if year not in " ".join(lines.values())} == set()


def test_methods_page_names_every_analysis() -> None:
    """Each question of the package stands in one of the two tables, and nothing else does."""
    package = importlib.import_module("jifen_analysis.analysis")
    names = [found.name for found in pkgutil.iter_modules(package.__path__) if found.name != "inputs"]
    asked = {
        name
        for topic in (importlib.import_module(f"{package.__name__}.{name}") for name in names)
        for name, function in inspect.getmembers(topic, inspect.isfunction)
        if function.__module__.startswith(topic.__name__) and "Returns\n" in (function.__doc__ or "")
    }
    rows = [row for heading in ("## 分析", "## 按定义直接算的") for row in table(ROOT / "docs" / "methods.md", heading)]
    steps = {"overdispersion"}  # of a funnel
    assert {name for row in rows for name in named(row[1])} == asked - steps
