"""How is the plan for the report written down, locked before the close, and departed from openly?"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from knutepunkt.audit.actions import record
from knutepunkt.people.models import Person
from knutepunkt.shared import clock
from knutepunkt.surveys.models import Deviation, Protocol, Survey
from knutepunkt.surveys.policies.refusals import ProtocolLocked, ProtocolNotLocked
from knutepunkt.surveys.policies.runners import require_survey_runner
from knutepunkt.surveys.queries.protocols import content_hash, planned_content


@transaction.atomic
def draft_protocol(*, survey: Survey, by: Person) -> Protocol:
    """Fill the protocol in from the survey as it is planned; done anew until it is locked."""
    require_survey_runner(by, survey.organisation)
    kept = Protocol.objects.select_for_update().filter(survey=survey).first()
    if kept is not None and kept.locked_at is not None:
        raise ProtocolLocked
    protocol = kept or Protocol(survey=survey)
    protocol.content = planned_content(survey, chosen=protocol.content or {})
    protocol.save()
    record("draft_protocol", protocol, by=by, organisation_id=survey.organisation_id)
    return protocol


@transaction.atomic
def choose_in_protocol(
    *, protocol: Protocol, primary_outcome: str, smallest_change: float | None, by: Person
) -> Protocol:
    """Choose what the report looks at first, and how small a change still matters."""
    survey = protocol.survey
    require_survey_runner(by, survey.organisation)
    fresh = Protocol.objects.select_for_update().get(pk=protocol.pk)
    if fresh.locked_at is not None:
        raise ProtocolLocked
    chosen = {"primary_outcome": primary_outcome, "smallest_change": smallest_change}
    fresh.content = planned_content(survey, chosen=chosen)
    fresh.save(update_fields=["content"])
    record(
        "choose_in_protocol",
        fresh,
        by=by,
        organisation_id=survey.organisation_id,
        primary_outcome=primary_outcome,
    )
    return fresh


@transaction.atomic
def lock_protocol(*, survey: Survey, by: Person) -> Protocol:
    """Lock the plan as it stands and hash it; from now on it can only be departed from openly."""
    require_survey_runner(by, survey.organisation)
    protocol = Protocol.objects.select_for_update().get(survey=survey)
    if protocol.locked_at is not None:
        raise ProtocolLocked
    protocol.content = planned_content(survey, chosen=protocol.content)
    protocol.hash = content_hash(protocol.content)
    protocol.locked_at = timezone.now()
    protocol.locked_by = by
    protocol.save()
    record(
        "lock_protocol", protocol, by=by, organisation_id=survey.organisation_id, hash=protocol.hash
    )
    return protocol


@transaction.atomic
def note_deviation(
    *, survey: Survey, what: str, why: str, by: Person, noted_on: dt.date | None = None
) -> Deviation:
    """Note what turned out differently from the locked plan, and why; the report prints it."""
    require_survey_runner(by, survey.organisation)
    protocol = Protocol.objects.get(survey=survey)
    if protocol.locked_at is None:
        raise ProtocolNotLocked
    deviation = Deviation.objects.create(
        protocol=protocol, what=what, why=why, noted_on=noted_on or clock.today()
    )
    record("note_deviation", deviation, by=by, organisation_id=survey.organisation_id, what=what)
    return deviation
