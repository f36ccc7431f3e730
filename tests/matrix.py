"""Commands with their options on odd data, pairwise, from the commands' own declarations.

``python -m tests.matrix`` runs all of it, or the commands it names. A new
command or option is in it as soon as it is declared.
"""

from __future__ import annotations

import itertools
import random
import re
import sys
import tempfile
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import docx
import openpyxl

from jifen_analysis.cli import run
from jifen_analysis.cli.app import load_command
from jifen_analysis.cli.commands import COMMANDS
from jifen_analysis.report.gallery import charts
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.schemes.score_range import nominal_shares
from tests.leaks import leaks
from tests.odd_data import ODD

SERVING = ("lab", "desk", "demo")
"""Commands that stay, or that do what the others do."""
DRAWN = (".png", ".svg", ".pdf", ".pptx", ".docx", ".html")
"""Endings of what takes a browser, or long, to make."""
ENDINGS = (".xlsx", ".csv", ".json", ".zip", ".parquet", ".toml", *DRAWN)
GOOD: Mapping[str, Sequence[str]] = {
    "data": ("DATA",),
    "--scheme": scheme_names(),
    "--period": ("PERIOD",),
    "--years": ("2024", "2023"),
    "--year": ("2024",),
    "--as-of": ("2024-06-30",),
    "--lang": ("zh", "en"),
    "--branch": ("第1支部",),
    "--share": ("SHARES",),
    "--cut": ("GRADE=88",),
    "--quota": ("GRADE=20%",),
    "--variant": ("READING",),
    "--set": (),
    "--scheduler": (),
    "--workers": (),
    "--members": ("3",),
    "--seed": ("1",),
    "--id-width": ("5",),
    "--roster": ("DATA/花名册.csv",),
    "--words": ("BESIDE/对照表.toml",),
    "--expect": ("BESIDE/支部.csv",),
    "--pseudonymise": ("BESIDE/密钥.txt",),
    "explain member_id": ("01001", "甲01001"),
    "name": ("community_60_40", "town_tiered"),
    "kind": ("status", "event"),
    "chart name": charts(),
}
"""What an option or argument may be given, where its kind alone does not say; of a command where its name is before."""
BAD: Mapping[str, Sequence[str]] = {
    "data": ("DATA/没有",),
    "--scheme": ("nowhere.toml", "DATA/花名册.csv"),
    "--period": ("那年", "2021", "0000"),
    "--as-of": ("昨天",),
    "--branch": ("没有的支部",),
    "--share": ("没有=1", "daily=多"),
    "--cut": ("GRADE=x",),
    "--quota": ("GRADE=200%",),
    "--variant": ("bogus",),
    "--set": ("1", "没有=1"),
    "--scheduler": ("没有",),
    "--workers": ("0", "9" * 20),
    "--roster": ("DATA/考勤.csv", "OUT"),
    "--words": ("DATA/花名册.csv", "OUT"),
    "--pseudonymise": ("DATA/没有", "BESIDE/支部.csv"),
    "member_id": ("没有",),
    "name": ("bogus",),
    "kind": ("bogus",),
}
"""Mistakes, each of which is made alone: a run with one is refused before it shows anything else."""


@dataclass(frozen=True)
class Run:
    """One run: words of the command line, with OUT, DATA and BESIDE where paths go."""

    data: str
    words: tuple[str, ...]

    def line(self, folder: Path) -> list[str]:
        """Return the command line."""
        places = {"DATA": folder / "data", "OUT": folder / "out" / "out", "BESIDE": folder / "beside"}
        return [re.sub("DATA|OUT|BESIDE", lambda found: str(places[found[0]]), word) for word in self.words]


# ---------------------------------------------------------------- what can be asked


def alternatives(parameter: Any, of: str = "") -> list[tuple[str, ...]]:
    """Return the ways to give a parameter, among them not at all where that is allowed."""
    name = max(parameter.opts, key=len)
    if parameter.is_bool_flag if hasattr(parameter, "is_bool_flag") else False:
        return [(), (name,)]
    given = [_given(name, value) for value in GOOD.get(f"{of} {name}", GOOD.get(name, _values(parameter)))]
    if getattr(parameter, "multiple", False):
        given = [*given[:1], *((*one, *other) for one, other in itertools.pairwise(given))]
    return given if parameter.required or f"{of} {name}" in GOOD else [(), *given]


def mistakes(parameter: Any) -> list[tuple[str, ...]]:
    """Return ways to give a parameter that are no good."""
    name = max(parameter.opts, key=len)
    kind = str(getattr(parameter.type_descriptor, "annotation", ""))
    named = (one for one in ENDINGS if "Path" in kind and one in f"{parameter.metavar} {parameter.help}")
    ending = next(named, "")
    misplaced = ("OUT.nothing", f"OUT/nowhere/x{ending}") if ending else ()
    beyond = ("-1", "9" * 20) if "int" in kind and name not in BAD else ()
    return [_given(name, value) for value in (*BAD.get(name, misplaced), *beyond)]


def _given(name: str, value: str) -> tuple[str, ...]:
    return (name, value) if name.startswith("--") else (value,)


def _values(parameter: Any) -> Sequence[str]:
    """Return what a parameter that nobody knows may be given, by its kind."""
    kind, shape = str(parameter.type_descriptor.annotation), parameter.metavar or ""
    if "|" in shape and "." not in shape:
        return shape.split("|")
    if "Path" in kind:
        named = [ending for ending in ENDINGS if ending in f"{shape} {parameter.help}"]
        return [f"OUT-{parameter.name}{ending}" for ending in named or ("",)]
    return ("1",)


