"""The look that all pictures share."""

from __future__ import annotations

import ast
import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.charts import theme
from jifen_analysis.charts.theme import FigureText, Pen
from jifen_analysis.charts.theme.axes import number_key
from jifen_analysis.charts.theme.figure import text_width
from jifen_analysis.charts.theme.label_layout import GLYPH, LINE, PLOT
from jifen_analysis.errors import Text, UsageError
from jifen_analysis.schemes.scheme import read_scheme
from tests.charts.figures import heading

WORDS = FigureText(Text("题目", "Title"), Text("一,二", "one, two"), Text("横轴(分)", "x (points)"), Text("纵轴", "y"))
SCHEMES = ["branch_scorecard", "bureau_quarterly", "community_60_40", "school_framework", "village_inspector"]


def luma(colour: str) -> float:
    """Grey of a colour as a printer makes it, 0 to 255."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


@pytest.mark.parametrize("name", SCHEMES)
def test_grades_differ_in_grey(name: str) -> None:
    """Any two grades of a scheme differ by 15 in grey, as lightness and as a printer's grey."""
    colours = theme.grade_colours(list(read_scheme(name).book.grades)).values()
    for one, other in combinations(colours, 2):
        assert abs(theme.lightness(one) - theme.lightness(other)) >= 15
        assert abs(luma(one) - luma(other)) >= 15


def test_the_best_and_the_worst_are_never_mistaken() -> None:
    """Print in grey: the highest grade against failure has 3 to 1 at least, and failure is hatched besides."""
    colours = theme.grade_colours(["优秀", "良好", "合格", "基本合格", "不合格"])
    assert theme.contrast(colours["优秀"], colours["不合格"]) > 3
    assert [grade for grade in colours if theme.hatching(grade)] == ["不合格"]


def test_words_can_be_read() -> None:
    """Every colour in which words stand has 4.5 to 1 against paper; ink has it against every shade of a heat map."""
    assert all(theme.contrast(colour, theme.PAPER) >= 4.5 for colour in (theme.INK, theme.GREY, theme.BAD, theme.MAIN))
    assert all(theme.contrast(theme.INK, shade) >= 4.5 for _, shade in theme.BLUES)


def test_finding_is_the_headline() -> None:
    """What was found stands above, its further clauses and the topic below it."""
    long = "甲" * 40
    words = FigureText(
        Text("题目", "Topic"), Text("读法", "reading"), finding=Text(f"发现{long};其次", "found; besides")
    )
    title = Pen().draw([go.Bar(y=[1])], words).layout.title.text
    headline, _, below = title.partition("</b>")
    assert headline.replace("<br>", "") == f"<b>发现{long}\uff1b其次"
    assert "题目\uff1b读法" in below
    twice = FigureText(Text("题目", "Topic"), finding=Text(f"发现{long};其次{long}", "found"))
    assert heading(Pen().draw([go.Bar(y=[1])], twice)).endswith(f"其次{long}\uff1b题目")


@pytest.mark.parametrize("size", [1, 4, 7, 10, 13, 25])
def test_no_panel_stands_alone(size: int) -> None:
    """The last row has two panels at least, where there is more than one row; every column has its numbers."""
    board = theme.panels([f"{number}" for number in range(size)])
    assert board.rows == 1 or size % board.columns != 1
    assert board.columns <= 5
    lowest = range(max(size - board.columns, 0), size)
    axes = [board.figure.layout["xaxis" if place == 0 else f"xaxis{place + 1}"] for place in lowest]
    assert all(axis.showticklabels for axis in axes)


def test_grade_colours_are_fixed() -> None:
    """A grade has the same colour whatever other grades a scheme has."""
    whole = theme.grade_colours(["优秀", "良好", "合格", "基本合格", "不合格"])
    for name in SCHEMES:
        found = theme.grade_colours(list(read_scheme(name).book.grades))
        assert {grade: found[grade] for grade in found if grade in whole} == {g: whole[g] for g in found if g in whole}


@given(
    st.lists(st.sampled_from(["优秀", "合格", "不合格", "A", "B", "C", "D", "E"]), unique=True, min_size=2, max_size=5)
)
def test_neighbours_differ_for_any_list(grades: list[str]) -> None:
    """Neighbours differ by 15 in grey also where a scheme has grades of its own."""
    colours = list(theme.grade_colours(grades).values())
    for one, other in pairwise(colours):
        assert abs(theme.lightness(one) - theme.lightness(other)) >= 15


def test_best_first() -> None:
    """Grades are listed from the highest, from whichever end they came."""
    assert theme.best_first(["不合格", "合格", "优秀"]) == theme.best_first(["优秀", "合格", "不合格"])
    assert theme.best_first(["一星", "二星"]) == ["一星", "二星"]


