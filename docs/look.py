"""Render every output to pictures, to be looked at: ``make look``. A Chromium, LibreOffice and pdftoppm are needed.

Into ``look/``: the review and the comparison as pages of 390 and 1440 pixels and on paper, the results workbook, the
blank workbook, notice and slips as their printed pages, the slides, the notebooks, and every chart.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from jifen_analysis.cli import run

HOME = Path(__file__).parents[1]
SAMPLE = HOME / "data" / "sample"
WIDTHS = {390: 9000, 1440: 9000}
"""Pixels of a phone's page and of a desk's, and how much of it is photographed."""

MOST_PAGES = 12
"""Printed pages that are drawn of one output."""

PATIENCE = 180
"""Seconds that one cell of a notebook may take."""

DOTS = 70
"""Dots an inch of a printed page."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFICES = ("soffice", "libreoffice")

OUTPUTS: Sequence[tuple[str, ...]] = (
    ("report", "总结.html"),
    ("report", "总结.pdf"),
    ("report", "总结.docx"),
    ("report", "总结.pptx"),
    ("compare", "比较.html", "--scheme", "community_60_40", "--scheme", "street_80_20"),
    ("compare", "比较.xlsx", "--scheme", "community_60_40", "--scheme", "street_80_20"),
    ("assess", "结果.xlsx", "--period", "2024"),
    ("notice", "公示.docx"),
    ("notice", "公示.xlsx"),
    ("explain", "积分卡.docx", "--branch", "第九支部"),
)
"""Command, file, and what else it is asked."""


def main() -> None:
    """Write every output into ``look/`` and its pictures beside it."""
    browser, office = _found(BROWSERS), _found(OFFICES)
    folder = HOME / "look"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    written = [*_outputs(folder), *_notebooks(folder)]
    for file in written:
        if file.suffix == ".html":
            _pages(file, browser)
        else:
            _sheets(file, office)
    shutil.copytree(HOME / "docs" / "pictures", folder / "pictures")
    sys.stdout.write(f"{len(list(folder.rglob('*.png')))} pictures: {folder}\n")


def _found(names: Iterable[str]) -> str:
    tool = next((found for name in names if (found := shutil.which(name))), None)
    return tool or sys.exit(f"none of {', '.join(names)} is installed")


def _outputs(folder: Path) -> list[Path]:
    """Write what the command writes; what it refuses it says itself."""
    written = []
    for command, name, *more in OUTPUTS:
        run([command, str(SAMPLE), "--out", str(folder / name), *more])
        written += [folder / name] if (folder / name).exists() else []
    run(["template", str(folder / "模板.xlsx"), "--scheme", "community_60_40"])
    return [*written, folder / "模板.xlsx"]


def _notebooks(folder: Path) -> list[Path]:
    """Run every notebook and write it as a page; one whose cell hangs is left out, and says so itself."""
    patience = f"--ExecutePreprocessor.timeout={PATIENCE}"
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--execute", patience, "--output-dir", str(folder)]
    for notebook in sorted((HOME / "notebooks").glob("0*.ipynb")):
        subprocess.run([*command, str(notebook)], check=False)
    return sorted(folder.glob("0*.html"))


def _pages(file: Path, browser: str) -> None:
    """Photograph a page as a phone and as a desk show it."""
    switches = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=9000"]
    for width, height in WIDTHS.items():
        target = file.with_name(f"{file.stem}-{width}.png")
        size = [f"--window-size={width},{height}", f"--screenshot={target}", file.as_uri()]
        subprocess.run([browser, *switches, *size], check=True, capture_output=True)


def _sheets(file: Path, office: str) -> None:
    """Print a document and draw its first pages."""
    with tempfile.TemporaryDirectory() as folder:
        printed = file
        if file.suffix != ".pdf":
            command = [office, "--headless", "--convert-to", "pdf", "--outdir", folder, str(file)]
            subprocess.run(command, check=True, capture_output=True)
            printed = Path(folder) / f"{file.stem}.pdf"
        pages = ["pdftoppm", "-r", str(DOTS), "-l", str(MOST_PAGES), "-png"]
        subprocess.run([*pages, str(printed), str(file)], check=True)


if __name__ == "__main__":
    main()
