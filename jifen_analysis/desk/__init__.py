"""The desk without code: choose a folder, see its problems, move shares, cuts and quotas, and see at once what follows.

``opening`` reads and scores, ``moving`` turns sliders into a proposal, ``showing`` turns what follows into tables;
``controls`` has the widgets, and says what they show where nothing moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.display import HTML
    from ipywidgets import VBox

__all__ = ["desk", "still"]


def desk(data: str = "", scheme: str = "") -> VBox:
    """Return the desk, to be shown in a notebook.

    Parameters
    ----------
    data : str
        The folder or file that is opened first; nothing where it is blank.
    scheme : str
        A built-in name or a file; the first of the list where it is blank.
    """
    from jifen_analysis.desk.controls import Controls  # needs ipywidgets, which only a notebook has

    return Controls.of(data, scheme).box


def still(box: VBox) -> HTML:
    """Return what the desk shows at this moment, for pages and paper on which nothing moves.

    Parameters
    ----------
    box : VBox
        From ``desk``.
    """
    from IPython.display import HTML  # needs IPython, which only a notebook has

    from jifen_analysis.desk.controls import still_html

    return HTML(still_html(box))  # type: ignore[no-untyped-call] # IPython's has no types
