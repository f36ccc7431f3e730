"""Numbers, lists and names as every question needs them: what is there, in an order that does not matter."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence, Sized
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from jifen_analysis.errors import UsageError, nearest_to, there_are

MIN_N = 5
"""Rates of smaller groups are withheld: one member would move them by a fifth or more."""

LARGEST = 1e9
"""No score, count or weight is larger; beyond some 9e12 millionths would no longer be counted exactly."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Numbers = pd.Series | Sequence[float] | npt.NDArray[Any]


Listed = TypeVar("Listed", pd.Series, pd.DataFrame)


def must_be(value: object, kind: type | tuple[type, ...], zh: str, en: str) -> None:
    """Refuse what is something else than it has to be, which is said.

    Raises
    ------
    UsageError
        Where it is of another type.
    """
    if not isinstance(value, kind):
        found = type(value).__name__
        raise UsageError(f"{zh},收到的是 {found}", f"{en}, found {found}")


def require(name: object, known: Iterable[object], zh: str, en: str) -> None:
    """Refuse a name that is not among the known ones, with the nearest.

    Raises
    ------
    UsageError
        Where the name is unknown.
    """
    names = [str(one) for one in known]
    if str(name) in names:
        return
    near, listed = nearest_to(name, names, 0.4), there_are(names)
    raise UsageError(f"没有{zh} {name}{near.zh};{listed.zh}", f"no {en} {name}{near.en}; {listed.en}")


def numbers(values: Numbers, zh: str = "分数", en: str = "scores", *, at_least: int = 1) -> pd.Series:
    """Return the numbers that are there, as floats in ascending order.

    Sums taken over them then do not depend on the order of rows, to the last bit.

    Raises
    ------
    UsageError
        Where something is no finite number, or fewer than ``at_least`` are left
        after the missing ones.
    """
    found = floats(as_series(values, zh, en), zh, en).dropna().sort_values(kind="stable")
    if len(found) < at_least:
        raise UsageError(
            f"{zh}不足:至少需要 {at_least} 个,只有 {len(found)} 个",
            f"too few {en}: at least {at_least} needed, {len(found)} found",
        )
    return found


def as_series(values: object, zh: str, en: str) -> pd.Series:
    """Return a list of any kind as a Series.

    Raises
    ------
    UsageError
        Where it is no list, or a table of several columns.
    """
    if isinstance(values, Sized) and not isinstance(values, (str, bytes, pd.DataFrame)):
        with contextlib.suppress(ValueError, TypeError):  # two dimensions, or a set
            return pd.Series(cast("Any", values)) if len(values) else pd.Series(dtype="float64")
    kind = type(values).__name__
    raise UsageError(f"{zh}须是一列值,收到的是 {kind}", f"{en} must be a list of values, found {kind}")


def as_frame(values: pd.DataFrame, zh: str, en: str) -> pd.DataFrame:
    """Return a table of numbers as floats.

    Raises
    ------
    UsageError
        Where it is no DataFrame, two columns have one name, or something in it is
        no finite number.
    """
    must_be(values, pd.DataFrame, f"{zh}须是 DataFrame", f"{en} must be a DataFrame")
    if not values.columns.is_unique:
        twice = values.columns[values.columns.duplicated()][0]
        raise UsageError(f"{zh}有两列都叫 {twice}", f"{en} has two columns called {twice}")
    return floats(values, zh, en)


def floats(values: Listed, zh: str, en: str) -> Listed:
    """Return a Series or frame as floats; missing ones stay missing.

    Raises
    ------
    UsageError
        Where something is no finite number.

    Examples
    --------
    >>> floats(pd.Series([90, None]), "分数", "scores").tolist()
    [90.0, nan]
    """
    try:
        found = values.where(values.notna(), np.nan).astype("float64")
    except (ValueError, TypeError):
        raise UsageError(f"{zh}里有不是数字的内容", f"something among {en} is no number") from None
    sizes = np.abs(found.to_numpy())
    if np.isinf(sizes).any():
        raise UsageError(f"{zh}里有无穷大", f"something among {en} is infinite")
    if (sizes > LARGEST).any():
        largest = np.nanmax(sizes)
        raise UsageError(f"{zh}里有大得不合理的数:{largest:g}", f"something among {en} is too large: {largest:g}")
    return found


