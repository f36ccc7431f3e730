"""Commands with their options on odd data, pairwise, from the commands' own declarations.

``python -m tests.matrix`` runs all of it, or the commands it names. A new
command or option is in it as soon as it is declared.
"""

from __future__ import annotations

import itertools
import random
import sys
import tempfile
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import docx
import openpyxl

from jifen_analysis.cli import run
from jifen_analysis.cli.app import command
from jifen_analysis.cli.commands import COMMANDS
from jifen_analysis.schemes.read import scheme_names
from tests.leaks import leaks
from tests.odd_data import ODD

SERVING = ("lab", "desk", "demo")
"""Commands that stay, or that do what the others do."""
DRAWN = (".png", ".svg", ".pdf", ".pptx", ".docx", ".html")
"""Endings of what takes a browser, or long, to make."""
ENDINGS = (".xlsx", ".csv", ".json", ".zip", ".parquet", ".toml", *DRAWN, "")
KNOWN: Mapping[str, Sequence[str]] = {
    "--scheme": (*scheme_names(), "nowhere.toml"),
    "--period": ("2024", "2024H1", "2023", "那年"),
    "--years": ("2024", "2023"),
    "--year": ("2024", "1066"),
    "--as-of": ("2024-06-30", "昨天"),
    "--lang": ("zh", "en"),
    "--branch": ("第1支部", "没有的支部"),
    "--share": ("base=70", "没有=1"),
    "--cut": ("优秀=88", "优秀=x"),
    "--quota": ("优秀=20%", "优秀=200%"),
    "--variant": ("whole_marks", "bogus"),
    "--members": ("3",),
    "--seed": ("1",),
    "--id-width": ("6",),
    "member_id": ("01001", "00001", "甲01001", "没有"),
    "name": ("community_60_40", "bogus", "status", "distribution.ecdf"),
    "kind": ("status", "bogus"),
}
"""What an option or argument may be given, where its kind alone does not say."""


@dataclass(frozen=True)
class Run:
    """One run: words of the command line, with OUT and DATA where paths go."""

    data: str
    words: tuple[str, ...]

    def line(self, data: Path, out: Path) -> list[str]:
        """Return the command line."""
        return [word.replace("DATA", str(data)).replace("OUT", str(out / "out")) for word in self.words]


# ---------------------------------------------------------------- what can be asked


def alternatives(parameter: Any) -> list[tuple[str, ...]]:
    """Return the ways to give a parameter, among them not at all where that is allowed."""
    name = max(parameter.opts, key=len)
    if parameter.is_bool_flag if hasattr(parameter, "is_bool_flag") else False:
        return [(), (name,)]
    values = [(value,) for value in _values(name, parameter)]
    if not name.startswith("--"):
        return values if parameter.required else [(), *values]
    given = [(name, *value) for value in values]
    several = [(*given[0], *given[1])] if parameter.multiple and len(given) > 1 else []
    return [*([] if parameter.required else [()]), *several, *given]


def _values(name: str, parameter: Any) -> Sequence[str]:
    kind, shape = str(parameter.type_descriptor.annotation), parameter.metavar or ""
    if name == "data" or "DATA" in shape:
        return ("DATA",)
    if name in KNOWN:
        return KNOWN[name]
    if "|" in shape and "." not in shape:
        return shape.split("|")
    if "Path" in kind:
        return ("DATA/花名册.csv",) if "OUT" not in name.upper() and "DIR" in shape else _paths(shape)
    return ("1", "0") if "int" in kind or "float" in kind else ("1", "没有")


def _paths(shape: str) -> Sequence[str]:
    named = [ending for ending in ENDINGS if ending and ending in shape]
    return [f"OUT{ending}" for ending in named or ENDINGS]


def factors(name: str) -> list[list[Any]]:
    """Return what varies between runs of a command: the data, then each parameter's alternatives."""
    return [list(ODD), *(alternatives(one) for one in command(name).params if one.name != "help")]


def pairwise(choices: Sequence[Sequence[Any]], seed: int = 0) -> Iterator[tuple[Any, ...]]:
    """Yield rows in which any two values of different factors meet at least once (greedily, seeded)."""
    if len(choices) == 1:
        yield from ((value,) for value in choices[0])
    random_ = random.Random(seed)
    sides = [(i, a, j, b) for i, j in itertools.combinations(range(len(choices)), 2)
             for a in range(len(choices[i])) for b in range(len(choices[j]))]  # fmt: skip
    open_ = dict.fromkeys(random_.sample(sides, len(sides)))
    while open_:
        row = _row(open_, [len(choice) for choice in choices], random_)
        for i, j in itertools.combinations(range(len(row)), 2):
            open_.pop((i, row[i], j, row[j]), None)
        yield tuple(choice[at] for choice, at in zip(choices, row, strict=True))


