"""Lines that are no wider than they may be, and lose nothing."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

import jifen_analysis as jf
from jifen_analysis.cli import views
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.errors import JifenError, Problem, Text
from jifen_analysis.line_wrap import requested_width, wrap_line
from jifen_analysis.sample import synthetic
from tests.command import Jifen, console_of

_SIGNS = st.text("甲乙丙,、)(ab1 .\uff0c\uff09\n/", max_size=80)


@given(_SIGNS, st.integers(20, 60))
def test_folding_loses_nothing(text: str, width: int) -> None:
    """Every line fits; together they hold every sign but blanks in order; what fits is left as it is."""
    lines = wrap_line(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    if all(cell_len(line) <= width for line in text.split("\n")):
        assert lines == text.split("\n")


@given(st.text("甲乙丙丁", min_size=15, max_size=50), st.integers(20, 30))
def test_no_line_begins_with_a_comma(text: str, width: int) -> None:
    """Signs that close stay with the word before them."""
    closed = "".join(f"{sign}\uff0c" for sign in text)
    assert not any(line.lstrip().startswith("\uff0c") for line in wrap_line(closed, width))


@pytest.mark.parametrize(("said", "width"), [("80", 80), ("0", None), ("7", None), ("wide", None), ("", None)])
def test_what_the_environment_asks_for(said: str, width: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """COLUMNS counts where it is a number with which one can read."""
    monkeypatch.setenv("COLUMNS", said)
    assert requested_width() == width


@pytest.mark.parametrize("width", [60, 118])
@pytest.mark.parametrize("command", ["schemes", "schemes community_60_40", "lint bureau_quarterly"])
def test_no_line_of_a_pipe_is_wider_than_columns(
    jifen: Jifen, command: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is piped keeps to COLUMNS, in both languages; without it lines are as long as they are."""
    whole = {lang: jifen(*command.split(), "--lang", lang)[1] for lang in ("zh", "en")}
    monkeypatch.setenv("COLUMNS", f"{width}")
    for lang, said in whole.items():
        out = jifen(*command.split(), "--lang", lang)[1]
        assert max(map(cell_len, out.splitlines())) <= width
        assert len(re.sub(r"[\s、,]", "", out)) == len(re.sub(r"[\s、,]", "", said))


@pytest.fixture(scope="module")
def small() -> jf.Assessment:
    """A year of a few members."""
    return jf.assess(jf.Records.from_frames(synthetic(40, [2024], 3)), jf.read_scheme("community_60_40"))


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("width", [50, 80])
def test_grades_explanations_and_problems_fit(small: jf.Assessment, width: int, terminal: bool) -> None:
    """So do the table of grades, one member's explanation, and the problems of a file."""
    console = console_of(terminal, width, color_system=None)
    desk = Terminal("zh", console, console)
    views.print_grades(desk, small)
    member, period = views.worth_explaining(small)
    desk.show(small.explain(member, period).rich("zh"))
    long = Text("一句很长的话," * 20, "a long sentence, " * 20)
    desk.problems([Problem("error", "odd", long, file="支部.xlsx", sheet="考勤", cell="E5")])
    desk.refuse(JifenError(long.zh, long.en))
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert max(map(cell_len, lines)) <= width
    assert not any("…" in line for line in lines)


def test_columns_beyond_all_screens_are_some(jifen: Jifen, monkeypatch: pytest.MonkeyPatch) -> None:
    """Help is framed, however many columns are asked for."""
    monkeypatch.setenv("COLUMNS", "9" * 20)
    assert requested_width() == 10_000
    assert jifen("check", "--help")[0] == 0


def test_a_text_without_end_is_broken_at_once() -> None:
    """What a line costs grows with its length, not with its square."""
    began = time.process_time()
    assert len(wrap_line("甲" * 100_000, 10_000)) == 20 + 1
    assert time.process_time() - began < 5
