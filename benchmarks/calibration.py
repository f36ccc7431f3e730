"""How often the analyses are wrong where the truth is known: false alarms, power, coverage, each simulated.

``python -m benchmarks.calibration`` prints every rate with its Monte Carlo error, the runs and the bound it is held to,
as the rows of the table in ``docs/methods.md``; ``--runs`` for more or fewer, a word for some of the rates. Seeded: the
same runs give the same row.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd
from scipy import stats

from benchmarks.marks import Marks, Random, capped, lifted, lumpy, normal, rasch, skewed, steep, two_modes, whole
from jifen_analysis.analysis import (
    branches,
    comparison,
    distribution,
    equating,
    evaluators,
    items,
    movement,
    power,
    ranks,
    raters,
    sensitivity,
    standard_setting,
    thresholds,
)
from jifen_analysis.errors import UsageError

LEVEL = 0.05


@dataclass(frozen=True)
class Simulated:
    """A rate as it came out, its Monte Carlo error, and of how many runs."""

    rate: float
    error: float
    runs: int


@dataclass(frozen=True)
class Rate:
    """One rate: what is simulated once, and the bound that the share of it has to keep.

    ``once`` returns a share between 0 and 1 (of branches covered, say) or whether it happened; nothing where the
    analysis said that the data cannot tell: such runs do not count.
    """

    name: str
    once: Callable[[Random], float | None]
    bound: float
    at_most: bool = True

    def simulated(self, runs: int) -> Simulated:
        """Return the rate over so many runs."""
        random = np.random.default_rng(crc32(self.name.encode()))
        found = [value for value in (self.once(random) for _ in range(runs)) if value is not None]
        if not found:
            return Simulated(float("nan"), float("nan"), runs)
        rate = float(np.mean(found))
        return Simulated(rate, float(np.sqrt(max(rate * (1 - rate), 1 / runs) / len(found))), runs)

    def kept(self, found: Simulated, slack: float = 3.0) -> bool:
        """Say whether the bound is kept, but for so many Monte Carlo errors."""
        reach = slack * found.error
        return found.rate <= self.bound + reach if self.at_most else found.rate >= self.bound - reach

    def row(self, found: Simulated) -> str:
        """Return the row of the table; with a mark where the bound is missed."""
        bound = f"{'≤' if self.at_most else '≥'} {self.bound:.2f}{'' if self.kept(found) else ' MISSED'}"
        return f"| {self.name} | {found.rate:.3f} ± {found.error:.3f} | {found.runs} | {bound} |"


# ---------------------------------------------------------------- bunching


def bunched(
    marks: Marks, n: int, cut: float, width: float = 1, *, pushed: bool = False
) -> Callable[[Random], float | None]:
    """Return whether bunching is called beyond chance; nothing where it cannot be told."""

    def once(random: Random) -> float | None:
        drawn = marks(random, n)
        found = thresholds.bunching(lifted(drawn, cut, width, random) if pushed else drawn, cut, width)
        return None if found.cannot_tell else float(found.p < LEVEL)

    return once


def _bunching() -> Iterator[Rate]:
    nulls = {
        "N(85,4) cut 80, n 600": (normal(85, 4), 600, 80, 1),
        "N(85,4) cut 80, n 2000": (normal(85, 4), 2000, 80, 1),
        "N(85,4) cut 82 width 2, n 2000": (normal(85, 4), 2000, 82, 2),
        "N(95,4) cut 90, n 600": (normal(95, 4), 600, 90, 1),
        "N(92,5) cut 90, n 280": (normal(92, 5), 280, 90, 1),
        "N(92,5) cut 90, n 1000": (normal(92, 5), 1000, 90, 1),
        "N(85,4) cut 90, n 280": (normal(85, 4), 280, 90, 1),
        "100 - gamma(2,4) cut 90, n 600": (skewed, 600, 90, 1),
        "N(92,5) capped at 100, cut 90, n 280": (capped(92, 5), 280, 90, 1),
        "N(95,4) capped at 100, cut 90, n 600": (capped(95, 4), 600, 90, 1),
        "N(85,4), .3 rounded to fives, cut 90, n 600": (lumpy(85, 4), 600, 90, 1),
        "N(88,6), .3 rounded to tens, cut 90, n 600": (lumpy(88, 6, 0.3, 10), 600, 90, 1),
        "N(85,4) whole marks, cut 90, n 600": (whole(85, 4), 600, 90, 1),
    }
    for name, (marks, n, cut, width) in nulls.items():
        yield Rate(f"bunching, nobody pushed: {name}", bunched(marks, n, cut, width), 0.06)
    for name in ("N(92,5) cut 90, n 280", "N(85,4) cut 90, n 280"):
        marks, n, cut, width = nulls[name]
        yield Rate(f"bunching, half pushed: {name}", bunched(marks, n, cut, width, pushed=True), 0.85, at_most=False)


# ---------------------------------------------------------------- marks and branches


def heaped(marks: Marks, n: int) -> Callable[[Random], float | None]:
    """Return whether last digits are called beyond chance."""

    def once(random: Random) -> float | None:
        p = distribution.heaping(marks(random, n)).attrs["p"]
        return None if np.isnan(p) else float(p < LEVEL)

    return once


def equal_branches(random: Random, count: int, size: int, rate: float = 0.3) -> tuple[pd.Series, pd.Series]:
    """Return who has the top grade among members of equal branches, and their branches."""
    branch = pd.Series(np.repeat(np.arange(count), size).astype(str))
    return pd.Series(random.random(count * size) < rate), branch


def some_branch_out(random: Random) -> float:
    """Return whether any of 24 equal branches of 25 is called out of line by its rate."""
    top, branch = equal_branches(random, 24, 25)
    table = branches.funnel(top.groupby(branch).sum(), top.groupby(branch).size())
    return float((table["p_holm"] < LEVEL).any())


def some_group_out(random: Random) -> float:
    """Return whether any of 24 equal branches of 25 is called other than the rest."""
    return float((thresholds.selection_rates(*equal_branches(random, 24, 25))["p_holm"] < LEVEL).any())


def some_branch_gentle(random: Random) -> float:
    """Return whether any of 30 equal branches of 5 is said to mark gently or harshly."""
    marks = pd.DataFrame({"branch": np.repeat(np.arange(30), 5).astype(str), "evaluation": random.normal(85, 4, 150)})
    return float((evaluators.leniency(marks)["stands"] != "").any())


def share_between(random: Random) -> float:
    """Return omega squared of 30 equal branches of 5, whose truth is 0 (eta squared says .19)."""
    marks = pd.DataFrame({"branch": np.repeat(np.arange(30), 5).astype(str), "evaluation": random.normal(85, 4, 150)})
    return float(evaluators.leniency(marks).attrs["omega2"])


def covered_dependability(coefficient: str) -> Callable[[Random], float]:
    """Return whether the interval of a coefficient of 6 branches of 10, 3 evaluators, holds the truth."""
    branch, truth = (
        pd.Series(np.repeat(np.arange(6), 10)),
        {"phi": 16 / (16 + (4 + 9) / 3), "e_rho2": 16 / (16 + 9 / 3)},
    )

    def once(random: Random) -> float:
        gentle = random.normal(0, 2, (6, 3))[branch]
        marks = pd.DataFrame(85 + random.normal(0, 4, (60, 1)) + gentle + random.normal(0, 3, (60, 3)))
        found = evaluators.g_study(marks, branch).attrs
        return float(found[f"{coefficient}_low"] <= truth[coefficient] <= found[f"{coefficient}_high"])

    return once


def covered_means(sizes: tuple[int, ...], spread: float) -> Callable[[Random], float]:
    """Return the share of branch means inside their intervals."""
    group = np.repeat(np.arange(len(sizes)), sizes)

    def once(random: Random) -> float:
        means = 85 + random.normal(0, spread, len(sizes))
        table = branches.shrunken_means(means[group] + random.normal(0, 4, len(group)), group)
        return float(((table["low"] <= means) & (means <= table["high"])).mean())

    return once


# ---------------------------------------------------------------- two gradings, two years


def covered_kappa(n: int) -> Callable[[Random], float | None]:
    """Return whether the interval of kappa holds the truth, with so many members."""
    grades, truth = ["不合格", "合格", "优秀"], np.array([[4, 1, 0], [1, 8, 2], [0, 2, 12]]) / 30
    apart = np.abs(np.subtract.outer(range(3), range(3)))
    chance = np.outer(truth.sum(axis=1), truth.sum(axis=0))
    kappa = 1 - (apart * truth).sum() / (apart * chance).sum()

    def once(random: Random) -> float | None:
        cells = random.choice(9, n, p=truth.ravel())
        sides = (pd.Series([grades[cell] for cell in side]) for side in (cells // 3, cells % 3))
        found = comparison.agreement(*sides, grades)
        if np.isnan(found["kappa_linear_low"]):
            return None
        return float(found["kappa_linear_low"] <= kappa <= found["kappa_linear_high"])

    return once


def called_lopsided(random: Random) -> float:
    """Return whether moves of 12 members, as likely up as down, are said to go one way."""
    grades = ["不合格", "合格", "优秀"]
    steps = np.array([[2, 1, 0], [1, 3, 2], [0, 2, 3]]) / 14  # symmetric: nothing goes one way
    cells = random.choice(9, 12, p=steps.ravel())
    sides = (pd.Series([grades[cell] for cell in side]) for side in (cells // 3, cells % 3))
    return float(comparison.agreement(*sides, grades)["bowker_p"] < LEVEL)


def covered_mobility(random: Random) -> float | None:
    """Return whether the interval of the index of Prais of 60 members holds the truth; nothing where it has none."""
    chain = np.array([[0.6, 0.3, 0.1], [0.2, 0.6, 0.2], [0.1, 0.3, 0.6]])
    grades = ["不合格", "合格", "优秀"]
    before = random.integers(0, 3, 60)
    after = [random.choice(3, p=chain[grade]) for grade in before]
    sides = (pd.Series([grades[grade] for grade in side]) for side in (before, after))
    found = movement.transitions(*sides, grades)
    known = movement.mobility(found.probabilities, counts=found.counts).attrs
    low, high = known["low"]["prais"], known["high"]["prais"]
    return None if np.isnan(low) else float(low <= (3 - np.trace(chain)) / 2 <= high)


def covered_ranks(random: Random) -> float:
    """Return whether all of 10 branches of unlike size have their true rank inside their intervals, at once."""
    truth, se = pd.Series(random.normal(85, 1.5, 10)), pd.Series(4 / np.sqrt(np.arange(4, 24, 2)))
    table = ranks.intervals(truth + random.normal(0, 1, 10) * se, se)
    right = truth.rank(ascending=False)[table.index]
    return float(((table["rank_low"] <= right) & (right <= table["rank_high"])).all())


def covered_alpha(random: Random) -> float:
    """Return whether the interval of alpha holds the truth, two thirds, of two halves and 40 members."""
    halves = random.normal(0, 2, (40, 1)) + random.normal(0, 2, (40, 2))
    known = distribution.reliability(pd.DataFrame(halves)).attrs
    return float(known["alpha_low"] <= 2 / 3 <= known["alpha_high"])


def found_gap(random: Random) -> float:
    """Return whether Student's t finds the gap that branches of 8 and 20 are said to show four times in five."""
    gap = power.smallest_gap(pd.Series({"few": 8, "many": 20}), 4.0)["gap"].item()
    return float(stats.ttest_ind(random.normal(gap, 4, 8), random.normal(0, 4, 20)).pvalue < LEVEL)


