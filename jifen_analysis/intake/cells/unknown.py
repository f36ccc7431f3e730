"""Which of very many different texts are no known words: told of all of them at once, without a look at each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jifen_analysis.intake.cells.reading import NOTHING
from jifen_analysis.intake.cells.statuses import TICKS
from jifen_analysis.vocabulary import Vocabulary

_LETTERS = "[0-9A-Za-z\u4e00-\u9fff]{2,}"
"""Texts in which no sign is folded, parts words or means anything."""
_ROOMY = frozenset({"post"})
"""Kinds of words that are read out of texts without any of them, too."""


def surely_unknown(texts: Sequence[str | None], kind: str, words: Vocabulary) -> np.ndarray:
    """Return which texts are refused as unknown, whatever else is looked for: letters in which no known word stands.

    Of the others nothing is said; they are read one by one.

    Examples
    --------
    >>> from jifen_analysis.vocabulary import standard
    >>> surely_unknown(["w17", "到会w17", "w-17", "到会", None], "status", standard()).tolist()
    [True, False, False, False, False]
    """
    if kind in _ROOMY:
        return np.zeros(len(texts), bool)
    try:
        given = pa.array(texts, pa.large_string())
    except UnicodeEncodeError:  # half a sign, which no file of text has
        return np.zeros(len(texts), bool)
    plain = pc.match_substring_regex(given, f"^{_LETTERS}$")
    known = pc.match_substring_regex(given, _known(kind, words), ignore_case=True)
    sure: np.ndarray = pc.and_not(plain, known).fill_null(False).to_numpy(zero_copy_only=False)
    return sure


@lru_cache(maxsize=64)
def _known(kind: str, words: Vocabulary) -> str:
    """Return the form of texts in which a word may stand, or which begin with a sign that means something."""
    first = [re.escape(text) for text in sorted({*TICKS, *NOTHING} - {"", "无"})]
    within = [text for text in words.spellings(kind) if re.fullmatch(f"(?:{_LETTERS}|[0-9A-Za-z\u4e00-\u9fff])", text)]
    return f"^(?:{'|'.join(first)})" + "".join(f"|{text}" for text in within)