def as_number(value: object, zh: str, en: str) -> float:
    """Return a single number.

    Raises
    ------
    UsageError
        Where it is missing, infinite or none.
    """
    try:
        found = float(cast("Any", value))
    except (TypeError, ValueError):
        found = float("nan")
    if not abs(found) <= LARGEST:
        raise UsageError(f"{zh}须是一个数,收到的是 {value!r}", f"{en} must be a number, found {value!r}")
    return found


def by_member(values: Listed, zh: str, en: str) -> Listed:
    """Return a Series or frame ordered by member, each member once.

    Raises
    ------
    UsageError
        Where it is neither, is empty, or a member stands in it twice.
    """
    must_be(values, (pd.Series, pd.DataFrame), f"{zh}须以党员编号为索引", f"{en} must be indexed by member")
    if not len(values):
        raise UsageError(f"{zh}是空的", f"{en} is empty")
    twice = values.index[values.index.duplicated()]
    if len(twice):
        raise UsageError(
            f"{zh}中同一人出现多次:{twice[0]};请先选定一个考核期",
            f"{en} names a member more than once: {twice[0]}; choose one period first",
        )
    return values.sort_index()


def as_grades(values: pd.Series, grades: Sequence[str], zh: str, en: str) -> pd.Series:
    """Return grades by member, of a fixed list in its order.

    Raises
    ------
    UsageError
        For an empty list, a member named twice, a grade that is not listed (with
        the nearest), or one that is listed twice.
    """
    found = by_member(values, zh, en)
    for grade in found.dropna().unique():
        require(grade, grades, "等次", "grade")
    if len(set(grades)) < len(grades):
        raise UsageError(f"等次表有重复:{list(grades)}", f"a grade is listed twice: {list(grades)}")
    return found.astype(pd.CategoricalDtype(list(grades), ordered=True))


def pair_values(values: object, groups: object) -> pd.DataFrame:
    """Return each member's value beside the member's group; two Series are matched by their index.

    Raises
    ------
    UsageError
        Where the two do not name the same members.

    Examples
    --------
    >>> pair_values([90.0, 80.0], ["甲", "乙"]).values.tolist()
    [[90.0, '甲'], [80.0, '乙']]
    """
    value, group = as_series(values, "各人的值", "values"), as_series(groups, "分组", "groups")
    same = value.index.equals(group.index)
    if not same and (len(value) != len(group) or set(value.index) != set(group.index) or not value.index.is_unique):
        raise UsageError(
            f"分数与分组须是同一批人:{len(value)} 与 {len(group)} 个",
            f"values and groups must be of the same members: {len(value)} and {len(group)} found",
        )
    return pd.DataFrame({"value": value.array, "group": (group if same else group.reindex(value.index)).array})


def complete(frame: pd.DataFrame, zh: str, en: str) -> pd.DataFrame:
    """Return the rows without a missing value, as floats, in order of their index.

    Raises
    ------
    UsageError
        Where fewer than two such rows or columns are left.
    """
    whole = as_frame(frame, zh, en).dropna().sort_index(kind="stable")
    if min(whole.shape) < 2:
        raise UsageError(
            f"{zh}不足:完整的行与列至少各要 2,只有 {whole.shape[0]} 行 {whole.shape[1]} 列",
            f"too few {en}: at least 2 complete rows and 2 columns needed, {whole.shape[0]} and {whole.shape[1]} found",
        )
    return whole


def differ(values: Numbers) -> bool:
    """Say whether not all of the values there are equal, at the grain at which scores are compared.

    What varies in the last bits only varies not at all: a variance, slope or
    correlation of it would be noise over noise.

    Examples
    --------
    >>> differ([0.1 + 0.2, 0.3]), differ([0.3, 0.4])
    (False, True)
    """
    found = np.asarray(values, "float64")
    found = found[~np.isnan(found)]
    return len(found) > 0 and bool(np.ptp(millionths(found)) > 0)


def millionths(values: Numbers | float) -> Ints:
    """Return scores as whole millionths, the grain at which they are compared; halves found as scoring finds them.

    Examples
    --------
    >>> 0.1 + 0.2 == 0.3, bool(millionths(0.1 + 0.2) == millionths(0.3))
    (False, True)
    """
    found: Ints = np.rint(np.round(np.asarray(values, "float64") * 1e6, 5)).astype(np.int64)
    return found
