"""Assessment: what ``assess`` returns. Frozen; every frame it hands out is a fresh copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from jifen_analysis.documents import ending
from jifen_analysis.errors import InvalidScheme, Problem, Text, UsageError, choose_from
from jifen_analysis.periods import KINDS, Kind, Period
from jifen_analysis.saving import filling
from jifen_analysis.schemes.model.parts import thaw
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.scoring.computation import Computation, Settings
from jifen_analysis.scoring.frames import BUILDERS, frame_of, grade_type
from jifen_analysis.sealing import digest, document, seal, unseal
from jifen_analysis.tables.records import Records

if TYPE_CHECKING:
    from jifen_analysis.scoring.explain import Explanation

FRAMES = tuple(BUILDERS)


@dataclass(frozen=True, eq=False)
class Assessment:
    """Scores, grades and what follows, for every member and period.

    Parameters
    ----------
    scheme : Scheme
        What it was scored under.
    frames : callable
        Returns a frame by its name; built when first asked for.
    settings : Settings or None
        How it was asked for (periods, as_of, corrections).
    records, working : Records, Computation or None
        What it was made from; ``None`` for a result opened from a folder.
    again : callable or None
        Computes the same without decisions after objections.
    opened : mapping of str to str
        The inputs of a result opened from a folder.
    settled : tuple of Problem
        What a correspondence table settled, of a result opened from a folder.

    Examples
    --------
    >>> import tempfile
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> members = pd.DataFrame({"member_id": ["00001"], "branch": ["第一支部"]})
    >>> dues = pd.DataFrame({"member_id": ["00001"], "month": ["2024-03"], "due": [12.0], "paid": [12.0]})
    >>> result = assess(Records.from_frames({"members": members, "dues": dues}), read_scheme("village_monthly"))
    >>> result.roll_up("year")[["member_id", "period", "n"]].to_numpy().tolist()
    [['00001', '2024', 1]]
    >>> explained = result.explain("00001")
    >>> explained.total, explained.lines[0].title.zh
    (10.0, '起始分')
    >>> folder = result.save(Path(tempfile.mkdtemp()) / "2024")
    >>> open_result(folder).table.equals(result.table)
    True
    """

    scheme: Scheme
    frames: Callable[[str], pd.DataFrame] = field(repr=False)
    settings: Settings | None = None
    records: Records | None = field(default=None, repr=False)
    working: Computation | None = field(default=None, repr=False)
    again: Callable[[], Computation] | None = field(default=None, repr=False)
    opened: Mapping[str, str] = field(default_factory=dict, repr=False)
    settled: tuple[Problem, ...] = field(default=(), repr=False)

    @classmethod
    def of(
        cls,
        working: Computation,
        records: Records,
        scheme: Scheme,
        settings: Settings,
        shown: tuple[Period, ...],
        again: Callable[[], Computation],
    ) -> Assessment:
        """Wrap a working; frames are built when first asked for."""
        built: dict[str, pd.DataFrame] = {}

        def frames(name: str) -> pd.DataFrame:
            if name not in built:
                built[name] = frame_of(name, working, shown)
            return built[name]

        return cls(scheme, frames, settings, records, working, again)

    @property
    def table(self) -> pd.DataFrame:
        """One row per member and period: components, total, ranks, grades, flags."""
        return self.frames("table").copy(deep=False)

    @property
    def ledger(self) -> pd.DataFrame:
        """Per member, period, part, item and rule: count, points, contribution, clause."""
        return self.frames("ledger").copy(deep=False)

    @property
    def outcomes(self) -> pd.DataFrame:
        """What the scheme says follows: member_id, period, outcome, reason, clause, decided_by, quantity."""
        return self.frames("outcomes").copy(deep=False)

    @property
    def years(self) -> pd.DataFrame:
        """One row per member and year: total and grade."""
        return self.frames("years").copy(deep=False)

    @property
    def parts(self) -> pd.DataFrame:
        """Scores of months or quarters inside a period: member_id, period, part, component, item, score."""
        return self.frames("parts").copy(deep=False)

    @property
    def flags(self) -> pd.DataFrame:
        """Member_id, period, flag, reason."""
        return self.frames("flags").copy(deep=False)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What was noticed on the way: repeated rows, corrections without a place; opened, only what was settled."""
        if self.records is None or self.working is None:
            return self.settled
        return (*self.records.notes, *self.working.corrections.unused)

    @property
    def inputs(self) -> Mapping[str, str]:
        """The files that it was made from, each with its SHA-256."""
        return {source.file: source.digest for source in self.records.sources} if self.records else self.opened

    def roll_up(self, kind: Kind) -> pd.DataFrame:
        """Sum totals over longer periods.

        Parameters
        ----------
        kind : {"quarter", "half", "year"}
            Longer than the scheme's own period.

        Returns
        -------
        DataFrame
            member_id, period, total (missing if one inside is), n (periods summed).

        Raises
        ------
        UsageError
            For a kind that is not longer.

        Examples
        --------
        See :class:`Assessment`.
        """
        own = self.scheme.period
        if kind not in KINDS or KINDS.index(kind) >= KINDS.index(own):
            longer = choose_from(KINDS[: KINDS.index(own)])
            raise UsageError(f"不能汇总到 {kind},{longer.zh}", f"cannot roll up to {kind}; {longer.en}")
        table = self.frames("table")
        scored = table[~table["flags"].str.contains("exempt|not_assessed")]
        longer_of = {code: str(Period.parse(code).within(kind)) for code in scored["period"].unique()}
        keyed = scored.assign(period=scored["period"].map(longer_of))
        grouped = keyed.groupby(["member_id", "period"], sort=True)["total"]
        summed = grouped.agg(total="sum", known="count", n="size")
        whole = summed["total"].where(summed["known"] == summed["n"])
        return summed.assign(total=whole).drop(columns="known").reset_index()

    def explain(self, member_id: str, period: str | None = None) -> Explanation:
        """Return every line behind one number, with file, sheet and cell of the records.

        Parameters
        ----------
        member_id : str
            Whose; a name will do where one member bears it.
        period : str, optional
            Which; the last scored period of the member by default.

        Returns
        -------
        Explanation
            Printed as text by ``str``; its lines add up to the total.

        Raises
        ------
        UsageError
            For an unknown member or period, a name that several bear, or a
            result without records.

        Examples
        --------
        See :class:`Assessment`.
        """
        from jifen_analysis.scoring.explain import explain  # a long import, for the few who are asked about

        return explain(self, member_id, period)

    def save(self, folder: str | Path) -> Path:
        """Write every frame as Parquet, and what it was made with as JSON.

        Parameters
        ----------
        folder : str or Path
            Made if it does not exist; must be empty or hold an earlier result.

        Returns
        -------
        Path
            The folder, for ``open_result``.

        Raises
        ------
        UsageError
            Where it holds something else.

        Examples
        --------
        See :class:`Assessment`.
        """
        with filling(Path(folder), (*_FILES.values(), _MADE)) as beside:
            self._write(beside)
        return Path(folder)

    def _write(self, folder: Path) -> None:
        for name in FRAMES:
            self.frames(name).to_parquet(folder / _FILES[name], index=False)
        made = {
            "scheme": thaw(self.scheme.document),
            "file": self.scheme.file,
            "applied": list(self.scheme.applied),
            "scheme_sha256": self.scheme.digest,
            "version": version("jifen-analysis"),
            "inputs": dict(self.inputs),
            "settings": asdict(self.settings or Settings()),
            "settled": _as_plain(self.notes),
            "frames": {name: digest(folder / file) for name, file in _FILES.items()},
        }
        (folder / _MADE).write_text(seal(made), encoding="utf-8", newline="\n")


