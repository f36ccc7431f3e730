"""Which items tell members apart, how well they hang together, and whether one is harder for some than for others."""

from jifen_analysis.analysis.items.classical import item_analysis
from jifen_analysis.analysis.items.functioning import differential_functioning
from jifen_analysis.analysis.items.table import item_table

__all__ = ["differential_functioning", "item_analysis", "item_table"]
