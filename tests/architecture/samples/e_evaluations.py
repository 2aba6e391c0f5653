"""What does a centre own in the room of evaluations?"""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from knutepunkt.evaluations.models import Coder, Evaluation, ReviewInvitation, TextCoding
from knutepunkt.people.queries import digest_of
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
    review = f"review-{centre.name}"
    ReviewInvitation.objects.create(
        evaluation=evaluation,
        email=f"styret@{centre.name.lower()}.example",
        digest=digest_of(review),
        expires_at=timezone.now() + timedelta(days=1),
    )
    centre.fill("evaluations:*", pk=evaluation.pk, survey_id=survey.pk, token=review)
    centre.fill("evaluations:report-file", pk=evaluation.pk, language="nb", name="report.pdf")
    _code_words(centre)


def _code_words(centre: Centre) -> None:
    """Two people of the centre read the open answers of its round."""
    coding = TextCoding.objects.create(
        organisation=centre.organisation,
        round=centre.objects["round"],
        codebook={"codes": [{"id": "alone", "nb": f"{centre.secret} tema"}]},
    )
    coders = [
        Coder.objects.create(coding=coding, person=centre.people[role])
        for role in (Role.COORDINATOR, Role.RESEARCHER)
    ]
    centre.fill("evaluations:coding-appoint", round_id=coding.round_id)
    for name in (
        "detail",
        "go-on",
        "replace",
        "texts",
        "sheet",
        "hand-in",
        "differences",
        "settle",
    ):
        centre.fill(f"evaluations:coding-{name}", pk=coding.pk, page=1, kind="csv")
    centre.fill("evaluations:coding-replace", coder_id=coders[0].pk)