_FILES = {name: f"{name}.parquet" for name in FRAMES}
_MADE = "result.json"


def _as_plain(notes: Iterable[Problem]) -> list[dict[str, str]]:
    """Return what a correspondence table settled, each text once, without where it stood."""
    told = [one for one in notes if one.code == "settled"]
    plain = ({"kind": one.kind, "value": one.value, "meaning": one.meaning, **one.text._asdict()} for one in told)
    return list({(one["kind"], one["value"], one["meaning"]): one for one in plain}.values())


def _as_notes(plain: Iterable[Mapping[str, str]]) -> tuple[Problem, ...]:
    return tuple(
        Problem("note", "settled", Text(one["zh"], one["en"]), "", "", "", one["value"], one["kind"], 1, one["meaning"])
        for one in plain
    )


def open_result(folder: str | Path) -> Assessment:
    """Open what ``Assessment.save`` wrote, to compare years without scoring again.

    Parameters
    ----------
    folder : str or Path
        As ``save`` returned it.

    Returns
    -------
    Assessment
        With every frame; it has no records, so that it explains nothing and is not scored again.

    Raises
    ------
    UsageError
        Where the folder holds no result, or not the one that was saved.

    Examples
    --------
    See :class:`Assessment`: what it saves is opened again there.
    """
    source = Path(folder)
    try:
        return _opened(source)
    except (OSError, ValueError, LookupError, TypeError, InvalidScheme) as fault:
        raise UsageError(
            f"{source} 中没有保存的结果,或保存之后改动过({fault})",
            f"no saved result in {source}, or it was changed since ({fault})",
        ) from None


def _opened(source: Path) -> Assessment:
    made = unseal(document(ending(source / _MADE).read_text(encoding="utf-8")))
    changed = [file for name, file in _FILES.items() if digest(source / file) != made["frames"][name]]
    if changed:
        raise ValueError(f"{', '.join(changed)}: changed after it was written")
    stated = made["scheme"]
    dated = {key: date.fromisoformat(stated[key]) for key in ("valid_from",) if key in stated}
    scheme = Scheme({**stated, **dated}, made["file"], tuple(made["applied"]))
    frames = {name: _graded(pd.read_parquet(source / file), scheme) for name, file in _FILES.items()}
    asked = made["settings"]
    as_of = date.fromisoformat(asked["as_of"]) if asked["as_of"] else None
    settings = Settings(tuple(asked["periods"]), as_of, asked["corrections"])
    told = _as_notes(made.get("settled", ()))
    return Assessment(scheme, frames.__getitem__, settings, opened=MappingProxyType(made["inputs"]), settled=told)


def _graded(frame: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Return a frame with grades of the scheme's own: Parquet forgets the type where a scheme has none."""
    return frame.astype({name: grade_type(scheme.book) for name in ("grade", "grade_by_total") if name in frame})
