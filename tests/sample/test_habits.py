"""The habits file against the vocabulary."""

from jifen_analysis.sample.habits import habits
from jifen_analysis.vocabulary import standard


def test_habits_use_known_words() -> None:
    """Posts, activities, ways of not attending and commendations are words of the vocabulary."""
    own, words = habits(), standard()
    assert {post for branch in own.branches for post in branch.posts} == set(words.codes("post")) - {"none"}
    assert set(own.plan) | {"workday"} == set(words.codes("activity"))
    assert set(own.lapses) == set(words.codes("status")) - {"present"}
    assert {branch.honoured for branch in own.branches} - {""} <= set(words.members("level", "administrative"))


def test_branches_are_of_every_size() -> None:
    """Ten branches of 4 to 70 members, some 300 in all."""
    sizes = [branch.size for branch in habits().branches]
    assert (len(sizes), min(sizes), max(sizes), sum(sizes)) == (10, 4, 70, 300)
