"""The parts of a scheme: a closed vocabulary of rule shapes, frozen, without pandas.

A scheme file is checked against these classes. Tables are keyed everywhere, so
that the dotted path of a number is its name, its address in an error, and
where a variant changes it.
"""

from jifen_analysis.schemes.model.book import (
    Category,
    Measure,
    NewWord,
    PathChange,
    Ratio,
    RuleBook,
    Run,
    measure_names,
    walk,
)
from jifen_analysis.schemes.model.decisions import Band, Decision, Forced, Gives, Grade, Outcome, Place
from jifen_analysis.schemes.model.items import (
    AnyItem,
    BallotItem,
    BallotQuota,
    Component,
    EvaluationItem,
    Item,
    Limit,
    MarkedItem,
    PointsItem,
    Pool,
    Quota,
    Rule,
    Rung,
    VoteShare,
)
from jifen_analysis.schemes.model.parts import (
    FORFEIT,
    Condition,
    MisfitError,
    SchemePart,
    Selector,
    Sourced,
    Who,
    ten_thousandths,
)

__all__ = [
    "FORFEIT",
    "AnyItem",
    "BallotItem",
    "BallotQuota",
    "Band",
    "Category",
    "Component",
    "Condition",
    "Decision",
    "EvaluationItem",
    "Forced",
    "Gives",
    "Grade",
    "Item",
    "Limit",
    "MarkedItem",
    "Measure",
    "MisfitError",
    "NewWord",
    "Outcome",
    "PathChange",
    "Place",
    "PointsItem",
    "Pool",
    "Quota",
    "Ratio",
    "Rule",
    "RuleBook",
    "Run",
    "Rung",
    "SchemePart",
    "Selector",
    "Sourced",
    "VoteShare",
    "Who",
    "measure_names",
    "ten_thousandths",
    "walk",
]
