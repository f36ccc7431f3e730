"""Slides: at most ten, a finding each, charts to edit, sentences as notes."""

from __future__ import annotations

from pathlib import Path

import pytest
from pptx import Presentation

from jifen_analysis.report.office.slides import MOST, write_slides
from tests.report.sampled import written


def test_slides_hold_findings_charts_and_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first concludes; every other figure is a chart or a table, never a picture; two runs are alike."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    files = [write_slides(written(), tmp_path / name) for name in ("a.pptx", "b.pptx")]
    assert files[0].read_bytes() == files[1].read_bytes()
    slides = list(Presentation(str(files[0])).slides)
    assert 3 <= len(slides) <= MOST
    first = " ".join(shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame)
    assert all(point.text in first for point in written().opening[0].blocks[0].points)  # type: ignore[union-attr] # points
    said = {picture.sentence for picture in written().pictures()}
    drawn = [slide for slide in slides if any(shape.has_chart or shape.has_table for shape in slide.shapes)]
    assert len(drawn) >= len(slides) - 2
    assert {slide.notes_slide.notes_text_frame.text for slide in drawn} <= said
    assert not any(shape.shape_type == 13 for slide in slides for shape in slide.shapes)  # no pictures
