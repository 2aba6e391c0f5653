"""What is planned to be told about where the variation lies (T8)?"""

from __future__ import annotations

from knutepunkt.analysis.disclosure.statements import (
    Kind,
    ModelSize,
    Number,
    NumberKind,
    Records,
    TableRequest,
)
from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.models.policy import Method
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.models.reported import ReportedModel
from knutepunkt.analysis.models.round_mean import mean_for_report
from knutepunkt.analysis.report.planning.planned import Fitted, Place, Plan, Planned
from knutepunkt.analysis.report.populations import Answers

LEVELS = ("group", "person", "residual")


def variance_figure(
    scale: Scale,
    rounds: tuple[str, ...],
    records: tuple[Records, ...],
    found: ReportedModel,
    coefficients: int,
) -> tuple[Planned, ...]:
    """The variances of a model; nothing where it has none (few groups, or no repeated person)."""
    numbers = _numbers(found)
    if not numbers or found.row.method is Method.GROUPS_AS_FIXED:
        return ()
    size = ModelSize(
        found.n_rows, coefficients, len(found.variances), found.n_groups or found.n_persons
    )
    request = TableRequest("T8", scale.id, Kind.MODEL, records, numbers=numbers, model=size)
    place = Place("T8", scale.id, scale.id, rounds)
    flags = tuple(str(flag) for flag in found.flags)
    model = Fitted(found.row.id, found.formula, str(found.row.check), flags)
    return (Planned(place, request, model),)


def plan_variance(answers: Answers) -> Plan:
    """How alike members of a group are, scale by scale, in a study of a single round."""
    plan = Plan()
    if not answers.design.is_single or not answers.design.has_groups:
        return plan
    last = answers.design.last
    groups = answers.in_round(last.id)["group"].cast(str).to_numpy()
    for scale in answers.design.instrument.scales:
        try:
            found = mean_for_report(answers.scores(scale, last.id), groups)
        except ModelRefusal:
            continue  # T5 has the scale's row and says what is not shown
        records = (answers.scale_records(scale, last),)
        plan = plan.joined(Plan(variance_figure(scale, (last.id,), records, found, 1)))
    return plan


def _numbers(found: ReportedModel) -> tuple[Number, ...]:
    told = []
    for share in found.variances:
        if share.level in LEVELS:
            told.append(Number(f"{share.level}_variance", share.variance, NumberKind.VARIANCE))
        if share.level != "group" or share.share is None:
            continue
        told.append(Number("icc", share.share, NumberKind.VARIANCE))
        if share.interval is not None:
            told.append(Number("icc_low", share.interval.low, NumberKind.VARIANCE))
            told.append(Number("icc_high", share.interval.high, NumberKind.VARIANCE))
    if found.design_effect is not None:
        told.append(Number("design_effect", found.design_effect, NumberKind.VARIANCE))
    return tuple(told)
