"""How did the outcome change between rounds, among participants who answered?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from knutepunkt.analysis.models.arrays import Floats, codes_of
from knutepunkt.analysis.models.design import Design, build_design
from knutepunkt.analysis.models.fit import MixedFit
from knutepunkt.analysis.models.inference import Estimate, Inference
from knutepunkt.analysis.models.mixed import fit_design
from knutepunkt.analysis.models.moments import moments_from_rows
from knutepunkt.analysis.models.policy import Check, Method, PolicyRow, choose
from knutepunkt.analysis.models.profile_interval import share_limits
from knutepunkt.analysis.models.random_intercept import Interval
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.reported import (
    Flag,
    ReportedModel,
    cr2_estimates,
    least_squares,
    plain_mean,
    variance_shares,
)
from knutepunkt.analysis.models.round_mean import SMALL_SAMPLE, estimated
from knutepunkt.analysis.models.rounds import (
    Rounds,
    cell_means,
    read_rounds,
    wave_columns,
    with_course,
)
from knutepunkt.analysis.models.specification import MixedModel, RandomEffects, nested
from knutepunkt.analysis.models.term_tests import TermTest, tests_of_fit
from knutepunkt.analysis.models.wild_bootstrap import wild_cluster_p

LEAST_ROUNDS: Final = 3
"""From so many there is more than one change to test at once."""
LEVELS = {"group": "group", "person": "person", "person:group": "person"}


def change_for_report(
    y: NDArray[Any],
    wave: NDArray[Any],
    person: NDArray[Any],
    group: NDArray[Any] | None = None,
    *,
    order: tuple[str, ...] = (),
    asked: int | None = None,
    level: float = 0.95,
    in_full: bool = False,
) -> ReportedModel:
    """Return model means by round and the change to each later round, as the policy table has it.

    The model is y ~ wave + (1 | group/person); where the row allows it, a slope of time over
    groups is kept if its fit is not singular; up to five groups are fixed effects; without groups
    persons are the clusters.

    Args:
        y: outcome per person and round, shape (n,); missing answers are left out and flagged.
        wave: round of each row; sorted unless ``order`` names the rounds in order.
        person: person of each row, the same label in every round.
        group: group of each row, or None.
        in_full: find also what takes longer than all the rest: the profile interval of the groups'
            share of the variance, and p by flipping whole groups where the row has that; and, from
            three rounds, the F test of all changes at once.
        asked: how many groups were asked, where the row should follow from that.

    Raises:
        ModelRefusal: ``one_round``, ``repeated_person``, ``no_variance`` and what a fit refuses.
    """
    rounds = read_rounds(y, wave, person, group, order)
    groups = rounds.n_groups if asked is None else asked
    row = choose(groups, rounds.frame.height)
    best, formula, flags = _best_fit(rounds, row)
    if best is None:
        return _by_least_squares(rounds, row, level)
    fit, design = best.fit, best.design
    row = choose(groups, rounds.frame.height, singular=fit.singular)
    contrasts = _contrasts(rounds, fit.names)
    inference = Inference(fit)
    if row.method is Method.CR2:
        found = _cr2(rounds, level)
        if not found:
            raise ModelRefusal(RefusalCode.NOT_ESTIMABLE, "the clusters cannot bear an interval")
    else:
        found = tuple(
            one
            for name, weights in contrasts
            if (one := estimated(inference, row, weights, name, level)) is not None
        )
    n = len(rounds.waves)
    return ReportedModel(
        estimates=found[n:],
        means=found[:n],
        row=row,
        formula=formula,
        variances=variance_shares(fit, LEVELS, _of_groups(fit, design, level, wanted=in_full)),
        checks=_checks(rounds, row, level),
        flipped=_flipped(rounds) if in_full and row.flips else (),
        together=_together(rounds, row, best, inference) if in_full else None,
        flags=(*_flags(rounds, row), *flags, *((Flag.SINGULAR,) if fit.singular else ())),
        design_effect=None,
        n_rows=rounds.frame.height,
        n_persons=rounds.n_persons,
        n_groups=rounds.n_groups,
    )


def _candidates(
    rounds: Rounds, row: PolicyRow, course: tuple[str, ...]
) -> list[tuple[MixedModel, str]]:
    """Models from the richest to the plainest that the row allows."""
    wave: tuple[tuple[str, ...], ...] = (("wave",),)
    person = RandomEffects(("person",))
    if not rounds.n_groups:
        return [(MixedModel("y", wave, (person,)), "y ~ wave + (1 | person)")]
    if row.method is Method.GROUPS_AS_FIXED:
        fixed = (*wave, ("group",)) if rounds.n_groups > 1 else wave
        within = (RandomEffects(("person", "group")),)
        model = MixedModel("y", fixed, within, categorical=frozenset({"group"}))
        return [(model, "y ~ wave + group + (1 | person)")]
    plain = MixedModel("y", wave, nested("group", "person"))
    unlinked = MixedModel("y", wave, (RandomEffects(("group",)),))
    models = [(plain, "y ~ wave + (1 | group/person)"), (unlinked, "y ~ wave + (1 | group)")]
    if row.slope:
        own = tuple(RandomEffects(("group",), ((name,),), intercept=False) for name in course)
        sloped = MixedModel("y", wave, (*nested("group", "person"), *own))
        unlinked_too = MixedModel("y", wave, (RandomEffects(("group",)), *own))
        models = [
            (sloped, "y ~ wave + (1 | group/person) + (0 + course || group)"),
            (unlinked_too, "y ~ wave + (1 | group) + (0 + course || group)"),
            *models,
        ]
        if not rounds.linked:
            models = models[1:]
    return models


def _of_groups(fit: MixedFit, design: Design, level: float, *, wanted: bool) -> Interval | None:
    """The profile interval of the groups' share; None without groups, or where it has too many axes."""
    if not wanted or not any(term.factor == "group" for term in fit.terms):
        return None
    try:
        [found] = share_limits(fit, design, level=level, factor="group")
    except ModelRefusal:
        return None
    return Interval(found.low, found.high, level)


