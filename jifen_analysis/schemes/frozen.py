"""Nested tables and lists that nobody can write into, and back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


def frozen(value: Any) -> Any:
    """Return a value whose tables and lists, at any depth, cannot be changed.

    Examples
    --------
    >>> frozen({"points": [1, 2]})["points"]
    (1, 2)
    """
    if isinstance(value, Mapping):
        return MappingProxyType({key: frozen(child) for key, child in value.items()})
    return tuple(frozen(child) for child in value) if isinstance(value, list | tuple) else value


def thaw(value: Any) -> Any:
    """Return a copy made of plain dictionaries and lists.

    Examples
    --------
    >>> thaw(frozen({"points": [1, 2]}))
    {'points': [1, 2]}
    """
    if isinstance(value, Mapping):
        return {key: thaw(child) for key, child in value.items()}
    return [thaw(child) for child in value] if isinstance(value, list | tuple) else value
