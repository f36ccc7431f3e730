"""Where the sliders stand, and what that proposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from jifen_analysis.schemes.model import exact
from jifen_analysis.schemes.proposal import Proposal
from jifen_analysis.schemes.scheme import Scheme


@dataclass(frozen=True)
class Positions:
    """Where the sliders stand; moving one gives new positions.

    Parameters
    ----------
    scheme : Scheme
        As it stands.
    shares : mapping of component id to Fraction
        Of the full marks; together 1, empty where there are none to share.
    cuts : mapping of grade to float
        Cut scores.
    quotas : mapping of grade to Fraction
        1 for no quota.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> stand = Positions.of(read_scheme("branch_scorecard")).with_share("political", Fraction(1, 2))
    >>> [str(share) for share in stand.shares.values()]
    ['1/2', '1/7', '3/14', '1/7']
    """

    scheme: Scheme
    shares: Mapping[str, Fraction] = field(default_factory=dict)
    cuts: Mapping[str, float] = field(default_factory=dict)
    quotas: Mapping[str, Fraction] = field(default_factory=dict)

    @classmethod
    def of(cls, scheme: Scheme) -> Positions:
        """Return the positions of a scheme as it stands."""
        grades = scheme.book.grades
        cuts = {name: grade.cut for name, grade in grades.items() if grade.cut is not None}
        quotas = {name: Fraction(grades[name].quota.share if grades[name].quota else 1) for name in list(grades)[:-1]}  # type: ignore[union-attr] # it was just asked for
        shares = scheme.shares if len(scheme.shares) > 1 else {}
        return cls(scheme, dict(shares), cuts, quotas)

    def with_share(self, component: str, share: Fraction | float) -> Positions:
        """Let a component have a share; the others give way in proportion to theirs, alike where they have none."""
        mine = exact(share)
        others = {name: other for name, other in self.shares.items() if name != component}
        before = sum(others.values(), Fraction(0))
        rest = {
            name: (1 - mine) * (other / before if before else Fraction(1, len(others)))
            for name, other in others.items()
        }
        return replace(self, shares={name: mine if name == component else rest[name] for name in self.shares})

    def with_cut(self, grade: str, cut: float) -> Positions:
        """Let a grade have another cut score."""
        return replace(self, cuts={**self.cuts, grade: cut})

    def with_quota(self, grade: str, quota: Fraction | float) -> Positions:
        """Let a grade have another quota; 1 for none."""
        return replace(self, quotas={**self.quotas, grade: exact(quota)})

    @property
    def proposal(self) -> Proposal:
        """What differs from the scheme as it stands."""
        start = Positions.of(self.scheme)
        return Proposal(
            dict(self.shares) if self.shares != start.shares else {},
            {name: cut for name, cut in self.cuts.items() if cut != start.cuts[name]},
            {
                name: None if quota == 1 else str(quota)
                for name, quota in self.quotas.items()
                if quota != start.quotas[name]
            },
        )