def covered_equivalent(n: int, method: str) -> Callable[[Random], float | None]:
    """Return whether the interval of the score that equals 90 holds the truth; nothing where it is not told."""

    def once(random: Random) -> float | None:
        stable = random.normal(0, 0.8, n)
        before, after = (mean + sd * (stable + random.normal(0, 0.6, n)) for mean, sd in ((85, 4), (87, 5)))
        table = equating.equivalents(pd.Series(before), pd.Series(after), [90.0]).set_index("method")
        low, high = table.loc[method, ["low", "high"]]
        return None if np.isnan(low) else float(low <= 85 + 4 * (90 - 87) / 5 <= high)

    return once


def covered_change(random: Random) -> float:
    """Return whether the interval of all holds the change: six branches of unlike size that move together."""
    sizes = (5, 5, 8, 10, 60, 100)
    branch = pd.Series(np.repeat(np.arange(len(sizes)), sizes))
    change = 1 + random.normal(0, 1.3, len(sizes))[branch] + random.normal(0, 2, len(branch))
    before = pd.Series(random.normal(85, 4, len(branch)))
    known = movement.paired_change(before, before + change, branch).attrs
    return float(known["low"] <= 1 <= known["high"])


def covered_index(random: Random) -> float:
    """Return whether the interval of the first index of Ishigami's first factor (.3139) holds it."""

    def ishigami(points: np.ndarray) -> np.ndarray:
        x, y, z = np.pi * (2 * points - 1)
        return np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)

    row = sensitivity.indices(ishigami, {"x": 1, "y": 1, "z": 1}, 256, int(random.integers(1 << 30))).iloc[0]
    return float(row["first_low"] <= 0.3139 <= row["first_high"])


