"""A second scorer, written from the text alone: slow, plain, exact.

It shares nothing with the package it checks: no scheme files, no frames, no
floats. Every scheme is a short class read from the text, every member is
worked out on his own, as a clerk with a pencil would, and all arithmetic is in
fractions. Only comparisons round, where the text says so.

>>> score({}, "community_60_40").rows
[]
"""

from .random_records import random_records
from .scoring import SCHEMES, Scored, score

__all__ = ["SCHEMES", "Scored", "random_records", "score"]
