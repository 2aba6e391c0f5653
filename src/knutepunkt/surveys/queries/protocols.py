"""What is planned for a survey's report, and what is its fingerprint?

The content speaks of what was decided, in code words and numbers; pages and reports say it in the
reader's language. Its hash is SHA-256 of the canonical JSON: sorted keys, no spaces, UTF-8.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from knutepunkt.analysis.instruments import Instrument, Scale, ScaleRole
from knutepunkt.surveys.models import Protocol, Survey
from knutepunkt.surveys.queries.instruments import instrument_of

PROTOCOL_FORM = "1"
PRIVACY_POLICY = "KP-1"
MODEL_POLICY = "by number of groups"


def outcomes_of(instrument: Instrument, planned_rounds: int) -> tuple[Scale, ...]:
    """Return the scales a report may look at first.

    One round can only tell of perceived change; several can follow the outcomes themselves.
    """
    role = ScaleRole.OUTCOME if planned_rounds > 1 else ScaleRole.PERCEIVED_CHANGE
    fitting = tuple(scale for scale in instrument.scales if scale.role is role)
    return fitting or instrument.scales


def planned_content(survey: Survey, *, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return the protocol as the survey stands, with the choices kept where they still fit."""
    instrument = instrument_of(survey)
    outcomes = outcomes_of(instrument, survey.planned_rounds)
    by_id = {scale.id: scale for scale in outcomes}
    usual = next((scale for scale in outcomes if scale.primary), outcomes[0])
    primary = by_id.get(chosen.get("primary_outcome", ""), usual)
    smallest = chosen.get("smallest_change")
    return {
        "form": PROTOCOL_FORM,
        "questions": {
            "instrument": instrument.id,
            "version": instrument.version,
            "hash": instrument.hash,
            "own_questions": [item.id for item in instrument.items if item.own],
        },
        "rounds": {"planned": survey.planned_rounds, "days": _days(survey)},
        "population": _population(survey),
        "primary_outcome": primary.id,
        "smallest_change": primary.smallest_change if smallest is None else smallest,
        "model": {"policy": MODEL_POLICY},
        "missing": {"scales": primary.minimum_answered, "rounds": "all who answered in any round"},
        "privacy": {
            "policy": PRIVACY_POLICY,
            "sensitive_theme": survey.is_sensitive,
            "follows_people": survey.follows_people,
            "asks_about_oneself": survey.asks_about_oneself,
            "key": survey.key_holding,
        },
        "ends_on": _end_day(survey),
    }


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the fingerprint of a protocol's content."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def protocol_of(survey: Survey) -> Protocol | None:
    """Return the survey's protocol with its deviations, or nothing before it is drafted."""
    return Protocol.objects.filter(survey=survey).prefetch_related("deviations").first()


def _days(survey: Survey) -> list[dict[str, Any]]:
    return [
        {
            "round": each.number,
            "opens_on": each.opens_on.isoformat(),
            "closes_on": each.closes_on.isoformat(),
        }
        for each in survey.rounds.order_by("number")
    ]


def _population(survey: Survey) -> dict[str, Any]:
    first = survey.rounds.order_by("number").first()
    asked = list(first.asked_groups.all()) if first is not None else []
    return {
        "groups_started_from": survey.groups_from.isoformat(),
        "groups_started_until": survey.groups_until.isoformat(),
        "ended_groups_included": True,
        "groups": len(asked),
        "members": sum(each.members for each in asked),
    }


def _end_day(survey: Survey) -> str:
    last = survey.rounds.order_by("number").last()
    if last is None:
        return ""
    return (last.report_expected_on or last.closes_on).isoformat()