def test_scale_darkens() -> None:
    """The scale of heat maps darkens throughout, so that it can be read in grey."""
    grey = [theme.lightness(colour) for _, colour in theme.BLUES]
    assert all(first > second + 5 for first, second in pairwise(grey))


def test_fonts_in_order() -> None:
    """Every figure asks for Chinese fonts of Windows, macOS and Linux."""
    figure = Pen().draw([go.Bar(y=[1])], WORDS)
    family = figure.layout.template.layout.font.family
    assert family.split(", ")[:3] == ["Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC"]


def test_words_of_a_figure() -> None:
    """Title, finding, axes and source stand on the figure, in the language asked for."""
    zh = Pen(source="样例").draw([go.Bar(y=[1])], WORDS)
    assert zh.layout.title.text.startswith("<b>题目</b>")
    assert zh.layout.xaxis.title.text == "横轴(分)"
    assert "来源" in zh.layout.annotations[-1].text
    assert "样例" in zh.layout.annotations[-1].text
    en = Pen(lang="en").draw([go.Bar(y=[1])], WORDS)
    assert "Title" in en.layout.title.text
    assert "one, two" in en.layout.title.text
    assert en.layout.annotations[-1].text == "Source: records sent by the branches"


def test_nothing_to_draw() -> None:
    """A table without rows is refused."""
    with pytest.raises(UsageError, match="没有可画的数据"):
        Pen.over(pd.DataFrame({"total": []}), {})


def test_names_of_codes() -> None:
    """A dotted code takes the label of the whole, else of each part."""
    pen = Pen(labels={"a": "甲", "a.b": "整体"})
    assert [pen.name("a.b"), pen.name("a.c"), pen.name(7)] == ["整体", "甲·c", "7"]


@given(st.text("第一支部abc _", max_size=40), st.integers(3, 20))
def test_wrapping_keeps_the_text(text: str, width: int) -> None:
    """Breaking into lines loses nothing but blanks, and lines end in time."""
    lines = theme.wrap_text(text, width).split("<br>")
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    pieces = text.replace("_", "_ ").split()
    longest = max((len(piece) * 0.58 for piece in pieces if piece.isascii()), default=0)
    if all(piece.isascii() for piece in pieces):
        assert all(text_width(line) <= max(width, longest) + 1e-9 for line in lines)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=25),
    st.floats(1, 12),
)
def test_placed_names_do_not_meet(points: list[tuple[float, float]], width: float) -> None:
    """Names beside points stay inside the plot and off each other."""
    spots = theme.layout_labels(points, [width] * len(points))
    boxes = []
    for (x, y), spot in zip(points, spots, strict=True):
        if spot:
            edge = x * PLOT[0] + spot.dx - (width * GLYPH if spot.anchor == "right" else 0)
            boxes.append((edge, (1 - y) * PLOT[1] + spot.dy - LINE / 2))
    for left, top in boxes:
        assert left >= -1e-6
        assert left + width * GLYPH <= PLOT[0] + 1e-6
        assert -1e-6 <= top <= PLOT[1] - LINE + 1e-6
    for (a, b), (c, d) in combinations(boxes, 2):
        assert abs(a - c) >= width * GLYPH - 1e-6 or abs(b - d) >= LINE - 1e-6


def test_order_of_branches() -> None:
    """Branches are listed by number, in Chinese and in Arabic numerals."""
    numbers = ["一", "二", "九", "十", "十一", "十九", "二十", "二十一", "九十九"]
    names = [f"第{number}支部" for number in numbers]
    assert sorted({*names}, key=number_key) == names
    assert sorted(["10组", "9组"], key=number_key) == ["9组", "10组"]
    assert theme.sort_rows(pd.DataFrame({"b": ["2", "10", "1"]}), "b")["b"].tolist() == ["1", "2", "10"]


def test_package_does_not_bring_plotly() -> None:
    """Importing the package does not import plotly."""
    line = "import sys, jifen_analysis; sys.exit('plotly' in sys.modules)"
    subprocess.run([sys.executable, "-c", line], check=True, timeout=300)


def test_charts_know_only_the_theme() -> None:
    """No chart imports an analysis, the engine or another chart module; all take their headlines from the findings."""
    home = Path(theme.__file__).parents[1]
    for file in home.rglob("*.py"):
        wing = f"jifen_analysis.charts.{file.relative_to(home).parts[0].removesuffix('.py')}"
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if module.startswith("jifen_analysis"):
                known = ("charts.theme", "errors", "findings", "summaries")
                allowed = (*(f"jifen_analysis.{name}" for name in known), wing)
                assert module == "jifen_analysis.charts" or module.startswith(allowed), (file.name, module)
