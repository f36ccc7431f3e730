"""Whose row it is: ids padded to the roster's width, names looked up in the roster."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.intake.branches import bare_branch
from jifen_analysis.intake.cells import Reading, plain
from jifen_analysis.intake.cells.lexicon import PEOPLE
from jifen_analysis.intake.cells.names import STARS
from jifen_analysis.intake.grid import Value, grouped
from jifen_analysis.vocabulary import spelling, standard

_REMARK = re.compile(rf"[{STARS}]+$|(?<=[\u4e00-\u9fff]{{2}})(?:同志)$|[(\[【]([^()]*)[)\]】]$")


_DOT = re.compile(r"(?<=[\u4e00-\u9fff])\s*[.●‧∙]\s*(?=[\u4e00-\u9fff])")
"""What people type for the dot within a name."""


@lru_cache(maxsize=1 << 15)
def fold_name(name: str) -> str:
    """Return a name folded, without a star or what somebody is, such as (书记), behind it.

    Examples
    --------
    >>> fold_name("张 三(预备党员)*"), fold_name("张三(小)")
    ('张三', '张三(小)')
    """
    text = spelling(_DOT.sub("", name))
    found = None if text[-1:].isalpha() and not text.endswith("同志") else _REMARK.search(text)
    if not found or (found[1] is not None and not _is_kind(found[1])):
        return text
    return fold_name(text[: found.start()])


def _is_kind(said: str) -> bool:
    """Return whether a word says what somebody is; who is said to have left is asked about."""
    return standard().code("standing", said) != "left" and any(
        standard().code(kind, said) for kind in _WHAT_SOMEBODY_IS
    )


_WHAT_SOMEBODY_IS = ("post", "stage", "sex", "standing")


FORMER = "_former"
"""Column of a roster's frame with the names that its members once had; no column of the table."""
_SEVERAL = re.compile(r"[、,;/\s]+")


@dataclass(frozen=True)
class RosterEntry:
    """One row of the roster: whose, where, from which month to which (``2024-05``; blank where it does not say)."""

    member_id: str
    branch: str
    file: str
    since: str = ""
    until: str = ""
    name: str = ""
    sex: str = ""


