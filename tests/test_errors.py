import ast
import itertools
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jifen_analysis import errors
from jifen_analysis.errors import (
    InvalidRecords,
    InvalidScheme,
    JifenError,
    Problem,
    Text,
    UsageError,
    there_are,
    typeset,
)


def _problem(number: int = 1, severity: str = "error") -> Problem:
    return Problem(severity, "bad", Text(f"错{number}", f"wrong {number}"), "a.xlsx", "考勤", f"B{number}", "x")


def test_messages_exist_in_both_languages() -> None:
    """Chinese by default, English on demand."""
    error = UsageError("没有文件", "no such file")
    assert (str(error), error.message("en")) == ("没有文件", "no such file")


def test_line_gives_address_and_message() -> None:
    """File, sheet and cell stand before what is wrong; without an address only the message."""
    assert _problem().line() == "a.xlsx 考勤!B1: 错1"
    assert Problem("note", "x", Text("错", "wrong")).line("en") == "wrong"


@pytest.mark.parametrize("kind", [InvalidRecords, InvalidScheme])
def test_errors_carry_every_problem(kind: type) -> None:
    """All problems are held, the first twenty errors are shown, the rest are counted."""
    error = kind([*map(_problem, range(25)), _problem(99, "note")])
    assert isinstance(error, JifenError)
    assert len(error.problems) == 26
    assert "25 处错误" in str(error)
    assert "另有 5 处" in str(error)
    assert "错99" not in str(error)


def test_errors_survive_pickling() -> None:
    """An error raised in a worker process arrives whole."""
    error = pickle.loads(pickle.dumps(InvalidRecords([_problem()])))
    assert error.problems == (_problem(),)


def test_full_width_punctuation() -> None:
    """Chinese sentences have full-width commas and colons; numbers and ratios keep theirs."""
    assert typeset("甲,乙;丙:丁") == "甲\uff0c乙\uff1b丙\uff1a丁"
    assert typeset("6:4, 1,000") == "6:4, 1,000"


def calls(node: ast.AST, name: str) -> Iterator[ast.Call]:
    """Yield the calls of a function, or of a method of anything but a pen, whose templates are shown as they are."""
    for inner in ast.walk(node):
        said = ast.unparse(inner.func) if isinstance(inner, ast.Call) else "pen.say"
        if isinstance(inner, ast.Call) and said.split(".")[-1] == name and said != "pen.say":
            yield inner


def typeset_literals() -> Iterator[str]:
    """Yield every Chinese literal that is shown with full-width signs: of findings, of pictures' words, of reports."""
    home = Path(errors.__file__).parent
    for part, name in (("findings", "Text"), ("charts", "FigureText"), ("report", "say")):
        for file in (home / part).rglob("*.py"):
            for node in calls(ast.parse(file.read_text("utf-8")), name):
                for pair in calls(node, "Text") if name == "FigureText" else (node,):
                    said = (one.value for one in ast.walk(pair.args[0]) if isinstance(one, ast.Constant))
                    yield from (one for one in said if isinstance(one, str) and re.search("[一-鿿]", one))


def test_chinese_stands_in_the_source_as_it_is_shown() -> None:
    """A sentence copied from a report or a picture is found in the source, signs and all."""
    literals = list(typeset_literals())
    assert len(literals) > 300
    assert [one for one in literals if typeset(one) != one] == []


def test_a_list_of_what_there_is_has_no_empty_end() -> None:
    """A refusal lists known names through one place alone, which says so where there are none."""
    home = Path(errors.__file__).parent
    own = [
        f"{file.name}: {node.value}"
        for file in home.rglob("*.py")
        for whole in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(whole, ast.JoinedStr)
        for node, more in itertools.pairwise(whole.values)
        if isinstance(node, ast.Constant)
        and isinstance(more, ast.FormattedValue)
        and re.search("(^|[;,])有:$", node.value)
    ]
    assert own == ["errors.py: 有:"]
    assert (there_are([]), there_are("甲乙").zh) == (("一个也没有", "there are none"), "有:甲、乙")
    assert there_are(range(61)).zh.endswith("58、59等 61 个")
