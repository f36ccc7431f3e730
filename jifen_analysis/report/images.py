"""Figures as PNG and SVG: what has to be there is asked before the work, not after it."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import plotly.graph_objects as go
import plotly.io as pio

from jifen_analysis.errors import UsageError
from jifen_analysis.report.manifest import manifest, outputs_of
from jifen_analysis.report.review import Picture, Review
from jifen_analysis.saving import made_folder, replacing

WIDTH, SCALE = 680, 2
"""Pixels of a figure, and how many times as many in a PNG."""

Format = Literal["png", "svg"]


def require_images() -> None:
    """Refuse where figures cannot be drawn as pictures, with what to install.

    Raises
    ------
    UsageError
        Where kaleido, a browser or a font with Chinese signs is missing.
    """
    for lacking in (_no_kaleido(), _no_browser(), _no_font()):
        if lacking:
            zh, en = lacking
            raise UsageError(
                f"不能生成图片和 Word 文件:{zh}。网页(.html)和工作簿(.xlsx)不受影响",
                f"no pictures and no Word file: {en}. HTML and xlsx work without",
            )


def require_word(target: Path) -> None:
    """Refuse a Word file where the component that writes it is missing.

    Raises
    ------
    UsageError
        With what to install.
    """
    if target.suffix.lower() == ".docx" and not importlib.util.find_spec("docx"):
        install = "pip install 'jifen-analysis[export]'"
        raise UsageError(
            f"不能写 Word 文件:缺少组件,请运行 {install}", f"no Word file without python-docx: run {install}"
        )


def _no_kaleido() -> tuple[str, str] | None:
    if all(importlib.util.find_spec(name) for name in ("kaleido", "docx")):
        return None
    install = "pip install 'jifen-analysis[export]'"
    return f"缺少组件,请运行 {install}", f"run {install}"


def _no_browser() -> tuple[str, str] | None:
    from choreographer.browsers.chromium import Chromium

    if Chromium.find_browser(skip_local=False):
        return None
    return (
        "没有找到浏览器,请安装 Chrome、Edge 或 Chromium(Debian/Ubuntu:apt-get install chromium)",
        "no browser found; install Chrome, Edge or Chromium (Debian/Ubuntu: apt-get install chromium)",
    )


def _no_font() -> tuple[str, str] | None:
    """Ask fontconfig; Windows and macOS bring Chinese fonts with them."""
    lists = shutil.which("fc-list")
    if sys.platform in ("win32", "darwin") or not lists:
        return None
    if subprocess.run([lists, ":lang=zh", "family"], capture_output=True, check=False).stdout.strip():
        return None
    return (
        "没有中文字体,请安装(Debian/Ubuntu:apt-get install fonts-noto-cjk)",
        "no font with Chinese signs; install one (Debian/Ubuntu: apt-get install fonts-noto-cjk)",
    )


def render(figures: Sequence[go.Figure], paths: Sequence[Path]) -> None:
    """Draw figures into files, as their names end, in one browser.

    Raises
    ------
    UsageError
        Where something that is needed is missing.
    """
    require_images()
    if not figures:
        return
    heights = [figure.layout.height for figure in figures]
    pio.write_images(list(figures), list(paths), width=WIDTH, height=heights, scale=SCALE)
    for path in paths:
        if path.suffix == ".svg":
            path.write_text(_steady(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def _steady(svg: str) -> str:
    """Give a drawing's random ids names that are the same every time.

    Examples
    --------
    >>> _steady('<defs id="defs-2c7149"><clipPath id="clip2c7149xyplot"/></defs>')
    '<defs id="defs-figure"><clipPath id="clipfigurexyplot"/></defs>'
    """
    found = re.search(r'id="defs-([0-9a-f]{6})"', svg)
    return svg.replace(found[1], "figure") if found else svg


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
    place = made_folder(Path(folder))
    earlier = outputs_of(place / MANIFEST)
    names = [
        f"{number:02d}_{picture.key}.{ending}"
        for number, picture in enumerate(review.pictures(), start=1)
        for ending in ENDINGS
    ]
    with tempfile.TemporaryDirectory() as drawing:
        drawn = [Path(drawing) / name for name in names]
        render([titled(picture) for picture in review.pictures() for _ in ENDINGS], drawn)
        (Path(drawing) / MANIFEST).write_text(manifest(review.made, drawn), encoding="utf-8", newline="\n")
        pictures = [_placed(Path(drawing) / name, place / name) for name in names]
        removed = [path for path in earlier if path not in pictures]
        for path in removed:
            path.unlink()
        return [*pictures, _placed(Path(drawing) / MANIFEST, place / MANIFEST)], removed


ENDINGS: tuple[Format, ...] = ("png", "svg")
MANIFEST = "manifest.json"


def _placed(drawn: Path, target: Path) -> Path:
    with replacing(target) as beside:
        shutil.copyfile(drawn, beside)
    return target


def titled(picture: Picture) -> go.Figure:
    """Return a picture's figure under its title, for a slide of its own."""
    figure = go.Figure(picture.figure)
    for number, trace in enumerate(figure.data):
        trace.uid = f"{number:06x}"  # plotly would draw lots, and no two files would be alike
    top = (figure.layout.margin.t or 0) + _TITLE
    figure.update_layout(title={"text": f"<b>{picture.title}</b>"}, margin={"t": top})
    return figure.update_layout(height=figure.layout.height + _TITLE)


_TITLE = 46