@dataclass(frozen=True)
class _Best:
    """The model that was kept, the rows it was fitted to, and its fit."""

    model: MixedModel
    frame: pl.DataFrame
    design: Design
    fit: MixedFit


def _together(rounds: Rounds, row: PolicyRow, best: _Best, inference: Inference) -> TermTest | None:
    """The F test that no round differs from any other; None below three rounds, and without a
    mixed model's degrees of freedom."""
    is_described = row.method is Method.GROUPS_AS_FIXED
    if len(rounds.waves) < LEAST_ROUNDS or is_described or row.method not in SMALL_SAMPLE:
        return None
    method = SMALL_SAMPLE[row.method]
    try:
        tested = tests_of_fit(best.model, best.frame, best.design, inference, method=method)
    except ModelRefusal:
        return None
    return next(one for one in tested if one.term == "wave")


def _best_fit(rounds: Rounds, row: PolicyRow) -> tuple[_Best | None, str, tuple[Flag, ...]]:
    """Fit the richest model that the rows bear; None where only least squares is left.

    A variance of the groups' own change that is estimated as zero stays in the model: Kenward and
    Roger's degrees of freedom then know that it was estimated, and from how few groups.
    """
    flags: tuple[Flag, ...] = ()
    frame, course = with_course(rounds)
    for model, formula in _candidates(rounds, row, course):
        slope = any(effects.terms for effects in model.random)
        try:
            design = build_design(model, frame)
            fit = fit_design(design)
        except ModelRefusal as refusal:
            if refusal.code is not RefusalCode.NOT_IDENTIFIED:
                raise
            flags = (Flag.SLOPE_NOT_ESTIMABLE,) if slope else flags
            continue
        kept = (Flag.SLOPE_ESTIMATED,) if slope else flags
        return _Best(model, frame, design, fit), formula, kept
    return None, "", flags


def _flags(rounds: Rounds, row: PolicyRow) -> tuple[Flag, ...]:
    told = {
        Flag.ROWS_DROPPED: rounds.n_dropped > 0,
        Flag.NO_GROUPS: rounds.n_groups == 0,
        Flag.UNLINKED: not rounds.linked,
        Flag.CONDITIONAL_ON_GROUPS: row.method is Method.GROUPS_AS_FIXED,
    }
    return tuple(flag for flag, holds in told.items() if holds)


