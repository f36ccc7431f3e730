"""A picture beside the interactive chart, in a notebook: for pages without scripts, for GitHub, for Word.

A process of its own draws it: what a browser does with threads and pipes is never done to the notebook's kernel, and
one that is lost can be ended.
"""

from __future__ import annotations

import atexit
import base64
import importlib.util
import os
import signal
import sys
import warnings
from contextlib import suppress
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio
from plotly.io.base_renderers import ExternalRenderer

NAME = "jifen"
"""What plotly calls it."""

WIDTH, SCALE = 680, 2
"""Pixels of a picture on the page, and how many times as many it has."""

SWITCH = "JIFEN_STILLS"
"""Set to 0 where notebooks shall have interactive charts alone."""

STARTING, PATIENCE = 60.0, 20.0
"""Seconds that a browser may take to start, and to draw; one that does not is not asked again in this notebook."""


class Still(ExternalRenderer):  # type: ignore[misc] # plotly has no types
    """Shows a chart interactively with a PNG beside it; without one where none can be drawn on this machine."""

    def render(self, fig_dict: dict[str, Any]) -> None:
        """Show both as one output, which says how wide the picture is: it has more pixels than that."""
        from IPython.display import display  # a notebook has it

        display(_both(fig_dict), raw=True, metadata=_LOOK)  # type: ignore[no-untyped-call] # of IPython


_LOOK = {"image/png": {"width": WIDTH}}


def _both(figure: dict[str, Any]) -> dict[str, Any]:
    moving: dict[str, Any] = pio.renderers["plotly_mimetype"].to_mimebundle(figure)
    return moving | still(figure)


def show_at(figure: go.Figure, place: Any = None) -> Any:
    """Show a figure in a notebook, or put it where another stands.

    A widget for output would do so too; but what runs a notebook without a front end answers the kernel about such a
    widget, and sometimes misses thereby that the cell has ended: it then waits for ever.

    Parameters
    ----------
    figure : Figure
        Shown interactively, with its picture beside it.
    place : DisplayHandle, optional
        Where another was shown.

    Returns
    -------
    DisplayHandle
        Where the next may be put.
    """
    from IPython.display import DisplayHandle  # a notebook has it

    here = place or DisplayHandle()  # type: ignore[no-untyped-call] # of IPython
    if place:  # Jupyter leaves a chart that it has drawn as it is: what stands there makes way first
        here.update({"text/plain": ""}, raw=True)
    (here.update if place else here.display)(_both(figure.to_dict()), raw=True, metadata=_LOOK)
    return here


def still(figure: dict[str, Any]) -> dict[str, str]:
    """Return the picture of a figure by its type; nothing where there is none.

    Parameters
    ----------
    figure : dict
        As plotly has it.
    """
    artist = _artist()
    drawn = draw_in_time(artist, figure) if artist is not None else b""
    return {"image/png": base64.b64encode(drawn).decode("ascii")} if drawn else {}


def draw_in_time(artist: Connection, figure: dict[str, Any], seconds: float = PATIENCE) -> bytes:
    """Return what is drawn in time; after that, and from then on, nothing: a notebook never waits for a lost browser.

    Parameters
    ----------
    artist : Connection
        To the process that draws.
    figure : dict
        As plotly has it.
    seconds : float
        How long it is waited for.

    Examples
    --------
    >>> from multiprocessing import Pipe
    >>> ours, theirs = Pipe()
    >>> theirs.send_bytes(b"png")
    >>> draw_in_time(ours, {"data": [], "layout": {}})
    b'png'
    """
    with suppress(OSError, EOFError):  # a process that broke down takes nothing from the interactive chart
        artist.send(figure)
        if artist.poll(seconds):
            return artist.recv_bytes()
    os.environ[SWITCH] = "0"
    _artist.cache_clear()
    return b""


@cache
def _artist() -> Connection | None:
    """Start the process that draws, once; return the line to it, where it can draw."""
    if os.environ.get(SWITCH) == "0" or not importlib.util.find_spec("kaleido"):
        return None
    apart = get_context("spawn")  # nothing of the kernel is in it
    ours, theirs = apart.Pipe()
    process = apart.Process(target=draw_for, args=(theirs,), daemon=True)
    try:
        process.start()
    except (AttributeError, OSError):  # after %reset a notebook has no __spec__, which a new process asks for
        return None
    theirs.close()
    with suppress(OSError, EOFError):
        if ours.poll(STARTING) and ours.recv_bytes():
            return ours
    process.kill()
    return None


def draw_for(asking: Connection) -> None:
    """Draw whatever is sent, until nobody asks any more; say first whether there is a browser to draw with.

    Parameters
    ----------
    asking : Connection
        Sends figures, is sent pictures; nothing for one that cannot be drawn.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the notebook that is interrupted
    able = _can_draw()
    asking.send_bytes(b"able" if able else b"")
    with suppress(EOFError, OSError):
        while able:
            asking.send_bytes(_or_nothing(asking.recv()))


def _or_nothing(figure: dict[str, Any]) -> bytes:
    with suppress(OSError, RuntimeError, ValueError):
        return _drawn(figure)
    return b""


def _drawn(figure: dict[str, Any]) -> bytes:
    size = {"width": WIDTH, "height": figure["layout"].get("height"), "scale": SCALE}
    with warnings.catch_warnings(action="ignore"):  # plotly and kaleido tell each other of their options
        return bytes(pio.to_image(figure, "png", **size))


def _can_draw() -> bool:
    """Start the browser that draws; say whether there is one."""
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
    pio.renderers.default = NAME
    return True
