"""Figures as PNG and SVG."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import plotly.graph_objects as go
import plotly.io as pio

from jifen_analysis.errors import Text, UsageError, cause
from jifen_analysis.report.manifest import manifest, outputs_of
from jifen_analysis.report.needs import require_images
from jifen_analysis.report.review import Picture, Review
from jifen_analysis.saving import make_folder, replacing, scratch

WIDTH, SCALE = 680, 2
"""Pixels of a figure, and how many times as many in a PNG."""

Format = Literal["png", "svg"]


def render(figures: Sequence[go.Figure], paths: Sequence[Path]) -> None:
    """Draw figures into files, as their names end, in one browser.

    Raises
    ------
    UsageError
        Where something that is needed is missing, or the browser draws nothing.
    """
    require_images()
    if not figures:
        return
    heights = [figure.layout.height for figure in figures]
    widths = [figure.layout.width or WIDTH for figure in figures]
    try:
        with _unheard():
            pio.write_images(list(map(_numbered, figures)), list(paths), width=widths, height=heights, scale=SCALE)
    except Exception as fault:  # whatever a browser that cannot start, or has no room, dies of
        said = cause(fault) if isinstance(fault, OSError) else Text(type(fault).__name__, type(fault).__name__)
        raise UsageError(f"浏览器没有画出图({said.zh})", f"the browser drew no figure ({said.en})") from fault
    for path in paths:
        if path.suffix == ".svg":
            path.write_text(_steady(path.read_text(encoding="utf-8"), path.stem), encoding="utf-8", newline="\n")


@contextmanager
def _unheard() -> Iterator[None]:
    """Keep those who drive the browser from telling what they stumble over: what is not drawn is told by us."""
    drivers = [logging.getLogger(name) for name in ("choreographer", "kaleido", "asyncio")]
    levels = [driver.level for driver in drivers]
    for driver in drivers:
        driver.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for driver, level in zip(drivers, levels, strict=True):
            driver.setLevel(level)


def _numbered(figure: go.Figure) -> go.Figure:
    """Return a figure whose traces have names: plotly would draw lots, and no two files would be alike."""
    copy = go.Figure(figure)
    for number, trace in enumerate(copy.data):
        trace.uid = f"{number:06x}"
    return copy


def _steady(svg: str, name: str) -> str:
    """Give a drawing's random ids the name of its file: the same every time, and no other drawing's.

    Examples
    --------
    >>> _steady('<defs id="defs-2c7149"><clipPath id="clip2c7149xyplot"/></defs>', "bars")
    '<defs id="defs-bars"><clipPath id="clipbarsxyplot"/></defs>'
    >>> _steady('<defs id="defs-104857"/><path d="M0.104857,2"/>', "bars")  # the same digits in a place are no id
    '<defs id="defs-bars"/><path d="M0.104857,2"/>'
    """
    found = re.search(r'id="defs-([0-9a-f]{6})"', svg)
    return re.sub(rf"(?<=[a-z-]){found[1]}(?![0-9.])", lambda _: name, svg) if found else svg


def write_images(review: Review, folder: str | Path) -> tuple[list[Path], list[Path]]:
    """Write every figure of a review as PNG and SVG, named by number and figure, and from what they were made.

    Pictures of an earlier run that this one has not are removed: those that its
    ``manifest.json`` names and nobody has changed since.

    Parameters
    ----------
    review : Review
        From ``review``.
    folder : str or Path
        Made where it does not exist.

    Returns
    -------
    written : list of Path
        The files, in order; the last is ``manifest.json``.
    removed : list of Path
        The pictures that are gone.

    Raises
    ------
    UsageError
        Where a picture cannot be drawn or the folder cannot be made.
    """
    require_images()
    place = make_folder(Path(folder))
    earlier = outputs_of(place / MANIFEST)
    names = [
        f"{number:02d}_{picture.key}.{ending}"
        for number, picture in enumerate(review.pictures(), start=1)
        for ending in PICTURES
    ]
    with scratch() as drawing:
        drawn = [drawing / name for name in names]
        render([figure_with_title(picture) for picture in review.pictures() for _ in PICTURES], drawn)
        (drawing / MANIFEST).write_text(manifest(review.made, drawn), encoding="utf-8", newline="\n")
        pictures = [_placed(drawing / name, place / name) for name in names]
        removed = [path for path in earlier if path not in pictures]
        for path in removed:
            path.unlink()
        return [*pictures, _placed(drawing / MANIFEST, place / MANIFEST)], removed


PICTURES: tuple[Format, ...] = ("png", "svg")
MANIFEST = "manifest.json"


def _placed(drawn: Path, target: Path) -> Path:
    with replacing(target) as beside:
        shutil.copyfile(drawn, beside)
    return target


def figure_with_title(picture: Picture) -> go.Figure:
    """Return a picture's figure under its title, for a slide of its own."""
    figure = go.Figure(picture.figure)
    top = (figure.layout.margin.t or 0) + _TITLE
    figure.update_layout(title={"text": f"<b>{picture.title}</b>"}, margin={"t": top})
    return figure.update_layout(height=figure.layout.height + _TITLE)


_TITLE = 46
