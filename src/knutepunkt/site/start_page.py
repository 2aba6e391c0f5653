"""What stands on "My page" for the role in use? Nothing on it comes from answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from knutepunkt.directory.lifecycle import ENDED, PAUSED, PLANNED, RUNNING, SPLIT
from knutepunkt.directory.models import Group
from knutepunkt.directory.queries import groups_by_state, groups_with_contact
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.evaluations.queries import approved_by, public_reports, shared_reports
from knutepunkt.evaluations.vocabulary import rounds_in_words
from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import Role
from knutepunkt.site import next_steps
from knutepunkt.site.navigation import address
from knutepunkt.site.next_steps import NextStep
from knutepunkt.site.year_line import Period, YearLine, year_line
from knutepunkt.surveys.lifecycle import CLOSED, OPEN
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.queries.rounds import rounds_of

MOST_GROUPS = 8
MOST_REPORTS = 3


@dataclass(frozen=True)
class SurveyLine:
    """One round in words: what it is called, how it stands, what happens next."""

    title: str
    round: str
    address: str
    state: str
    tone: str
    opens_on: dt.date
    closes_on: dt.date
    report_on: dt.date | None


@dataclass(frozen=True)
class GroupsInState:
    """The groups in one state: a heading, some of them by name, and how many more."""

    heading: str
    groups: tuple[tuple[str, str], ...]
    more: int


@dataclass(frozen=True)
class SharedReport:
    """A report that has been shared: its survey, its readers, its day."""

    title: str
    rounds: str
    address: str
    readers: str
    shared_on: dt.date | None


@dataclass(frozen=True)
class StartPage:
    """What the page shows; a part that is None does not belong to the role."""

    steps: list[NextStep] = field(default_factory=list)
    surveys: tuple[SurveyLine, ...] | None = None
    line: YearLine | None = None
    groups: tuple[GroupsInState, ...] | None = None
    groups_heading: str = ""
    reports: tuple[SharedReport, ...] | None = None
    reports_heading: str = ""
    what_may_come: str = ""


def page_without_role(person: Person) -> StartPage:
    """Return the page of somebody from outside, invited to approve one report or another."""
    return _of_approver(person)


def start_page(person: Person, membership: Membership, today: dt.date) -> StartPage:
    """Return the start page of the person in the role."""
    organisation = membership.organisation
    if organisation is None:
        return StartPage(steps=next_steps.steps_of_operator())
    if membership.role in (Role.COORDINATOR, Role.DIRECTOR):
        return _of_centre(person, organisation, today)
    if membership.role == Role.STARTER:
        return StartPage(
            steps=next_steps.steps_with_groups(person, organisation),
            groups=_group_lists(_by_state(list(groups_with_contact(organisation, person)))),
            groups_heading=_("My groups"),
            reports=_reports(list(shared_reports(organisation)[:MOST_REPORTS])),
            reports_heading=_("Shared reports"),
        )
    if membership.role in (Role.RESEARCHER, Role.EDITOR):
        return StartPage(
            steps=next_steps.steps_of_approver(person),
            reports=_reports(list(shared_reports(organisation)[:MOST_REPORTS])),
            reports_heading=_("Shared reports"),
        )
    return _of_approver(person)


def _of_approver(person: Person) -> StartPage:
    """Return the page of somebody who approves: what waits, and what they have approved.

    Until there is anything of their own, they see what everyone may read.
    """
    approved = list(approved_by(person)[:MOST_REPORTS])
    return StartPage(
        steps=next_steps.steps_of_approver(person),
        reports=_reports(approved or list(public_reports()[:MOST_REPORTS])),
        reports_heading=_("Reports you have approved") if approved else _("Shared reports"),
        what_may_come=_("When somebody asks you to approve a report, it stands here."),
    )


def _of_centre(person: Person, organisation: Organisation, today: dt.date) -> StartPage:
    rounds = list(rounds_of(organisation))
    periods = [
        Period(each.survey.title, *days_of(each), each.report_expected_on) for each in rounds
    ]
    return StartPage(
        steps=next_steps.next_steps(person, organisation, today),
        surveys=tuple(_survey_line(each, today) for each in reversed(rounds)),
        line=year_line(periods, today),
        groups=_group_lists(groups_by_state(organisation)),
        groups_heading=_("Our groups"),
        reports=_reports(list(shared_reports(organisation)[:MOST_REPORTS])),
        reports_heading=_("Shared reports"),
    )


def days_of(asked: Round) -> tuple[dt.date, dt.date]:
    """Return the days a round opened and closed; before that, the days it is planned to."""
    return asked.opened_on or asked.opens_on, asked.closed_on or asked.closes_on


def _survey_line(each: Round, today: dt.date) -> SurveyLine:
    expected = each.report_expected_on
    opens_on, closes_on = days_of(each)
    return SurveyLine(
        title=each.survey.title,
        round=_("Round %(number)s") % {"number": each.number},
        address=address("surveys:round-detail", each.pk),
        state=str(each.get_state_display()),
        tone={OPEN: "accent", CLOSED: "neutral"}.get(each.state, "brand1"),
        opens_on=opens_on,
        closes_on=closes_on,
        report_on=expected if expected and expected >= today else None,
    )


def _by_state(groups: list[Group]) -> dict[str, list[Group]]:
    found: dict[str, list[Group]] = {}
    for group in groups:
        found.setdefault(group.state, []).append(group)
    return found


def _group_lists(by_state: dict[str, list[Group]]) -> tuple[GroupsInState, ...]:
    headings = (
        (_("Running"), (RUNNING,)),
        (_("Paused"), (PAUSED,)),
        (_("Planned"), (PLANNED,)),
        (_("Ended"), (ENDED, SPLIT)),
    )
    lists = []
    for heading, states in headings:
        groups = [group for state in states for group in by_state.get(state, [])]
        if not groups:
            continue
        shown = tuple(
            (group.name, address("directory:group-show", group.pk))
            for group in groups[:MOST_GROUPS]
        )
        lists.append(GroupsInState(str(heading), shown, len(groups) - len(shown)))
    return tuple(lists)


def _reports(evaluations: list[Evaluation]) -> tuple[SharedReport, ...]:
    return tuple(
        SharedReport(
            title=each.survey.title,
            rounds=rounds_in_words(one.number for one in each.rounds.all()),
            address=address("evaluations:report-read", each.pk),
            readers=str(each.get_audience_display()),
            shared_on=each.release.released_on if hasattr(each, "release") else None,
        )
        for each in evaluations
    )
