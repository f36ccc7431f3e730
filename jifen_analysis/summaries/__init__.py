"""What an analysis found of its whole table, beside the rows: analyses write it, findings and charts read it."""

from jifen_analysis.summaries.branches import Funnel, RankIntervals, ShrunkenMeans, SmallestGap
from jifen_analysis.summaries.distribution import Functioning, Heaping, ItemAnalysis, Reliability, Shape
from jifen_analysis.summaries.evaluators import (
    Concordance,
    DStudy,
    GStudy,
    Leniency,
    PartialMarks,
    RepeatedRows,
    SelfGap,
)
from jifen_analysis.summaries.movement import Equivalents, Mobility, Paired, PairedChange, RankChange, RegressionToMean
from jifen_analysis.summaries.summary import Summary, Withheld
from jifen_analysis.summaries.thresholds import Moves, PassCurve, Readings, SelectionRates
from jifen_analysis.summaries.weights import Choices, Indices, Influence, Replaced, Sweep, Why

__all__ = [
    "Choices",
    "Concordance",
    "DStudy",
    "Equivalents",
    "Functioning",
    "Funnel",
    "GStudy",
    "Heaping",
    "Indices",
    "Influence",
    "ItemAnalysis",
    "Leniency",
    "Mobility",
    "Moves",
    "Paired",
    "PairedChange",
    "PartialMarks",
    "PassCurve",
    "RankChange",
    "RankIntervals",
    "Readings",
    "RegressionToMean",
    "Reliability",
    "RepeatedRows",
    "Replaced",
    "SelectionRates",
    "SelfGap",
    "Shape",
    "ShrunkenMeans",
    "SmallestGap",
    "Summary",
    "Sweep",
    "Why",
    "Withheld",
]