@dataclass(frozen=True)
class MemberIndex:
    """Who is known, by id and by name."""

    names: Mapping[str, frozenset[str]] = field(default_factory=dict)  # member id to the names (folded) it goes by
    # folded name to the rows that bear it
    people: Mapping[str, tuple[RosterEntry, ...]] = field(default_factory=dict)
    # member id to its rows, where one of them has a year or dates
    dated: Mapping[str, tuple[RosterEntry, ...]] = field(default_factory=dict)
    # folded former name to the rows that give it
    former: Mapping[str, tuple[RosterEntry, ...]] = field(default_factory=dict)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Every id with each name that it goes by, as it is folded and therefore mostly written."""
        known = ((member, name, names) for member, names in self.names.items() for name in names)
        return frozenset((member, name) for member, name, names in known if fold_name(name) in names)

    @cached_property
    def branches(self) -> Mapping[str, str]:
        """Folded names of the branches, and the names."""
        return {spelling(p.branch): p.branch for people in self.people.values() for p in people}

    @cached_property
    def _bare(self) -> Mapping[str, frozenset[str]]:
        found = grouped((bare_branch(branch), branch) for branch in self.branches.values())
        return {bare: frozenset(names) for bare, names in found.items()}

    @cached_property
    def _homes(self) -> Mapping[str, frozenset[str]]:
        """Member ids, and the branches on whose rosters they stand, folded."""
        found = grouped((one.member_id, spelling(one.branch)) for people in self.people.values() for one in people)
        return {member: frozenset(homes) for member, homes in found.items()}

    def strangers(self, members: Iterable[str], branch: str) -> frozenset[str]:
        """Return which of some members stand on the rosters of other branches alone; none where most of them do."""
        home = spelling(self.meant(branch))
        known = self._homes.keys() & members if home in self.branches else set()
        others = frozenset(one for one in known if home not in self._homes[one])
        return others if 2 * len(others) < len(known) else frozenset()

    def elsewhere(self, members: Iterable[str], branch: str) -> frozenset[str]:
        """Return which of some members the roster knows, but not in a branch; none where no branch is named."""
        home = spelling(self.meant(branch))
        return frozenset(one for one in members if home and home not in self._homes.get(one, (home,)))

    def misses(self, branch: str) -> bool:
        """Return whether no branch of the rosters is called so, or nearly so; what is over branches is none."""
        bare = bare_branch(branch)
        near = bare in self._bare or any(known.endswith(bare) or bare.endswith(known) for known in self._bare)
        return bool(self._bare) and bare.endswith("支部") and not near

    def meant(self, branch: str) -> str:
        """Return the branch of the roster that a name stands for; the name itself where none is sure."""
        near = self._bare.get(bare_branch(branch), frozenset())
        return branch if spelling(branch) in self.branches or len(near) != 1 else next(iter(near))

    def find(self, name: str, branch: str, file: str) -> Reading:
        """Return the id of the only member of a name, in the branch where one is given.

        Examples
        --------
        >>> frame = pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"], "name": ["张 三"]})
        >>> roster_of(frame, ["a.xlsx"]).find("张三", "", "b.xlsx").value
        '00001'
        """
        if not self.people:
            return _NO_ROSTER
        everywhere = _of_sex(name, self.people.get(fold_name(name), ()))
        meant = self.meant(branch)
        near = self._near(everywhere, meant, file)
        ids = {person.member_id for person in near}
        formerly = self._near(self.former.get(fold_name(name), ()), meant, file) if not everywhere else ()
        if len({person.member_id for person in formerly}) == 1:
            return _by_former_name(name, formerly[0])
        if len(ids) == 1:
            text = Text(f"“{branch}”按花名册读作{meant}", f"{branch} is read as {meant}, as on the roster")
            return Reading(ids.pop()) if meant == branch else Reading(ids.pop(), "note", "branch_read", text)
        if not ids:
            return self._unknown(name, branch)
        listed = "、".join(sorted(ids))
        text = Text(
            f"有 {len(ids)} 名党员都叫“{name}”({listed}),请填党员编号",
            f"{len(ids)} members are called {name} ({listed}); give the member id",
        )
        return Reading(None, "error", "ambiguous_name", text)

    def assessed(self, member: str, branch: str, file: str, month: str) -> bool:
        """Return whether a member is on the roster in a month, in the branch where one is given."""
        rows = self._near(self.dated.get(member, ()), branch, file)
        return member not in self.dated or any(p.since <= month <= (p.until or month) for p in rows)

    def _near(self, people: tuple[RosterEntry, ...], branch: str, file: str) -> tuple[RosterEntry, ...]:
        if branch and spelling(branch) in self.branches:
            return tuple(p for p in people if spelling(p.branch) == spelling(branch))
        here = tuple(p for p in people if p.file == file)
        return here or people

    def _unknown(self, name: str, branch: str) -> Reading:
        if (role := _ROLE.fullmatch(plain(name))) and standard().code("status", role[1]):
            return Reading(None, "error", "role_as_name", _ROLE_AS_NAME)
        elsewhere = "、".join(sorted({person.branch for person in self.people.get(fold_name(name), ())}))
        near = difflib.get_close_matches(fold_name(name), list(self.people), n=1, cutoff=0.5)
        hint = (f",最接近的是“{near[0]}”", f"; the nearest is {near[0]}") if near else ("", "")
        if elsewhere:
            hint = f",{elsewhere}有这个姓名", f"; there is one in {elsewhere}"
        where = f"{branch}的花名册" if branch else "花名册"
        text = Text(f"{where}中没有“{name}”{hint[0]}", f"no member {name} on the roster{hint[1]}")
        return Reading(None, "error", "unknown_member", text)


_ROLE = re.compile(rf"(.+?)(?:{PEOPLE}|名单|人)(?:名单|姓名)?:?")
_ROLE_AS_NAME = Text(
    "这里应是姓名,却是一类人(如请假人员);请一人一行,写明姓名和出勤情况,或合写在一格里,如“参会:甲、乙;请假:丙”",
    "a name is wanted here, not what some people did; give everybody a row with a status, or write 参会:甲、乙;请假:丙",
)


def _of_sex(name: str, people: tuple[RosterEntry, ...]) -> tuple[RosterEntry, ...]:
    """Of several people of one name, return those of the very spelling, or of the sex that stands behind it."""
    said = _REMARK.search(spelling(name))
    sex = standard().code("sex", said[1]) if said and said[1] else None
    if len({person.member_id for person in people}) < 2 or sex is None:
        return people
    same = tuple(p for p in people if spelling(p.name) == spelling(name)) or tuple(p for p in people if p.sex == sex)
    return same or people


def _by_former_name(name: str, person: RosterEntry) -> Reading:
    text = Text(
        f"“{name}”是花名册上“{person.name}”的曾用名,读作此人",
        f"somebody once called {name} on the roster; the record belongs to {person.name}",
    )
    return Reading(person.member_id, "note", "former_name", text)


_NO_ROSTER = Reading(
    None,
    "error",
    "name_without_roster",
    Text(
        "只有姓名没有编号,又没有花名册可查;请填党员编号,或用 --roster 给出花名册",
        "a name without an id and no roster to look it up in; give the member id, or a roster with --roster",
    ),
)


def roster_of(members: pd.DataFrame, files: Sequence[str]) -> MemberIndex:
    """Gather who is known from the rows of rosters, each with the file it came from."""
    names: dict[str, set[str]] = {}
    people: dict[str, dict[RosterEntry, None]] = {}
    dated: dict[str, dict[RosterEntry, None]] = {}
    former: dict[str, dict[RosterEntry, None]] = {}
    blank = pd.Series("", index=members.index)
    given = (members[c].astype("object") if c in members else blank for c in ("branch", "name", "sex", FORMER))
    columns = (column.tolist() for column in (*_months(members), *(column.fillna("") for column in given)))
    for file, member, since, until, branch, name, sex, others in zip(
        files, members["member_id"], *columns, strict=True
    ):
        if not isinstance(member, str):
            continue
        known_as, split = fold_name(name), _SEVERAL.split(plain(others)) if others else ()
        once = {*map(fold_name, split)} - {""}
        names.setdefault(member, set()).update({known_as, *once} - {""})
        person = RosterEntry(member, branch, file, since, until, name, sex)
        if name:
            people.setdefault(known_as, {})[person] = None
        if since or until:
            dated.setdefault(member, {})[person] = None
        for other in once:
            former.setdefault(other, {})[person] = None
    by = ({k: tuple(v) for k, v in rows.items()} for rows in (people, dated, former))
    return MemberIndex({k: frozenset(v) for k, v in names.items()}, *by)


def _months(roster: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the first and last month of each row of a roster; blank where it has neither dates nor a year."""
    blank = pd.Series("", index=roster.index)
    years = roster["year"].astype("str").fillna("") if "year" in roster else blank
    since, until = (
        roster[name].dt.strftime("%Y-%m").fillna("") if name in roster and roster[name].notna().any() else blank
        for name in ("since", "until")
    )
    first = since.where(since != "", years.where(years == "", years + "-01"))
    last = until.where(until != "", years.where(years == "", years + "-12"))
    return first, last


