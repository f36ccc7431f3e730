"""What the weights do: to ranks, to grades, and to what each component really counts."""

from jifen_analysis.analysis.weights.acceptability import Acceptability, acceptability
from jifen_analysis.analysis.weights.exact import swap_points, swaps
from jifen_analysis.analysis.weights.influence import influence
from jifen_analysis.analysis.weights.sweep import sweep

__all__ = ["Acceptability", "acceptability", "influence", "swap_points", "swaps", "sweep"]
