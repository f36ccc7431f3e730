"""The desk served alone, in a real browser: a slider is dragged, and the numbers are those of Python."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import psutil
import pytest

import jifen_analysis as jf
from jifen_analysis.cli.notebooks import server_command
from jifen_analysis.sample import write
from tests.charts.browser import NAMES
from tests.command import PATIENCE, Jifen, until

BROWSER = next(filter(None, map(shutil.which, NAMES)), None)
needed = pytest.mark.skipif(
    BROWSER is None or not all(importlib.util.find_spec(name) for name in ("voila", "playwright")),
    reason="a browser, Voilà and playwright are needed",
)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """``jifen desk --no-browser`` beside the user's data; its address with the token."""
    write(tmp_path / "数据", 60, (2023, 2024), 7, "parquet")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    call = [sys.executable, "-m", "jifen_analysis.cli", "desk", "数据", "--no-browser", "--port", str(port)]
    homes = dict.fromkeys(
        ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"), str(tmp_path)
    )
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(call, cwd=tmp_path, env={**os.environ, **homes}, stdout=out, stderr=out)
    try:
        said = until(lambda: re.search(r"http://\S+token=\w+", log.read_text("utf-8")), log.read_text("utf-8"))
        yield said[0]
    finally:
        for one in [*psutil.Process(process.pid).children(recursive=True), process]:
            one.kill()
        process.wait(PATIENCE)


def whole(page: Any) -> dict[str, int]:
    """The last row of the grades by branch, as it is after what is tried."""
    head, *_, last = page.locator("table.grades tr").all_inner_texts()
    pairs = zip(head.split("\t")[1:], last.split("\t")[1:], strict=True)
    return {grade.strip(): int(cell.split("→")[-1]) for grade, cell in pairs}


def counted(data: Path, daily: float) -> dict[str, int]:
    """The same in Python."""
    scheme = jf.read_scheme("community_60_40").with_shares(daily=daily, evaluation=1 - daily)
    table = jf.assess(jf.load(data), scheme, periods=["2024H2"]).table
    return {grade: int((table["grade"].astype("object") == grade).sum()) for grade in scheme.book.grades}


def followed(page: Any, data: Path) -> list[float]:
    """The shares that the sliders show, once the grades are those of an assessment under them."""
    shares = [float(text) for text in page.locator(".widget-readout").all_inner_texts()[:2]]
    with suppress(ValueError):  # the table that makes way for another is in parts
        return shares if whole(page) == counted(data, shares[0] / 100) else []
    return []


@needed
def test_a_slider_is_dragged_and_the_numbers_follow(address: str, tmp_path: Path) -> None:
    """No token, no desk; with it the grades are those of an assessment under the share that the slider shows."""
    from playwright.sync_api import sync_playwright

    with urlopen(address.split("?")[0], timeout=PATIENCE) as bare:
        assert "login" in bare.url
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1300, "height": 1200})
        page.set_default_timeout(1000 * PATIENCE)
        asked: list[str] = []
        page.route("**", lambda route: (asked.append(route.request.url), route.continue_()))
        page.goto(address)
        page.wait_for_selector("table.grades")
        assert whole(page) == counted(tmp_path / "数据", 0.6)
        handle = page.locator(".noUi-handle").first.bounding_box()
        x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 90, y, steps=6)
        page.mouse.up()
        page.wait_for_function("!document.querySelector('.widget-readout').innerText.startsWith('60')")
        shares = until(lambda: followed(page, tmp_path / "数据"), "the grades are those of the shares that are shown")
        assert sum(shares) == 100
        assert shares[0] < 60
        assert "人次等次改变" in page.inner_text("body")
        assert {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
        browser.close()


def test_only_this_machine_and_only_with_a_token() -> None:
    """Whatever the settings of the user's Jupyter."""
    said = server_command(Path("x"), 8866)
    assert {"--Voila.ip=127.0.0.1", "--Voila.auto_token=True"} < set(said)


def test_without_voila_it_is_said_what_to_install(jifen: Jifen, monkeypatch: pytest.MonkeyPatch) -> None:
    """And data that is not there is refused."""
    assert "没有这个文件或文件夹" in jifen("desk", "不在")[2]
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    code, _, err = jifen("desk")
    assert (code, "jifen-analysis[desk]" in err) == (2, True)
