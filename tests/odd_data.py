"""Odd but lawful folders of records, as CSV, and one with a mistake: what a command may be asked to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.command import files

MARKED = ("<b>甲</b>&", "=1+1", "../../甲", "\u202e甲一", "甲👩‍👧", "长" * 200, "'); DROP", "@甲", "-甲", '甲"一,乙')
"""Names that are harmless only as text."""


def odd(folder: Path, sizes: Sequence[int], years: Sequence[int] = (2023, 2024), **without: bool) -> Path:
    """Write records of branches of some sizes; ``evaluations=False`` and ``events=False`` leave tables out."""
    people = [(f"{b:02d}{n:03d}", f"第{b}支部") for b, size in enumerate(sizes, 1) for n in range(1, size + 1)]
    return written(folder, [(number, f"甲{number}", branch) for number, branch in people], years, **without)


def written(
    folder: Path, people: Sequence[tuple[str, str, str]], years: Sequence[int], *, status: str = "迟到", **without: bool
) -> Path:
    """Write a year's meeting, two months of dues, deeds and marks of everybody, each a little different."""
    texts = {"花名册": ["党员编号,姓名,党支部", *(f"{one},{quoted(name)},{branch}" for one, name, branch in people)]}
    each = [(one, n, year) for year in years for n, (one, _, _) in enumerate(people)]
    texts["考勤"] = ["党员编号,日期,活动类型,出勤情况"] + [
        f"{one},{year}-03-05,党课,{(status, '出勤', '缺席', '出勤')[n % 4]}" for one, n, year in each
    ]
    texts["党费"] = ["党员编号,月份,应缴,实缴"] + [
        f"{one},{year}-0{month},10,{10 if (n + month) % 5 else 0}" for one, n, year in each for month in (1, 8)
    ]
    if without.get("events", True):
        texts["事件"] = ["党员编号,日期,事项"] + [f"{one},{year}-05-01,公益服务" for one, n, year in each if n % 3 == 0]
    if without.get("evaluations", True):
        texts["民主评议"] = ["党员编号,考核期,评议主体,分数"] + [
            f"{one},{year}年{half},{group},{70 + (7 * n + len(group)) % 30}"
            for one, n, year in each for half in ("上半年", "下半年") for group in ("班子成员", "党员", "群众")
        ]  # fmt: skip
    return files(folder, **{name: "\n".join(lines) + "\n" for name, lines in texts.items()})


def quoted(text: str) -> str:
    """Return a cell of a CSV file."""
    return '"' + text.replace('"', '""') + '"'


ODD: Mapping[str, Callable[[Path], Path]] = {
    "three small branches": lambda folder: odd(folder, (3, 4, 2)),
    "two of a fair size": lambda folder: odd(folder, (9, 12)),
    "one member": lambda folder: odd(folder, (1,)),
    "no evaluations": lambda folder: odd(folder, (6, 5), evaluations=False),
    "no events": lambda folder: odd(folder, (6, 5), events=False),
    "one year": lambda folder: odd(folder, (6, 5), (2024,)),
    "sixty branches": lambda folder: odd(folder, (1,) * 60, (2024,)),
    "odd names": lambda folder: written(
        folder, [(f"{n:05d}", name, "=支部<i>" if n % 2 else "第一支部") for n, name in enumerate(MARKED)], (2023, 2024)
    ),
    "a name for a status": lambda folder: written(
        folder, [("00001", "甲一", "第一支部"), ("00002", "甲二", "第一支部")], (2024,), status="张某说他病了"
    ),
    "nothing": lambda folder: files(folder),
}