def _row(open_: Iterable[tuple[int, int, int, int]], sizes: Sequence[int], random_: random.Random) -> list[int]:
    row: dict[int, int] = {}
    for i, a, j, b in itertools.islice(open_, 400):
        if row.get(i, a) == a and row.get(j, b) == b:
            row |= {i: a, j: b}
    return [row.get(at, random_.randrange(size)) for at, size in enumerate(sizes)]


def runs(name: str, seed: int = 0) -> Iterator[Run]:
    """Yield the runs of a command."""
    for data, *given in pairwise(factors(name), seed):
        yield Run(data, (name, *itertools.chain.from_iterable(given)))


# ---------------------------------------------------------------- what must hold


def faults(found: Run, folder: Path) -> list[str]:
    """Run; return what is wrong: a traceback, a strange code, a file that does not open, left over, naming people."""
    data, out = folder / "data", folder / "out"
    out.mkdir(parents=True)
    ODD[found.data](data)
    before = {path: path.read_bytes() for path in data.iterdir()}
    with redirect_stdout(StringIO()) as said, redirect_stderr(said):
        try:
            code = run(found.line(data, out))
        except BaseException:
            return [traceback.format_exc(limit=-4)]
    written = [path for path in out.rglob("*") if path.is_file()]
    wrong = [f"exit code {code}"] if code not in (0, 1, 2) else []
    wrong += ["says Traceback"] if "Traceback" in said.getvalue() else []
    wrong += ["refused and wrote"] if code == 2 and written else []
    wrong += ["changed the data"] if {path: path.read_bytes() for path in data.iterdir()} != before else []
    wrong += [f"left {path.name}" for path in folder.rglob(".*")]
    wrong += leaks(found.words, said.getvalue(), written)
    return wrong + [f"{path.name}: {fault}" for path in written for fault in _unsound(path)]


def _unsound(path: Path) -> Iterator[str]:
    try:
        yield from _OPENED.get(path.suffix, lambda _: ())(path)
    except Exception as fault:
        yield f"{type(fault).__name__} {fault}"


def _page(path: Path) -> Iterator[str]:
    seen = _Tables()
    seen.feed(path.read_text(encoding="utf-8"))
    yield from (f"a table with rows of {sorted(widths)} cells" for widths in seen.widths if len(widths) > 1)


class _Tables(HTMLParser):
    """How many cells the rows of each table have, those over several counted as several."""

    def __init__(self) -> None:
        super().__init__()
        self.widths: list[set[int]] = []
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.widths.append(set())
        self._cells = 0 if tag == "tr" else self._cells + (int(dict(attrs).get("colspan") or 1)) * (tag in ("td", "th"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self.widths[-1].add(self._cells)


def _packed(path: Path) -> Iterator[str]:
    with ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(package.read(name))
    yield from ()


def _word(path: Path) -> Iterator[str]:
    for table in docx.Document(str(path)).tables:
        if len({len(row.cells) for row in table.rows}) > 1:
            yield "a table with rows of different length"


def _drawing(path: Path) -> Iterator[str]:
    ElementTree.parse(path)
    yield from ()


def _workbook(path: Path) -> Iterator[str]:
    openpyxl.load_workbook(path).close()
    yield from _packed(path)


_OPENED: Mapping[str, Any] = {
    ".html": _page, ".docx": _word, ".xlsx": _workbook, ".pptx": _packed, ".svg": _drawing,
}  # fmt: skip


def main(names: Sequence[str]) -> None:
    """Run everything of some commands, or of all, and print what is wrong."""
    for name in names or [name for name in COMMANDS if name not in SERVING]:
        count, bad = 0, 0
        for found in runs(name):
            with tempfile.TemporaryDirectory() as folder:
                wrong = faults(found, Path(folder))
            count, bad = count + 1, bad + bool(wrong)
            if wrong:
                told = "\n   ".join([f"{found.data} | {' '.join(found.words)}", *wrong])
                sys.stderr.write(f"!! {told}\n")
        sys.stderr.write(f"## {name}: {count} runs, {bad} wrong\n")


if __name__ == "__main__":
    main(sys.argv[1:])
