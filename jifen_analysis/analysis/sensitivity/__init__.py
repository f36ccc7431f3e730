"""Which of the choices that nobody can prove right moves the grades most."""

from jifen_analysis.analysis.sensitivity.choices import choices
from jifen_analysis.analysis.sensitivity.indices import indices

__all__ = ["choices", "indices"]
