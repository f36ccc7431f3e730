"""How far schemes, or readings of one, agree; who moves between them, and exactly why."""

from jifen_analysis.analysis.comparison.measures import agreement, rank_agreement
from jifen_analysis.analysis.comparison.pairs import moves, schemes
from jifen_analysis.analysis.comparison.reasons import records, why
from jifen_analysis.analysis.comparison.years import Yearly, yearly
from jifen_analysis.summaries import Moves

__all__ = ["Moves", "Yearly", "agreement", "moves", "rank_agreement", "records", "schemes", "why", "yearly"]
