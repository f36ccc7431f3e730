"""Numbers, periods and names as people read them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from jifen_analysis.errors import Lang, Text
from jifen_analysis.vocabulary import Vocabulary


def number(value: float) -> str:
    """Return a number with no more decimals than it needs, six at most.

    Examples
    --------
    >>> number(20.0), number(89.9999999), number(-0.5), number(-0.0)
    ('20', '90', '-0.5', '0')
    """
    return np.format_float_positional(round(value, 6) + 0.0, trim="-")


def signed_number(value: float) -> str:
    """Return a number with its sign.

    Examples
    --------
    >>> signed_number(5.0), signed_number(-4.0), signed_number(0.0)
    ('+5', '-4', '0')
    """
    return f"+{number(value)}" if round(value, 6) > 0 else number(value)


def same(text: object) -> Text:
    """Return a sentence that reads alike in both languages.

    Examples
    --------
    >>> same(3).message("en")
    '3'
    """
    return Text(str(text), str(text))


def title_of(title: str, code: str) -> Text:
    """Return what a part of a scheme is called: its title as the file has it, else its id.

    Examples
    --------
    >>> title_of("重点工作", "key_work").zh, title_of("", "key_work").en
    ('重点工作', 'key_work')
    """
    return same(title or code)


def word(kind: str, code: str, words: Vocabulary) -> Text:
    """Return a word of the vocabulary in both languages."""
    return Text(words.label(kind, code), words.label(kind, code, "en"))


def join_sentences(texts: Iterable[Text], lang: Lang) -> str:
    """Join sentences.

    Examples
    --------
    >>> join_sentences([same("a"), same("b")], "zh")
    'a;b'
    """
    return (";" if lang == "zh" else "; ").join(said for said in (text.message(lang) for text in texts) if said)
