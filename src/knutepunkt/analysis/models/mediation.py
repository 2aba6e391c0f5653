"""Do people who share more in one round answer differently on a mechanism, and then on the outcome?

Three rounds in order: what is asked first cannot follow what is asked later. Without three rounds in
order the same numbers are a covariation and are called that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knutepunkt.analysis.models.arrays import Floats, codes_of, present
from knutepunkt.analysis.models.bootstrap import cluster_bootstrap
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

LEAST_CLUSTERS = 20
DRAWS = 4_000
SEED = 20_081_001
MARGIN = 10
#: Interval ends are percentiles; more than this share of failed draws and there is no interval.
MOST_FAILED = 0.02


@dataclass(frozen=True)
class Path:
    """A path with its interval; the interval is None below twenty clusters."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Mediation:
    """The three paths.

    Attributes:
        a: mechanism per unit of x, given the covariates.
        b: outcome per unit of the mechanism, given x and the covariates.
        ab: their product, the indirect path.
        direct: outcome per unit of x, given the mechanism and the covariates.
        in_order: x, mechanism and outcome stem from three rounds, each later than the one before;
            otherwise the table is titled covariation.
        n_rows, n_clusters, n_dropped: what it rests on.
        draws: bootstrap draws that could be used; 0 without intervals.
        skewed: ends of the four paths as they stand here, moved for bias and skewness (BCa); empty
            where they were not asked for or cannot be had.
    """

    a: Path
    b: Path
    ab: Path
    direct: Path
    in_order: bool
    n_rows: int
    n_clusters: int
    n_dropped: int
    draws: int
    skewed: tuple[tuple[float, float], ...] = ()


def mediation(
    x: NDArray[Any],
    mechanism: NDArray[Any],
    outcome: NDArray[Any],
    cluster: NDArray[Any],
    covariates: Mapping[str, NDArray[Any]] | None = None,
    *,
    rounds: tuple[int, int, int],
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
    with_skewed: bool = False,
) -> Mediation:
    """Estimate a, b, ab and the direct path, one row per person.

    Least squares: m = a x + covariates, y = b m + c' x + covariates, both with an intercept. Whole
    groups are drawn with replacement and ends are percentiles of the draws (Field and Welsh 2007;
    Preacher and Hayes 2008); below twenty groups there is no interval, because the bootstrap of few
    clusters is too narrow.

    Args:
        x, mechanism, outcome: shape (n,), NaN for missing; incomplete rows are left out.
        cluster: group of each person, shape (n,); the person where the design has no groups.
        covariates: numeric columns by name, such as mechanism and outcome in the first round.
        rounds: the rounds the three were asked in, as numbers.
        level: confidence level.
        draws: bootstrap draws, at least 100.
        seed: of the draws; fixed, so that the same answers give the same figures.
        with_skewed: find BCa ends as well, from draws of their own.

    Raises:
        ModelRefusal: ``bad_shape``, ``bad_argument`` below 100 draws, ``no_rows``, ``too_few_rows``
            where fewer than ten rows are to spare, ``no_variance``, ``collinear_columns``.
    """
    if draws < 100:
        raise ModelRefusal(RefusalCode.BAD_ARGUMENT, f"{draws} draws; at least 100 are needed")
    rows, labels, dropped = _complete(x, mechanism, outcome, cluster, covariates or {})
    codes, levels = codes_of(labels)
    _check(rows)
    rows[:, 1:] -= rows[:, 1:].mean(axis=0)  # slopes stay, and sums of squares keep their digits
    sums = _sums(rows, codes, levels.size)
    found = _paths(sums.sum(axis=0)[None])[0]
    ends: list[tuple[float | None, float | None]] = [(None, None)] * 4
    used = 0
    if levels.size >= LEAST_CLUSTERS:
        drawn = _bootstrap(sums, draws, seed)
        used = drawn.shape[0]
        if used >= (1.0 - MOST_FAILED) * draws:
            limits = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0).T
            ends = [(float(low), float(high)) for low, high in limits]
    a, b, ab, direct = (Path(float(value), *pair) for value, pair in zip(found, ends, strict=True))
    first, second, third = rounds
    return Mediation(
        a,
        b,
        ab,
        direct,
        in_order=first < second < third,
        n_rows=rows.shape[0],
        n_clusters=levels.size,
        n_dropped=dropped,
        draws=used,
        skewed=_skewed(sums, level) if with_skewed else (),
    )


