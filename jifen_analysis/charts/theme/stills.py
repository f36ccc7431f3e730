"""A picture beside the interactive chart, in a notebook: for pages without scripts, for GitHub, for Word."""

from __future__ import annotations

import atexit
import base64
import importlib.util
import os
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import plotly.io as pio
from plotly.io.base_renderers import MimetypeRenderer

NAME = "jifen"
"""What plotly calls it."""

WIDTH, SCALE = 680, 2
"""Pixels of a picture on the page, and how many times as many it has."""

SWITCH = "JIFEN_STILLS"
"""Set to 0 where notebooks shall have interactive charts alone."""


class Still(MimetypeRenderer):  # type: ignore[misc] # plotly has no types
    """Adds a PNG to what a notebook keeps of a chart; nothing where none can be drawn on this machine."""

    def to_mimebundle(self, fig_dict: dict[str, Any]) -> dict[str, str]:
        """Return the picture by its type."""
        drawn = in_time(partial(_drawn, fig_dict)) if _can_draw() else b""
        return {"image/png": base64.b64encode(drawn).decode("ascii")} if drawn else {}


PATIENCE = 20.0
"""Seconds after which a browser that does not answer is not asked again in this notebook."""


def in_time(draw: Callable[[], bytes], seconds: float = PATIENCE) -> bytes:
    """Return what is drawn in time; after that, and from then on, nothing: a notebook never waits for a lost browser.

    Examples
    --------
    >>> in_time(lambda: b"png")
    b'png'
    """
    answer: SimpleQueue[bytes] = SimpleQueue()
    # A thread that nobody waits for at the end: who is lost in there cannot be called back.
    Thread(target=lambda: answer.put(_or_nothing(draw)), daemon=True).start()
    try:
        return answer.get(timeout=seconds)
    except Empty:
        os.environ[SWITCH] = "0"
        _can_draw.cache_clear()
        return b""


def _or_nothing(draw: Callable[[], bytes]) -> bytes:
    with suppress(OSError, RuntimeError, ValueError):  # a browser that fails takes nothing from the interactive chart
        return draw()
    return b""


def _drawn(figure: dict[str, Any]) -> bytes:
    size = {"width": WIDTH, "height": figure["layout"].get("height"), "scale": SCALE}
    with warnings.catch_warnings(action="ignore"):  # plotly and kaleido tell each other of their options
        return bytes(pio.to_image(figure, "png", **size))


@cache
def _can_draw() -> bool:
    """Start the browser that draws, once; say whether there is one."""
    if os.environ.get(SWITCH) == "0" or not importlib.util.find_spec("kaleido"):
        return False
    import kaleido
    from choreographer.browsers.chromium import Chromium

    if not Chromium.find_browser(skip_local=False):
        return False
    kaleido.start_sync_server(silence_warnings=True)
    atexit.register(kaleido.stop_sync_server, silence_warnings=True)
    return True


def keep_stills() -> bool:
    """Let charts that a notebook shows keep a picture too; elsewhere nothing changes.

    Returns
    -------
    bool
        Whether this is a notebook.

    Examples
    --------
    >>> keep_stills()
    False
    """
    if "ipykernel" not in sys.modules:
        return False
    pio.renderers[NAME] = Still()
    pio.renderers.default = f"plotly_mimetype+{NAME}"
    return True
