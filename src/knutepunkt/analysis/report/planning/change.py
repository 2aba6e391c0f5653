"""What is planned to be told about change between rounds (T6, T8)?"""

from __future__ import annotations

from dataclasses import dataclass

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
from knutepunkt.analysis.instruments.scales import Scale, ScaleRole
from knutepunkt.analysis.measurement.change import standardised
from knutepunkt.analysis.measurement.intervals import Interval
from knutepunkt.analysis.measurement.refusals import MeasurementRefused
from knutepunkt.analysis.models.fit import MixedFit
from knutepunkt.analysis.models.inference import Inference, SmallSample
from knutepunkt.analysis.models.mixed import fit_mixed
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.report.design import RoundDesign
from knutepunkt.analysis.report.planning.planned import Place, Plan, Planned, Refused
from knutepunkt.analysis.report.populations import Answers
from knutepunkt.analysis.report.values import Sentence, Value

LEAST_GROUPS = 6
MANY_ROWS = 5_000


@dataclass(frozen=True)
class Row:
    """The row of the model table that fired: its id, and how degrees of freedom are found."""

    id: str
    method: SmallSample | None


def row_for(groups: int, rows: int, *, has_groups: bool) -> Row:
    """The row of the model table, from what the design shows and never from the answers.

    Source: the evaluation's model table; below six groups there is no inference about groups.
    """
    if has_groups and groups < LEAST_GROUPS:
        return Row("few_groups", None)
    if rows > MANY_ROWS:
        return Row("many_rows", SmallSample.SATTERTHWAITE)
    return Row("groups" if has_groups else "persons", SmallSample.KENWARD_ROGER)


def plan_change(answers: Answers) -> Plan:
    """One figure of change and one of variance per outcome; nothing for a single round.

    What people say when they look back ("perceived change") is asked anew each round and never
    compared. An instrument without outcomes is followed on all its other scales.
    """
    design = answers.design
    if design.is_single:
        return Plan()
    scales = [s for s in design.instrument.scales if s.role is ScaleRole.OUTCOME]
    scales = scales or [
        s for s in design.instrument.scales if s.role is not ScaleRole.PERCEIVED_CHANGE
    ]
    plan = Plan()
    for scale in scales:
        plan = plan.joined(_change(answers, scale))
    return plan


def _change(answers: Answers, scale: Scale) -> Plan:
    found = [(each, answers.scale_records(scale, each)) for each in answers.design.rounds]
    held = [(each, records) for each, records in found if records.valid.any()]
    if len(held) < 2:
        return Plan()
    rounds = [each for each, _ in held]
    place = Place("T6", scale.id, scale.id, tuple(each.id for each in rounds))
    rows = _rows(answers, scale, rounds)
    has_groups = answers.design.has_groups
    row = row_for(rows["group"].n_unique(), rows.height, has_groups=has_groups)
    records = tuple(each for _, each in held)
    if row.method is None:
        return _described(place, rounds, rows, records, row)
    try:
        return _modelled(answers, place, rounds, rows, records, row)
    except ModelRefusal:
        # Why a model refuses can depend on the answers, so nothing more is said.
        words: dict[str, Value] = {"scale": scale.texts, "reason": Sentence("reason.other")}
        return Plan(refused=(Refused(place, Sentence("method.change_refused", words)),))


def _rows(answers: Answers, scale: Scale, rounds: list[RoundDesign]) -> pl.DataFrame:
    """One row per score: y, wave (in the order of the rounds), group and participant."""
    waves = [f"w{index:03d}" for index in range(len(rounds))]
    frames = []
    for wave, each in zip(waves, rounds, strict=True):
        rows = answers.in_round(each.id)
        group = pl.col("group") if answers.design.has_groups else pl.lit("all")
        frames.append(
            rows.select(
                pl.col(scale.id).cast(pl.Float64).alias("y"),
                pl.lit(wave).alias("wave"),
                group.cast(pl.String).alias("group"),
                pl.col("participant").cast(pl.String),
            )
        )
    return pl.concat(frames).filter(pl.col("y").is_not_null())


