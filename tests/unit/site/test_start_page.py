"""Does "My page" say what waits for this person, in this role, and nothing from answers?"""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from knutepunkt.directory.lifecycle import ENDED, PAUSED, RUNNING
from knutepunkt.directory.models import Group, Theme
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import OrganisationKind, Role
from knutepunkt.site.next_steps import MOST, next_steps, steps_of_approver
from knutepunkt.site.start_page import start_page
from knutepunkt.surveys.actions.planning import start_draft
from knutepunkt.surveys.models import InstrumentVersion, Round, Survey

TODAY = dt.date(2026, 11, 23)


def make_group(centre: Organisation, name: str, state: str = RUNNING, **fields: object) -> Group:
    theme, _made = Theme.objects.get_or_create(
        slug="open", defaults={"name_nb": "Åpent tema", "name_nn": "Ope tema", "name_en": "Open"}
    )
    days = {"started_on": dt.date(2025, 1, 1), "confirmed_on": timezone.localdate()}
    if state == ENDED:
        days["ended_on"] = dt.date(2026, 1, 1)
    return Group.objects.create(
        organisation=centre, name=name, theme=theme, state=state, **{**days, **fields}
    )


def make_round(centre: Organisation, title: str, state: str, closes_on: dt.date) -> Round:
    instrument, _made = InstrumentVersion.objects.get_or_create(
        hash="a" * 64, defaults={"instrument_id": "x", "version": "1", "content": {}}
    )
    survey = Survey.objects.create(
        organisation=centre,
        title=title,
        instrument=instrument,
        groups_from=dt.date(2024, 1, 1),
        groups_until=TODAY,
    )
    return Round.objects.create(
        survey=survey,
        state=state,
        opens_on=closes_on - dt.timedelta(days=40),
        closes_on=closes_on,
        closed_on=closes_on if state == "closed" else None,
    )


def make_report(of: Round, state: str, by: Person, approver: Person | None) -> Evaluation:
    report = Evaluation.objects.create(
        organisation=of.survey.organisation,
        survey=of.survey,
        made_by=by,
        approver=approver,
        state=state,
        made_on=TODAY,
    )
    report.rounds.add(of)
    return report


@pytest.fixture
def bjorn(centre: Organisation) -> Person:
    """Return the board member who approves."""
    person = Person.objects.create_user("b@example.org", "et-langt-passord", name="Bjørn Tveiten")
    Membership.objects.create(
        person=person, organisation=centre, role=Role.APPROVER, since=dt.date(2024, 1, 1)
    )
    return person


def sentences(person: Person, centre: Organisation) -> list[str]:
    with override("nb"):
        return [step.sentence for step in next_steps(person, centre, TODAY)]


def test_an_empty_centre_is_told_where_to_begin(marit: Person, centre: Organisation) -> None:
    assert sentences(marit, centre) == ["Ingen grupper er registrert her ennå."]
    make_group(centre, "Angst og uro")
    assert sentences(marit, centre) == ["Dere har ikke spurt gruppene om noe ennå."]


def test_an_open_survey_is_named_with_its_deadline(marit: Person, centre: Organisation) -> None:
    make_group(centre, "Angst og uro")
    make_round(centre, "Høst", "open", dt.date(2026, 11, 30))
    assert sentences(marit, centre) == ["«Høst» er åpen til 30.\u00a0november 2026."]


def test_what_is_most_pressing_comes_first_and_three_is_enough(
    marit: Person, bjorn: Person, centre: Organisation
) -> None:
    for name in ("Angst", "Sorg"):
        make_group(centre, name, confirmed_on=dt.date(2025, 1, 1))
    make_round(centre, "Høst", "open", dt.date(2026, 11, 30))
    make_round(centre, "Sommer", "open", dt.date(2026, 8, 1))
    spring = make_round(centre, "Vår", "closed", dt.date(2026, 5, 1))
    make_report(spring, "proposed", marit, bjorn)
    found = sentences(marit, centre)
    assert len(found) == MOST
    assert found[0] == "Fristen for «Sommer» var 1.\u00a0august 2026."
    assert found[1] == "Rapporten om «Vår» venter på godkjenning hos Bjørn Tveiten."


def test_a_closed_survey_asks_for_its_report_until_there_is_one(
    marit: Person, bjorn: Person, centre: Organisation
) -> None:
    make_group(centre, "Angst")
    spring = make_round(centre, "Vår", "closed", dt.date(2026, 5, 1))
    assert sentences(marit, centre) == ["«Vår» er lukket."]
    make_report(spring, "released", marit, bjorn)
    assert sentences(marit, centre) == []


def test_an_approver_sees_what_waits_and_nothing_of_the_centres_work(
    marit: Person, bjorn: Person, centre: Organisation
) -> None:
    make_group(centre, "Angst")
    spring = make_round(centre, "Vår", "closed", dt.date(2026, 5, 1))
    make_report(spring, "proposed", marit, bjorn)
    with override("nb"):
        assert [step.sentence for step in steps_of_approver(bjorn)] == [
            "En rapport fra Sildrehuset venter på at du godkjenner den."
        ]
    page = start_page(bjorn, bjorn.memberships.get(), TODAY)
    assert page.surveys is None
    assert page.groups is None


