"""Does an outcome follow attendance among people of one group, and does it follow it between groups?

The two need not agree: people who come often may differ from others in their group for reasons that
have nothing to do with why some groups meet often (Mundlak 1978). Neither is an effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from knutepunkt.analysis.models.arrays import Floats, codes_of, present
from knutepunkt.analysis.models.design import build_design
from knutepunkt.analysis.models.fit import MixedFit
from knutepunkt.analysis.models.inference import Estimate
from knutepunkt.analysis.models.mixed import fit_design
from knutepunkt.analysis.models.policy import PolicyRow, choose
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.reported import Flag, cr2_estimates, least_squares
from knutepunkt.analysis.models.round_mean import estimated
from knutepunkt.analysis.models.specification import MixedModel, RandomEffects

LEAST_GROUPS = 6


@dataclass(frozen=True)
class WithinBetween:
    """An association taken apart into people within groups and groups.

    Attributes:
        within: outcome per unit of x among people of the same group.
        between: outcome per unit of the group's mean of x; None below six groups, and where all
            groups have the same mean.
        contextual: between minus within; None where between is.
        row: the row of the policy table that fired.
        formula: the model in lme4's notation.
        flags: what to mention.
        n_rows, n_groups: what it rests on.
        n_dropped: rows with a missing value.
    """

    within: Estimate
    between: Estimate | None
    contextual: Estimate | None
    row: PolicyRow
    formula: str
    flags: tuple[Flag, ...]
    n_rows: int
    n_groups: int
    n_dropped: int


def within_between(
    y: NDArray[Any],
    x: NDArray[Any],
    group: NDArray[Any],
    covariates: Mapping[str, NDArray[Any]] | None = None,
    *,
    level: float = 0.95,
) -> WithinBetween:
    """Take the association of x and y apart, one row per person.

    Model: y = b0 + bW (x - mean_g(x)) + bB mean_g(x) + covariates + u_g + e by REML; below six groups
    the groups are fixed effects and only bW is given. bW equals the estimate with groups as fixed
    effects (Mundlak 1978).

    Args:
        y: outcome, shape (n,); NaN for missing.
        x: attendance or any other property of a person, shape (n,); NaN for missing.
        group: group of each person, shape (n,).
        covariates: further numeric columns by name, such as the outcome in the first round.
        level: confidence level.

    Raises:
        ModelRefusal: ``bad_shape`` for columns of different length, ``no_rows``, ``too_few_groups``
            for a single group, ``no_variance`` where nobody differs within a group or all outcomes
            are equal, and what a fit refuses.
    """
    frame, names, dropped = _complete(y, x, group, covariates or {})
    n_groups = frame["group"].n_unique()
    if n_groups < 2:
        raise ModelRefusal(RefusalCode.TOO_FEW_GROUPS, "one group has nothing between groups")
    # Of a column without variance, taking means leaves rounding in proportion to its values.
    least = {name: 1e-12 * float(np.abs(frame[name].to_numpy()).max()) for name in ("x", "y")}
    for column, scale in (("within", "x"), ("y", "y")):
        if np.ptp(frame[column].to_numpy()) <= least[scale]:
            raise ModelRefusal(RefusalCode.NO_VARIANCE, f"{column} does not vary")
    flags = (Flag.ROWS_DROPPED,) if dropped else ()
    if n_groups < LEAST_GROUPS:
        return _conditional(frame, names, flags, dropped, level)
    has_between = float(np.ptp(frame["between"].to_numpy())) > least["x"]
    used = ("within", *(("between",) if has_between else ()), *names)
    model = MixedModel("y", tuple((name,) for name in used), (RandomEffects(("group",)),))
    fit = fit_design(build_design(model, frame))
    row = choose(n_groups, fit.n_rows, singular=fit.singular)
    found = _contrasts(frame, fit, row, used, level)
    return WithinBetween(
        within=found["within"],
        between=found.get("between"),
        contextual=found.get("contextual"),
        row=row,
        formula=f"y ~ {' + '.join(used)} + (1 | group)",
        flags=(*flags, *((Flag.SINGULAR,) if fit.singular else ())),
        n_rows=fit.n_rows,
        n_groups=n_groups,
        n_dropped=dropped,
    )


def _complete(
    y: NDArray[Any], x: NDArray[Any], group: NDArray[Any], covariates: Mapping[str, NDArray[Any]]
) -> tuple[pl.DataFrame, tuple[str, ...], int]:
    """Complete rows with x split at the group means, and the safe names of the covariates."""
    names = tuple(f"covariate{place}" for place in range(len(covariates)))
    numbers = {"y": y, "x": x, **dict(zip(names, covariates.values(), strict=True))}
    columns = {name: np.asarray(given, dtype=np.float64) for name, given in numbers.items()}
    labels = np.asarray(group)
    if len({one.size for one in (*columns.values(), labels)}) != 1:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, "the columns differ in length")
    keep = np.isfinite(np.vstack(list(columns.values()))).all(axis=0) & present(labels)
    if not keep.any():
        raise ModelRefusal(RefusalCode.NO_ROWS, "no row is complete")
    codes, levels = codes_of(labels[keep])
    kept = {name: one[keep] for name, one in columns.items()}
    means = np.bincount(codes, kept["x"], levels.size) / np.bincount(codes, minlength=levels.size)
    kept |= {"within": kept["x"] - means[codes], "between": means[codes]}
    return pl.DataFrame({**kept, "group": codes}), names, int((~keep).sum())


def _contrasts(
    frame: pl.DataFrame, fit: MixedFit, row: PolicyRow, used: tuple[str, ...], level: float
) -> dict[str, Estimate]:
    place = {name: fit.names.index(name) for name in used}
    rows = {"within": np.zeros(len(fit.names))}
    rows["within"][place["within"]] = 1.0
    if "between" in place:
        rows["between"] = np.zeros(len(fit.names))
        rows["between"][place["between"]] = 1.0
        rows["contextual"] = rows["between"] - rows["within"]
    found = {name: estimated(fit, row, weights, name, level) for name, weights in rows.items()}
    if all(one is not None for one in found.values()):
        return {name: one for name, one in found.items() if one is not None}
    order = [place[name] for name in used]
    turned = [(name, weights[[0, *order]]) for name, weights in rows.items()]
    columns = frame.select(used).to_numpy()
    codes = frame["group"].to_numpy().astype(np.float64)
    robust = cr2_estimates(frame["y"].to_numpy(), codes, columns, turned, level=level)
    if not robust:
        raise ModelRefusal(RefusalCode.NOT_ESTIMABLE, "the groups cannot bear an interval")
    return {one.name: one for one in robust}


def _conditional(
    frame: pl.DataFrame, names: tuple[str, ...], flags: tuple[Flag, ...], dropped: int, level: float
) -> WithinBetween:
    """Few groups: people within them, and nothing about groups."""
    codes = frame["group"].to_numpy()
    groups = int(codes.max()) + 1
    inside: Floats = frame.select("within", *names).to_numpy()
    x = np.hstack([(codes[:, None] == np.arange(groups)).astype(np.float64), inside])
    contrast = np.zeros(x.shape[1])
    contrast[groups] = 1.0
    row = choose(groups, frame.height)
    within = least_squares(
        "within", frame["y"].to_numpy(), x, contrast, level=level, method=row.method.value
    )
    told = " + ".join(("within", "group", *names))
    flags = (*flags, Flag.CONDITIONAL_ON_GROUPS)
    return WithinBetween(
        within, None, None, row, f"y ~ {told}", flags, frame.height, groups, dropped
    )
