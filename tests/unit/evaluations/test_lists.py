"""Do the forms and lists of reports say what tells one from another?"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from knutepunkt.analysis.coding import shipped_codebook
from knutepunkt.evaluations import actions
from knutepunkt.evaluations.forms.reports import MakingForm
from knutepunkt.people.vocabulary import Role
from tests.unit.evaluations.conftest import Centre, person

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


def test_the_form_promises_the_centre_ten_people_where_a_theme_is_sensitive(centre: Centre) -> None:
    survey = centre.asked_round.survey
    with override("nb"):
        assert "fem personer" in str(MakingForm(survey)["audience"])
        survey.is_sensitive = True
        assert "fem personer" not in str(MakingForm(survey)["audience"])


def test_a_coding_stands_once_in_the_list_and_names_its_round(
    client: Client, centre: Centre
) -> None:
    other = person("forsker@example.org", centre.organisation, Role.RESEARCHER)
    coding = actions.appoint_coders(
        asked_round=centre.asked_round,
        one=centre.maker,
        other=other,
        codebook=shipped_codebook(),
        by=centre.maker,
    )
    client.force_login(centre.maker)
    page = client.get(reverse("evaluations:coding-list")).text
    assert page.count(reverse("evaluations:coding-detail", args=[coding.pk])) == 1
    assert "Runde 1" in page


def test_whoever_approves_sees_whom_each_report_is_for(client: Client, centre: Centre) -> None:
    report = actions.make_evaluation(
        survey=centre.asked_round.survey,
        rounds=[centre.asked_round],
        audience="centre",
        by=centre.maker,
    )
    actions.ask_colleague(evaluation=report, approver=centre.colleague, by=centre.maker)
    client.force_login(centre.colleague)
    waiting = reverse("evaluations:waiting-list")
    assert ", for senteret selv." in client.get(waiting).text
    client.post(reverse("evaluations:check", args=[report.pk]), {"step": "approve"})
    assert ", for senteret selv." in client.get(waiting).text
    client.force_login(centre.maker)
    assert "Runde 1" in client.get(reverse("evaluations:ledger")).text