def _skewed(sums: Floats, level: float) -> tuple[tuple[float, float], ...]:
    """BCa ends of the four paths: a product is skewed, and percentiles are not moved for that."""

    def paths(drawn: NDArray[np.int64], _: NDArray[np.int64]) -> Floats:
        return np.asarray(_paths(sums[drawn].sum(axis=0)[None])[0])

    clusters = np.arange(sums.shape[0])
    try:
        found = cluster_bootstrap(paths, clusters, level=level, least_groups=LEAST_CLUSTERS)
    except ModelRefusal:
        return ()
    return tuple(zip(found.low.tolist(), found.high.tolist(), strict=True))


def _complete(
    x: NDArray[Any],
    mechanism: NDArray[Any],
    outcome: NDArray[Any],
    cluster: NDArray[Any],
    covariates: Mapping[str, NDArray[Any]],
) -> tuple[Floats, NDArray[Any], int]:
    """Columns intercept, covariates, x, m, y of the complete rows."""
    given = [*covariates.values(), x, mechanism, outcome]
    columns = [np.asarray(one, dtype=np.float64).reshape(-1) for one in given]
    labels = np.asarray(cluster).reshape(-1)
    if len({one.size for one in (*columns, labels)}) != 1:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, "the columns differ in length")
    rows = np.column_stack([np.ones(labels.size), *columns])
    keep = np.isfinite(rows).all(axis=1) & present(labels)
    if not keep.any():
        raise ModelRefusal(RefusalCode.NO_ROWS, "no row is complete")
    return rows[keep], labels[keep], int((~keep).sum())


def _check(rows: Floats) -> None:
    n, columns = rows.shape
    if n - columns < MARGIN:
        raise ModelRefusal(RefusalCode.TOO_FEW_ROWS, f"{n} rows for {columns - 1} columns")
    still = np.ptp(rows[:, 1:], axis=0) <= 1e-12 * np.abs(rows[:, 1:]).max(axis=0)
    if still[-3:].any():
        raise ModelRefusal(RefusalCode.NO_VARIANCE, "x, mechanism or outcome does not vary")
    centred = rows[:, 1:-1] - rows[:, 1:-1].mean(axis=0)
    lengths = np.where(still[:-1], 1.0, np.linalg.norm(centred, axis=0))
    if still.any() or np.linalg.matrix_rank(centred / lengths, tol=1e-8) < columns - 2:
        raise ModelRefusal(RefusalCode.COLLINEAR_COLUMNS, "a column follows from the others")


def _sums(rows: Floats, codes: NDArray[np.int64], clusters: int) -> Floats:
    """Cross products per cluster, shape (clusters, k, k): all that a draw needs."""
    sums = np.zeros((clusters, rows.shape[1], rows.shape[1]))
    np.add.at(sums, codes, rows[:, :, None] * rows[:, None, :])
    return sums


def _paths(sums: Floats) -> Floats:
    """a, b, ab and the direct path of every set of cross products; shape (sets, 4)."""
    before = slice(0, -2)  # intercept, covariates, x
    with_m = slice(0, -1)
    first = np.linalg.solve(sums[:, before, before], sums[:, before, -2][..., None])[..., 0]
    second = np.linalg.solve(sums[:, with_m, with_m], sums[:, with_m, -1][..., None])[..., 0]
    a, b, direct = first[:, -1], second[:, -1], second[:, -2]
    found: Floats = np.column_stack([a, b, a * b, direct])
    return found


def _bootstrap(sums: Floats, draws: int, seed: int) -> Floats:
    """Paths of the draws that could be solved, shape (used, 4)."""
    rng = np.random.default_rng(seed)
    clusters = sums.shape[0]
    counts = rng.multinomial(clusters, np.full(clusters, 1.0 / clusters), size=draws)
    drawn = np.einsum("dc,cij->dij", counts.astype(np.float64), sums)
    scale = np.sqrt(np.einsum("dii->di", drawn))
    usable = (scale > 0.0).all(axis=1)
    scaled = drawn[usable] / (scale[usable][:, :, None] * scale[usable][:, None, :])
    with_m = scaled[:, :-1, :-1]
    usable_again = np.linalg.cond(with_m) < 1e10
    kept = drawn[usable][usable_again]
    return _paths(kept) if kept.shape[0] else np.zeros((0, 4))
