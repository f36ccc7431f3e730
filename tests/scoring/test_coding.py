"""What a record says, as one number."""

from itertools import product

from jifen_analysis.scoring.coding import Coding, coding
from jifen_analysis.scoring.queries import Query
from jifen_analysis.vocabulary import standard

SMALL = Coding(("event", "level"), {"event": ("honour", "discipline"), "level": ("city", "street", "minor")})


def test_every_combination_has_a_code_of_its_own() -> None:
    """Blanks included; the last column runs fastest."""
    events, levels = (SMALL.adds(column, SMALL.words[column]).tolist() for column in SMALL.columns)
    assert sorted(map(sum, product(events, levels))) == list(range(3 * 4))
    assert (events, levels) == ([4, 8, 0], [1, 2, 3, 0])


def test_words_add_the_same_in_any_order() -> None:
    """A file lists its words as they come; a word that it lacks is not missed."""
    assert SMALL.adds("level", ["minor", "city"]).tolist() == [3, 1, 0]


def test_a_question_knows_its_codes() -> None:
    """What must be written, what must not, and a blank that is none of the words."""
    honoured = Query("events", (("event", ("honour",)),), (("level", ("street", "unheard_of")),))
    assert SMALL.answers(honoured).nonzero()[0].tolist() == [4, 5, 7]


def test_days_late_have_a_place_for_every_tier() -> None:
    """The bounds of all questions, each once and rising, cut the days; the last tier has no end."""
    tiers = Query("dues", days=(1.0, 31.0)), Query("dues", days=(15.0, float("inf")))
    code = coding("dues", tiers, standard())
    assert code.bounds == (1.0, 15.0, 31.0)
    places = [set((code.answers(query).nonzero()[0] % code.sizes[-1]).tolist()) for query in tiers]
    assert places == [{2, 3}, {3, 4}]
