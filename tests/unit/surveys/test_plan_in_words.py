"""Can the plan for a report be read before it is locked, in the reader's language?"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from knutepunkt.people.models import Organisation, Person
from knutepunkt.surveys.actions.planning import SurveyPlan, plan_survey
from knutepunkt.surveys.actions.rounds import open_round
from knutepunkt.surveys.models import Protocol
from knutepunkt.surveys.presenters.plan import plan_in_sentences

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture
def protocol(centre: Organisation, coordinator: Person, plan: SurveyPlan) -> Protocol:
    """Return the plan of a survey that is open."""
    made = plan_survey(organisation=centre, plan=plan, by=coordinator)
    open_round(asked_round=made, by=coordinator)
    return Protocol.objects.get(survey=made.survey)


def test_the_plan_names_what_comes_first_in_each_language(protocol: Protocol) -> None:
    first = {
        "nb": "I rapporten kommer «Opplevd endring» først.",
        "nn": "I rapporten kjem «Opplevd endring» først.",
        "en": "The report looks at “Perceived change” first.",
    }
    for language, sentence in first.items():
        with override(language):
            assert sentence in plan_in_sentences(protocol)


def test_the_smallest_change_is_said_where_there_is_one(protocol: Protocol) -> None:
    with override("nn"):
        protocol.content["smallest_change"] = 0.3
        assert any("0,3 poeng" in each for each in plan_in_sentences(protocol))
        protocol.content["smallest_change"] = None
        assert not any("poeng" in each for each in plan_in_sentences(protocol))


def test_whoever_locks_the_plan_can_read_it_on_the_same_page(
    client: Client, coordinator: Person, protocol: Protocol
) -> None:
    client.force_login(coordinator)
    asked_round = protocol.survey.rounds.get()
    page = client.get(reverse("surveys:round-detail", args=[asked_round.pk])).text
    with override("nb"):
        for sentence in plan_in_sentences(protocol):
            assert sentence in page
    assert page.index("Les planen") < page.index("Lås planen")
