"""The same numbers from other packages, on random input; each test skips where its peer is not installed."""

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.analysis import comparison, distribution, evaluators, movement, thresholds, weights
from tests.analysis.builders import DATA

pytestmark = pytest.mark.filterwarnings("ignore")  # what peers warn of is theirs
SEEDS = range(3)
GRADES = ["不合格", "合格", "良好", "优秀"]


@pytest.mark.parametrize("seed", SEEDS)
def test_kappas_agree_with_scikit_learn(seed: int) -> None:
    """All three kappas are those of cohen_kappa_score."""
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    rng = np.random.default_rng(seed)
    a = rng.integers(0, 4, 200)
    b = np.where(rng.random(200) < 0.6, a, rng.integers(0, 4, 200))
    found = comparison.agreement(*(pd.Series(np.array(GRADES)[side]) for side in (a, b)), GRADES)
    for name, kind in (("kappa", None), ("kappa_linear", "linear"), ("kappa_quadratic", "quadratic")):
        assert found[name] == pytest.approx(metrics.cohen_kappa_score(a, b, weights=kind, labels=range(4)))


@pytest.mark.parametrize("seed", SEEDS)
def test_mobility_agrees_with_giddy(seed: int) -> None:
    """All five measures are those of markov_mobility."""
    peer = pytest.importorskip("giddy.mobility", reason="giddy is not installed")
    rng = np.random.default_rng(seed)
    p, initial = rng.dirichlet(np.ones(4), 4), rng.dirichlet(np.ones(4))
    found = movement.mobility(p, initial)
    names = {"prais": "P", "determinant": "D", "second_eigenvalue": "L2", "bartholomew_1": "B1", "bartholomew_2": "B2"}
    for name, measure in names.items():
        assert found[name] == pytest.approx(peer.markov_mobility(p, measure=measure, ini=initial))


def test_the_stored_income_transitions_are_those_of_libpysal() -> None:
    """The matrix among the test data is what giddy counts in the data that libpysal brings."""
    giddy = pytest.importorskip("giddy", reason="giddy is not installed")
    libpysal = pytest.importorskip("libpysal", reason="libpysal is not installed")
    classify = pytest.importorskip("mapclassify", reason="mapclassify is not installed")
    table = libpysal.io.open(libpysal.examples.get_path("usjoin.csv"))
    incomes = [np.array(table.by_col[str(year)]) for year in range(1929, 2010)]
    quintiles = np.array([classify.Quantiles(income).yb for income in incomes]).T
    counts = pd.read_csv(DATA / "us_income_transitions.csv", comment="#", index_col="before")
    assert giddy.markov.Markov(quintiles, summary=False).transitions.tolist() == counts.to_numpy().tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_and_coefficients_agree_with_pingouin(seed: int) -> None:
    """Cronbach's alpha, phi (ICC2k) and E rho2 (ICC3k, which is alpha too)."""
    pingouin = pytest.importorskip("pingouin", reason="pingouin is not installed")
    rng = np.random.default_rng(seed)
    marks = pd.DataFrame(80 + 5 * rng.normal(size=(30, 1)) + 3 * rng.normal(size=4) + 4 * rng.normal(size=(30, 4)))
    long = marks.reset_index().melt("index")
    table = pingouin.intraclass_corr(long, targets="index", raters="variable", ratings="value")
    icc = dict(zip(table["Type"], table["ICC"], strict=True))
    found = evaluators.g_study(marks).attrs
    alpha = pingouin.cronbach_alpha(marks)[0]
    assert distribution.reliability(marks).attrs["alpha"] == pytest.approx(alpha)
    assert found["phi"] == pytest.approx(icc.get("ICC2k", icc.get("ICC(A,k)")))
    assert found["e_rho2"] == pytest.approx(icc.get("ICC3k", icc.get("ICC(C,k)")))
    assert found["e_rho2"] == pytest.approx(alpha)


@pytest.mark.parametrize("seed", SEEDS)
def test_rates_and_ratios_agree_with_fairlearn(seed: int) -> None:
    """Rates by group, and the lowest ratio to the highest rate."""
    metrics = pytest.importorskip("fairlearn.metrics", reason="fairlearn is not installed")
    rng = np.random.default_rng(seed)
    group, selected = rng.choice(list("abc"), 300), rng.random(300) < 0.4
    found = thresholds.selection_rates(selected, group)
    frame = metrics.MetricFrame(
        metrics=metrics.selection_rate, y_true=selected, y_pred=selected, sensitive_features=group
    )
    assert found["rate"].to_dict() == pytest.approx(frame.by_group.to_dict())
    ratio = metrics.demographic_parity_ratio(selected, selected, sensitive_features=group)
    assert found["ratio"].min() == pytest.approx(ratio)


def test_influence_is_the_first_order_index_of_salib() -> None:
    """For independent components the share is Sobol's first-order index of the linear composite."""
    sample = pytest.importorskip("SALib.sample.sobol", reason="SALib is not installed")
    sobol = pytest.importorskip("SALib.analyze.sobol", reason="SALib is not installed")
    bounds, nominal = [[60, 100], [80, 100], [0, 20]], np.array([0.6, 0.4, 1.0])
    problem = {"num_vars": 3, "names": list("abc"), "bounds": bounds}
    inputs = sample.sample(problem, 2**12, calc_second_order=False, seed=1)
    index = sobol.analyze(problem, inputs @ nominal, calc_second_order=False, seed=1)
    found = weights.influence(pd.DataFrame(inputs, columns=list("abc")), dict(zip("abc", nominal, strict=True)))
    assert found["share"].to_numpy() == pytest.approx(index["S1"], abs=0.01)