def called_improved(random: Random) -> float:
    """Return whether the lowest tenth of 300 is said to have risen beyond error, though nobody changed."""
    truth = random.normal(85, 5, 300)
    halves = pd.DataFrame({half: truth + random.normal(0, 4, 300) for half in ("H1", "H2")})
    after = pd.Series(truth + random.normal(0, 4 / np.sqrt(2), 300))
    table = movement.regression_to_mean(halves.mean(axis=1), after, halves=halves)
    return float(table["excess_low"].iloc[0] > 0)


def flattered(what: str) -> Callable[[Random], float]:
    """Return by how much accuracy is overstated at a reliability of .6 and three bands."""

    def once(random: Random) -> float:
        truth = random.normal(80, np.sqrt(0.6) * 8, 2000)
        seen = truth + random.normal(0, np.sqrt(0.4) * 8, 2000)
        right = float(np.mean(np.digitize(seen, [75, 85]) == np.digitize(truth, [75, 85])))
        return float(getattr(thresholds.accuracy(seen, np.sqrt(0.4) * 8, [75, 85]), what)) - right

    return once


# ---------------------------------------------------------------- items


def some_item_together(random: Random) -> float:
    """Return whether any of 8 skewed items that have nothing in common is said to go with, or against, the others."""
    lost = np.where(random.random((120, 8)) < 0.2, random.integers(1, 6, (120, 8)), 0)
    return float(items.item_analysis(pd.DataFrame(10 - lost), draws=0)["stands"].isin(["together", "against"]).any())


