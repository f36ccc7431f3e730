"""Chance, seeded: every table has a stream of its own, made of uniform draws only.

NumPy keeps the uniform stream of a bit generator, not those of its other
distributions; drawing nothing else keeps the sample the same across versions.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import ArrayLike


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the stream of a seed that belongs to a name."""
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(name.encode())]))


def bell(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw from a bell curve of mean 0 and standard deviation 1 (four uniforms added).

    Examples
    --------
    >>> bell(stream(7, "doc"), 3).shape
    (3,)
    """
    drawn: np.ndarray = (rng.random((4, *shape)).sum(axis=0) - 2) * np.sqrt(3)
    return drawn


def pick(rng: np.random.Generator, shares: ArrayLike, *shape: int) -> np.ndarray:
    """Draw positions 0, 1, … in proportion to shares."""
    bounds = np.cumsum(shares)
    drawn: np.ndarray = np.searchsorted(bounds / bounds[-1], rng.random(shape), side="right")
    return drawn.clip(max=len(bounds) - 1)


def halves(values: np.ndarray) -> np.ndarray:
    """Round to half points, as assessors mark."""
    return np.floor(values * 2 + 0.5) / 2


def tenths(values: np.ndarray) -> np.ndarray:
    """Round to one decimal, up from the middle."""
    return np.floor(values * 10 + 0.5) / 10
