"""Who is at a centre that has something of everything, for tests that walk every page?"""

from __future__ import annotations

import datetime as dt

from knutepunkt.directory.models import Group
from knutepunkt.evaluations import actions as evaluations
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.people.actions import invite
from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import OrganisationKind, Role
from knutepunkt.shared.ids import random_id
from knutepunkt.surveys.actions.planning import AskedGroup, SurveyPlan, plan_survey, start_draft
from knutepunkt.surveys.actions.rounds import open_round
from knutepunkt.surveys.actions.slips import print_slips
from knutepunkt.surveys.models import Round
from tests.unit.evaluations.conftest import closed_round


def people_in_every_role() -> dict[Role, Person]:
    """Return one person in each role, at a centre that has something of everything."""
    centre = Organisation.objects.create(
        name="Sildrehuset, senter for selvhjelp og mestring",
        short_name="Sildrehuset",
        slug="sildrehuset",
        kind=OrganisationKind.CENTRE,
        email="post@sildrehuset.example",
        is_example=True,
    )
    found = {}
    for role in Role:
        person = Person.objects.create_user(f"{role}@example.org", None, name=f"Kim {role.name}")
        organisation = None if role == Role.OPERATOR else centre
        Membership.objects.create(
            person=person, organisation=organisation, role=role, since=dt.date(2024, 1, 1)
        )
        found[role] = person
    _something_of_everything(centre, found)
    return found


def _something_of_everything(centre: Organisation, people: dict[Role, Person]) -> None:
    """Rounds, reports, plans and invitations in each state they can have."""
    by, approver = people[Role.COORDINATOR], people[Role.APPROVER]
    closed = closed_round(centre, by, groups=6, seed=6)
    asked = tuple(AskedGroup(each.group, 8) for each in closed.asked_groups.all())
    Group.objects.update(contact=people[Role.STARTER])
    open_round(asked_round=_planned(centre, by, asked, "Åpen"), by=by)
    printed = open_round(asked_round=_planned(centre, by, asked, "Med lapper"), by=by)
    print_slips(asked_round=printed, by=by)
    _planned(centre, by, asked, "Planlagt")
    start_draft(organisation=centre, by=by)
    report = evaluations.make_evaluation(
        survey=closed.survey, rounds=[closed], audience="public", by=by
    )
    waiting, _draft = _twin(report, closed), _twin(report, closed)
    for each in (report, waiting):
        evaluations.ask_colleague(evaluation=each, approver=approver, by=by)
    report.refresh_from_db()
    evaluations.approve(evaluation=report, by=approver)
    invite(organisation=centre, email="ny@example.org", role=Role.STARTER, by=people[Role.DIRECTOR])


def _planned(centre: Organisation, by: Person, asked: tuple[AskedGroup, ...], title: str) -> Round:
    today = dt.date.today()
    plan = SurveyPlan(
        title=title,
        groups_from=dt.date(2023, 1, 1),
        groups_until=today,
        asked=asked,
        opens_on=today,
        closes_on=today + dt.timedelta(days=20),
    )
    return plan_survey(organisation=centre, plan=plan, by=by)


def _twin(report: Evaluation, of: Round) -> Evaluation:
    """Make another report with the same figures: making one takes seconds, and shows no more."""
    twin = Evaluation.objects.get(pk=report.pk)
    twin.pk = random_id()
    twin.save(force_insert=True)
    twin.rounds.set([of])
    return twin
