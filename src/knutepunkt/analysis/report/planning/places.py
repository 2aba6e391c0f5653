"""What is planned to be told about where the groups are (T2-map)?"""

from __future__ import annotations

from collections import Counter
from typing import Final

from knutepunkt.analysis.disclosure.areas import told_areas
from knutepunkt.analysis.disclosure.policy import kp1
from knutepunkt.analysis.disclosure.statements import Count, Kind, TableRequest
from knutepunkt.analysis.report.planning.planned import Place, Plan, Planned
from knutepunkt.analysis.report.populations import Answers

TABLE: Final = "T2-map"
REST: Final = "rest"
COUNTIES: Final = 15
"""Counties in Norway since 2024."""


def plan_places(answers: Answers) -> Plan:
    """How many groups were asked in each county, from the roster alone.

    Nothing where fewer than two areas can be told apart. What anybody answered is not looked at.
    """
    last = answers.design.last
    asked = [group for group in last.groups if group.handed_out > 0]
    if not any(group.county for group in asked):
        return Plan()
    told, rest = told_areas(Counter(group.county for group in asked), COUNTIES, kp1().groups)
    if len(told) + bool(rest) < 2:
        return Plan()
    counts = [Count(name, number, public=True) for name, number in told.items()]
    counts += [Count(REST, rest, public=True)] if rest else []
    place = Place(TABLE, last.id, last.id, (last.id,))
    request = TableRequest(TABLE, place.cell, Kind.FLOW, counts=tuple(counts))
    return Plan((Planned(place, request),))
