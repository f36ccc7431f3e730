"""What the weights do: to ranks, to grades, and to what each component really counts."""

from jifen_analysis.analysis.weights.importance import influence
from jifen_analysis.analysis.weights.robustness import acceptability, sweep
from jifen_analysis.analysis.weights.swapping import swap_points, swaps
from jifen_analysis.analysis.weights.trying import Trial, swap_shares, trial
from jifen_analysis.summaries import Acceptability

__all__ = [
    "Acceptability",
    "Trial",
    "acceptability",
    "influence",
    "swap_points",
    "swap_shares",
    "swaps",
    "sweep",
    "trial",
]
