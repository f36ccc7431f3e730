"""What a scheme asks of those who send records."""

from __future__ import annotations

import pytest

from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.requirements import requirements_of
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from tests.schemes.builders import small


def test_the_small_scheme_asks_for_its_own_words() -> None:
    """Its own event is asked for, others that nothing prices are not."""
    scheme = small()
    found = requirements_of(scheme.book, scheme.words)
    assert "tree_planted" in found.codes["event"] or "events" not in found.tables
    assert found.codes["event"] < set(scheme.words.codes("event"))


def test_words_left_out_everywhere_are_not_asked_for() -> None:
    """An activity that every part leaves out makes no difference."""
    scheme = read_scheme("community_60_40")
    found = requirements_of(scheme.book, scheme.words)
    assert "workday" not in found.codes["activity"]
    assert {"lecture", "voluntary_labour"} <= found.codes["activity"]


def test_columns_that_nothing_reads() -> None:
    """Details of events and facts about members are asked for where a rule reads them."""
    scheme = read_scheme("community_60_40")
    unread = requirements_of(scheme.book, scheme.words).unread
    reads = {column for code in requirements_of(scheme.book, scheme.words).codes["event"]
             for column in scheme.words.words["event"][code].reads}  # fmt: skip
    assert not unread["events"] & reads
    assert "joined_on" in unread["members"]


@pytest.mark.parametrize("name", scheme_names())
def test_every_scheme_asks_for_words_that_there_are(name: str) -> None:
    """Codes are of the vocabulary, and a table of the forms brings its groups or items."""
    scheme: Scheme = read_scheme(name)
    found = requirements_of(scheme.book, scheme.words)
    for kind, codes in found.codes.items():
        assert codes <= set(scheme.words.codes(kind))
    assert ("marks" in found.tables) == bool(found.items)
    assert ("evaluations" in found.tables) == bool(found.codes["group"])
    assert ("events" in found.tables) == bool(found.codes["event"])