def some_item_harder(groups: int, apart: float, *, logistic: bool = False) -> Callable[[Random], float]:
    """Return whether any item is called harder or easier for a group, or by the logistic test, though none is."""

    def once(random: Random) -> float:
        found = items.differential_functioning(*rasch(random, random.integers(0, groups, 200), apart))
        return float(((found["p_logistic_holm"] < LEVEL) if logistic else (found["stands"] != "")).any())

    return once


def covered_omega(random: Random) -> float:
    """Return whether the interval of omega holds the truth, .8, of 5 items and 120 members."""
    marks = random.normal(0, 1, (120, 1)) + random.normal(0, np.sqrt(1.25), (120, 5))
    known = items.item_analysis(pd.DataFrame(marks), draws=40).attrs
    return float(known["omega_low"] <= 0.8 <= known["omega_high"])


# ---------------------------------------------------------------- raters


def some_rows_called(step: float, share: float) -> Callable[[Random], float]:
    """Return whether rows are called repeated or straight, though all are marked one by one."""

    def once(random: Random) -> float:
        merit, own = random.normal(0, 5 * np.sqrt(share), (25, 1)), random.normal(0, 5 * np.sqrt(1 - share), (25, 4))
        marks = np.round((88 + merit + own) / step) * step
        return float(raters.repeated_rows(pd.DataFrame(marks), draws=25)["stands"].item() != "")

    return once