def test_nothing_of_another_centre_is_shown(marit: Person, centre: Organisation) -> None:
    other = Organisation.objects.create(
        name="Naustet", short_name="Naustet", slug="naustet", kind=OrganisationKind.CENTRE
    )
    make_group(other, "Naustets gruppe", confirmed_on=dt.date(2020, 1, 1))
    make_round(other, "Naustets undersøkelse", "open", dt.date(2026, 11, 30))
    page = start_page(marit, marit.memberships.get(), TODAY)
    assert "Naustet" not in str(page)


def test_groups_stand_under_their_state_and_long_lists_are_cut(
    marit: Person, centre: Organisation
) -> None:
    for number in range(11):
        make_group(centre, f"Gruppe {number:02}")
    make_group(centre, "Hvile", PAUSED)
    make_group(centre, "Slutt", ENDED)
    with override("nb"):
        page = start_page(marit, marit.memberships.get(), TODAY)
    assert page.groups is not None
    assert [each.heading for each in page.groups] == ["I gang", "Pause", "Avsluttet"]
    assert [each.more for each in page.groups] == [3, 0, 0]


def test_a_starter_sees_only_the_groups_they_are_contact_for(centre: Organisation) -> None:
    oddny = Person.objects.create_user("o@example.org", "et-langt-passord", name="Oddny Fjelde")
    role = Membership.objects.create(
        person=oddny, organisation=centre, role=Role.STARTER, since=dt.date(2024, 1, 1)
    )
    make_group(centre, "Min", contact=oddny)
    make_group(centre, "Andres")
    page = start_page(oddny, role, TODAY)
    assert page.groups is not None
    assert [name for each in page.groups for name, _a in each.groups] == ["Min"]
    assert page.surveys is None
    # Nobody is asked to look at the groups of others.
    Group.objects.update(confirmed_on=None, started_on=TODAY - dt.timedelta(days=400))
    (step,) = start_page(oddny, role, TODAY).steps
    assert "gruppe har ikke" in step.sentence


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_each_role_has_a_page_of_its_own(
    client: Client, centre: Organisation, role: str, language: str
) -> None:
    person = Person.objects.create_user("p@example.org", "et-langt-passord", name="Per Rønning")
    Membership.objects.create(
        person=person,
        organisation=None if role == Role.OPERATOR else centre,
        role=role,
        since=dt.date(2024, 1, 1),
    )
    make_group(centre, "Angst")
    make_round(centre, "Høst", "open", timezone.localdate() + dt.timedelta(days=7))
    client.force_login(person)
    answer = client.get("/min-side/", headers={"accept-language": language})
    assert answer.status_code == 200
    assert "Per" in answer.text


def test_the_row_of_words_is_short_for_every_role() -> None:
    from knutepunkt.site.navigation import LONGEST_ROW, ROLES

    assert set(ROLES) == set(Role.values)
    assert all(len(entries) <= LONGEST_ROW for entries in ROLES.values())


def test_whoever_runs_the_installation_is_told_what_lacks(centre: Organisation) -> None:
    drift = Person.objects.create_user("d@example.org", "et-langt-passord", name="Drift")
    role = Membership.objects.create(
        person=drift, organisation=None, role=Role.OPERATOR, since=dt.date(2024, 1, 1)
    )
    with override("nb"):
        found = [step.sentence for step in start_page(drift, role, TODAY).steps]
    assert found == ["Sildrehuset har ingen daglig leder ennå.", "Du drifter installasjonen alene."]
    other = Person.objects.create_user("e@example.org", "et-langt-passord", name="Leder")
    for person, organisation, what in (
        (other, centre, Role.DIRECTOR),
        (other, None, Role.OPERATOR),
    ):
        Membership.objects.create(
            person=person, organisation=organisation, role=what, since=dt.date(2024, 1, 1)
        )
    assert start_page(drift, role, TODAY).steps == []


def test_a_planned_round_asks_to_be_opened_when_its_day_has_come(
    marit: Person, centre: Organisation
) -> None:
    make_group(centre, "Angst")
    make_round(centre, "Høst", "draft", TODAY + dt.timedelta(days=60))
    assert sentences(marit, centre) == []
    Round.objects.update(opens_on=TODAY)
    (sentence,) = sentences(marit, centre)
    assert sentence.startswith("«Høst» skulle åpne")


def test_every_step_leads_somewhere(marit: Person, centre: Organisation) -> None:
    assert all(step.address for step in next_steps(marit, centre, TODAY))
    make_group(centre, "Angst", confirmed_on=dt.date(2025, 1, 1))
    start_draft(organisation=centre, by=marit)
    found = next_steps(marit, centre, TODAY)
    assert [step.address for step in found if "/plan/" in step.address]
    assert all(step.address for step in found)
