"""A scheme that changes by date: every row is taken from the version in force there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from jifen_analysis.scoring.arrays import Ints, broadcast, overlaid

Each = TypeVar("Each")


def splice(versions: Sequence[Each], version: Ints) -> Each:
    """Return what takes each row from its own version: an array, names, or any table or frozen part made of such.

    Parameters
    ----------
    versions : sequence
        One for each version, oldest first; the last of some tables has every name. Where
        an older one lacks it nothing stands there: missing, false, no name.
    version : ndarray of int, shape (rows,)
        Which version is in force.

    Examples
    --------
    >>> splice([np.array([1, 2, 3]), np.array([10, 20, 30])], np.array([0, 1, 0]))
    array([ 1, 20,  3])
    """
    return versions[0] if len(versions) == 1 else _spliced(versions, version)


def _spliced(versions: Sequence[Any], version: Ints) -> Any:
    last = versions[-1]
    if isinstance(last, Mapping):
        return {name: _spliced([one.get(name) for one in versions], version) for name in last}
    if is_dataclass(last) and not isinstance(last, type):
        parts = {part.name: [getattr(one, part.name, None) for one in versions] for part in fields(last)}
        return replace(last, **{name: _spliced(of_version, version) for name, of_version in parts.items()})
    found = _nothing(last) if versions[0] is None else versions[0].copy()
    for at, later in enumerate(versions[1:], start=1):
        if isinstance(last, pd.Categorical):
            found = overlaid(found, later, version == at)
        elif later is not None:
            found[version == at] = later[version == at]
    return found


def _nothing(like: Any) -> Any:
    return broadcast(np.nan if like.dtype.kind == "f" else False, like.shape).copy()
