"""How did a yes-no or an ordered answer change between rounds, in odds?"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from knutepunkt.analysis.models.generalised import GeneralisedFit, fit_generalised
from knutepunkt.analysis.models.inference import Estimate
from knutepunkt.analysis.models.policy import Method, OutcomeKind, PolicyRow, choose
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.reported import Flag, ReportedModel, VarianceShare
from knutepunkt.analysis.models.rounds import Rounds, read_rounds
from knutepunkt.analysis.models.specification import MixedModel, RandomEffects, nested

LOGISTIC_VARIANCE = np.pi**2 / 3.0  # of the latent answer given its group and person


def odds_change_for_report(
    y: NDArray[Any],
    wave: NDArray[Any],
    person: NDArray[Any],
    group: NDArray[Any] | None = None,
    *,
    ordered: bool = False,
    order: tuple[str, ...] = (),
    level: float = 0.95,
) -> ReportedModel:
    """Return the change in log odds to each later round, as the policy table has it.

    Logistic or cumulative-logit mixed model with persons within groups, by adaptive Gauss-Hermite
    quadrature; up to five groups are fixed effects; without groups persons are the clusters. The
    interval has t with clusters - 1 degrees of freedom and the larger of the model's and the
    clusters' own standard error. There are no model means: odds of an average person are no share
    of a population.

    Args:
        y: answer per person and round, shape (n,): two values, or ordered codes with ``ordered``.
        wave, person, group, order: as in ``change_for_report``.

    Raises:
        ModelRefusal: ``one_round``, ``repeated_person``, ``no_variance``, ``not_two_categories``,
            ``separated`` and what a fit refuses.
    """
    rounds = read_rounds(y, wave, person, group, order)
    kind = OutcomeKind.ORDINAL if ordered else OutcomeKind.BINARY
    row = choose(rounds.n_groups, rounds.frame.height, kind)
    fit, formula = _fitted(rounds, row, ordered=ordered)
    clusters = rounds.n_groups if row.groups[0] >= 6 else rounds.n_persons
    found = []
    for name, later in zip(rounds.changes, rounds.waves[1:], strict=True):
        contrast = [float(column == f"wave{later}") for column in fit.names]
        found.append(fit.estimate(contrast, name=name, level=level, df=clusters - 1.0))
    return ReportedModel(
        estimates=tuple(found),
        means=(),
        row=row,
        formula=formula,
        variances=_shares(fit),
        checks=_unadjusted(fit, rounds, level),
        flags=_flags(rounds, row, singular=fit.singular),
        design_effect=None,
        n_rows=rounds.frame.height,
        n_persons=rounds.n_persons,
        n_groups=rounds.n_groups,
    )


def _fitted(rounds: Rounds, row: PolicyRow, *, ordered: bool) -> tuple[GeneralisedFit, str]:
    """Fit the richest model the rows bear."""
    candidates = _candidates(rounds, row)
    if not candidates and rounds.linked:
        raise ModelRefusal(RefusalCode.SEPARATED, "the variance of persons is without limit")
    for model, formula in candidates:
        try:
            return fit_generalised(model, rounds.frame, ordered=ordered), formula
        except ModelRefusal as refusal:
            if refusal.code is not RefusalCode.SEPARATED or formula == candidates[-1][1]:
                raise
    raise ModelRefusal(RefusalCode.NOT_IDENTIFIED, "rounds that are not linked need six groups")


def _candidates(rounds: Rounds, row: PolicyRow) -> list[tuple[MixedModel, str]]:
    """The models to try, the richest first."""
    wave: tuple[tuple[str, ...], ...] = (("wave",),)
    person = RandomEffects(("person",))
    grouped = RandomEffects(("group",))
    found = [
        (MixedModel("y", wave, nested("group", "person")), "y ~ wave + (1 | group/person)"),
        (MixedModel("y", wave, (grouped,)), "y ~ wave + (1 | group)"),
    ]
    if not rounds.n_groups:
        found = [(MixedModel("y", wave, (person,)), "y ~ wave + (1 | person)")]
    elif row.method is Method.GROUPS_AS_FIXED:
        fixed = (*wave, ("group",)) if rounds.n_groups > 1 else wave
        inside = MixedModel("y", fixed, (person,), categorical=frozenset({"group"}))
        found = [(inside, "y ~ wave + group + (1 | person)")]
    alone = rounds.n_persons == rounds.n_groups and len(found) > 1  # the person is the group
    if alone or not rounds.linked:
        found = found[1:]
    if rounds.linked and _nobody_changed(rounds):
        # Persons' variance would grow without limit; climbing after it only takes long.
        found = [each for each in found if not alone and "person" not in each[1]]
    return found


def _nobody_changed(rounds: Rounds) -> bool:
    """Whether everyone who answered more than once gave the same answer each time."""
    answers = rounds.frame.group_by("person").agg(pl.col("y").n_unique().alias("y"), pl.len())
    return bool((answers["y"] == 1).all() and (answers["len"] > 1).any())


def _shares(fit: GeneralisedFit) -> tuple[VarianceShare, ...]:
    """Variances on the log-odds scale, the residual that of the logistic distribution."""
    sizes = [(term.factor, float(term.covariance[0, 0])) for term in fit.terms]
    total = LOGISTIC_VARIANCE + sum(size for _, size in sizes)
    names = {"group": "group", "person": "person", "person:group": "person"}
    shares = [VarianceShare(names[factor], size, size / total, None) for factor, size in sizes]
    residual = VarianceShare("residual", LOGISTIC_VARIANCE, LOGISTIC_VARIANCE / total, None)
    return (*shares, residual)


def _unadjusted(fit: GeneralisedFit, rounds: Rounds, level: float) -> tuple[Estimate, ...]:
    """The same changes by Wald's z, for the methods reader."""
    return tuple(
        fit.estimate(
            [float(column == f"wave{later}") for column in fit.names], name=name, level=level
        )
        for name, later in zip(rounds.changes, rounds.waves[1:], strict=True)
    )


def _flags(rounds: Rounds, row: PolicyRow, *, singular: bool) -> tuple[Flag, ...]:
    told = {
        Flag.ROWS_DROPPED: rounds.n_dropped > 0,
        Flag.NO_GROUPS: rounds.n_groups == 0,
        Flag.UNLINKED: not rounds.linked,
        Flag.CONDITIONAL_ON_GROUPS: row.method is Method.GROUPS_AS_FIXED,
        Flag.SINGULAR: singular,
    }
    return tuple(flag for flag, holds in told.items() if holds)
