"""From what an output was made: scheme, variants, version, and the hashes of everything read and written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jifen_analysis.errors import Lang
from jifen_analysis.intake.grid import PROGRAM
from jifen_analysis.report.redact import file_aliases, names_of
from jifen_analysis.saving import output_day, replacing
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.computation import Settings
from jifen_analysis.sealing import digest
from jifen_analysis.vocabulary import ASIDE


def output_date() -> str:
    """Return the day that outputs are dated, in Chinese."""
    day = output_day()
    return f"{day.year}年{day.month}月{day.day}日"


def origin(result: Assessment, left_out: Iterable[str] = ()) -> dict[str, Any]:
    """Return everything that a result depends on, as plain data.

    Parameters
    ----------
    result : Assessment
        From ``assess``.
    left_out : iterable of str
        Branches that were not scored because their files have errors.

    Returns
    -------
    dict
        scheme, title, variants, scheme_sha256, program, version, periods,
        as_of, corrections, left_out, inputs (file to SHA-256; a member in the
        name of a file by id), settled (what a correspondence table settled:
        kind, text, meaning, label; what names a member is left out of a text).
    """
    scheme, settings = result.scheme, result.settings or Settings()
    return {
        "scheme": scheme.id,
        "title": scheme.title,
        "variants": list(scheme.applied),
        "scheme_sha256": scheme.digest,
        "program": PROGRAM,
        "version": version("jifen-analysis"),
        "periods": list(settings.periods),
        "as_of": str(settings.as_of) if settings.as_of else None,
        "corrections": settings.corrections,
        "left_out": list(left_out),
        "inputs": _inputs(result),
        "settled": _settled(result),
    }


def _inputs(result: Assessment) -> dict[str, str]:
    aliases = file_aliases(result.inputs, result.table)
    return {aliases.get(file, file): value for file, value in result.inputs.items()}


def _settled(result: Assessment) -> list[dict[str, str]]:
    """Return what a correspondence table settled, each text once; never a text in which a member is told."""
    found = sorted({(one.kind, one.value, one.meaning) for one in result.notes if one.code == "settled"})
    tells = names_of(result.table) if found else bool
    said = ((kind, _HIDDEN if tells(text) else text, meaning) for kind, text, meaning in found)
    label = result.scheme.words.meant
    return [
        {"kind": kind, "text": text, "meaning": meaning, "label": label(kind, meaning)} for kind, text, meaning in said
    ]


_HIDDEN = "……"


def settled_lines(made: Mapping[str, Any], lang: Lang = "zh") -> list[tuple[str, str]]:
    """Return what a correspondence table settled in words: the text as it was sent, and what it was read as.

    Examples
    --------
    >>> one = {"kind": "event", "text": "扫雪", "meaning": "public_benefit", "label": "公益事业"}
    >>> settled_lines({"settled": [one, {**one, "text": "春游", "label": "不计"}]})
    [('扫雪', '公益事业'), ('春游', '不计')]
    """
    blank = {"year": ("没有写的年份", "years that are not written"), "blank": ("空格", "blank cells")}
    at = 0 if lang == "zh" else 1
    told = ((one["text"] or blank.get(one["kind"], ("", ""))[at], one) for one in made.get("settled", ()))
    return [(text, one["label"] if lang == "zh" else one["meaning"]) for text, one in told]


def origin_text(made: Mapping[str, Any], lang: Lang = "zh") -> list[tuple[str, str]]:
    """Return an origin in words: what, and its content.

    Examples
    --------
    >>> made = {"title": "某方案", "scheme": "a", "variants": [], "scheme_sha256": "5f", "program": "jifen-analysis"}
    >>> origin_text({**made, "version": "1.0", "left_out": ["三支部"], "inputs": {"a.csv": "9c"}})[-2:]
    [('未计的支部', '三支部'), ('数据文件 a.csv', '9c')]
    """
    zh = lang == "zh"
    names = ("方案", "读法与改动", "方案校验值", "程序", "未计的支部", "数据文件")
    names = names if zh else ("scheme", "variants", "hash of the scheme", "program", "branches left out", "input")
    none = "无" if zh else "none"
    said = (
        f"{made['title']} ({made['scheme']})",
        "、".join(made["variants"]) or none,
        made["scheme_sha256"],
        f"{made['program']} {made['version']}",
        "、".join(made["left_out"]) or none,
    )
    files = [(f"{names[-1]} {file}", value) for file, value in made["inputs"].items()]
    schemes = [(f"{names[2]} {name}", value) for name, value in made.get("schemes", {}).items()]
    settled = [
        (f"{'对照表' if zh else 'correspondence table:'} {text}", read) for text, read in settled_lines(made, lang)
    ]
    return [*zip(names[:-1], said, strict=True), *schemes, *settled, *files]


def brief_origin(made: Mapping[str, Any], lang: Lang = "zh") -> list[tuple[str, str]]:
    """Return an origin for a page: hashes cut short, files counted; whole they stand in the file's properties.

    Examples
    --------
    >>> made = {"title": "某方案", "scheme": "a", "variants": [], "scheme_sha256": "5f" * 32, "program": "jifen"}
    >>> brief_origin({**made, "version": "1.0", "left_out": [], "inputs": {"a.csv": "9c"}})[-1]
    ('数据文件', '1个')
    >>> dict(brief_origin({**made, "version": "1.0", "left_out": [], "inputs": {}}))["方案校验值"]
    '5f5f5f5f5f5f…'
    """
    short = {**made, "scheme_sha256": f"{made['scheme_sha256'][:12]}…", "inputs": {}, "settled": ()}
    n = len(made["inputs"])
    told = brief_settled(made, lang)
    settled = [("按对照表" if lang == "zh" else "by the correspondence table", told)] if told else []
    return [*origin_text(short, lang), *settled, ("数据文件", f"{n}个") if lang == "zh" else ("inputs", f"{n}")]


def brief_settled(made: Mapping[str, Any], lang: Lang = "zh") -> str:
    """Return what a correspondence table settled, in a line: what was read first; of many, how many there are."""
    found = sorted(settled_lines(made, lang), key=lambda one: one[1] == ASIDE)
    if lang == "zh":
        told = "、".join(f"“{text}”读作“{read}”" if read != ASIDE else f"“{text}”不计" for text, read in found[:_SAID])
        return told + (f"等{len(found)}种写法" if len(found) > _SAID else "")
    told = ", ".join(
        f"“{text}” is read as {read}" if read != ASIDE else f"“{text}” is left aside" for text, read in found[:_SAID]
    )
    return told + (f" and more, {len(found)} in all" if len(found) > _SAID else "")


_SAID = 8
"""Texts that a page tells of."""


def origin_line(told: Iterable[tuple[str, str]], lang: Lang = "zh") -> str:
    """Return an origin as a paragraph.

    Examples
    --------
    >>> origin_line([("方案", "甲"), ("数据文件", "1个")])
    '方案：甲；数据文件：1个。'
    """
    gap, pause, end = ("\uff1a", "\uff1b", "\u3002") if lang == "zh" else (": ", "; ", ".")
    return pause.join(f"{what}{gap}{said}" for what, said in told) + end


def manifest(made: Mapping[str, Any], outputs: Iterable[Path]) -> str:
    """Return origin and outputs as JSON; outputs stand under their file names.

    Examples
    --------
    >>> json.loads(manifest({"scheme": "community_60_40"}, []))
    {'scheme': 'community_60_40', 'outputs': {}}
    """
    named = {path.name: digest(path) for path in outputs}
    return json.dumps({**made, "outputs": named}, ensure_ascii=False, indent=1) + "\n"


def outputs_of(manifest: Path) -> list[Path]:
    """Return the files that a manifest names, as far as they stand beside it and are, to the byte, what was written."""
    try:
        said = json.loads(manifest.read_text(encoding="utf-8"))
        named = [(manifest.with_name(name), value) for name, value in said["outputs"].items()]
        return [path for path, value in named if path.is_file() and digest(path) == value]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # no manifest, or another's
        return []


def write_manifest(made: Mapping[str, Any], output: Path) -> Path:
    """Write the manifest of an output beside it, under its name and ``.manifest.json``.

    Raises
    ------
    UsageError
        Where it cannot be written.
    """
    target = output.with_name(f"{output.name}.manifest.json")
    with replacing(target) as beside:
        beside.write_text(manifest(made, [output]), encoding="utf-8", newline="\n")
    return target
