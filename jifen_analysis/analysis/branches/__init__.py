"""Which branches stand out once their size is taken into account."""

from jifen_analysis.analysis.branches.means import intraclass_correlation, shrunken_means
from jifen_analysis.analysis.branches.rates import funnel, overdispersion

__all__ = ["funnel", "intraclass_correlation", "overdispersion", "shrunken_means"]
