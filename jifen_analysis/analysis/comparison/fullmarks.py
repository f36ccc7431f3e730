"""One member's points under two schemes on one scale: what is lost from full marks, and what is won beyond them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from jifen_analysis.analysis.comparison.years import over
from jifen_analysis.analysis.inputs import KEYS, HasLedger, part_of, scheme_of
from jifen_analysis.periods import Period
from jifen_analysis.schemes.model import AnyItem, PointsItem, RuleBook, item_marks
from jifen_analysis.schemes.scheme import Scheme

FULL = "full_marks"
"""The piece that holds what a scheme pays where nothing is lost."""


@dataclass(frozen=True)
class Own:
    """One member's part of a result, as far as years are put together from it."""

    table: pd.DataFrame
    years: pd.DataFrame
    ledger: pd.DataFrame
    scheme: Scheme


def below_full(result: HasLedger, member_id: str, period: str) -> pd.DataFrame:
    """Return a member's lines, each item's full marks taken out of it and gathered in a piece of their own.

    What an item pays at the start is its full mark; of one that is marked,
    evaluated or voted on it is the best that can be given. What can only be
    won, such as a bonus, has none.

    Parameters
    ----------
    result : Assessment
        With its scheme.
    member_id, period : str
        Whose lines, and in which period or year.

    Returns
    -------
    DataFrame
        Lines as in the ledger; their contributions still add up to the total.
    """
    mine = {name: _of(part_of(result, name), member_id) for name in ("table", "years", "ledger")}
    ledger = _below_full(mine["ledger"], mine["table"], scheme_of(result))
    put_together = over(Own(mine["table"], mine["years"], ledger, scheme_of(result)), period)
    lines = put_together.ledger
    return lines[lines["period"] == period]


def _of(frame: pd.DataFrame, member_id: str) -> pd.DataFrame:
    return frame[frame["member_id"] == member_id]


def _below_full(ledger: pd.DataFrame, table: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    text = ["component", "item", "rule", "kind", "clause"]
    lines = ledger.astype(dict.fromkeys(text, "object"))
    started = lines["kind"] == "start"
    own = lines[~started].copy()
    best = pd.DataFrame(_best(own, table, scheme), columns=[*KEYS, "component", "item", "contribution"])
    given = pd.MultiIndex.from_frame(own[["component", "item"]]).isin(
        pd.MultiIndex.from_frame(best[["component", "item"]])
    )
    own.loc[given, "rule"] = ""
    gathered = pd.concat([lines.loc[started, [*KEYS, "contribution"]], best[[*KEYS, "contribution"]]])
    full = gathered.assign(component="", item="", rule=FULL, clause="")
    lost = best.assign(contribution=-best["contribution"], rule="", clause="")
    return pd.concat([part for part in (own, lost, full) if len(part)], ignore_index=True)


def _best(lines: pd.DataFrame, table: pd.DataFrame, scheme: Scheme) -> Iterator[tuple[str, str, str, str, float]]:
    """Yield what each item that others give would pay at its best, period by period."""
    category = dict(zip(table["period"], table["category"], strict=True))
    pieces = lines[[*KEYS, "component", "item"]].drop_duplicates()
    for member, period, component, key in pieces.itertuples(index=False, name=None):
        book = scheme.on(Period.parse(str(period)).first_day).book
        item = _item(book, component, key)
        if item is not None and not isinstance(item, PointsItem):
            best = float(item_marks(item, book.period, str(category.get(period))))
            yield member, period, component, key, book.components[component].weight * best


def _item(book: RuleBook, component: str, key: str) -> AnyItem | None:
    return book.components[component].items.get(key) if component in book.components else None
