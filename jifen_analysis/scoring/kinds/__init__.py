"""Kinds of items: what each asks of the records, how it is priced, and what stands behind its lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from jifen_analysis.schemes.model import Condition, Measure, RuleBook, SchemePart, nodes
from jifen_analysis.schemes.model.ballots import BallotItem
from jifen_analysis.schemes.model.items import AnyItem, EvaluationItem, MarkedItem, PointsItem
from jifen_analysis.scoring.kinds.ballots import ballot_item, ballot_traces
from jifen_analysis.scoring.kinds.evaluations import evaluation_item, evaluation_traces
from jifen_analysis.scoring.kinds.marks import mark_traces, marked_item
from jifen_analysis.scoring.kinds.points import Grounds, points_item, points_queries, rule_looks_around, rule_traces
from jifen_analysis.scoring.ledger import ItemScore
from jifen_analysis.scoring.queries import Query, of_condition, of_measure
from jifen_analysis.scoring.record_index import Paid, RecordIndex, Trace
from jifen_analysis.scoring.row_state import RowState
from jifen_analysis.scoring.submissions import Submissions
from jifen_analysis.vocabulary import Vocabulary


def of_scheme(book: RuleBook, words: Vocabulary) -> frozenset[Query]:
    """Return every question that a scheme asks of the records."""
    return frozenset(query for _, part in nodes(book) for query in _of_part(part, words))


def _of_part(part: SchemePart, words: Vocabulary) -> Iterator[Query]:
    if isinstance(part, PointsItem):
        return points_queries(part, words)
    if isinstance(part, Measure):
        return of_measure(part, words)
    return of_condition(part, words) if isinstance(part, Condition) else iter(())


def score_item(item: AnyItem, key: str, facts: RowState, given: Submissions) -> ItemScore:
    """Score one item, whatever its shape."""
    match item:
        case PointsItem():
            return points_item(item, facts)
        case MarkedItem():
            return marked_item(item, key, given, facts.roster)
        case EvaluationItem():
            return evaluation_item(item, given, facts.roster)
        case BallotItem():
            return ballot_item(item, given, facts.roster)
        case _:
            assert_never(item)


def item_traces(
    item: AnyItem, key: str, rule: str, per: str, paid: Paid, desk: RecordIndex, stand: Grounds
) -> Iterator[Trace]:
    """Yield what stands behind a line of an item; ``stand`` says what the conditions of a rule stand upon."""
    match item:
        case PointsItem():
            return rule_traces(item.rules[rule], per, paid, desk, stand)
        case MarkedItem():
            return mark_traces(item, key, paid, desk)
        case EvaluationItem():
            return evaluation_traces(item, rule, paid, desk)
        case BallotItem():
            return ballot_traces(item, rule, paid, desk)
        case _:
            assert_never(item)


def looks_around(item: AnyItem) -> bool:
    """Return whether an item's score depends on other members."""
    match item:
        case PointsItem():
            return any(map(rule_looks_around, item.rules.values()))
        case BallotItem():
            return item.quota is not None
        case MarkedItem() | EvaluationItem():
            return False
        case _:
            assert_never(item)
