"""TOML that people write: read, or refused as none."""

from __future__ import annotations

import tomllib
from typing import Any

DEEPEST = 30
"""Levels of tables and lists in a document that a person wrote."""


def toml_document(text: str) -> dict[str, Any]:
    r"""Return the content of a TOML document.

    Raises
    ------
    ValueError
        Where it is no TOML, or nested deeper than anything is that somebody wrote.

    Examples
    --------
    >>> toml_document('[headers]\n"到会" = "出勤情况"')
    {'headers': {'到会': '出勤情况'}}
    """
    try:
        found = tomllib.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if _too_deep(found):
        raise ValueError("nested too deep")
    return found


def _too_deep(found: dict[str, Any]) -> bool:
    level: list[Any] = [found]
    for _ in range(DEEPEST):
        inside = [one for held in level for one in (held.values() if isinstance(held, dict) else held)]
        level = [one for one in inside if isinstance(one, (dict, list))]
        if not level:
            return False
    return True
