"""Pictures beside the interactive charts of a notebook."""

from __future__ import annotations

import base64
import os
import signal
import sys
from multiprocessing import Pipe
from threading import Thread
from types import ModuleType

import plotly.graph_objects as go
import plotly.io as pio
import pytest

from jifen_analysis.charts.theme import stills
from jifen_analysis.charts.theme.stills import keep_stills


def test_nothing_changes_outside_notebooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that draws charts keeps plotly's own ways."""
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    before = pio.renderers.default
    assert not keep_stills()
    assert pio.renderers.default == before


def test_a_notebook_keeps_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a kernel a chart is shown interactively, and its picture is kept beside it, at its own width."""
    monkeypatch.setitem(sys.modules, "ipykernel", ModuleType("ipykernel"))
    before = pio.renderers.default
    try:
        assert keep_stills()
        assert pio.renderers.default == "jifen"
        shown = []
        monkeypatch.setattr(stills, "still", lambda _: {"image/png": "drawn"})
        monkeypatch.setattr("IPython.display.display", lambda bundle, **how: shown.append((set(bundle), how)))
        go.Figure().show()
        ((kinds, how),) = shown
        assert kinds == {"application/vnd.plotly.v1+json", "image/png"}
        assert how["metadata"] == {"image/png": {"width": stills.WIDTH}}
    finally:
        pio.renderers.default = before


def test_a_figure_takes_the_place_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second stands where the first was shown, as one output with its picture, once that has made way."""
    shown = []
    monkeypatch.setattr(stills, "still", lambda _: {"image/png": "drawn"})
    monkeypatch.setattr("IPython.core.display_functions.display", lambda *_, **how: shown.append(how))
    stills.show_at(go.Figure(), stills.show_at(go.Figure()))
    first, blank, second = shown
    assert first["display_id"] == blank["display_id"] == second["display_id"]
    assert (first.get("update", False), second["update"]) == (False, True)


@pytest.mark.parametrize(("able", "fails"), [(True, False), (True, True), (False, False)])
def test_a_chart_without_its_picture_is_still_a_chart(able: bool, fails: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no browser can draw, or one breaks down, nothing is added and nothing is refused."""

    def drawn(_: object) -> bytes:
        if fails:
            raise RuntimeError("the browser is gone")
        return b"\x89PNG"

    monkeypatch.setattr(stills, "_can_draw", lambda: able)
    monkeypatch.setattr(stills, "_drawn", drawn)
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # it is a thread here, not a process
    ours, theirs = Pipe()
    Thread(target=stills.draw_for, args=(theirs,), daemon=True).start()
    assert ours.recv_bytes() == (b"able" if able else b"")
    monkeypatch.setattr(stills, "_artist", lambda: ours if able else None)
    kept = stills.still(go.Figure().to_dict())
    assert kept == ({"image/png": base64.b64encode(b"\x89PNG").decode()} if able and not fails else {})


@pytest.mark.parametrize("gone", [False, True])
def test_a_browser_that_does_not_answer_is_not_asked_again(gone: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell waits a moment, and the next one for nothing; where the process is gone it does not wait."""
    monkeypatch.setenv(stills.SWITCH, "1")
    ours, theirs = Pipe()
    if gone:
        theirs.close()
    assert stills.draw_in_time(ours, go.Figure().to_dict(), 0.05) == b""
    assert os.environ[stills.SWITCH] == "0"
    assert stills._artist() is None
