"""How much marks depend on who gives them, and what people say of themselves and of the scheme."""

from jifen_analysis.analysis.evaluators.marks import complete_marks, g_study, leniency
from jifen_analysis.analysis.evaluators.missing import partial
from jifen_analysis.analysis.evaluators.opinions import self_gap, survey

__all__ = ["complete_marks", "g_study", "leniency", "partial", "self_gap", "survey"]
