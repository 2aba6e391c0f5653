"""What is planned to be told about organisations beside each other (T9)?

Never a league table: each organisation stands against the mean of all, in the order of names. An
organisation is a population like any other to the gate: its figures rest on enough people from
enough groups, and what is left when others are subtracted does too.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

from knutepunkt.analysis.disclosure.statements import (
    Kind,
    ModelSize,
    Number,
    NumberKind,
    Records,
    TableRequest,
)
from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.models.comparison import (
    LEAST_GROUPS_EACH,
    LEAST_ORGANISATIONS,
    Comparison,
    OrganisationMean,
    compare_organisations,
)
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.models.reported import Flag
from knutepunkt.analysis.report.building.standing import primary_scale
from knutepunkt.analysis.report.planning.planned import Fitted, Place, Plan, Planned, traits
from knutepunkt.analysis.report.populations import Answers, Reals

TABLE: Final = "T9"
COLUMN: Final = "organisation"
NUMBERS: Final = (
    ("adjusted", NumberKind.MEAN),
    ("adjusted_low", NumberKind.LIMIT),
    ("adjusted_high", NumberKind.LIMIT),
    ("drawn", NumberKind.LIMIT),
    ("drawn_low", NumberKind.LIMIT),
    ("drawn_high", NumberKind.LIMIT),
    ("apart", NumberKind.LIMIT),
    ("p", NumberKind.P_VALUE),
)


def plan_organisations(answers: Answers) -> Plan:
    """One figure per organisation for the primary result, in the last round.

    The primary result alone: what is compared was chosen beforehand, and the tests are few. Nothing
    where the answers name no organisations or have no groups. Organisations with fewer than
    three groups are left out, whatever was answered.
    """
    design = answers.design
    if not design.has_groups or COLUMN not in answers.frame.columns:
        return Plan()
    rows = answers.in_round(design.last.id)
    homes = rows.group_by(COLUMN).agg(pl.col("group").n_unique())
    enough = homes.filter(pl.col("group") >= LEAST_GROUPS_EACH)
    kept = sorted(map(str, enough[COLUMN].to_list()))
    if len(kept) < LEAST_ORGANISATIONS:
        return Plan()
    scale = primary_scale(design)
    return Plan() if scale is None else Plan(tuple(_compared(answers, scale, kept)))


def _compared(answers: Answers, scale: Scale, kept: list[str]) -> list[Planned]:
    last = answers.design.last
    rows = answers.in_round(last.id)
    homes = rows[COLUMN].cast(pl.String).to_numpy()
    covariates = {name: _numbers(rows, name) for name in answers.design.adjusted_for}
    complete = np.isfinite(np.vstack([_numbers(rows, scale.id), *covariates.values()])).all(axis=0)
    inside = np.isin(homes, kept) & complete
    complete_in = set(homes[inside].tolist())
    found = _found(answers, scale, inside, covariates, homes) if len(complete_in) > 1 else None
    means = {} if found is None else {each.label: each for each in found.organisations}
    size = _size(rows, inside, len(kept) + len(covariates))
    model = replace(Fitted.of(size.groups, size.observations), check="none")
    fit = () if found is None or found.row.id == model.row else (Flag.SINGULAR,)
    figures = []
    for name in kept:
        place = Place(TABLE, f"{scale.id}@{name}", scale.id, (last.id,))
        records = _records(answers, scale, (homes == name) & complete)
        request = TableRequest(
            TABLE,
            place.cell,
            Kind.MODEL,
            (records,),
            numbers=(*_told(means.get(name)), *traits(fit)),
            model=size,
        )
        figures.append(Planned(place, request, model))
    return figures


def _numbers(rows: pl.DataFrame, name: str) -> Reals:
    values = rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return np.where(values < 0, np.nan, values) if rows[name].dtype.is_integer() else values


def _found(
    answers: Answers,
    scale: Scale,
    inside: np.ndarray,
    covariates: dict[str, Reals],
    homes: np.ndarray,
) -> Comparison | None:
    rows = answers.in_round(answers.design.last.id)
    try:
        return compare_organisations(
            answers.scores(scale, answers.design.last.id)[inside],
            homes[inside],
            rows["group"].cast(pl.String).to_numpy()[inside],
            {name: values[inside] for name, values in covariates.items()},
        )
    except ModelRefusal:
        return None


def _records(answers: Answers, scale: Scale, chosen: np.ndarray) -> Records:
    """The scores of one organisation's people, who alone are the population."""
    last = answers.design.last
    rows = answers.in_round(last.id).filter(pl.Series(chosen))
    return Records.of(
        answers.scale_variable(scale),
        last.id,
        participants=rows["participant"].cast(pl.String).to_list(),
        groups=rows["group"].cast(pl.String).to_list(),
        values=rows[scale.id].to_list(),
        with_slip=rows["with_slip"].to_list(),
        closed=last.is_closed,
    )


def _size(rows: pl.DataFrame, inside: np.ndarray, coefficients: int) -> ModelSize:
    groups = rows.filter(pl.Series(inside))["group"].n_unique()
    return ModelSize(int(inside.sum()), coefficients, 2, groups)


def _told(each: OrganisationMean | None) -> list[Number]:
    """The numbers of a line; without a value where no model fits, so that their place is there."""
    values = [math.nan] * len(NUMBERS)
    if each is not None:
        mean = each.adjusted
        values = [mean.value, mean.low, mean.high, each.pooled, each.pooled_low, each.pooled_high]
        values += [each.deviation.value, each.holm_p]
    return [Number(name, value, kind) for (name, kind), value in zip(NUMBERS, values, strict=True)]
