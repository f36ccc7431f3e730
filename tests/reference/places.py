"""A limited number of places: who keeps one, and whose tie keeps nobody."""

from typing import Any


def keep(values: dict[str, Any], places: int) -> tuple[set[str], set[str]]:
    """The highest values that fit, and the tie over the boundary that is left out.

    With no place at all nobody keeps one, and nobody is tied.
    """
    if len(values) <= places:
        return set(values), set()
    if places <= 0:
        return set(), set()
    ordered = sorted(values.values(), reverse=True)
    edge = ordered[places - 1]
    if ordered[places] != edge:
        return {who for who, value in values.items() if value >= edge}, set()
    kept = {who for who, value in values.items() if value > edge}
    return kept, {who for who, value in values.items() if value == edge}


def competition_ranks(values: dict[str, Any]) -> dict[str, int]:
    """Highest first; those who tie share the best rank."""
    ordered = sorted(values.values(), reverse=True)
    return {who: 1 + ordered.index(value) for who, value in values.items()}
