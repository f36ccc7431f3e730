"""What is found of a comparison beside each pair's own changes, whether it is drawn or not."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from jifen_analysis.findings import Finding
from jifen_analysis.findings import comparison as say_comparison
from jifen_analysis.findings import thresholds as say_thresholds
from jifen_analysis.periods import Period
from jifen_analysis.report.comparison.facts import Compared, Pair
from jifen_analysis.report.review import Voice
from jifen_analysis.summaries import Readings, Why


def pair_findings(found: Compared, voice: Voice) -> dict[str, Finding]:
    """Return what is said of all pairs, by the key of the figure that shows it, in the order of the page.

    Parameters
    ----------
    found : Compared
        From ``compared``.
    voice : Voice
        The language.

    Returns
    -------
    dict of str to Finding
        ``agreement`` of several pairs, ``readings`` where a scheme has some,
        ``why_0`` of whoever differs most between the first two.
    """
    several = len(found.pairs) > 1 and found.agreement["tau_b"].notna().any()
    said = {
        "agreement": say_comparison.schemes(found.agreement) if several else None,
        "readings": None if found.summary.empty else say_thresholds.readings(reading_rows(found)),
        "why_0": why_differs(found.pairs[0], voice) if found.pairs and found.pairs[0].reasons else None,
    }
    return {key: finding for key, finding in said.items() if finding is not None}


def reading_rows(found: Compared) -> pd.DataFrame:
    """Return the grades that hang on readings, each reading called with its scheme where several have some."""
    several = found.summary["scheme"].nunique() > 1

    def called(rows: pd.DataFrame) -> list[str]:
        names = rows[["scheme", "reading"]].itertuples(index=False)
        return [f"{scheme}·{reading}" if several else reading for scheme, reading in names]

    moved = dict(zip(called(found.summary), map(int, found.summary["n"]), strict=True))
    return Readings(moved).on(found.readings.assign(variant=called(found.readings)))


def why_differs(pair: Pair, voice: Voice) -> Finding:
    """Return what makes most of the largest difference of a pair that has one."""
    (_, period), table = next(iter(pair.reasons.items()))
    labelled = replace(Why.read(table), period=period_name(period, voice)).on(table)
    return say_comparison.why(labelled, dict(zip(table["part"], part_titles(pair, table, voice), strict=True)))


def part_titles(pair: Pair, table: pd.DataFrame, voice: Voice) -> list[str]:
    """Return what each part of a difference is called."""
    return [pair.said(row, voice.lang) for row in table.to_dict("records")]


def period_name(period: str, voice: Voice) -> str:
    """Return a period as people call it."""
    return Period.parse(period).label(voice.lang)
