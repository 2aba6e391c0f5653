"""What is planned to be told about doubtful links between rounds (T6-links)?"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from knutepunkt.analysis.disclosure.statements import Kind, ModelSize, Number, TableRequest
from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.linking import Linkage, LinkRefused, link_sensitivity
from knutepunkt.analysis.report.design import RoundDesign
from knutepunkt.analysis.report.planning.change import difference_numbers
from knutepunkt.analysis.report.planning.courses import change_records, followed_scales
from knutepunkt.analysis.report.planning.flat import unknown
from knutepunkt.analysis.report.planning.planned import Fitted, Place, Plan, Planned
from knutepunkt.analysis.report.populations import Answers

TABLE = "T6-links"


def plan_links(answers: Answers) -> Plan:
    """For the primary outcome and each later round: the change by the links as they are used, and
    when every possible link has its say by its probability.

    Nothing where no round was linked. No numbers where fewer than ten people are linked with both
    scores.
    """
    design = answers.design
    scale = _primary(answers)
    if not design.linkages or scale is None:
        return Plan()
    figures = []
    for each in design.rounds[1:]:
        linkage = design.linkages.get(each.id)
        if linkage is not None:
            figures += _figure(answers, scale, each, linkage)
    return Plan(tuple(figures))


def _primary(answers: Answers) -> Scale | None:
    scales = followed_scales(answers)
    chosen = [scale for scale in scales if scale.id == answers.design.protocol.primary]
    return next(iter((*chosen, *scales)), None)


def _figure(answers: Answers, scale: Scale, later: RoundDesign, linkage: Linkage) -> list[Planned]:
    first = answers.design.rounds[0]
    before, after = (_scores(answers, scale, each) for each in (first, later))
    rows = answers.in_round(later.id)
    has_groups = answers.design.has_groups
    groups = dict(zip(rows["participant"], rows["group"], strict=True)) if has_groups else None
    pairs = {
        link.later: link.earlier
        for link in linkage.links
        if link.earlier in before and link.later in after
    }
    people = frozenset(pairs)
    ends = (first, later)
    records = (
        *(answers.linked_records(scale, each, people) for each in ends),
        *(answers.scale_records(scale, each) for each in ends),
    )
    place = Place(TABLE, f"{scale.id}@{later.id}", scale.id, (first.id, later.id))
    counted = len({groups[one] for one in people}) if groups is not None else 0
    size = ModelSize(len(people), 1, 2, counted or len(people))
    moved = change_records(answers, scale, later, pairs, (before, after))
    numbers = tuple(
        replace(number, beside=(moved,), of_groups=True)
        for number in _numbers(linkage, before, after, groups, later.id)
    )
    request = TableRequest(TABLE, place.cell, Kind.MODEL, records, numbers=numbers, model=size)
    return [Planned(place, request, Fitted.of(counted, len(people)))]


def _numbers(
    linkage: Linkage,
    before: dict[str, float],
    after: dict[str, float],
    groups: dict[str, str] | None,
    later: str,
) -> list[Number]:
    """Both changes; without a number where too few are linked or nobody changed."""
    try:
        found = link_sensitivity(linkage, before, after, groups)
        used, doubt = found.used, found.uncertain
    except LinkRefused:
        used = doubt = unknown("", math.nan)
    return [
        *difference_numbers("used", f"@{later}", used),
        *difference_numbers("doubt", f"@{later}", doubt),
    ]


def _scores(answers: Answers, scale: Scale, each: RoundDesign) -> dict[str, float]:
    """Scores by participant; those without one are left out."""
    names = answers.in_round(each.id)["participant"].to_list()
    scores = answers.scores(scale, each.id)
    return {
        name: float(score) for name, score in zip(names, scores, strict=True) if np.isfinite(score)
    }
