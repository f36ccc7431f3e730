"""Who may know whom: reading order is data flow is import order, as README lists it."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TypeGuard

import pytest

import jifen_analysis
from jifen_analysis.schemes.read import scheme_names

PACKAGE = Path(jifen_analysis.__file__).parent
README, CONTRIBUTING = PACKAGE.parent / "README.md", PACKAGE.parent / "CONTRIBUTING.md"
PEERS = {
    frozenset({"intake", "scoring"}),
    frozenset({"store", "scoring"}),
    frozenset({"sample", "scoring"}),
    frozenset({"sample", "intake"}),
}
"""Wings that never know each other, whichever is listed first."""

DRAWN_FROM_FRAMES = {"errors", "periods", "summaries", "vocabulary"}
"""All that findings know of the package, and charts beside the findings: they speak of tidy frames and draw them."""

TOUCHING_THE_DISK = (
    "cli",
    "intake",
    "report",
    "sample",
    "schemes.read",
    "schemes.write",
    "saving",
    "sealing",
    "scoring.assessment",
    "store",
    "vocabulary",
)
"""Who reads or writes files; a saved result is written by itself."""

DISK = {
    *("open", "read_text", "write_text", "read_bytes", "write_bytes", "mkdir", "iterdir", "unlink"),
    *("read_csv", "to_csv", "read_parquet", "to_parquet", "read_excel", "to_excel", "ExcelWriter", "ZipFile"),
}


def name_of(file: Path) -> str:
    """The module of a file, without the package's own name."""
    steps = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(steps[:-1] if steps[-1] == "__init__" else steps)


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of the package, parsed."""
    return {name_of(file): ast.parse(file.read_text(encoding="utf-8")) for file in PACKAGE.rglob("*.py")}


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Return every part of a module, found once for all that look for some."""
    return tuple(ast.walk(tree))


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield every module of the package that a module imports, wherever in it."""
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def bound(tree: ast.Module) -> Iterator[str]:
    """Yield every name that a module gives at its top, as often as it does; the forms of an overloaded one are one."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (one.id for target in targets for one in ast.walk(target) if is_given(one))
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and "overload" not in map(
            ast.unparse, node.decorator_list
        ):
            yield node.name


def is_given(node: ast.AST) -> TypeGuard[ast.Name]:
    """Return whether a part of an assignment is a name that it gives."""
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def test_no_module_gives_a_name_twice() -> None:
    """The later of two would be taken for the first, too, by whoever asks for it when called."""
    twice = {name: [one for one, times in Counter(bound(tree)).items() if times > 1] for name, tree in trees().items()}
    assert {name: given for name, given in twice.items() if given} == {}


def test_no_public_name_stands_for_two_things_in_a_wing() -> None:
    """A name is found in one room: but for namesakes, which are meant to be alike, and what a face hands on."""
    wings = {"cli", "desk", "intake", "report", "sample", "schemes", "scoring", "store", "summaries", "tables"}
    rooms = defaultdict(list)
    for module, tree in trees().items():
        for node in tree.body:
            own = isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign)
            for name in bound(ast.Module([node], [])) if own else ():
                if wing(module) in wings and module not in wings and not module.startswith("report.gallery"):
                    rooms[wing(module), name].append(module)
    assert {of: found for of, found in rooms.items() if len(set(found)) > 1 and not of[1].startswith("_")} == {}


def test_no_class_has_a_namesake() -> None:
    """Private ones neither: what a debugger shows of a value is the name of its class alone."""
    rooms = defaultdict(list)
    for module, tree in trees().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                rooms[node.name].append(module)
    assert {of: found for of, found in rooms.items() if len(found) > 1} == {}


@cache
def imports() -> dict[str, frozenset[str]]:
    """For every module the modules that it imports: of a name, the module that has it."""
    found: dict[str, set[str]] = defaultdict(set)
    for module, tree in trees().items():
        for full in imported(tree):
            if full.split(".")[0] == PACKAGE.name:
                inside = full.partition(".")[2]
                found[module].add(inside if inside in trees() else inside.rpartition(".")[0])
    return {module: frozenset(found[module]) for module in trees()}


def wing(module: str) -> str:
    """The part of the house a module stands in; the front door is blank."""
    return module.split(".")[0]