def parameters(name: str) -> list[Any]:
    """Return what a command declares, but for its help."""
    return [one for one in load_command(name).params if one.name != "help"]


def factors(name: str) -> list[list[Any]]:
    """Return what varies between runs of a command: the data, then each parameter's alternatives."""
    return [list(ODD), *(alternatives(one, name) for one in parameters(name))]


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
    """Yield the runs of a command: what is allowed, any two together; then each mistake."""
    for data, *given in pairwise(factors(name), seed):
        yield Run(data, tuple(_fitted([name, *itertools.chain.from_iterable(given)])))
    for at, parameter in enumerate(parameters(name)):
        for wrong in mistakes(parameter):
            plain = [_plain(one, name) for one in parameters(name)]
            yield Run(_SOUND, tuple(_fitted([name, *itertools.chain(*plain[:at], wrong, *plain[at + 1 :])])))


_SOUND = next(iter(ODD))


def _plain(parameter: Any, of: str) -> tuple[str, ...]:
    """Return how a parameter is given where another is wrong: arguments and outputs are there, options are not."""
    ways = alternatives(parameter, of)
    return ways[-1] if parameter.name == "out" or not max(parameter.opts, key=len).startswith("--") else ways[0]


def _fitted(words: Iterable[str]) -> Iterator[str]:
    """Put in what the scheme of a run calls its parts; options for what it has none of are left out, and conflicts."""
    said = _without_conflicts([*words])
    scheme = said[said.index("--scheme") + 1] if "--scheme" in said else "community_60_40"
    parts = _parts(scheme if scheme in scheme_names() else "community_60_40")
    for at, word in enumerate(said):
        lacking = {part for part in parts if not parts[part]} & set(re.findall("[A-Z]+", " ".join(said[at : at + 2])))
        if lacking and (word.startswith("--") or not lacking.isdisjoint(re.findall("[A-Z]+", word))):
            continue
        if word == "SHARES":
            yield from " --share ".join(parts["SHARES"]).split()
        else:
            yield re.sub("READING|GRADE|PERIOD", lambda found: str(parts[found[0]]), word)


@cache
def _parts(scheme: str) -> Mapping[str, Any]:
    """Return what a scheme calls what options speak of; empty for what it has none of."""
    book = read_scheme(scheme).book
    shares = {name: share for name, share in nominal_shares(book).items() if share}
    return {
        "SHARES": [f"{name}={100 / len(shares):.12g}" for name in shares] if len(shares) in (2, 4, 5) else [],
        "GRADE": next((name for name, grade in book.grades.items() if grade.cut is not None), ""),
        "READING": next(iter(book.readings), ""),
        "PERIOD": {"half": "2024H1", "month": "2024-03", "quarter": "2024Q1"}.get(book.period, "2024"),
    }


def _without_conflicts(said: list[str]) -> list[str]:
    """Leave out what cannot stand beside, or without, something else."""
    out: set[str] = set()
    if "--branch" in said and "explain" in said:
        out |= set(GOOD["explain member_id"]) if "--out" in said else {"--branch", *GOOD["--branch"]}
    if "--manifest" in said and "--out" not in said:
        out |= {"--manifest"}
    if {"--strict", "--accepted-only"} <= set(said):
        out |= {"--strict"}
    return [word for word in said if word not in out]


# ---------------------------------------------------------------- what must hold


def faults(found: Run, folder: Path) -> list[str]:
    """Run; return what is wrong: a traceback, a strange code, a file that does not open, left over, naming people."""
    data, out = folder / "data", folder / "out"
    out.mkdir(parents=True)
    data.mkdir()
    for name, content in _content(found.data).items():
        (data / name).write_bytes(content)
    beside(folder / "beside")
    before = {path: path.read_bytes() for path in data.iterdir()}
    with redirect_stdout(StringIO()) as said, redirect_stderr(said), chdir(out):
        try:
            code = run(found.line(folder))
        except BaseException:
            return [traceback.format_exc(limit=-4)]
    written = [path for path in out.rglob("*") if path.is_file()]
    wrong = [f"exit code {code}"] if code not in (0, 1, 2) else []
    told = said.getvalue()
    wrong += [f"says {told[told.index('Traceback') :][-2000:]}"] if "Traceback" in told else []
    wrong += ["refused and wrote"] if code == 2 and written else []
    wrong += ["changed the data"] if {path: path.read_bytes() for path in data.iterdir()} != before else []
    wrong += [f"left {path.name}" for path in folder.rglob(".*")]
    wrong += leaks(found.words, told, written)
    return wrong + [f"{path.name}: {fault}" for path in written for fault in _unsound(path)]


@cache
def _content(data: str) -> Mapping[str, bytes]:
    """Return the files of some odd data, made once."""
    with tempfile.TemporaryDirectory() as folder:
        ODD[data](Path(folder))
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def beside(folder: Path) -> None:
    """Write what options ask for besides the data: a key, a correspondence table, a list of branches."""
    folder.mkdir()
    (folder / "密钥.txt").write_text("0123456789abcdef", encoding="utf-8")
    (folder / "对照表.toml").write_text('[symbols]\n"○" = "请假"\n', encoding="utf-8")
    (folder / "支部.csv").write_text("党支部\n第1支部\n第九支部\n", encoding="utf-8")


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
