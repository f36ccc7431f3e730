"""Every picture, rendered: real glyphs, nothing cut off, no word upon another."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import plotly.graph_objects as go
import pytest

from jifen_analysis import charts
from jifen_analysis.charts.theme import FONTS, Style
from jifen_analysis.errors import Lang
from tests.charts.browser import Browser, TextBox
from tests.charts.figures import FIGURES, public
from tests.charts.frames import CROWDED, LABELS, PLAIN, SMALL

OFFICES = {"plain": PLAIN, "crowded": CROWDED, "small": SMALL}
WIDTHS = {"plain": (1200,), "crowded": (640, 1200), "small": (640,)}
"""How wide a page is for which; the plain ones are held to a narrow page, too, where their signs are looked at."""


LONG = "某某省某某市某某区委组织部汇总的各基层党组织2024年度报送记录(截至12月31日,含已复核更正的)"
"""A source that needs two lines."""


def style(lang: Lang) -> Style:
    """How the pictures are said."""
    return {"lang": lang, "source": "虚构数据,2024年" if lang == "zh" else "invented data, 2024"} | (
        {"labels": LABELS} if lang == "zh" else {}
    )


@cache
def drawn(name: str, office: str, lang: Lang) -> go.Figure:
    """Draw each picture once."""
    said = style(lang)
    return FIGURES[name](OFFICES[office], said | {"source": LONG} if office == "small" else said)


def faults(boxes: list[TextBox], width: float, height: float) -> list[str]:
    """Say which texts meet, and which lie outside."""
    meet = [f"{a.text!r} meets {b.text!r}" for a, b in combinations(boxes, 2) if a.meets(b)]
    outside = [
        f"{box.text!r} is cut off"
        for box in boxes
        if box.left < -1 or box.top < -1 or box.right > width + 1 or box.bottom > height + 1
    ]
    return meet + outside


def test_every_chart_is_drawn() -> None:
    """The pictures tested here are all that the modules offer."""
    assert public(charts) == {name.split()[0] for name in FIGURES}


@pytest.mark.parametrize(("office", "lang"), [("small", "zh"), ("crowded", "zh"), ("crowded", "en")])
@pytest.mark.parametrize("name", FIGURES)
def test_words_stand_apart(browser: Browser, name: str, lang: Lang, office: str) -> None:
    """No text of a picture meets another or is cut off, on a narrow page and, of much or little, on a wide one."""
    figure = drawn(name, office, lang)
    for width in WIDTHS[office]:
        _, boxes = browser.picture(figure, width)
        assert len(boxes) > 3
        assert faults(boxes, width, figure.layout.height) == []


@pytest.mark.parametrize("name", FIGURES)
def test_glyphs_are_real(chinese: Browser, name: str) -> None:
    """A picture becomes a PNG with Chinese words apart from each other, every character of which has a glyph."""
    figure = drawn(name, "plain", "zh")
    _, boxes = chinese.picture(figure, 640)
    assert faults(boxes, 640, figure.layout.height) == []
    signs = "".join(sorted(set("".join(box.text for box in boxes)) - set(" \xa0\u200b")))
    assert any("\u4e00" <= sign <= "\u9fff" for sign in signs)
    assert chinese.boxes(signs, FONTS) == []
    data = chinese.png(figure, 640)
    assert data.startswith(b"\x89PNG")
    assert int.from_bytes(data[16:20], "big") == 640
    assert int.from_bytes(data[20:24], "big") == int(figure.layout.height)
    assert len(data) > 8000


def test_a_box_would_be_seen(chinese: Browser) -> None:
    """The search for missing glyphs finds one that is missing, and only that."""
    assert chinese.boxes("积\ue9f0分", FONTS) == ["\ue9f0"]


def test_meeting_words_would_be_seen(browser: Browser) -> None:
    """The search for words upon another finds them."""
    figure = FIGURES["weights.sweep"](PLAIN, style("zh"))
    for text in ("甲甲甲甲", "乙乙乙乙"):
        figure.add_annotation(text=text, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False)
    _, boxes = browser.picture(figure, 640)
    assert faults(boxes, 640, figure.layout.height) == ["'甲甲甲甲' meets '乙乙乙乙'"]
