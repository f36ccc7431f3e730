"""What a scheme calls its components, items and rules: each by its own path, for two parts may share a code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jifen_analysis.schemes.model import Item, MarkedItem, RuleBook

Path = tuple[str, ...]

_MARK = "打分"
"""The line of an item that an assessor marks; it follows no rule of the file."""


def titles(book: RuleBook) -> Mapping[Path, Path]:
    """Return the titles on the way to every component, item and rule, an id where there is no title.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> titles(read_scheme("community_60_40").book)["daily", "dues", "late"]
    ('日常考核', '缴纳党费', '延期缴纳党费')
    """
    return dict(_titles(book))


def _titles(book: RuleBook) -> Iterator[tuple[Path, Path]]:
    for name, component in book.components.items():
        whole = (component.title or name,)
        yield (name,), whole
        for key, item in component.items.items():
            own = (*whole, item.title or key)
            yield (name, key), own
            yield from (((name, key, rule), (*own, title)) for rule, title in _of_rules(item))


def _of_rules(item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(item, MarkedItem):
        yield "mark", _MARK
    yield from ((name, rule.title or name) for name, rule in item.parts.items())
