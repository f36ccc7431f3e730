"""How an assessment was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Settings:
    """How an assessment was asked for.

    Parameters
    ----------
    periods : tuple of str
        What was asked for; empty for every period of the data.
    as_of : date or None
        The last day that is seen.
    corrections : bool
        Whether decisions after objections are laid over the result.
    """

    periods: tuple[str, ...] = ()
    as_of: date | None = None
    corrections: bool = True
