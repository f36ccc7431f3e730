"""new, status: a folder for a year's work, and what to do in it next."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jifen_analysis.cli import options
from jifen_analysis.cli.language import both
from jifen_analysis.cli.project import DATA, FILE, RESULTS, TABLE, Project, project_here, remember
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import Text, UsageError, kinds_of
from jifen_analysis.periods import YEARS
from jifen_analysis.saving import filling, make_folder, replacing
from jifen_analysis.schemes.scheme import read_scheme

if TYPE_CHECKING:
    from jifen_analysis.intake import Check

_ANY = "*.*"


def new(
    ctx: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", show_default=False, help=both("建在哪里", "a folder, made if need be"))
    ],
    scheme: options.SchemeName = options.DEFAULT_SCHEME,
    years: Annotated[
        list[int] | None, options.option("考核的年度,如 2023 2024", "the years assessed", metavar="YEAR…")
    ] = None,
    roster: options.Roster = None,
    pseudonymise: options.Pseudonymise = None,
) -> None:
    """Lay out a project."""
    desk: Terminal = ctx.obj
    rules = read_scheme(scheme)
    wrong = [year for year in years or () if year not in YEARS]
    if wrong:
        raise UsageError(f"年度须写成 2024 的样子;收到 {wrong[0]}", f"a year is written 2024; found {wrong[0]}")
    for given in (roster, pseudonymise):
        if given is not None and not given.exists():
            raise UsageError(f"没有这个文件:{given}", f"no such file: {given}")
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise UsageError(f"{folder} 已经有内容,请换一个空文件夹", f"{folder} is not empty; name another folder")
    said = {"years": sorted(set(years or ())), "data": DATA, "results": RESULTS, "words": TABLE}
    files = {"roster": roster, "pseudonymise": pseudonymise}
    paths = {key: _seen_from(path, folder) for key, path in files.items() if path is not None}
    with filling(folder) as beside:
        for name in [*([f"{DATA}/{year}" for year in years or ()] or [DATA]), RESULTS]:
            make_folder(beside / name)
        own = _own_scheme(scheme, beside)
        _correspondence(beside / TABLE, rules)
        _template(beside / "空白表.xlsx", own)
        remember(beside, {key: value for key, value in {"scheme": own.name, **said, **paths}.items() if value})
    desk.say(f"已建好 {folder}:按“{rules.title}”", f"{folder} is laid out for {rules.id}", "bold")
    for name, zh, en in _LAID_OUT:
        desk.say(f"  {name}  {zh}", f"  {name}  {en}")
    desk.say(f"下一步:cd {folder},再运行 jifen status", f"next: cd {folder}, then jifen status")


_LAID_OUT = (
    (DATA, "各支部报来的表,按年度放", "what the branches send, by year"),
    ("方案", "方案文件,可以改", "the scheme, to be edited"),
    (TABLE, "报来的词和列名不认得时,在这里说明", "what unknown words and headers mean"),
    ("空白表.xlsx", "发给支部填报", "the blank workbook for branches"),
    (RESULTS, "结果写在这里", "for results"),
    (FILE, "记住以上各项", "remembers all this"),
)


def _own_scheme(scheme: str, folder: Path) -> Path:
    """Put the scheme into the project: a file as it is, a built-in one as a workbook."""
    given = Path(scheme)
    if not given.suffix:
        return read_scheme(scheme).write(folder / "方案.xlsx")
    target = folder / f"方案{given.suffix.lower()}"
    with replacing(target) as beside:
        shutil.copyfile(given, beside)
    return target


def _correspondence(path: Path, rules: Any) -> None:
    from jifen_analysis.intake.correspondence import unknown_texts, write_unknown

    write_unknown(unknown_texts((), rules.words), path, rules.words)


def _template(path: Path, scheme: Path) -> None:
    from jifen_analysis.intake import write_template

    with replacing(path) as beside:
        write_template(beside, scheme=scheme)


def _seen_from(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


# ---------------------------------------------------------------- status


@dataclass(frozen=True)
class Step:
    """Something that is missing or to be done, and the command that does it."""

    said: Text
    command: str = ""


def status(ctx: typer.Context) -> None:
    """Print what is in force, what is missing, and what to do next."""
    desk: Terminal = ctx.obj
    project = project_here()
    if project is None:
        raise UsageError(
            f"这里和上层文件夹都没有 {FILE};用 jifen new 文件夹 建一个",
            f"there is no {FILE} here or above; begin with jifen new FOLDER",
        )
    _in_force(desk, project)
    steps = list(_steps(desk, project))
    desk.say("\n下一步", "\nNext", "bold")
    for n, step in enumerate(steps, start=1):
        desk.say(f"  {n}. {step.said.zh}", f"  {n}. {step.said.en}")
        if step.command:
            desk.say(*[f"     {step.command}"] * 2)


def _in_force(desk: Terminal, project: Project) -> None:
    """Print every remembered setting, and from where it is."""
    rows = [
        (
            desk.text(*_CALLED[key]),
            "、".join(map(str, value)) if isinstance(value, list) else str(value),
            _state(desk, project, key),
        )
        for key, value in project.said.items()
    ]
    desk.say(f"按 {project.folder / FILE}", f"from {project.folder / FILE}", "bold")
    desk.table(desk.texts(("项目", "what"), ("内容", "content"), ("", "")), rows)


_CALLED = {
    "scheme": ("方案", "scheme"),
    "years": ("年度", "years"),
    "year": ("日期的年份", "year of dates"),
    "data": ("报送", "data"),
    "results": ("结果", "results"),
    "roster": ("花名册", "roster"),
    "words": ("对照表", "words"),
    "pseudonymise": ("假名密钥", "key"),
}


def _state(desk: Terminal, project: Project, key: str) -> str:
    if key == "scheme" and key not in _lost(project):
        return read_scheme(project.scheme or options.DEFAULT_SCHEME).title
    path = project.path(key) if key not in ("years", "year") else None
    return desk.text("没有这个文件", "not there") if path is not None and not path.exists() else ""


def _lost(project: Project) -> list[str]:
    """Return the remembered files that are not there; a built-in scheme is no file."""
    files = ["roster", "words", "pseudonymise"]
    files = ["scheme", *files] if Path(project.scheme or "").suffix else files
    return [key for key in files if (path := project.path(key)) and not path.exists()]


def _steps(desk: Terminal, project: Project) -> Iterator[Step]:
    missing = _lost(project)
    for key in missing:
        name = _CALLED[key][0]
        yield Step(Text(f"{name} {project.path(key)} 不在:放回原处,或改 {FILE}", f"{key} is not there: mend {FILE}"))
    found = _read(desk, project) if not missing and _sent(project.data) else None
    unread = found is None and _sent(project.data)  # whose year nobody knows yet
    open_ = [] if unread else [year for year in project.years if not _sent(project.data / str(year))]
    empty = [year for year in open_ if year not in _years(found)]
    for year in empty:
        place = project.data / str(year)
        yield Step(
            Text(f"{year} 年还没有报送:把各支部的表放进 {place}", f"nothing for {year} yet: put it into {place}")
        )
    if found is not None:
        yield from _of_data(project, found)
    elif not empty and not missing:
        yield Step(
            Text(f"还没有报送:把各支部的表放进 {project.data}", f"nothing yet: put the tables into {project.data}")
        )


def _years(found: Check | None) -> set[int]:
    """Return the years that records speak of, wherever their files lie."""
    from jifen_analysis.tables.membership import day_column

    tables = {} if found is None else found.tables
    days = (frame[column] for name, frame in tables.items() for column in day_column(name) if column in frame)
    return {int(str(day)[:4]) for column in days for day in column.dropna().unique()}


def _sent(folder: Path) -> bool:
    return folder.is_dir() and any(
        path.is_file() and not path.name.startswith((".", "~$")) for path in folder.rglob(_ANY)
    )


def _read(desk: Terminal, project: Project) -> Check:
    """Check the data, and print what was sent."""
    from jifen_analysis.cli.reading import read_data
    from jifen_analysis.cli.views import print_coverage
    from jifen_analysis.intake import coverage

    rules = read_scheme(project.scheme or options.DEFAULT_SCHEME)
    how = project.defaults("check")
    reading = options.ReadingOptions(how.get("year"), how.get("roster"), None, how.get("words"))
    found = read_data(desk, project.data, reading, scheme=rules)
    print_coverage(desk, coverage(found, scheme=rules))
    return found


def _of_data(project: Project, found: Check) -> Iterator[Step]:
    """Say what the data that were read ask for."""
    if n := found.count_unknown:
        yield Step(
            Text(f"有 {n} 种写法不认得:列进对照表,填好“读作”一列", f"{n} spellings are unknown: list and explain them"),
            f"jifen check --unknown {project.path('words') or TABLE}",
        )
    if found.errors:
        n, files = len(found.errors), len({kind[0].file for kind in kinds_of(found.errors)})
        yield Step(
            Text(
                f"{files} 个文件有 {n} 处错误:标注后退回支部", f"{n} errors in {files} files: send marked copies back"
            ),
            f"jifen check --returned {project.result('退回')}",
        )
    else:
        yield from _of_results(project)


def _of_results(project: Project) -> Iterator[Step]:
    """Say which results are wanted, or older than what they were made from; the notice when the others are done."""
    known = (project.path(key) for key in ("data", "scheme", "roster", "words"))
    newest = max((_written(path) for path in known if path is not None and path.exists()), default=0.0)
    open_ = [one for one in _RESULTS if not _is_done(project.result(one[0]), newest)]
    for name, command, zh, en in open_[: len(_RESULTS) - 1]:
        target = project.result(name)
        said = Text(f"{zh}:{target} 早于数据或方案", f"{en}: {target} is older than data or scheme")
        yield Step(said if target.exists() else Text(zh, en), f"jifen {command} --out {target}")
    if not open_:
        yield Step(Text(f"都写好了,在 {project.result('')}", f"all is done, in {project.result('')}"))


def _is_done(target: Path, newest: float) -> bool:
    return target.exists() and target.stat().st_mtime >= newest


_RESULTS = (
    ("考核结果.xlsx", "assess", "计分、定等次", "score and grade"),
    ("总结.html", "report", "写年度总结", "write the annual review"),
    ("公示表.xlsx", "notice", "写公示表", "write the notice to post"),
)


def _written(path: Path) -> float:
    files = [one for one in path.rglob("*") if one.is_file()] if path.is_dir() else [path]
    return max((one.stat().st_mtime for one in files), default=0.0)
