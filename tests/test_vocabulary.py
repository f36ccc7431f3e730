import pickle

import pytest

from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.model.phrases import GROUPS
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Word, spelling, standard


@pytest.mark.parametrize("kind", list(standard().words))
def test_every_spelling_is_read(kind: str) -> None:
    """Code, label and aliases of every word lead back to it."""
    words = standard()
    for word in words.words[kind].values():
        assert {words.code(kind, text) for text in word.spellings} == {word.code}


def test_every_column_has_a_label_and_no_two_share_one() -> None:
    """In one table a header names one column."""
    for table, columns in TABLES.items():
        seen: dict[str, str] = {}
        for name in columns:
            word = standard().column(table, name)
            assert word.label != name, (table, name)
            for text in word.spellings:
                assert seen.setdefault(spelling(text), name) == name, (table, text)


def test_every_group_names_known_words() -> None:
    """A group for scheme files holds codes of its kind."""
    words = standard()
    for kind, groups in words.groups.items():
        for codes in groups.values():
            assert set(codes) <= set(words.codes(kind))


def test_every_group_has_a_name_of_its_own() -> None:
    """In Chinese, and none that a word of the same kind has."""
    for kind, groups in standard().groups.items():
        labels = [GROUPS[name] for name in groups]
        said = [*labels, *(standard().label(kind, code) for code in standard().codes(kind))]
        assert len(set(said)) == len(said)


def test_case_width_and_spaces_do_not_matter() -> None:
    """The same word in other dress is the same word."""
    assert standard().code("status", " 旷 会 ") == "absent"
    assert spelling("ＡＢｃ·1") == "abc1"


def test_own_events_and_spellings_survive_pickling() -> None:
    """A scheme's own events and a layout's spellings stay known in a worker process."""
    own = standard().extended({"tree": Word("tree", "植树")}).respelt({"status": {"外出": "公假"}})
    assert own.code("event", "植树") == "tree"
    again = pickle.loads(pickle.dumps(own))
    assert (again.code("event", "植树"), again.code("status", "外出")) == ("tree", "excused")
    assert again == own
    assert pickle.loads(pickle.dumps(standard())) is standard()
    assert standard().code("event", "植树") is None


def test_a_spelling_means_one_thing() -> None:
    """A spelling that would mean two things is refused."""
    with pytest.raises(UsageError, match="见义勇为"):
        standard().extended({"tree": Word("tree", "见义勇为")})
    with pytest.raises(UsageError, match="见义勇为"):
        standard().respelt({"event": {"见义勇为": "honour"}})


def test_more_spellings() -> None:
    """A correspondence table may add spellings by label or code."""
    more = standard().respelt({"status": {"外出": "公假", "溜号": "absent"}})
    assert (more.code("status", "外出"), more.code("status", "溜号")) == ("excused", "absent")


def test_the_nearest_word_is_named() -> None:
    """A misspelling is near its word; nonsense is near nothing."""
    assert standard().nearest("activity", "主题党课日") == "主题党日"
    assert standard().nearest("activity", "zzzz") is None


@pytest.mark.parametrize("kind", ["status", "event", "level", "group"])
def test_no_word_is_near_its_denial(kind: str) -> None:
    """“没有” before a known spelling is never told to be the word itself."""
    words = standard()
    for word in words.words[kind].values():
        for spelt in word.spellings:
            assert words.nearest(kind, f"没有{spelt}") != word.label, spelt