def some_branch_called(random: Random) -> float:
    """Return whether any of 5 branches of 16 is called, whose three raters are of one mind but mark one by one."""
    merit, own = random.normal(0, 4 * np.sqrt(0.95), (80, 1)), random.normal(0, 4 * np.sqrt(0.05), (80, 3))
    branch = pd.Series(np.repeat(np.arange(5), 16).astype(str))
    marks = pd.DataFrame(np.round((88 + merit + own) / 2) * 2)
    return float((raters.repeated_rows(marks, branch, draws=25)["stands"] != "").any())


def agreed_by_chance(random: Random) -> float:
    """Return whether three raters who mark 25 members whatever comes to mind are said to agree."""
    marks = pd.DataFrame(random.integers(1, 5, (25, 3)))
    return float(raters.concordance(marks, draws=19)["p"]["alpha_ordinal"] <= LEVEL)


def covered_agreement(random: Random) -> float:
    """Return whether the interval of alpha holds the truth, .6, of 3 raters and 14 members."""
    marks = random.normal(0, np.sqrt(0.6), (14, 1)) + random.normal(0, np.sqrt(0.4), (14, 3))
    row = raters.concordance(pd.DataFrame(marks), draws=1).loc["alpha_interval"]
    return float(row["low"] <= 0.6 <= row["high"])


# ---------------------------------------------------------------- cut scores


def covered_borderline(random: Random) -> float | None:
    """Return whether the interval holds the true cut score, 90, of 60 members whose ratings are ballots, if found."""
    ratings = pd.Series(random.normal(3.2, 0.4, 60).clip(1, 4).round(2))
    scores = 90 + 6 * (ratings - 3.5) + random.normal(0, 3, 60)
    try:
        found = standard_setting.borderline_regression(scores, ratings, 3.5)
    except UsageError:
        return None
    return float(found.low <= 90 <= found.high)


def covered_midpoint(random: Random) -> float | None:
    """Return whether the interval holds the true cut score, 88, of 100 members, if one is found."""
    scores = pd.Series(random.normal(89, 3, 100))
    worthy = pd.Series(random.random(100) < 1 / (1 + np.exp((88 - scores) / 2)))
    try:
        found = standard_setting.contrasting_groups(scores, worthy)
    except UsageError:
        return None
    return float(found.low <= 88 <= found.high)


