"""Seeded chance."""

import numpy as np

from jifen_analysis.sample.draws import bell, halves, pick, stream, tenths


def test_streams_are_apart() -> None:
    """Each name has a stream of its own, the same every time."""
    first, again, other = (stream(7, name).random(4) for name in ("dues", "dues", "events"))
    assert (first == again).all()
    assert (first != other).all()


def test_bell_is_centred() -> None:
    """The bell curve has mean 0 and standard deviation 1."""
    drawn = bell(stream(1, "bell"), 50_000)
    assert abs(drawn.mean()) < 0.02
    assert abs(drawn.std() - 1) < 0.02


def test_pick_follows_the_shares() -> None:
    """Positions are drawn in proportion to their shares; a share of nothing is never drawn."""
    counts = np.bincount(pick(stream(1, "pick"), (3, 0, 1), 40_000), minlength=3)
    assert counts[1] == 0
    assert abs(counts[0] / 40_000 - 0.75) < 0.01


def test_rounding_goes_up_from_the_middle() -> None:
    """Half points and tenths round up from the middle."""
    assert halves(np.array([8.25, 8.2])).tolist() == [8.5, 8.0]
    assert tenths(np.array([81.25, 81.24])).tolist() == [81.3, 81.2]
