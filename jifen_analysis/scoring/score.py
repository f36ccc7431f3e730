"""From the ledger to item, component and composite scores.

A component is the sum of its items, the total the weighted sum of the
components, added in file order so that nothing but the data decides the bits.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from jifen_analysis.schemes.model import AnyItem, RuleBook, item_marks
from jifen_analysis.scoring.arrays import Bools, Ints, by_block, compress, splice
from jifen_analysis.scoring.kinds import looks_around, score_item
from jifen_analysis.scoring.ledger import ItemKey, ItemScore, LedgerLine, LineKey, ordered_sum
from jifen_analysis.scoring.row_state import RowState
from jifen_analysis.scoring.submissions import Submissions
from jifen_analysis.tables.columns import SCALE


class Items(Mapping[ItemKey, ItemScore]):
    """Item scores with their lines, made when somebody first asks for one: they are most of the memory."""

    def __init__(self, keys: tuple[ItemKey, ...], made: Callable[[ItemKey], ItemScore]) -> None:
        self._keys, self._made = keys, cache(made)

    def __getitem__(self, key: ItemKey) -> ItemScore:
        if key not in self._keys:
            raise KeyError(key)
        return self._made(key)

    def __iter__(self) -> Iterator[ItemKey]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


@dataclass(frozen=True)
class Scores:
    """Scores of all rows.

    Items with their ledger lines; components before their weight, missing where an item is; the weight of each in
    force; the weighted sum; what was lost of full points, where that is asked for; what the items have to say.
    """

    items: Mapping[ItemKey, ItemScore]
    components: Mapping[str, np.ndarray]
    weights: Mapping[str, np.ndarray]
    total: np.ndarray
    lost: Mapping[str, np.ndarray]
    flags: Mapping[str, Bools]


def scores(
    book: RuleBook, facts: RowState, given: Submissions, corrections: Mapping[ItemKey, Ints], lost: Container[str]
) -> Scores:
    """Score every row under one rule book; ``lost`` names the components of which it is asked what was lost."""
    of_book = book.items
    items = Items(tuple(of_book), lambda key: _item(of_book[key], key, facts, given, corrections))
    around = {key: items[key] for key, item in of_book.items() if looks_around(item)}

    def of(some: slice) -> dict[tuple[str, str], np.ndarray]:
        mine, submitted = facts.block(some), given.block(some)
        points = {key: all_points[some] for key, all_points in corrections.items()}
        own = {key: _item(item, key, mine, submitted, points) for key, item in of_book.items() if key not in around}
        return _added_up(book, mine, own | {key: item.block(some) for key, item in around.items()}, lost)

    found = by_block(of, facts.roster.cuts)
    component, losses, flags = (
        {name: values for (kind, name), values in found.items() if kind == of_kind}
        for of_kind in ("component", "lost", "flag")
    )
    return Scores(items, component, weights_by_row(book, len(facts.roster)), found["total", ""], losses, flags)


def _item(
    item: AnyItem, key: ItemKey, facts: RowState, given: Submissions, corrections: Mapping[ItemKey, Ints]
) -> ItemScore:
    score = score_item(item, key[1], facts, given)
    return score if key not in corrections else _corrected(score, corrections[key])


def _added_up(
    book: RuleBook, facts: RowState, paid: Mapping[ItemKey, ItemScore], lost: Container[str]
) -> dict[tuple[str, str], np.ndarray]:
    """Return components, total, what was lost and flags of a block of rows, under their kind and name."""
    shape = (len(facts.roster),)
    components = {
        name: ordered_sum(paid[name, key].score for key in part.items) for name, part in book.components.items()
    }
    losses = {name: full_points(book, name, facts) - score for name, score in components.items() if name in lost}
    found = {
        ("total", ""): composite(book, components),
        **{("component", name): score for name, score in components.items()},
        **{("lost", name): points for name, points in losses.items()},
        **{("flag", name): where for name, where in _flags(paid.values(), shape[0]).items()},
    }
    return {key: np.broadcast_to(values, shape) for key, values in found.items()}


def composite(book: RuleBook, components: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the weighted sum of components, added in file order."""
    return ordered_sum(part.weight * components[name] for name, part in book.components.items())


def weights_by_row(book: RuleBook, rows: int) -> dict[str, np.ndarray]:
    """Return the weight of each component at every row."""
    return {name: np.broadcast_to(part.weight, (rows,)) for name, part in book.components.items()}


def _corrected(score: ItemScore, points: Ints) -> ItemScore:
    line = LedgerLine("", "correction", points[:, None], (points != 0).astype("int64")[:, None])
    return replace(score, lines=(*score.lines, line), correction=points / SCALE)


def full_points(book: RuleBook, component: str, facts: RowState) -> np.ndarray:
    """Return for each row what a component pays when nothing is lost."""
    full = np.zeros(1)
    for item in book.components[component].items.values():
        full = full + np.where(compress(facts.roster.are(item.who)), float(item_marks(item, book.period, None)), 0.0)
    return full


def _flags(found: Iterable[ItemScore], rows: int) -> dict[str, Bools]:
    flags: dict[str, Bools] = {}
    for item in found:
        for name, where in item.flags:
            flags[name] = flags.get(name, np.broadcast_to(False, (rows,))) | where
    return flags


# ---------------------------------------------------------------- dated schemes


def splice_scores(versions: Sequence[Scores], version: Ints) -> Scores:
    """Return scores that take each row from the version of the scheme in force there."""
    if len(versions) == 1:
        return versions[0]
    of_items = {key: [_of_version(one, key, versions[-1]) for one in versions] for key in versions[-1].items}
    found = {key: _splice_item(items, version) for key, items in of_items.items()}
    return replace(splice([replace(one, items={}) for one in versions], version), items=found)


def _of_version(scored: Scores, key: ItemKey, newest: Scores) -> ItemScore:
    """Return an item of a version, without any line where the version does not have it yet."""
    like = newest.items[key]
    none = replace(like, lines=(), parts=np.zeros_like(like.parts), missing=np.zeros_like(like.missing), correction=0.0)
    return scored.items.get(key, none)


def _splice_item(items: list[ItemScore], version: Ints) -> ItemScore:
    return replace(
        items[-1],
        lines=tuple(_splice_line([_line(item, key) for item in items], version) for key in _line_keys(items)),
        parts=splice([item.parts for item in items], version),
        missing=splice([item.missing for item in items], version),
        correction=splice([np.broadcast_to(item.correction, item.missing.shape) for item in items], version),
    )


def _line_keys(items: Iterable[ItemScore]) -> list[LineKey]:
    """Return what tells the lines of all versions apart, in order; a clause with another number is another line."""
    keys = list(dict.fromkeys(line.key for item in items for line in item.lines))
    order = {key[:2]: at for at, key in reversed(list(enumerate(keys)))}
    return sorted(keys, key=lambda key: order[key[:2]])


def _line(item: ItemScore, key: LineKey) -> LedgerLine:
    found = [line for line in item.lines if line.key == key]
    none = np.zeros_like(item.parts)
    return found[0] if found else LedgerLine(*key[:2], none, none.astype("int64"), key[2])


def _splice_line(lines: list[LedgerLine], version: Ints) -> LedgerLine:
    points, count = splice([line.value for line in lines], version), splice([line.count for line in lines], version)
    return replace(lines[0], points=points, count=count)
