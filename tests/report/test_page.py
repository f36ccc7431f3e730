"""The HTML page: one file, nothing from outside, no errors, no sideways scrolling."""

from __future__ import annotations

import re
import time
from html import escape
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest

from jifen_analysis.report import needs
from jifen_analysis.report.page import write_page
from jifen_analysis.report.review import Picture, Point, Points, Review, Section, Table
from jifen_analysis.report.review.strip_titles import footless, strip_title
from tests.charts.browser import Browser
from tests.report.sampled import written as reviewed

NASTY = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The page of the sample's review, and its figures to hover over."""
    return write_page(reviewed(), tmp_path_factory.mktemp("page") / "r.html")


def test_the_page_is_one_file_that_loads_nothing(files: list[Path]) -> None:
    """Nothing but the file beside it is linked, no script is inside, and it is under a megabyte."""
    text = files[0].read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href)="(?!data:|#)([^"]*)', text) == [file.name for file in files[1:]]
    assert "<script" not in text
    assert len(text.encode()) < 1_000_000


def test_every_figure_has_words_for_who_cannot_see_it(files: list[Path]) -> None:
    """Each drawing says its title and finding; no id stands twice in the page."""
    text = files[0].read_text(encoding="utf-8")
    for picture in reviewed().pictures():
        assert text.count(f'role="img" aria-label="{escape(f"{picture.title}：{picture.sentence}")}"') == 2
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_without_a_browser_the_page_still_comes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The reader's browser draws the figures then; the page says once what is missing."""
    monkeypatch.setattr(needs, "_no_browser", lambda: ("请安装某物", "install something"))
    files = write_page(reviewed(), tmp_path / "r.html")
    text = files[0].read_text(encoding="utf-8")
    assert [file.name for file in files] == ["r.html"]
    assert text.count("请安装某物") == 1
    assert text.count("plotly.js (cartesian") == 1
    assert text.count('class="plot"') == len(list(reviewed().pictures()))


def test_what_records_contain_stays_text(tmp_path: Path) -> None:
    """Neither a name of a branch nor a label of a figure can become a script."""
    figure = go.Figure(go.Bar(x=[NASTY], y=[1]), layout={"height": 300})
    picture = Picture("bars", NASTY, NASTY, figure)
    first = Section(NASTY, (NASTY, Points((Point(NASTY, NASTY, "bars"),))))
    written = Review(NASTY, "", "zh", (first,), (picture,), (Section("s", (Table("t", (NASTY,), ((NASTY,),)),)),))
    for file in write_page(written, tmp_path / "r.html"):
        assert NASTY not in file.read_text(encoding="utf-8")


def test_title_and_source_leave_a_figure_as_words() -> None:
    """The plot itself stays as high as it was."""
    figure = go.Figure(layout={"height": 500, "margin": {"t": 100, "b": 92}, "title": {"text": "<b>甲</b>"}})
    figure.add_annotation(text="来源：记录")
    bare, source = footless(strip_title(figure))
    assert source == "来源：记录"
    assert bare.layout.title.text is None
    assert bare.layout.height - bare.layout.margin.t - bare.layout.margin.b == 500 - 192


def opened(browser: Browser, file: Path, width: int) -> dict[str, Any]:
    """Open a page at a width; return what was drawn, how wide it is, and what went wrong."""
    browser._ask("Page.enable")
    browser._ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
    browser._ask("Page.addScriptToEvaluateOnNewDocument", source=LISTEN)
    browser._ask("Page.navigate", url=file.as_uri())
    for _ in range(200):
        if browser.run(READY):
            return browser.run(SEEN)
        time.sleep(0.1)
    raise AssertionError("the page is never ready")


LISTEN = """
window.wrong = [];
addEventListener("error", event => wrong.push(event.message));
console.error = (...all) => wrong.push(all.join(" "));
"""
READY = "document.readyState == 'complete' && document.querySelectorAll('figure svg').length > 0"
SEEN = """({
  wrong: window.wrong,
  wide: document.documentElement.scrollWidth,
  screen: innerWidth,
  plots: [...document.querySelectorAll("figure > svg, .plot .main-svg:first-child")]
    .filter(e => e.getBoundingClientRect().width > 0).length,
  over: [...document.querySelectorAll("main *")].filter(e => !e.closest('figure > svg'))
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1).length,
})"""


@pytest.mark.parametrize("width", [360, 760])
def test_every_width_shows_all_figures_without_sideways_scrolling(
    browser: Browser, files: list[Path], width: int
) -> None:
    """Every figure is drawn, nothing reaches over the edge, nothing is logged as an error."""
    written = reviewed()
    for file in files:
        seen = opened(browser, file, width)
        assert seen["plots"] == len(list(written.pictures())), file.name
        assert seen["wide"] <= seen["screen"], file.name
        assert seen["over"] == 0, file.name
        assert seen["wrong"] == [], file.name