def _described(
    place: Place,
    rounds: list[RoundDesign],
    rows: pl.DataFrame,
    records: tuple[Records, ...],
    row: Row,
) -> Plan:
    """The means and their differences alone: too few groups for an interval."""
    grouped = dict(rows.group_by("wave").agg(pl.col("y").mean()).iter_rows())
    means = [grouped[wave] for wave in sorted(grouped)]
    numbers = []
    for each, mean in zip(rounds, means, strict=True):
        numbers.append(Number(f"mean@{each.id}", mean, NumberKind.MEAN))
        numbers.append(Number(f"difference@{each.id}", mean - means[0], NumberKind.MEAN))
    size = ModelSize(rows.height, len(rounds), 1, rows["group"].n_unique())
    request = TableRequest(
        "T6", place.cell, Kind.MODEL, records, numbers=tuple(numbers), model=size
    )
    return Plan((Planned(place, request, row.id),), facts=(("model_row", row.id),))


def _modelled(
    answers: Answers,
    place: Place,
    rounds: list[RoundDesign],
    rows: pl.DataFrame,
    records: tuple[Records, ...],
    row: Row,
) -> Plan:
    fit = fit_mixed(f"y ~ wave + {_random(answers)}", rows)
    levels = rows["group"].n_unique() if answers.design.has_groups else fit.terms[-1].n_levels
    size = ModelSize(fit.n_rows, len(rounds), len(fit.terms) + 1, levels)
    numbers = tuple(_estimates(fit, rounds, rows, row))
    change = TableRequest("T6", place.cell, Kind.MODEL, records, numbers=numbers, model=size)
    spread = TableRequest(
        "T8", place.cell, Kind.MODEL, records, numbers=tuple(_variances(fit)), model=size
    )
    where = Place("T8", place.cell, place.subject, place.rounds)
    planned = (Planned(place, change, row.id), Planned(where, spread, row.id))
    return Plan(planned, facts=(("model_row", row.id),))


def _random(answers: Answers) -> str:
    design = answers.design
    if design.has_groups:
        return "(1 | group/participant)" if design.linked else "(1 | group)"
    return "(1 | participant)"


def _estimates(
    fit: MixedFit, rounds: list[RoundDesign], rows: pl.DataFrame, row: Row
) -> list[Number]:
    """Model means per round, and the difference of each later round from the first."""
    inference = Inference(fit)
    # A singular fit has no Satterthwaite degrees of freedom worth the name.
    method = SmallSample.KENWARD_ROGER if fit.singular or row.method is None else row.method
    first = np.eye(len(rounds))[0]
    told = []
    for index, each in enumerate(rounds):
        unit = np.eye(len(rounds))[index] if index else np.zeros(len(rounds))
        mean = inference.estimate(first + unit, method=method)
        told += _named(each.id, "mean", mean.value, mean.low, mean.high)
        if index:
            gap = inference.estimate(unit, method=method)
            told += _named(each.id, "difference", gap.value, gap.low, gap.high)
            told.append(Number(f"df@{each.id}", gap.df, NumberKind.DEGREES))
            told.append(Number(f"p@{each.id}", gap.p_value, NumberKind.P_VALUE))
            told += _effect(each.id, gap.value, Interval(gap.low, gap.high), rows, index)
    return told


def _named(round_id: str, name: str, value: float, low: float, high: float) -> list[Number]:
    return [
        Number(f"{name}@{round_id}", value, NumberKind.MEAN),
        Number(f"{name}_low@{round_id}", low, NumberKind.MEAN),
        Number(f"{name}_high@{round_id}", high, NumberKind.MEAN),
    ]


def _effect(
    round_id: str, difference: float, interval: Interval, rows: pl.DataFrame, index: int
) -> list[Number]:
    ends = [rows.filter(pl.col("wave") == f"w{wave:03d}")["y"].to_numpy() for wave in (0, index)]
    try:
        effect = standardised(difference, interval, *ends)
    except MeasurementRefused:
        return []
    return [
        Number(f"d_av@{round_id}", effect.d, NumberKind.COEFFICIENT),
        Number(f"g@{round_id}", effect.g, NumberKind.COEFFICIENT),
    ]


def _variances(fit: MixedFit) -> list[Number]:
    """Variances by level, and the share that lies between groups."""
    parts = {term.factor: float(term.covariance[0, 0]) for term in fit.terms}
    residual = fit.sigma**2
    total = sum(parts.values()) + residual
    told = [Number("residual_variance", residual, NumberKind.VARIANCE)]
    for factor, name in (("group", "group_variance"), ("participant:group", "person_variance")):
        if factor in parts:
            told.append(Number(name, parts[factor], NumberKind.VARIANCE))
    if "participant" in parts:
        told.append(Number("person_variance", parts["participant"], NumberKind.VARIANCE))
    if "group" in parts and total > 0:
        told.append(Number("icc", parts["group"] / total, NumberKind.VARIANCE))
    return told
