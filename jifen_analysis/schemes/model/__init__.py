"""The parts of a scheme: a closed vocabulary of rule shapes, frozen, without pandas.

A scheme file is checked against these classes. Tables are keyed everywhere, so
that the dotted path of a number is its name, its address in an error, and
where a variant changes it.
"""

from jifen_analysis.schemes.model.ballots import BallotItem, BallotQuota, Limit, Quota, Rung, VoteShare
from jifen_analysis.schemes.model.book import (
    Band,
    Category,
    Decision,
    Detail,
    Forced,
    Gives,
    Grade,
    NewWord,
    Outcome,
    PathChange,
    Place,
    RuleBook,
    nodes,
    walk,
)
from jifen_analysis.schemes.model.items import (
    AnyItem,
    Component,
    EvaluationItem,
    MarkedItem,
    PointsItem,
    Pool,
    item_marks,
    item_span,
)
from jifen_analysis.schemes.model.parts import (
    FORFEIT,
    Condition,
    Item,
    Measure,
    MisfitError,
    Price,
    Ratio,
    Run,
    SchemePart,
    Selector,
    Sourced,
    Who,
    exact,
    ten_thousandths,
)
from jifen_analysis.schemes.model.rules import (
    AnyRule,
    ByWord,
    Conditional,
    Occurrence,
    PerRecord,
    RecordRule,
    Rule,
    Tiered,
)

__all__ = [
    "FORFEIT", "AnyItem", "AnyRule", "BallotItem", "BallotQuota", "Band", "ByWord", "Category", "Component",
    "Condition", "Conditional", "Decision", "Detail", "EvaluationItem", "Forced", "Gives", "Grade", "Item", "Limit",
    "MarkedItem", "Measure", "MisfitError", "NewWord", "Occurrence", "Outcome", "PathChange", "PerRecord", "Place",
    "PointsItem", "Pool", "Price", "Quota", "Ratio", "RecordRule", "Rule", "RuleBook", "Run", "Rung", "SchemePart",
    "Selector", "Sourced", "Tiered", "VoteShare", "Who", "exact", "item_marks", "item_span", "nodes",
    "ten_thousandths", "walk",
]  # fmt: skip
