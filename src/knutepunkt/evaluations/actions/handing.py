"""How do sealed answers get to whoever holds their key?"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from knutepunkt.audit.actions import record
from knutepunkt.evaluations.extract.handing_over import bundle_of
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.evaluations.policies import RoundStillOpen, require_maker
from knutepunkt.evaluations.queries import ledger_entries
from knutepunkt.people.models import Person
from knutepunkt.shared.clock import today
from knutepunkt.surveys.models import Round, Survey


@transaction.atomic
def hand_over(*, survey: Survey, rounds: Sequence[Round], audience: str, by: Person) -> bytes:
    """Return the sealed bundle of closed rounds, and record that it was handed over."""
    require_maker(by, survey.organisation)
    if not rounds or not all(each.is_closed and each.survey_id == survey.pk for each in rounds):
        raise RoundStillOpen
    planned = Evaluation(
        organisation=survey.organisation,
        survey=survey,
        audience=audience,
        made_by=by,
        made_on=today(),
    )
    bundle = bundle_of(planned, rounds, ledger_entries())
    record("hand_over", survey, by=by, organisation_id=survey.organisation_id)
    return bundle