def id_width(values: Iterable[Value]) -> int | None:
    """Return the number of digits of the ids that are text, if it is the same for all.

    Examples
    --------
    >>> id_width(["00017", 18.0]), id_width(["1", "20"])
    (5, None)
    """
    texts = {value for value in set(values) if isinstance(value, str)}
    widths = {len(text) for text in texts if text.isdigit() and text.isascii()}
    widths |= {len(plain(text)) for text in texts if not text.isascii() or not text.isdigit() if plain(text).isdigit()}
    return widths.pop() if len(widths) == 1 else None


def padded_ids(
    ids: Sequence[str | None],
    cells: Sequence[Value],
    width: int | None,
    known: Mapping[str, object],
    *,
    texts_too: bool,
) -> dict[str, str]:
    """Return the ids that lost leading zeros, with what they are on the roster; one that is on it stays as it is.

    Text is padded only to an id of the roster, unless it, too, may have lost zeros (``texts_too``), as in CSV.
    """
    if width is None:
        return {}
    short = {i for i in ids if i is not None and i.isdigit() and len(i) < width and i not in known}
    if not short:
        return {}
    if texts_too or not any(type(cell) is str for cell in cells):
        return {i: i.zfill(width) for i in short}
    numbers = {i for i, cell in zip(ids, cells, strict=True) if not isinstance(cell, str)}
    return {i: i.zfill(width) for i in short if i in numbers or i.zfill(width) in known}


def respelt_ids(ids: Sequence[str | None], known: Mapping[str, object]) -> dict[str, str]:
    """Return the ids that differ from one of the roster in capitals alone, such as the x of 11010119800101123x."""
    strange = {i for i in ids if i is not None and not i.isdigit() and i not in known}
    folded = grouped((member.casefold(), member) for member in (known if strange else ()))
    alike = {i: folded.get(i.casefold(), []) for i in strange}
    return {i: found[0] for i, found in alike.items() if len(found) == 1}
