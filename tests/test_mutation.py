"""Every number of a scheme file is held by a worked case: moved up or down, it breaks one.

What survives is listed with its reason in ``mutation_survivors.toml``. Numbers
that only quote the source (``text_points``, ``text_band``) price nothing, and a
higher full mark only lets higher marks in: both have checks of their own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from jifen_analysis.errors import InvalidRecords, InvalidScheme
from jifen_analysis.schemes.model import MarkedItem
from jifen_analysis.schemes.model.parts import thaw
from jifen_analysis.schemes.read import read_document, scheme_names
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.scoring.assess import assess
from tests.builders import records
from tests.case_batches import batches

Place = tuple[str | int, ...]
SURVIVORS: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
    Path(__file__).with_name("mutation_survivors.toml").read_text(encoding="utf-8")
)


# ---------------------------------------------------------------- numbers and how they move


def numbers(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield every number of a raw document with its place; shares such as "1/3" are numbers."""
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield from numbers(child, (*place, key))
    elif isinstance(value, list):
        for at, child in enumerate(value):
            yield from numbers(child, (*place, at))
    elif is_number(value):
        yield place, value


def is_number(value: Any) -> bool:
    """Return whether a value is a number, or a share written as one."""
    if isinstance(value, str):
        return value.replace("/", "", 1).isdigit()
    return isinstance(value, int | float) and not isinstance(value, bool)


def quotes(place: Place) -> bool:
    """Return whether a number only repeats what the source says."""
    return any(str(step).startswith("text_") for step in place)


def caps_marks(place: Place, document: Mapping[str, Any]) -> bool:
    """Return whether a number is the full mark of an item that an assessor marks."""
    owner: Any = document
    for step in place[: place.index("items") + 2] if "items" in place else ():
        owner = owner[step]
    return owner.get("from") == "marks" and ("max" in place or "max_for" in place)


def moved(value: Any, up: bool) -> Any:
    """Return a number one higher or lower, or a tenth of it where it is no whole number."""
    if isinstance(value, str):
        return str(Fraction(value) * Fraction(11 if up else 9, 10))
    if value == int(value):
        return value + (1 if up else -1)
    return round(value * (1.1 if (value > 0) == up else 0.9), 6)


def with_number(document: Mapping[str, Any], place: Place, value: Any) -> dict[str, Any]:
    """Return a copy of a document with another number at a place."""
    changed: dict[str, Any] = thaw(document)
    owner: Any = changed
    for step in place[:-1]:
        owner = owner[step]
    owner[place[-1]] = value
    return changed


# ---------------------------------------------------------------- who notices


def noticed(document: Mapping[str, Any], place: Place, up: bool) -> bool:
    """Return whether some case fails, or the scheme is none any more, when a number moves."""
    value = thaw(document)
    for step in place:
        value = value[step]
    try:
        mutant = Scheme(with_number(document, place, moved(value, up)), "", ("mutant",))
        return breaks(mutant, place)
    except (InvalidScheme, InvalidRecords):
        return True


def breaks(mutant: Scheme, place: Place) -> bool:
    """Return whether a case that can read a number is not met by a scheme."""
    reading = place[1] if place[0] == "readings" else None
    read_by = [batch for batch in batches(mutant.id) if reading is None or reading in batch.variants]
    return any(True for batch in read_by for _ in batch.misses(mutant))


def survivors(scheme: str) -> dict[str, set[str]]:
    """Return the dotted path of every number that can move without any case failing, and where to."""
    document, _ = read_document(scheme)
    found: dict[str, set[str]] = {}
    for place, _ in numbers(document):
        if quotes(place):
            continue
        ways = {"down": False} if caps_marks(place, document) else {"up": True, "down": False}
        alive = {name for name, up in ways.items() if not noticed(document, place, up)}
        if alive:
            found[".".join(map(str, place))] = alive
    return found


@pytest.mark.parametrize("scheme", scheme_names())
def test_some_case_holds_every_number(scheme: str) -> None:
    """Moving a number breaks a case, except for those listed with a reason; none of these is held after all."""
    assert survivors(scheme) == {path: set(ways) for path, ways in SURVIVORS.get(scheme, {}).items()}


# ---------------------------------------------------------------- numbers that no case can hold


def test_what_is_quoted_prices_nothing() -> None:
    """With every quoted number moved, every case that was met is still met."""
    for scheme in scheme_names():
        document, _ = read_document(scheme)
        for place, value in list(numbers(document)):
            if quotes(place):
                document = with_number(document, place, value + 1)
        assert list(batches(scheme)[0].misses(Scheme(document, "", ("mutant",)))) == []


def full_marks() -> Iterator[tuple[str, str, str, float]]:
    """Yield scheme, item, category and full mark of every item that an assessor marks."""
    for name in scheme_names():
        book = read_scheme(name).book
        for component in book.components.values():
            for key, item in component.items.items():
                if isinstance(item, MarkedItem):
                    yield from ((name, key, category, item.most(category)) for category in book.categories or ("",))


@pytest.mark.parametrize(("scheme", "item", "category", "full"), list(full_marks()))
def test_a_mark_is_at_most_the_full_mark(scheme: str, item: str, category: str, full: float) -> None:
    """The full mark itself is taken; a ten-thousandth more is refused, and the message says so."""
    assess(marked(item, category, full), read_scheme(scheme))
    with pytest.raises(InvalidRecords, match=rf"超过满分 {full:g}"):
        assess(marked(item, category, full + 0.0001), read_scheme(scheme))


def marked(item: str, category: str, mark: float) -> Any:
    """Return records of one member with one mark."""
    return records(
        members=[["00001", "第一支部", {"post": "inspector", "category": category}]],
        attendance=[["00001", "2024-01-10", "lecture", "present"]],
        marks=[["00001", "2024", item, mark]],
    )
