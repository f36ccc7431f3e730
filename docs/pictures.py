"""Make the pictures of the README from real output on the sample: ``make pictures``; a Chromium is needed."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, cast

from rich.console import Console, RenderableType

import jifen_analysis as jf
from jifen_analysis.cli import views
from jifen_analysis.cli.terminal import Masked, Terminal
from jifen_analysis.report.page import write_page
from jifen_analysis.report.review import review

FOLDER = Path(__file__).parent / "pictures"
SAMPLE = Path(__file__).parents[1] / "data" / "sample"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
COLUMNS = 118
MOST_LINES = 60
"""Lines of the explanation that is shown: it is shown whole."""

# The font has Chinese signs exactly two columns wide, as on a terminal.
PAGE = """<meta charset="utf-8"><body style="margin:0;padding:14px 20px;background:#fbfbf9;color:#23272e">
<pre style="font:14px/20px 'Noto Sans Mono CJK SC',monospace;margin:0">{code}</pre>"""


def main() -> None:
    """Write ``assess.png``, ``explain.png`` and ``review.png``."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit(f"none of {', '.join(BROWSERS)} is installed")
    FOLDER.mkdir(exist_ok=True)
    result = jf.assess(jf.load(SAMPLE), jf.read_scheme("community_60_40"))
    console = _console("jifen assess data/sample")
    views.print_grades(Terminal("zh", console, console), result)
    _photograph(console, FOLDER / "assess.png", browser)
    member, period = _telling(result)
    console = _console(f"jifen explain data/sample {member} --period {period}", result.explain(member, period))
    _photograph(console, FOLDER / "explain.png", browser)
    with tempfile.TemporaryDirectory() as folder:
        page, *_ = write_page(review(result), Path(folder) / "review.html")
        _shoot(page, FOLDER / "review.png", "900,1180", browser)


def _telling(result: jf.Assessment) -> tuple[str, str]:
    """Return the member and period with the lowest total of the last one whose explanation is short enough."""
    table = result.table
    last = table[(table["period"] == table["period"].max()) & table["total"].notna()]
    for member, period in last.sort_values(["total", "member_id"])[["member_id", "period"]].itertuples(index=False):
        if result.explain(member, period).text().count("\n") < MOST_LINES:
            return member, period
    sys.exit(f"no explanation has fewer than {MOST_LINES} lines")


def _console(command: str, *shown: RenderableType) -> Console:
    kept = cast("IO[str]", Masked(io.StringIO))
    console = Console(record=True, width=COLUMNS, force_terminal=True, file=kept, highlight=False)
    console.print(f"[bold green]$[/] [bold]{command}[/]\n", *shown, sep="")
    return console


def _photograph(console: Console, target: Path, browser: str) -> None:
    code = console.export_html(inline_styles=True, code_format="{code}").rstrip().split("\n")
    page = PAGE.format(code="\n".join(code))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(page, encoding="utf-8")
        _shoot(file, target, f"{COLUMNS * 8 - 60},{len(code) * 20 + 28}", browser)


def _shoot(page: Path, target: Path, size: str, browser: str) -> None:
    switches = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={size}"]
    wait = "--virtual-time-budget=8000"
    command = [browser, *switches, wait, f"--screenshot={target}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True)


main()
