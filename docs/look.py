"""Render every output to pictures, to be looked at: ``make look``. A Chromium, LibreOffice and pdftoppm are needed.

Into ``look/``, or with ``python docs/look.py FOLDER [WORD ...]`` elsewhere and only what is so called: the review, the
comparison and the trial as pages of 390 and 1440 pixels and on paper, the results workbook, the blank workbook, notice
and slips as their printed pages, the slides, the notebooks (as pages and as Word has them), the
terminal at 80 columns, and every chart. A line for each output says how long it took; what takes too long is given up
and said, so that the whole comes to its end.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from html import escape
from pathlib import Path
from subprocess import PIPE

HOME = Path(__file__).parents[1]
SAMPLE = HOME / "data" / "sample"
WIDTHS = {390: 12000, 1440: 9000}
"""Pixels of a phone's page and of a desk's, and how much of it is photographed."""

MOST_PAGES = 12
"""Printed pages that are drawn of one output."""

PATIENCE = 300
"""Seconds that one output may take: a browser, an office or a kernel that is lost is not waited for."""

DOTS = 70
"""Dots an inch of a printed page."""

COLUMNS = 80
"""Columns of the terminal."""

AT_ONCE = 2
"""Outputs that are made side by side: each waits for browsers and offices for a good part of its time."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFICES = ("soffice", "libreoffice")
SCHEMES = ("--scheme", "community_60_40", "--scheme", "street_80_20")

OUTPUTS: Sequence[tuple[str, ...]] = (
    ("report", "总结.html"),
    ("report", "总结.pdf"),
    ("report", "总结(内部).html", "--with-names"),
    ("report", "总结.docx"),
    ("report", "总结.pptx"),
    ("compare", "比较.html", *SCHEMES),
    ("compare", "比较.pdf", *SCHEMES),
    ("compare", "比较.docx", *SCHEMES),
    ("compare", "比较.pptx", *SCHEMES),
    ("compare", "比较.xlsx", *SCHEMES),
    ("try", "试算.html", "--cut", "优秀=92"),
    ("assess", "结果.xlsx", "--period", "2024"),
    ("notice", "公示.docx"),
    ("notice", "公示.xlsx"),
    ("explain", "积分卡.docx", "--branch", "第九支部"),
)
"""Command, file, and what else it is asked."""

SAID: Sequence[tuple[str, ...]] = (
    ("--help",),
    ("check", "DATA"),
    ("assess", "DATA", "--period", "2024"),
    ("explain", "DATA", "00012", "--period", "2024H2"),
    ("compare", "DATA", *SCHEMES),
    ("try", "DATA", "--cut", "优秀=92"),
    ("schemes",),
    ("schemes", "community_60_40"),
    ("lint", "bureau_quarterly"),
    ("words", "group"),
    ("chart",),
)
"""What is asked on the terminal."""

PAGE = """<meta charset="utf-8"><body style="margin:0;padding:14px 20px;background:#fbfbf9;color:#23272e">
<pre style="font:14px/20px 'Noto Sans Mono CJK SC',monospace;margin:0">{said}</pre>"""


def main() -> None:
    """Write every output into a folder and its pictures beside it, or those whose names hold one of some words."""
    browser, office = _found(BROWSERS), _found(OFFICES)
    given, *wanted = sys.argv[1:] or [str(HOME / "look")]
    folder = Path(given).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    started = time.monotonic()
    works = [one for one in _works(folder, browser, office) if not wanted or any(part in one[0] for part in wanted)]
    with ThreadPoolExecutor(AT_ONCE) as hands:
        list(hands.map(_timed, *zip(*works, strict=True)))
    if not wanted:
        shutil.copytree(HOME / "docs" / "pictures", folder / "pictures")
    drawn = len(list(folder.rglob("*.png")))
    sys.stdout.write(f"{drawn} pictures in {time.monotonic() - started:.0f} s: {folder}\n")


def _works(folder: Path, browser: str, office: str) -> Iterator[tuple[str, Callable[[], None]]]:
    for command, name, *more in OUTPUTS:
        asked = [command, str(SAMPLE), "--out", str(folder / name), *more]
        yield name, partial(_output, folder / name, asked, browser, office)
    blank = folder / "模板.xlsx"
    yield blank.name, partial(_output, blank, ["template", str(blank), "--scheme", "community_60_40"], browser, office)
    for notebook in sorted((HOME / "notebooks").glob("*.ipynb")):
        yield notebook.name, partial(_notebook, notebook, folder, browser, office)
    for said in SAID:
        yield f"jifen {' '.join(said)}", partial(_terminal, said, folder, browser)


