"""Is the F test of a term what a balanced analysis of variance gives?"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from knutepunkt.analysis.models.inference import SmallSample
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.term_tests import term_tests


def balanced() -> dict[str, np.ndarray]:
    """Ten persons, three rounds, two arms of five persons."""
    rng = np.random.default_rng(7)
    table = rng.normal(size=(10, 3)) + rng.normal(0, 2, (10, 1)) + np.array([0.0, 0.4, 1.0])
    person = np.repeat(np.arange(10), 3)
    return {
        "y": table.ravel(), "w": np.tile(["a", "b", "c"], 10), "p": person,
        "arm": np.where(person < 5, "u", "v"),
    }  # fmt: skip


def sums_of_squares(rows: dict[str, np.ndarray]) -> tuple[float, float, float, float, float]:
    """Split-plot sums of squares: arm, persons within arms, rounds, interaction, residual."""
    cells = rows["y"].reshape(2, 5, 3)
    mean = cells.mean()
    arms, rounds = cells.mean(axis=(1, 2)), cells.mean(axis=(0, 1))
    persons, both = cells.mean(axis=2), cells.mean(axis=1)
    arm = 15 * float(((arms - mean) ** 2).sum())
    between = 3 * float(((persons - arms[:, None]) ** 2).sum())
    round_ = 10 * float(((rounds - mean) ** 2).sum())
    crossed = 5 * float(((both - arms[:, None] - rounds + mean) ** 2).sum())
    left = cells - persons[:, :, None] - both[:, None, :] + arms[:, None, None]
    return arm, between, round_, crossed, float((left**2).sum())


@pytest.mark.parametrize("method", list(SmallSample))
def test_a_split_plot_gives_the_classical_tests(method: SmallSample) -> None:
    rows = balanced()
    arm, between, round_, crossed, residual = sums_of_squares(rows)
    found = {one.term: one for one in term_tests("y ~ arm * w + (1 | p)", rows, method=method)}
    wanted = {
        "arm": (arm / (between / 8), 1, 8),
        "w": (round_ / 2 / (residual / 16), 2, 16),
        "arm:w": (crossed / 2 / (residual / 16), 2, 16),
    }
    for term, (f, df1, df2) in wanted.items():
        assert found[term].f == pytest.approx(f, rel=1e-5)
        assert (found[term].df1, found[term].df2) == (df1, pytest.approx(df2, rel=1e-4))
        assert found[term].p_value == pytest.approx(stats.f.sf(f, df1, df2), rel=1e-3)


def test_empty_cells_are_refused() -> None:
    rows = balanced()
    keep = ~((rows["arm"] == "u") & (rows["w"] == "c"))
    with pytest.raises(ModelRefusal) as refusal:
        term_tests("y ~ arm * w + (1 | p)", {name: column[keep] for name, column in rows.items()})
    assert refusal.value.code in (RefusalCode.NOT_ESTIMABLE, RefusalCode.COLLINEAR_COLUMNS)
