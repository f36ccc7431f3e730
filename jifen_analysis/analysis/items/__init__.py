"""Which items tell members apart, how well they hang together, and whether one is harder for some than for others."""

from jifen_analysis.analysis.items.classical import item_analysis, item_table
from jifen_analysis.analysis.items.functioning import differential_functioning

__all__ = ["differential_functioning", "item_analysis", "item_table"]
