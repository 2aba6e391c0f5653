"""What does a centre own in the room of surveys?"""

from __future__ import annotations

from datetime import date

from knutepunkt.surveys.actions.planning import (
    AskedGroup,
    SurveyPlan,
    plan_survey,
    start_draft,
)

from . import Centre


def build(centre: Centre) -> None:
    """Make a plan and a survey with one round."""
    by, organisation = centre.coordinator, centre.organisation
    draft = start_draft(organisation=organisation, by=by)
    group = centre.objects["group"]
    made = plan_survey(
        organisation=organisation,
        plan=SurveyPlan(
            title=f"{centre.secret} undersøkelse",
            groups_from=date(2023, 1, 1),
            groups_until=date(2025, 1, 1),
            asked=(AskedGroup(group, 7),),  # type: ignore[arg-type]
            opens_on=date(2025, 2, 1),
            closes_on=date(2025, 3, 1),
        ),
        by=by,
    )
    centre.objects |= {"survey": made.survey, "round": made}
    centre.fill("surveys:*", pk=made.pk, step="remind", sheet="vanlig")
    centre.fill("surveys:plan-page", pk=draft.pk, page="groups")
    centre.fill("surveys:paper", pk=made.survey_id, kind="vurdering", language="nb")
    centre.fill("surveys:notice", pk=made.pk, kind="informasjon", language="nb")
    centre.fill("surveys:plan-discard", pk=draft.pk)
