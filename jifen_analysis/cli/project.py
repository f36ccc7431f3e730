"""A project: a folder whose jifen.toml remembers the scheme, the years and the files, for every command run inside."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jifen_analysis.documents import toml_document
from jifen_analysis.errors import UsageError
from jifen_analysis.saving import replacing

FILE = "jifen.toml"
DATA, RESULTS, TABLE = "报送", "结果", "对照表.xlsx"
"""What the parts of a new project are called."""


@dataclass(frozen=True)
class Project:
    """What a jifen.toml says.

    Parameters
    ----------
    folder : Path
        Where it lies; paths in it are seen from there.
    said : mapping of str to Any
        Its content.
    """

    folder: Path
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, ...]:
        """The years that are assessed."""
        return tuple(self.said.get("years", ()))

    def path(self, key: str) -> Path | None:
        """Return a remembered path, as it is written from where the command runs."""
        if key not in self.said:
            return None
        found = self.folder / str(self.said[key])
        return Path(os.path.relpath(found)) if found.drive == Path.cwd().drive else found

    @property
    def data(self) -> Path:
        """What the branches sent."""
        return self.path("data") or self.folder

    @property
    def scheme(self) -> str | None:
        """The scheme: a built-in name, or the path of a file."""
        said = self.said.get("scheme")
        return str(self.path("scheme")) if said is not None and Path(said).suffix else said

    def result(self, name: str) -> Path:
        """Return where a result goes by default."""
        return (self.path("results") or self.folder) / name

    def defaults(self, command: str) -> dict[str, Any]:
        """Return what a command takes where its line does not say it: by the name of the parameter."""
        year = self.said.get("year", self.years[0] if len(self.years) == 1 else None)
        given = {
            "data": self.data, "scheme": self.scheme, "year": year, "roster": self.path("roster"),
            "words": self.path("words"), "pseudonymise": self.path("pseudonymise"),
        }  # fmt: skip
        if command == "compare":
            given["scheme"] = [self.scheme] if self.scheme else None
        if command == "lint":
            given["name"] = self.scheme
        if command in _WRITTEN:
            given["out"] = self.result(_WRITTEN[command])
        own = _READ_OTHERWISE.get(command, frozenset())
        return {name: value for name, value in given.items() if value is not None and name not in own}


_WRITTEN = {"convert": "数据", "export": "核验包.zip", "notice": "公示表.xlsx", "template": "空白表.xlsx"}
"""Where commands write that must write somewhere."""
_READ_OTHERWISE: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        ("sample", "demo", "schemes", "new"), frozenset({"data", "scheme", "year", "roster", "words", "out"})
    )
}
"""What of a project means nothing to a command."""


def project_here(start: Path | None = None) -> Project | None:
    """Return the project that a folder lies in, itself or further up; ``None`` where there is none.

    Raises
    ------
    UsageError
        For a jifen.toml that cannot be read, or says what no project has.
    """
    here = (start or Path.cwd()).resolve()
    found = next((folder / FILE for folder in (here, *here.parents) if (folder / FILE).is_file()), None)
    return None if found is None else Project(found.parent, _read(found))


def _read(path: Path) -> Mapping[str, Any]:
    try:
        said = toml_document(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as fault:
        raise UsageError(f"{path} 读不了:不是有效的 TOML", f"{path} cannot be read: {fault}") from None
    for key, value in said.items():
        wanted = _KEYS.get(key)
        if wanted is None:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            hint = (f",是否要写 {near[0]}", f"; did you mean {near[0]}") if near else ("", "")
            known = "、".join(_KEYS)
            raise UsageError(
                f"{path} 没有 {key} 这一项{hint[0]};可写:{known}", f"{path} knows no {key}{hint[1]}: {known}"
            )
        fits, zh, en = wanted
        if not fits(value):
            raise UsageError(f"{path} 的 {key} 须是{zh};现为 {value}", f"{key} in {path} is {en}; found {value}")
    return said


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_years(value: Any) -> bool:
    whole = isinstance(value, list) and all(type(one) is int for one in value)
    return whole and all(1990 <= one <= 2100 for one in value)


_PATH = _is_text, "路径,写在引号里", "a path in quotes"
_KEYS: Mapping[str, tuple[Callable[[Any], bool], str, str]] = {
    "scheme": (_is_text, "方案名或方案文件,写在引号里", "the name or file of a scheme, in quotes"),
    "years": (_are_years, "年度,写成 [2023, 2024]", "years, as [2023, 2024]"),
    "year": (lambda value: _are_years([value]), "年度,写成 2024", "a year, as 2024"),
    **dict.fromkeys(("data", "results", "roster", "words", "pseudonymise"), _PATH),
}
"""What a project may say: what fits, and how that is said."""


def remember(folder: Path, said: Mapping[str, Any]) -> Path:
    """Write the jifen.toml of a project."""
    import tomlkit  # only who begins a project writes one

    document = tomlkit.document()
    document.add(tomlkit.comment("在这个文件夹里运行 jifen,下面的就不用再写;写在命令行里的优先。"))
    for key, value in said.items():
        document.add(key, value)
        document[key].comment(_ABOUT[key])
    target = folder / FILE
    with replacing(target) as beside:
        beside.write_text(tomlkit.dumps(document), encoding="utf-8")
    return target


_ABOUT = {
    "scheme": "--scheme:方案名或文件",
    "year": "--year:日期没写年份时按哪一年",
    "years": "考核的年度",
    "data": "各支部报来的表",
    "results": "结果写在这里",
    "roster": "--roster:花名册",
    "words": "--words:对照表",
    "pseudonymise": "--pseudonymise:假名密钥",
}
