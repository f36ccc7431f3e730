"""Consecutive months: the longest stretch in which something holds."""

from collections.abc import Callable, Iterable


def longest_run(months: Iterable[str], holds: Callable[[str], bool]) -> int:
    """The length of the longest stretch of neighbouring months that hold."""
    longest = current = 0
    for month in months:
        current = current + 1 if holds(month) else 0
        longest = max(longest, current)
    return longest
