"""Other weights of a scheme: as numbers, or as shares of its full marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import Any

from jifen_analysis.errors import UsageError, choose_from
from jifen_analysis.schemes.labels import label_code
from jifen_analysis.schemes.model import RuleBook, exact
from jifen_analysis.schemes.model.parts import thaw
from jifen_analysis.schemes.score_range import Marks, full_marks
from jifen_analysis.schemes.variants import Document, override_paths

Weights = Mapping[str, Fraction]
Said = float | str | Decimal | Fraction
"""A share as somebody writes it: 0.7, "70%", "7/10", Fraction(7, 10)."""

ROUNDING = Fraction(1, 10**9)
"""Floats may miss a sum by less."""


def with_weights(
    document: Mapping[str, Any], book: RuleBook, weights: Mapping[str, float], *, normalise: bool = False
) -> Document:
    """Return the document with other component weights; those not named keep theirs.

    ``normalise`` scales the given weights so that the full marks stay what they were.

    Raises
    ------
    UsageError
        For an unknown component, a negative weight, or weights that sum to
        something else; with ``normalise`` for components without full marks.
    """
    _refuse_unknown(weights, book)
    before = {name: component.weight for name, component in book.components.items()}
    wanted, given = sum(before[name] for name in weights), sum(weights.values())
    if not normalise and round(given - wanted, 9):
        raise UsageError(
            f"权重合计为 {given:g},应为 {wanted:g};要写占满分的比例,请用 with_shares,或用 normalise=True 按满分折算",
            f"the weights sum to {given:g}, not {wanted:g}; with_shares takes shares of the full marks, "
            "normalise=True scales to them",
        )
    if any(not 0 <= weight < inf for weight in weights.values()):
        raise UsageError("权重不能为负", "a weight cannot be negative")
    asked = _scaled(weights, book) if normalise else weights
    return override_paths(document, {_path(name): weight for name, weight in asked.items()})


def _scaled(given: Mapping[str, float], book: RuleBook) -> Mapping[str, float | str]:
    """Return weights under which the named components come to their former full marks."""
    weights, factors = {name: exact(weight) for name, weight in given.items()}, set()
    for marks in full_marks(book):
        before = sum((exact(book.components[name].weight) * marks[name] for name in weights), Fraction(0))
        now = sum((weight * marks[name] for name, weight in weights.items()), Fraction(0))
        factors.add(before / now if now else None)
    bare = [name for name in weights if not any(marks[name] for marks in full_marks(book))]
    if bare or len(factors) != 1 or None in factors:
        raise _no_one_weight(bare or list(weights))
    (factor,) = factors
    return {name: _said(weight * (factor or 0)) for name, weight in weights.items()}


def _no_one_weight(names: Iterable[str]) -> UsageError:
    said = "、".join(names)
    return UsageError(
        f"{said} 没有满分,或满分因人而异,不能按满分折算;请去掉 normalise=True,写出确切的权重",
        f"{said}: without full marks, or not the same for everybody; give exact weights without normalise=True",
    )


# ---------------------------------------------------------------- shares


def read_shares(shares: Mapping[str, Said], book: RuleBook) -> Weights:
    """Return shares, by component id or title, as exact numbers under their components' ids.

    Raises
    ------
    UsageError
        For an unknown component, one named twice, or what is no share.
    """
    ids = {part.title: name for name, part in book.components.items()} | {name: name for name in book.components}
    _refuse_unknown(shares, book, ids)
    found = {ids[name]: _share(name, share) for name, share in shares.items()}
    if len(found) < len(shares):
        said = "、".join(shares)
        raise UsageError(f"同一板块写了两次:{said}", f"a component stands twice: {said}")
    return found


def _share(name: str, share: Said) -> Fraction:
    try:
        if isinstance(share, bool):
            raise TypeError
        number = exact(share[:-1]) / 100 if isinstance(share, str) and share.endswith("%") else _meant(share)
    except (TypeError, ValueError, ArithmeticError):
        raise UsageError(
            f"{name} 的占比须是数,现为 {share}", f"the share of {name} must be a number, not {share}"
        ) from None
    if not 0 <= number <= 1:
        raise UsageError(
            f"{name} 的占比须在 0 与 1 之间(70% 写作 0.7),现为 {share}",
            f"the share of {name} lies between 0 and 1 (70% is 0.7), not {share}",
        )
    return number


def _meant(share: Said) -> Fraction:
    """Return the simple fraction that a float is within rounding of, such as 7/25 for 0.3 - 0.02."""
    simple = Fraction(share).limit_denominator(10**6)
    return simple if isinstance(share, float) and abs(simple - Fraction(share)) < ROUNDING / 1000 else exact(share)


def component_names(shares: Iterable[str], book: RuleBook) -> Mapping[str, str]:
    """Return what refusals call each component: its title where somebody asked by titles, else its id."""
    titled = any(name not in book.components for name in shares)
    return book.titles if titled else {name: name for name in book.components}


def weights_of_shares(shares: Weights, book: RuleBook, called: Mapping[str, str]) -> Weights:
    """Return the weights that give components their shares; those not named keep theirs, the whole its full marks.

    Raises
    ------
    UsageError
        For a component without full marks, shares that do not sum to 1, or
        full marks that differ from member to member so that no weight fits all.
    """
    kinds = full_marks(book)
    _refuse_bonus(shares, kinds, book, called)
    found = [_weights(shares, marks, book, called) for marks in kinds]
    if any(weights != found[0] for weights in found):
        raise _differing([_named(marks, called) for marks in kinds], book)
    return found[0]


def _named(numbers: Weights, called: Mapping[str, str]) -> Weights:
    return {called[name]: number for name, number in numbers.items()}


def _weights(shares: Weights, marks: Marks, book: RuleBook, called: Mapping[str, str]) -> Weights:
    points = {name: exact(book.components[name].weight) * full for name, full in marks.items() if full}
    whole = sum(points.values(), Fraction(0))
    if not whole:
        raise UsageError("各板块权重都是 0,没有满分", "all weights are 0: there are no full marks")
    wanted = {name: shares.get(name, own / whole) for name, own in points.items()}
    found = sum(wanted.values(), Fraction(0))
    if abs(found - 1) > ROUNDING:
        raise _not_one(_named(shares, called), _named(wanted, called))
    largest = max(wanted, key=lambda name: wanted[name])  # takes what rounding has left of 1
    whole_one = wanted | {largest: wanted[largest] + 1 - found}
    return {name: share * whole / marks[name] for name, share in whole_one.items()}


def _refuse_unknown(names: Iterable[str], book: RuleBook, known: Iterable[str] = ()) -> None:
    there = choose_from(_called(book) if known else book.components)
    for name in names:
        if name not in (known or book.components):
            raise UsageError(f"没有板块 {name},{there.zh}", f"no component {name}; {there.en}")


def _called(book: RuleBook) -> list[str]:
    """Return what components are called: the title where there is one, with the id where that is another."""
    return [label_code(name, {name: part.title}) for name, part in book.components.items()]


def _refuse_bonus(shares: Weights, kinds: tuple[Marks, ...], book: RuleBook, called: Mapping[str, str]) -> None:
    full = [name for name in book.components if any(marks[name] for marks in kinds)]
    both = dict(zip(book.components, _called(book), strict=True))
    there = "、".join(both[name] for name in full) or "(无)"
    for name in (called[name] for name in shares if name not in full):
        raise UsageError(
            f"{name} 只是另加减分,没有满分,不能写占比;有满分的板块:{there}",
            f"{name} only adds or deducts: without full marks it has no share; components with full marks: {there}",
        )


def _not_one(shares: Weights, wanted: Weights) -> UsageError:
    kept = {name: share for name, share in wanted.items() if name not in shares}
    given, found = sum(shares.values(), Fraction(0)), _plain(sum(wanted.values(), Fraction(0)))
    zh = f"(未写的保持 {_listed(kept)})" if kept else ""
    en = f" (those not named keep {_listed(kept)})" if kept else ""
    open_ = kept if kept and 0 < given < 1 else shares  # what is named stays, as long as it leaves something
    whole, held = (1 - given if open_ is kept else Fraction(1)), sum(open_.values(), Fraction(0))
    right = _listed({name: share * whole / held for name, share in open_.items()}) if held else ""
    also = ("其余应写 ", "write the others, too: ") if open_ is kept else ("按此比例应为 ", "in this proportion: ")
    advice = (f";{also[0]}{right}", f"; {also[1]}{right}") if right else ("", "")
    return UsageError(
        f"占比合计为 {found},应为 1:{_listed(shares)}{zh}{advice[0]}",
        f"the shares sum to {found}, not 1: {_listed(shares)}{en}{advice[1]}",
    )


def _differing(kinds: Sequence[Marks], book: RuleBook) -> UsageError:
    marks = ";".join(_listed({name: full for name, full in each.items() if full}) for each in kinds)
    return UsageError(
        f"“{book.title}”的满分因人而异({marks}),一个权重不能使人人的占比相同;请用 with_weights 写出权重",
        f"full marks differ from member to member ({marks}): no weight gives everybody these shares; use with_weights",
    )


def _listed(numbers: Weights) -> str:
    return ", ".join(f"{name}={_plain(number)}" for name, number in numbers.items())


def _plain(number: Fraction) -> str:
    """Return a number as a short decimal where it is one, as a fraction otherwise."""
    return f"{float(number):g}" if Fraction(f"{float(number):g}") == number else str(number)


def with_shares(
    document: Mapping[str, Any], weights: Mapping[str, Fraction], later: Mapping[str, Mapping[str, Fraction]]
) -> Document:
    """Return the document with weights that were made of shares, and ``later`` ones from each dated change on."""
    changed = override_paths(document, {_path(name): _said(weight) for name, weight in weights.items()})
    before = weights
    for since, own in later.items():
        moved = {_path(name): _said(weight) for name, weight in own.items() if weight != before.get(name)}
        if moved:
            changed["changes"][since]["set"] = {**thaw(changed["changes"][since].get("set", {})), **moved}
        before = own
    return changed


def _path(component: str) -> str:
    return f"components.{component}.weight"


def _said(weight: Fraction) -> float | str:
    """Return a weight as a scheme file writes it: a decimal where it is one, else a fraction such as ``7/6``."""
    return float(weight) if Fraction(repr(float(weight))) == weight else str(weight)
