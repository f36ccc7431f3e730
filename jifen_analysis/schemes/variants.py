"""Other versions of a scheme file: readings, dated changes, cut scores, quotas, patches.

Everything here turns one raw document into another; the first is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Any

from jifen_analysis.errors import UsageError, choose_from, nearest_to
from jifen_analysis.schemes.labels import label_code
from jifen_analysis.schemes.model import PathChange, RuleBook
from jifen_analysis.schemes.model.parts import thaw

Document = dict[str, Any]


def patch_document(document: Mapping[str, Any], values: Mapping[str, Any], drop: Iterable[str] = ()) -> Document:
    """Return a copy of a document with values set and parts dropped, by dotted path.

    Raises
    ------
    UsageError
        Where a path leads nowhere: all but the last step of one that is set must exist, and the whole of one dropped.
    """
    changed: Document = thaw(document)
    for path, value in values.items():
        parent, last = _parent(changed, path)
        parent[last] = thaw(value)
    for path in drop:
        parent, last = _parent(changed, path)
        if isinstance(parent, dict) and last not in parent:
            raise _nowhere(path, str(last), parent)
        del parent[last]
    return changed


def override_paths(document: Mapping[str, Any], values: Mapping[str, Any], drop: Iterable[str] = ()) -> Document:
    """Return a patched copy of a sound document, in which no dated change touches the patched paths any more.

    What an analyst asks for holds on every day.
    """
    dropped = tuple(drop)
    plain: Document = thaw(document)
    for change in plain.get("changes", {}).values():
        for key in ("set", "drop"):
            for path in [path for path in change.get(key, ()) if _touches(path, (*values, *dropped))]:
                change[key].pop(path) if key == "set" else change[key].remove(path)
    return patch_document(plain, values, dropped)


def _touches(path: str, others: Iterable[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") or one.startswith(f"{path}.") for one in others)


def _parent(document: Document, path: str) -> tuple[Any, Any]:
    *steps, last = path.split(".")
    here: Any = document
    for step in steps:
        here = _step(here, step, path)
    return here, _key(here, last, path)


def _step(here: Any, step: str, path: str) -> Any:
    key = _key(here, step, path)
    if isinstance(here, dict) and key not in here:
        raise _nowhere(path, step, here)
    return here[key]


def _key(here: Any, step: str, path: str) -> Any:
    if isinstance(here, list) and step.isdigit() and int(step) < len(here):
        return int(step)
    if isinstance(here, dict):
        return step
    raise _nowhere(path, step, {})


def _nowhere(path: str, step: str, here: Mapping[str, Any]) -> UsageError:
    near = nearest_to(step, here)
    return UsageError(f"方案没有路径 {path}(在 {step}){near.zh}", f"there is no path {path} (at {step}){near.en}")


def with_readings(
    document: Mapping[str, Any], book: RuleBook, names: Iterable[str], applied: Iterable[str] = ()
) -> Document:
    """Return the document under the named readings, in order, upon what was applied to it before.

    Raises
    ------
    UsageError
        Where a reading does not exist, or two of them set the same path.
    """
    chosen = {name: _reading(name, book) for name in names}
    _refuse_clashes({name: book.readings[name] for name in applied if name in book.readings} | chosen)
    changed: Document = thaw(document)
    for reading in chosen.values():
        changed = override_paths(changed, reading.set, reading.drop)
    return changed


def _reading(name: str, book: RuleBook) -> PathChange:
    if name not in book.readings:
        known = choose_from(label_code(one, {one: part.title}) for one, part in book.readings.items())
        raise UsageError(f"{book.id} 没有读法 {name},{known.zh}", f"{book.id} has no reading {name}; {known.en}")
    return book.readings[name]


def _refuse_clashes(chosen: Mapping[str, PathChange]) -> None:
    for (one, first), (other, second) in combinations(chosen.items(), 2):
        shared = next((path for path in second.paths if _touches(path, first.paths)), None)
        if shared is not None:
            raise UsageError(f"读法 {one} 与 {other} 都改动 {shared}", f"both {one} and {other} set {shared}")


def in_force(document: Mapping[str, Any], book: RuleBook, day: date) -> Document:
    """Return the document with every dated change that holds on a day, oldest first."""
    changed: Document = thaw(document)
    for since in sorted(book.changes):
        if date.fromisoformat(since) <= day:
            changed = patch_document(changed, document["changes"][since].get("set", {}), book.changes[since].drop)
    return changed


def with_grades(document: Mapping[str, Any], book: RuleBook, cuts: Mapping[str, float]) -> Document:
    """Return the document with other cut scores, by grade.

    Raises
    ------
    UsageError
        For a grade that the scheme does not have or that has no cut score.
    """
    values = {}
    for name, cut in cuts.items():
        grade = book.grades.get(name)
        if grade is None or grade.cut is None:
            known = choose_from(name for name, grade in book.grades.items() if grade.cut is not None)
            raise UsageError(f"等次 {name} 没有分数线,{known.zh}", f"no cut score for {name}; {known.en}")
        values[f"grades.{name}.{'above' if grade.above is not None else 'at_least'}"] = cut
    return override_paths(document, values)


def with_quotas(document: Mapping[str, Any], book: RuleBook, shares: Mapping[str, object]) -> Document:
    """Return the document with other quotas, by grade: 0.2, "1/3" or "20%", None for no quota.

    A grade that has a quota keeps whom it counts and within what; another gets one within the branch.

    Raises
    ------
    UsageError
        For a grade that the scheme does not have, or the lowest one.
    """
    able = list(book.grades)[:-1]
    for name in shares:
        if name not in able:
            known = choose_from(able)
            raise UsageError(f"等次 {name} 不能设名额,{known.zh}", f"no quota for {name}; {known.en}")
    before = {name: thaw(document["grades"][name].get("quota", {})) for name in shares}
    values = {f"grades.{name}.quota": before[name] | {"share": _share(share or 0)} for name, share in shares.items()}
    none = [f"grades.{name}.quota" for name, share in shares.items() if share is None]
    return patch_document(override_paths(document, values), {}, none)


def _share(said: object) -> object:
    """Return a share as a scheme file writes it."""
    if isinstance(said, Fraction):
        return str(said)
    percent = isinstance(said, str) and re.fullmatch(r"\d+(\.\d+)?%", said)
    return str(Fraction(percent[0][:-1]) / 100) if percent else said
