"""What does a centre own in the room of evaluations, and in the people room's links?"""

from __future__ import annotations

from datetime import date

from knutepunkt.evaluations.models import Evaluation
from knutepunkt.people.models import Membership
from knutepunkt.people.vocabulary import Role

from . import Centre


def build(centre: Centre) -> None:
    """Make a report that waits for the centre's own approver."""
    evaluation = Evaluation.objects.create(
        organisation=centre.organisation,
        survey=centre.objects["survey"],
        made_by=centre.coordinator,
        state="retracted",
        reason=f"{centre.secret} grunn",
        ended_on=date(2025, 5, 1),
        made_on=date(2025, 4, 1),
    )
    survey = centre.objects["survey"]
    centre.fill("evaluations:*", pk=evaluation.pk, survey_id=survey.pk, token="no-such-token")
    centre.fill("evaluations:report-file", pk=evaluation.pk, language="nb", name="report.pdf")
    membership = Membership.objects.get(organisation=centre.organisation, role=Role.EDITOR)
    centre.fill("people:*", pk=membership.pk, token="no-such-token")
