"""How far schemes, or readings of one, agree; who moves between them, and exactly why."""

from jifen_analysis.analysis.comparison.measures import agreement, rank_agreement
from jifen_analysis.analysis.comparison.pairs import Moves, moves, schemes
from jifen_analysis.analysis.comparison.reasons import records, why
from jifen_analysis.analysis.comparison.years import Yearly, yearly

__all__ = ["Moves", "Yearly", "agreement", "moves", "rank_agreement", "records", "schemes", "why", "yearly"]