def _timed(name: str, work: Callable[[], None]) -> None:
    """Do one output, and say in a line how long it took or why there is none."""
    started, failed = time.monotonic(), ""
    try:
        work()
    except subprocess.TimeoutExpired as slow:
        failed = f": gave up after {slow.timeout:.0f} s"
    except subprocess.CalledProcessError as refused:
        failed = f": {(refused.stderr or refused.stdout or b'').decode(errors='replace').strip()[-300:]}"
    sys.stdout.write(f"{time.monotonic() - started:6.1f} s  {name}{failed}\n")
    sys.stdout.flush()


def _found(names: Iterable[str]) -> str:
    tool = next((found for name in names if (found := shutil.which(name))), None)
    return tool or sys.exit(f"none of {', '.join(names)} is installed")


def _called(command: Sequence[str | Path], **how: str) -> bytes:
    """Return what a command says; with whatever it started it is ended where it takes too long."""
    environment = os.environ | how
    given = list(map(str, command))
    with subprocess.Popen(given, env=environment, start_new_session=True, stdout=PIPE, stderr=PIPE) as running:
        try:
            out, err = running.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, 9)
            raise
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, given, out, err)
    return out


def _jifen(command: Iterable[str], **how: str) -> bytes:
    return _called([sys.executable, "-m", "jifen_analysis.cli", *command], **how)


def _output(file: Path, command: Sequence[str], browser: str, office: str) -> None:
    """Write the file that the command writes, and draw it."""
    _jifen(command)
    if file.suffix == ".html":
        _pages(file, browser)
    else:
        _sheets(file, office)


def _notebook(notebook: Path, folder: Path, browser: str, office: str) -> None:
    """Run a notebook, and draw it as a page and as Word has it, by pandoc or, without one, by the office."""
    run, page = folder / notebook.name, folder / f"{notebook.stem}.html"
    convert: list[str | Path] = [sys.executable, "-m", "nbconvert", "--output-dir", folder]
    _called([*convert, "--to", "notebook", "--execute", notebook])
    _called([*convert, "--to", "html", run])
    _pages(page, browser)
    if pandoc := shutil.which("pandoc"):
        _called([pandoc, run, "--output", folder / f"{notebook.stem}.docx"])
    else:
        _converted(page, "docx:MS Word 2007 XML", folder, office, "--infilter=HTML (StarWriter)")
    _sheets(folder / f"{notebook.stem}.docx", office)


def _terminal(asked: Sequence[str], folder: Path, browser: str) -> None:
    """Photograph what a command says into a pipe."""
    said = _jifen((str(SAMPLE) if part == "DATA" else part for part in asked), COLUMNS=str(COLUMNS)).decode()
    name = "-".join(part for part in asked if part != "DATA").replace("/", "_")
    page = folder / f"终端 {name}.html"
    page.write_text(PAGE.format(said=escape(said)), encoding="utf-8")
    _photograph(page, page.with_suffix(".png"), (COLUMNS * 8 - 10, 20 * (said.count("\n") + 1) + 28), browser)


def _pages(file: Path, browser: str) -> None:
    """Photograph a page as a phone and as a desk show it."""
    for width, height in WIDTHS.items():
        _photograph(file, file.with_name(f"{file.stem}-{width}.png"), (width, height), browser)


def _photograph(page: Path, target: Path, size: tuple[int, int], browser: str) -> None:
    switches = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=9000"]
    window = f"--window-size={size[0]},{size[1]}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:  # of one's own: another may be open
        own = f"--user-data-dir={profile}"
        _called([browser, *switches, own, window, f"--screenshot={target}", page.as_uri()])


def _sheets(file: Path, office: str) -> None:
    """Print a document and draw its first pages."""
    with tempfile.TemporaryDirectory() as folder:
        printed = file
        if file.suffix != ".pdf":
            _converted(file, "pdf", Path(folder), office)
            printed = Path(folder) / f"{file.stem}.pdf"
        _called(["pdftoppm", "-r", str(DOTS), "-l", str(MOST_PAGES), "-png", printed, file])


def _converted(file: Path, form: str, folder: Path, office: str, *how: str) -> None:
    """Let an office write a file in another form; one of its own, for another may be open."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as own:
        profile = f"-env:UserInstallation={Path(own).as_uri()}"
        _called([office, profile, "--headless", *how, "--convert-to", form, "--outdir", folder, file])


if __name__ == "__main__":
    main()