def _contrasts(rounds: Rounds, names: tuple[str, ...]) -> list[tuple[str, Floats]]:
    """Weights of the mean of each round, over the groups as they are, then of each change."""
    size = rounds.frame.height
    base = np.zeros(len(names))
    base[0] = 1.0
    for position, name in enumerate(names):
        if name.startswith("group"):
            label = name.removeprefix("group")
            base[position] = float((rounds.frame["group"].cast(pl.String) == label).sum()) / size
    means = [base.copy() for _ in rounds.waves]
    for later, weights in zip(rounds.waves[1:], means[1:], strict=True):
        weights[names.index(f"wave{later}")] = 1.0
    changes = [weights - means[0] for weights in means[1:]]
    labels = [*rounds.waves, *rounds.changes]
    return list(zip(labels, [*means, *changes], strict=True))


def _cr2(rounds: Rounds, level: float) -> tuple[Estimate, ...]:
    names = ("(Intercept)", *(f"wave{later}" for later in rounds.waves[1:]))
    cluster = rounds.frame["group" if rounds.n_groups else "person"].to_numpy()
    codes, _ = codes_of(cluster)
    contrasts = _contrasts(rounds, names)
    columns = wave_columns(rounds)
    return cr2_estimates(rounds.numbers("y"), codes.astype(float), columns, contrasts, level=level)


def _checks(rounds: Rounds, row: PolicyRow, level: float) -> tuple[Estimate, ...]:
    if row.check is Check.CR2:
        return _cr2(rounds, level)[len(rounds.waves) :]
    if row.check is not Check.GROUP_MEANS:
        return ()
    codes, levels = codes_of(rounds.frame["group"].to_numpy())
    means = cell_means(rounds, codes, levels.size)
    found = []
    for position, name in enumerate(rounds.changes, start=1):
        difference = means[:, position] - means[:, 0]
        try:
            values = difference[~np.isnan(difference)]
            found.append(plain_mean(name, values, level=level, method=row.check.value))
        except ModelRefusal:
            return ()
    return tuple(found)


def _flipped(rounds: Rounds) -> tuple[float, ...]:
    """The p-value of each change by the wild cluster bootstrap; NaN where the groups cannot bear it."""
    codes, _ = codes_of(rounds.frame["group"].to_numpy())
    moments = moments_from_rows(rounds.numbers("y"), codes, wave_columns(rounds))
    found = []
    for change in np.eye(len(rounds.waves))[1:]:
        try:
            found.append(wild_cluster_p(moments, change))
        except ModelRefusal:
            found.append(math.nan)
    return tuple(found)


def _by_least_squares(rounds: Rounds, row: PolicyRow, level: float) -> ReportedModel:
    """Rounds whose persons are never the same, in few groups or in none."""
    y, columns = rounds.numbers("y"), wave_columns(rounds)
    names = ["(Intercept)", *(f"wave{later}" for later in rounds.waves[1:])]
    blocks = [np.ones((y.size, 1)), columns]
    if rounds.n_groups > 1:
        codes, levels = codes_of(rounds.frame["group"].to_numpy())
        blocks.append((codes[:, None] == np.arange(1, levels.size)).astype(np.float64))
        names += [f"group{one}" for one in levels[1:]]
    x = np.hstack(blocks)
    if float(np.ptp(y)) <= 1e-12 * max(1.0, float(np.abs(y).max())):
        raise ModelRefusal(RefusalCode.NO_VARIANCE, "all values are equal")
    found = tuple(
        least_squares(name, y, x, weights, level=level, method=row.method.value)
        for name, weights in _contrasts(rounds, tuple(names))
    )
    n = len(rounds.waves)
    formula = "y ~ wave + group" if rounds.n_groups > 1 else "y ~ wave"
    flags = _flags(rounds, row)
    size = rounds.frame.height
    return ReportedModel(
        found[n:], found[:n], row, formula, (), (), flags, None, size, rounds.n_persons,
        rounds.n_groups,
    )  # fmt: skip
