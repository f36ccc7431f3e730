"""Pictures drawn in a browser: what its drivers say on the way is heard by nobody."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest

from jifen_analysis.report import images


def test_what_the_drivers_stumble_over_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """A traceback in their log beside a picture that was drawn says nothing; afterwards they may speak as before."""
    driver = logging.getLogger("choreographer.pipe")

    def draw(_: Sequence[go.Figure], paths: Sequence[Path], **_how: Any) -> None:
        driver.error("Error in the loop", exc_info=ValueError("x"))
        paths[0].write_bytes(b"drawn")

    monkeypatch.setattr(images, "require_images", lambda: None)
    monkeypatch.setattr(images.pio, "write_images", draw)
    images.render([go.Figure()], [tmp_path / "x.png"])
    assert not caplog.records
    driver.error("after")
    assert [record.message for record in caplog.records] == ["after"]


def test_every_figure_is_drawn_into_its_own_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In its own height, and in its own width or the usual one."""

    def draw(figures: Sequence[go.Figure], paths: Sequence[Path], **how: Any) -> None:
        for figure, path, width, height in zip(figures, paths, how["width"], how["height"], strict=True):
            path.write_text(f"{figure.layout.title.text} {width} {height}", encoding="utf-8")

    monkeypatch.setattr(images, "require_images", lambda: None)
    monkeypatch.setattr(images.pio, "write_images", draw)
    figures = [go.Figure(layout={"title": {"text": f"{n}"}, "height": 100 + n}) for n in range(3)]
    paths = [tmp_path / f"{n}.png" for n in range(3)]
    images.render([figures[0], figures[1].update_layout(width=50), figures[2]], paths)
    assert [path.read_text(encoding="utf-8") for path in paths] == ["0 680 100", "1 50 101", "2 680 102"]
