"""Numbers, periods and names as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from jifen_analysis.errors import Lang, Text
from jifen_analysis.schemes.model import Condition, Who
from jifen_analysis.vocabulary import Vocabulary


def number(value: float) -> str:
    """Return a number with no more decimals than it needs, six at most.

    Examples
    --------
    >>> number(20.0), number(89.9999999), number(-0.5), number(-0.0)
    ('20', '90', '-0.5', '0')
    """
    return np.format_float_positional(round(value, 6) + 0.0, trim="-")


def signed(value: float) -> str:
    """Return a number with its sign.

    Examples
    --------
    >>> signed(5.0), signed(-4.0), signed(0.0)
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


def named(title: str, code: str) -> Text:
    """Return what a part of a scheme is called: its title, or its id read as words.

    Examples
    --------
    >>> named("重点工作", "key_work").en
    'key work'
    """
    return Text(title or code, code.replace("_", " "))


def word(kind: str, code: str, words: Vocabulary) -> Text:
    """Return a word of the vocabulary in both languages."""
    return Text(words.label(kind, code), words.label(kind, code, "en"))


def listed(texts: Iterable[Text], lang: Lang) -> str:
    """Join sentences.

    Examples
    --------
    >>> listed([same("a"), same("b")], "zh")
    'a;b'
    """
    return (";" if lang == "zh" else "; ").join(said for said in (text.message(lang) for text in texts) if said)


_BOUNDS = {"at_least": "at least", "at_most": "at most", "above": "above", "below": "below"}


def condition_in_english(condition: Condition) -> str:
    """Return a condition in English, by the ids of what it asks for.

    Examples
    --------
    >>> condition_in_english(Condition.model_validate({"measure": "lost.daily", "at_least": 40}))
    'points lost in daily at least 40'
    """
    asked = [
        f"{_BOUNDS[name]} {bound if isinstance(bound, str) else number(bound)}" for name, bound in condition.bounds
    ]
    asked += [f"is {' or '.join(condition.among)}"] if condition.among else []
    asked += [f"is not {' or '.join(condition.outside)}"] if condition.outside else []
    asked += [f"{condition.in_a_row} times in a row"] if condition.in_a_row else []
    asked += [f"for the {condition.nth}. time"] if condition.nth else []
    asked += ["in all the data"] if condition.over else []
    return " ".join([_subject(condition), *asked]).replace("_", " ")


def _subject(condition: Condition) -> str:
    if condition.who is not None:
        return _member(condition.who)
    if condition.table is not None:
        return " ".join("/".join(codes) for codes in condition.where.values()) or condition.table
    return condition.outcome or str(condition.measure).replace("lost.", "points lost in ")


def _member(who: Who) -> str:
    said = who.model_dump(exclude_none=True, exclude_defaults=True)
    return ", ".join(_quality(name, value) for name, value in said.items())


def _quality(name: str, value: object) -> str:
    if isinstance(value, bool):
        return name if value else f"not {name}"
    if isinstance(value, Mapping):
        return f"except {', '.join(_quality(*one) for one in value.items())}"
    return f"{name} {'/'.join(value)}" if isinstance(value, tuple) else f"{name} {value}"
