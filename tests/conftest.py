"""Settings of the whole suite, the command, and a browser."""

import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import plotly.io as pio
import pytest
from hypothesis import settings

from jifen_analysis.cli import run
from jifen_analysis.intake.load import load
from jifen_analysis.report import needs
from jifen_analysis.tables.records import Records
from tests.charts.drawer import Drawer
from tests.command import Jifen

settings.register_profile("suite", max_examples=15, deadline=None, derandomize=True, database=None)
settings.load_profile("suite")
gc.disable()  # until everything is collected: all of it stays, and to look through it takes a fifth of the time


def pytest_collection_finish() -> None:
    """Keep what thousands of collected tests hold out of every later collection of garbage, and collect seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)
    gc.enable()


@pytest.fixture
def jifen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Jifen:
    """Run the command in Chinese, on a day that stands still."""
    monkeypatch.delenv("JIFEN_LANG", raising=False)
    monkeypatch.delenv("COLUMNS", raising=False)  # whoever runs the suite may have set it
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    capsys.readouterr()

    def call(*args: object) -> tuple[int, str, str]:
        code = run([str(arg) for arg in args])
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the figures of pages to the reader's browser: to draw them takes longer than what is tested beside it."""
    monkeypatch.setattr(needs, "_no_browser", lambda: ("不画", "not drawn"))


@pytest.fixture(scope="session")
def sample() -> Records:
    """The records of two years that come with the repository, read once."""
    return load(Path(__file__).parents[1] / "data" / "sample")


@pytest.fixture(scope="session", autouse=True)
def one_drawer() -> Iterator[None]:
    """Let one browser draw what is written as pictures: to start one takes longer than to draw."""
    drawn, drawer = pio.write_images, cache(Drawer)  # one that does not start is tried again by whoever draws next

    def by_one(*figures: Any, **wanted: Any) -> None:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("kaleido.write_fig_from_object_sync", drawer().draw)
            drawn(*figures, **wanted)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pio, "write_images", by_one)
        yield
    if drawer.cache_info().currsize:
        drawer().close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser; without one the test is skipped."""
    from tests.charts.browser import Browser, found  # it needs pipes that Windows has not

    path = found()
    if path is None:
        pytest.skip("no Chromium or Chrome: install one, or name it in BROWSER_PATH")
    window = Browser(path)
    yield window
    window.close()
