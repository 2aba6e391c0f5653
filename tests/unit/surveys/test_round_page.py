"""Does a round's page say what comes next, before it opens and after it has closed?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from knutepunkt.people.models import Organisation, Person
from knutepunkt.surveys.actions.planning import SurveyPlan, plan_survey
from knutepunkt.surveys.actions.protocols import lock_protocol
from knutepunkt.surveys.actions.rounds import close_round, open_round
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.queries.instruments import instrument_of

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


def page_of(client: Client, asked_round: Round, reader: Person) -> str:
    client.force_login(reader)
    return client.get(reverse("surveys:round-detail", args=[asked_round.pk])).text


def test_a_round_of_one_day_is_planned_for_a_day_and_not_from_it_to_itself(
    client: Client, centre: Organisation, coordinator: Person, plan: SurveyPlan
) -> None:
    short = replace(plan, closes_on=plan.opens_on)
    page = page_of(
        client, plan_survey(organisation=centre, plan=short, by=coordinator), coordinator
    )
    assert "alene. Når den er åpen" in page
    assert "Den er planlagt fra" not in page


def test_a_closed_round_names_the_coding_before_the_report(
    client: Client, centre: Organisation, coordinator: Person, plan: SurveyPlan
) -> None:
    asked_round = plan_survey(organisation=centre, plan=plan, by=coordinator)
    assert any(item.kind == "free_text" for item in instrument_of(asked_round.survey).items)
    open_round(asked_round=asked_round, by=coordinator)
    lock_protocol(survey=asked_round.survey, by=coordinator)
    closed = close_round(asked_round=asked_round, by=coordinator)
    page = page_of(client, closed, coordinator)
    assert page.index("når to personer har kodet det") < page.index("Lag rapporten")
    # Where the key lies elsewhere, the texts are coded there too.
    closed.survey.key_recipients = ["age1elsewhere"]
    closed.survey.save()
    assert "har kodet det" not in page_of(client, closed, coordinator)