RATES: tuple[Rate, ...] = (
    *_bunching(),
    Rate("heaping, no liking: N(88,2), n 60", heaped(normal(88, 2), 60), 0.08),
    Rate("heaping, no liking: N(85,6), n 300", heaped(normal(85, 6), 300), 0.06),
    Rate("heaping, no liking: two modes, n 300", heaped(two_modes, 300), 0.06),
    Rate("heaping, no liking: 100 - exponential(6), n 300", heaped(steep, 300), 0.06),
    Rate("heaping, a fifth rounded to fives: N(85,6), n 300", heaped(lumpy(85, 6, 0.2), 300), 0.9, at_most=False),
    Rate("funnel, any of 24 equal branches out", some_branch_out, 0.06),
    Rate("selection_rates, any of 24 equal branches out", some_group_out, 0.06),
    Rate("leniency, any of 30 equal branches named", some_branch_gentle, 0.06),
    Rate("leniency, omega squared of equal branches", share_between, 0.04),
    Rate("g_study, coverage of phi: 6 branches of 10", covered_dependability("phi"), 0.93, at_most=False),
    Rate("g_study, coverage of E rho2: 6 branches of 10", covered_dependability("e_rho2"), 0.93, at_most=False),
    Rate("shrunken_means, coverage: 6 branches of 3-10", covered_means((3, 4, 5, 7, 9, 10), 2), 0.94, at_most=False),
    Rate("shrunken_means, coverage: 24 branches of 12", covered_means((12,) * 24, 2), 0.94, at_most=False),
    Rate("agreement, coverage of kappa: n 8", covered_kappa(8), 0.93, at_most=False),
    Rate("agreement, coverage of kappa: n 40", covered_kappa(40), 0.93, at_most=False),
    Rate("agreement, Bowker where moves go no way: n 12", called_lopsided, 0.06),
    Rate("mobility, coverage of Prais: n 60", covered_mobility, 0.93, at_most=False),
    Rate("ranks.intervals, all of 10 branches covered", covered_ranks, 0.94, at_most=False),
    Rate("reliability, coverage of alpha: 2 halves, n 40", covered_alpha, 0.94, at_most=False),
    Rate("smallest_gap, found: branches of 8 and 20", found_gap, 0.78, at_most=False),
    Rate("equivalents, coverage: equipercentile, n 60", covered_equivalent(60, "equipercentile"), 0.90, at_most=False),
    Rate("equivalents, coverage: linear, n 60", covered_equivalent(60, "linear"), 0.92, at_most=False),
    Rate("paired_change, coverage: branches of 5 to 100", covered_change, 0.94, at_most=False),
    Rate("sensitivity, coverage: Ishigami, n 256", covered_index, 0.94, at_most=False),
    Rate("regression_to_mean, improvement of nobody", called_improved, 0.05),
    Rate("item_analysis, any of 8 unrelated items with the others", some_item_together, 0.06),
    Rate("item_analysis, coverage of omega: 5 items, n 120", covered_omega, 0.92, at_most=False),
    Rate("differential_functioning, any of 6 items named: 2 groups apart", some_item_harder(2, 0.7), 0.06),
    Rate("differential_functioning, any of 6 items named: 3 branches", some_item_harder(3, 0.0), 0.06),
    Rate("differential_functioning, logistic: 2 groups apart", some_item_harder(2, 0.7, logistic=True), 0.10),
    Rate("differential_functioning, logistic: 3 branches", some_item_harder(3, 0.0, logistic=True), 0.06),
    Rate("repeated_rows, called: 25 members, whole marks", some_rows_called(1, 0.5), 0.06),
    Rate("repeated_rows, called: 25 members, marks in fives", some_rows_called(5, 0.8), 0.06),
    Rate("repeated_rows, any of 5 branches of 16 called: raters of one mind", some_branch_called, 0.06),
    Rate("concordance, ordinal alpha beyond chance: 3 raters, n 25", agreed_by_chance, 0.06),
    Rate("concordance, coverage of interval alpha: 3 raters, n 14", covered_agreement, 0.92, at_most=False),
    Rate("borderline_regression, coverage: n 60", covered_borderline, 0.93, at_most=False),
    Rate("contrasting_groups, coverage: n 100", covered_midpoint, 0.93, at_most=False),
    Rate("accuracy, overstated at reliability .6 (Rudner)", flattered("accuracy"), 0.05),
    Rate("accuracy, overstated at reliability .6 (regressed)", flattered("accuracy_regressed"), 0.01),
)


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("word", nargs="?", default="", help="only rates whose name holds it")
    parser.add_argument("--runs", type=int, default=400, help="of each; 400 by default")
    given = parser.parse_args()
    for rate in RATES:
        if given.word in rate.name:
            print(rate.row(rate.simulated(given.runs)), flush=True)


if __name__ == "__main__":
    main()