def listed(readme: Path = README, heading: str = "## Architecture") -> list[set[str]]:
    """The parts of the house in reading order, as README shows them; those on one line are peers."""
    block = re.search(rf"{heading}\n.*?```\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    return [set(re.split(r"/?\s+", line.split("   ")[0].rstrip("/ "))) for line in block[1].splitlines()]


def edges() -> Iterator[tuple[str, str]]:
    """Yield every import from one part of the house into another."""
    for module, others in imports().items():
        yield from ((module, other) for other in others if module and wing(other) != wing(module))


# ---------------------------------------------------------------- between the parts


def test_readme_lists_every_part() -> None:
    """Nothing is missing from the plan, and nothing in it is gone; both languages show the same."""
    assert set().union(*listed()) == {wing(module) for module in trees()} - {""}
    assert listed(README.with_name("README.zh-CN.md"), "## 结构") == listed()


def test_contributing_draws_the_house_that_stands() -> None:
    """Every folder of the picture is there, those of the wings with most rooms among them."""
    block = re.search(r"## The house\n.*?```\n(.*?)```", CONTRIBUTING.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    drawn = {name for line in block[1].splitlines() for name in re.findall(r"([\w/]+)/(?= |$)", line.split("   ")[0])}
    assert [name for name in sorted(drawn) if not (PACKAGE / name).is_dir()] == []
    assert {"schemes/model", "scoring/kinds", "intake/layouts", "report/gallery"} <= drawn


def test_imports_go_up_the_list() -> None:
    """A part knows only parts that stand above it; those on the first line know errors alone."""
    place = {part: at for at, line in enumerate(listed()) for part in line}
    for module, other in edges():
        allowed = place[wing(other)] < place[wing(module)] or wing(other) == "errors"
        assert allowed, f"{module} imports {other}, which stands below it"
    assert not any(module == "errors" for module, _ in edges())


def test_peers_do_not_know_each_other() -> None:
    """Reading and scoring meet only in the tables."""
    assert [edge for edge in edges() if frozenset(map(wing, edge)) in PEERS] == []


@pytest.mark.parametrize(("part", "more"), [("findings", set()), ("charts", {"findings"})])
def test_what_speaks_of_frames_knows_only_labels(part: str, more: set[str]) -> None:
    """They say and draw what they are handed, whoever made it."""
    assert {wing(other) for module, other in edges() if wing(module) == part} <= DRAWN_FROM_FRAMES | more


def test_nothing_imports_the_command_line() -> None:
    """Parse, call, print: nobody depends on it."""
    assert [edge for edge in edges() if wing(edge[1]) == "cli"] == []


# ---------------------------------------------------------------- inside a part


@pytest.mark.parametrize(
    ("part", "shared"), [("analysis", {"inputs"}), ("findings", {"finding", "saying"}), ("charts", {"theme"})]
)
def test_questions_do_not_know_each_other(part: str, shared: set[str]) -> None:
    """Each imports what all share, and its own files."""
    for module, others in imports().items():
        topics = {other.split(".")[1] for other in others if wing(other) == part and "." in other}
        if wing(module) == part and "." in module:
            assert topics <= {*shared, module.split(".")[1]}, module


def test_there_are_no_cycles() -> None:
    """Every module can be read after those it imports; a package's front may gather its own files."""
    waiting = {
        module: {other for other in others if not module.startswith(f"{other}.")}
        for module, others in imports().items()
    }
    while ready := [module for module, others in waiting.items() if not others]:
        waiting = {module: others - set(ready) for module, others in waiting.items() if module not in ready}
    assert waiting == {}


# ---------------------------------------------------------------- what code does not say and do


def spoken(tree: ast.Module) -> Iterator[str]:
    """Yield every text in the code that is no docstring."""
    bare = {id(node.value) for node in nodes(tree) if isinstance(node, ast.Expr)}
    for node in nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.value


def test_no_scheme_is_named_in_code() -> None:
    """A scheme is data; only the command line names one, as its default and in examples."""
    any_name = re.compile(rf"\b(?:{'|'.join(scheme_names())})\b")
    named = {module for module, tree in trees().items() for text in spoken(tree) if any_name.search(text)}
    assert {wing(module) for module in named} <= {"cli"}


def test_only_some_touch_the_disk() -> None:
    """Everything else is a function of what it is handed."""
    called = {
        module
        for module, tree in trees().items()
        for node in nodes(tree)
        if isinstance(node, ast.Call)
        and (getattr(node.func, "attr", "") in DISK or getattr(node.func, "id", "") == "open")
    }
    assert {m for m in called if m not in TOUCHING_THE_DISK and wing(m) not in TOUCHING_THE_DISK} == set()


def split_at_commas(tree: ast.Module) -> Iterator[int]:
    """Yield the lines in which a text is taken apart at its commas."""
    for node in nodes(tree):
        given = node.args if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "split" else []
        yield from (one.lineno for one in given if getattr(one, "value", "") in (",", "\uff0c", "\u3001"))


def test_no_header_is_taken_out_of_a_sentence() -> None:
    """A voice sets the signs between its parts: what is more than one text is said as several."""
    speaking = {"cli", "desk", "report", "charts", "findings"}
    found = {module for module, tree in trees().items() if wing(module) in speaking and [*split_at_commas(tree)]}
    assert found == {"report.gallery.comparison"}, "which takes names that somebody typed"


def test_what_is_said_of_a_whole_table_goes_one_way() -> None:
    """A frame's attrs show it in a notebook; the package writes and reads it as a summary, and nowhere else."""
    touching = {
        module
        for module, tree in trees().items()
        for node in nodes(tree)
        if isinstance(node, ast.Attribute) and node.attr == "attrs"
    }
    assert touching == {"summaries.summary"}


HAN = r"[\u4e00-\u9fff]"


def words_listed(node: ast.stmt) -> frozenset[str]:
    """Return the Chinese words among which a constant chooses: none of what is said, as a text or in a sentence."""
    given = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    if given is None:
        return frozenset()
    said = {id(one) for call in ast.walk(given) if getattr(getattr(call, "func", None), "id", "") == "Text"
            for one in ast.walk(call)}  # fmt: skip
    texts = [one.value for one in ast.walk(given) if isinstance(one, ast.Constant) and id(one) not in said]
    lists = [
        re.sub(r"\[[^\]]*\]", "-", text) for text in texts if isinstance(text, str) and not re.search(HAN + "{8}", text)
    ]
    return frozenset(word for text in lists for word in re.findall(rf"(?<!{HAN}){HAN}{{2,}}(?!{HAN})", text))


def test_every_list_of_words_stands_once() -> None:
    """Two rooms that look for the same words ask one list: what is learned by one is known to the other."""
    listed_at = [
        (f"{module}:{node.lineno}", words)
        for module, tree in trees().items()
        if wing(module) == "intake"
        for node in tree.body
        if len(words := words_listed(node)) > 2
    ]
    twice = {
        (one, two): here & there for (one, here), (two, there) in combinations(listed_at, 2) if len(here & there) > 2
    }
    assert twice == {}


def lengths(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield functions and how many lines each has, but for what its docstring says."""
    for node in nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            said = ast.get_docstring(node, clean=False)
            about = len(said.splitlines()) if said is not None else 0
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1 - about


def test_functions_and_files_are_short() -> None:
    """Functions fit a screen, forty lines; files are read in one sitting, four hundred and fifty."""
    assert [(module, *one) for module, tree in trees().items() for one in lengths(tree) if one[1] > 40] == []
    long = {name_of(file): file.read_text(encoding="utf-8").count("\n") for file in PACKAGE.rglob("*.py")}
    assert {module: lines for module, lines in long.items() if lines > 450} == {}


def doubled(text: str) -> Iterator[str]:
    """Yield every character class of a pattern in which a sign stands twice: one of the two was meant to be another."""
    for inner in re.findall(r"(?<!\\)\[\^?((?:\\.|[^\]\\])+)\]", text, re.DOTALL):
        signs = Counter(sign for sign in re.findall(r"\\.|.", inner, re.DOTALL) if not re.match(r"[\\\w\s-]", sign))
        yield from (inner for times in signs.values() if times > 1)


def test_no_sign_stands_twice_in_a_character_class() -> None:
    """A full-width sign that an editor made narrow is read by nothing."""
    found = [(module, one) for module, tree in trees().items() for text in spoken(tree) for one in doubled(text)]
    assert found == []


def test_the_rules_can_be_broken() -> None:
    """The collectors see an import inside a function, a name in a text that is no docstring, a sentence split."""
    assert list(doubled(r"^[,,\s]+[::]$")) == [r",,\s", "::"]
    assert list(doubled(r"[a-z][0-9.,][\[\]]\[,,\]")) == []
    listing = ast.parse('A = re.compile(rf"甲乙|[丙丁]戊己?|{B}"); B = Text("庚辛|壬癸", "one")').body
    assert [sorted(words_listed(one)) for one in listing] == [["戊己", "甲乙"], []]
    tree = ast.parse('"community_60_40"\ndef f():\n    from jifen_analysis.cli import app\n    return "x street_80_20"')
    assert list(imported(tree)) == ["jifen_analysis.cli.app"]
    assert list(spoken(tree)) == ["x street_80_20"]
    assert list(split_at_commas(ast.parse('say("a,b", "c,d").replace("x", ",").split(",")'))) == [1]
    assert list(lengths(ast.parse('def f():\n    """One.\n\n    Two."""\n    return 1'))) == [("f", 2)]
    assert "scoring.roster" in imports()["scoring.aggregate"]
