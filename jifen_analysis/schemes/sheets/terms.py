"""What the words in the cells of a 方案表 stand for: labels of the vocabulary, titles of the scheme's own parts."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from jifen_analysis.errors import UsageError, choose_from
from jifen_analysis.schemes.labels import COMPARED
from jifen_analysis.schemes.model.parts import WORD_KINDS, MisfitError
from jifen_analysis.schemes.model.phrases import GROUPS
from jifen_analysis.vocabulary import Vocabulary, Word, read_word, spelling, standard

SEPARATING = re.compile('[;=、,\n"“”\\[\\]{}.\uff1b\uff1d\uff0c]')
"""Signs that part what stands in one cell."""


@dataclass(frozen=True)
class Labels:
    """Codes of one kind: the label that stands for each alone and parts nothing, the code of every folded spelling."""

    shown: Mapping[str, str]
    codes: Mapping[str, str]

    @classmethod
    def of(cls, labels: Mapping[str, str]) -> Labels:
        """Take labels as far as they are unmistakable; a code is always understood."""
        times = Counter(map(spelling, labels.values()))
        plain = {
            code: label
            for code, label in labels.items()
            if label and times[spelling(label)] == 1 and not SEPARATING.search(label) and spelling(label) not in labels
        }
        codes = {spelling(label): code for code, label in plain.items()} | {spelling(code): code for code in labels}
        return cls(plain, codes)

    def say(self, code: str) -> str:
        """Return what a code is called."""
        return self.shown.get(code, code)

    def code(self, said: str, what: str) -> str:
        """Return the code of a label.

        Raises
        ------
        MisfitError
            Where there is none, with the nearest and all that there are.
        """
        found = self.codes.get(spelling(said))
        if found is None:
            near = difflib.get_close_matches(spelling(said), self.codes, n=1, cutoff=0.5)
            hint = self.say(self.codes[near[0]]) if near else ""
            listed = choose_from(dict.fromkeys(map(self.say, self.codes.values())))
            raise MisfitError(
                f"{what}没有“{said}”{f',最接近的是“{hint}”' if hint else ''};{listed.zh}",
                f"no such {what}: {said}{f'; the nearest is {hint}' if hint else ''}; {listed.en}",
            )
        return found


@dataclass(frozen=True)
class Terms:
    """Everything that a cell may name: words, the scheme's own names by kind, and the column by which a rule prices."""

    words: Vocabulary
    names: Mapping[str, Labels] = field(default_factory=dict)
    by: str = ""

    def of_kind(self, column: str) -> Labels:
        """Return the words of a coded column, and the names of groups of them."""
        return self.names[WORD_KINDS.get(column, column)]


def terms_of(document: Mapping[str, Any]) -> Terms:
    """Return the terms of a raw scheme, as far as it can be read."""
    words = _words(document)
    own = {name: Labels.of(_titles(document, name)) for name in ("categories", "outcomes", "components")}
    return Terms(words, {**_vocabulary(words), **own, "measures": Labels.of(_measures(document))})


def _words(document: Mapping[str, Any]) -> Vocabulary:
    events = document.get("words", {}).get("event", {})
    named = {code: read_word(code, entry, {}) for code, entry in events.items() if entry.get("label")}
    try:
        return standard().extended(named)
    except UsageError:  # a spelling with two meanings is said where the whole scheme is checked
        return standard()


def _vocabulary(words: Vocabulary) -> dict[str, Labels]:
    found = {}
    for kind in ("activity", "status", "event", "level", "dues_state", "group", "post", "stage", "sex"):
        labels = {code: words.label(kind, code) for code in words.codes(kind)}
        groups = {name: GROUPS.get(name, name).replace("、", "和") for name in words.groups.get(kind, {})}
        known = Labels.of(labels | groups)
        aliases = {spelling(text): code for code in labels for text in words.words[kind][code].spellings}
        codes = {**aliases, **known.codes}
        found[kind] = Labels({**_by_alias(words.words[kind], codes), **known.shown}, codes)
    return found


def _by_alias(words: Mapping[str, Word], codes: Mapping[str, str]) -> dict[str, str]:
    """Return the first other spelling of each word that stands for it alone and parts nothing, where there is one."""
    plain = ((code, [text for text in word.aliases if not SEPARATING.search(text)]) for code, word in words.items())
    own = {code: [text for text in texts if codes[spelling(text)] == code] for code, texts in plain}
    return {code: texts[0] for code, texts in own.items() if texts}


def _titles(document: Mapping[str, Any], section: str) -> dict[str, str]:
    return {code: str(part.get("title", "")) for code, part in document.get(section, {}).items()}


def _measures(document: Mapping[str, Any]) -> dict[str, str]:
    """Return everything that a condition may compare, with its name."""
    components = {code: title or code for code, title in _titles(document, "components").items()}
    lost = {f"lost.{code}": f"{title}扣分" for code, title in components.items()}
    return {**COMPARED, **components, **lost, **_titles(document, "measures")}


def parts(text: str, signs: str) -> Iterable[str]:
    r"""Split what stands in one cell at some signs, full-width or not, but never inside quotes or brackets.

    Examples
    --------
    >>> list(parts('名称="甲;乙";比例=0.2', ";"))
    ['名称="甲;乙"', '比例=0.2']
    >>> list(parts("1=-2\uff1b31=-5", ";"))
    ['1=-2', '31=-5']
    """
    pieces, depth, quoted, escaped = [""], 0, False, False
    for sign in text:
        quoted ^= sign == '"' and not escaped
        escaped = quoted and sign == "\\" and not escaped
        depth += (sign in "[{") - (sign in "]}") if not quoted else 0
        if normalize("NFKC", sign) in signs and depth == 0 and not quoted:
            pieces.append("")
        else:
            pieces[-1] += sign
    return [piece.strip() for piece in pieces if piece.strip()]
