"""A small assessed sample for the tests of what leaves the desk."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import jifen_analysis as jf
from jifen_analysis.report.review import Picture, Points, Review, Section, Table, review
from jifen_analysis.sample.synthetic import synthetic


@cache
def records(members: int = 120) -> jf.Records:
    """Two years of an invented community."""
    return jf.Records.from_frames(synthetic(members, (2023, 2024), 3))


@cache
def result(scheme: str = "community_60_40", members: int = 120) -> jf.Assessment:
    """The sample under a built-in scheme."""
    return jf.assess(records(members), jf.read_scheme(scheme))


MADE = {
    "title": "某方案", "scheme": "a", "variants": ["strict"], "scheme_sha256": "5f" * 32, "program": "jifen-analysis",
    "version": "1.0", "left_out": [], "inputs": {"2024/一支部.xlsx": "9c" * 32},
}  # fmt: skip
"""From what an output was made."""


@cache
def written(*, with_names: bool = False) -> Review:
    """The review of the sample's last year."""
    return review(result(), with_names=with_names)


@cache
def short() -> Review:
    """The same with two figures only: drawing takes its time."""
    words = (_wordy(section) for section in written().appendix)
    return replace(written(), front=written().front[:2], appendix=tuple(words))


def _wordy(section: Section) -> Section:
    return replace(section, blocks=tuple(block for block in section.blocks if not isinstance(block, Picture)))


def texts(written: Review) -> str:
    """Return every word and figure of a review as one text."""
    parts = [written.title, written.subtitle]
    for section in written.sections:
        for block in section.blocks:
            if isinstance(block, Picture):
                parts += [block.title, block.sentence, block.figure.to_json()]
            elif isinstance(block, Points):
                parts += [f"{point.text} {point.note}" for point in block.points]
            elif isinstance(block, Table):
                parts += [block.title, block.note, *block.headers, *(cell for row in block.rows for cell in row)]
            else:
                parts.append(block)
    return json.loads(f'"{json.dumps(" ".join(parts), ensure_ascii=False)[1:-1]}"')
