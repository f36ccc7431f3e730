"""What somebody would like to try: other shares, cut scores and quotas, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.schemes.weighting import Said

Step = Literal["share", "cut", "quota"]


@dataclass(frozen=True)
class Proposal:
    """Other shares, cut scores and quotas for a scheme.

    Parameters
    ----------
    shares : mapping of component id or title to share
        Of the full marks, as for ``Scheme.with_shares``.
    cuts : mapping of grade to cut score
        As for ``Scheme.with_grades``.
    quotas : mapping of grade to share or None
        As for ``Scheme.with_quotas``.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> proposal = Proposal(shares={"base": 0.7, "evaluation": 0.3}, cuts={"优秀": 92})
    >>> proposal.of(read_scheme("street_80_20")).book.grades["优秀"].cut
    92.0
    """

    shares: Mapping[str, Said] = field(default_factory=dict)
    cuts: Mapping[str, float] = field(default_factory=dict)
    quotas: Mapping[str, float | str | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.shares or self.cuts or self.quotas)

    def steps(self, scheme: Scheme) -> Iterator[tuple[Step, Scheme]]:
        """Yield the scheme after each kind of change, each upon the one before."""
        if self.shares:
            scheme = scheme.with_shares(**self.shares)
            yield "share", scheme
        if self.cuts:
            scheme = scheme.with_grades(**self.cuts)
            yield "cut", scheme
        if self.quotas:
            scheme = scheme.with_quotas(**self.quotas)
            yield "quota", scheme

    def of(self, scheme: Scheme) -> Scheme:
        """Return the scheme with everything that is proposed.

        Raises
        ------
        UsageError, InvalidScheme
            Where a share, cut score or quota cannot stand in it.
        """
        return next((after for _, after in reversed(list(self.steps(scheme)))), scheme)
