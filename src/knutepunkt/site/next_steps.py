"""What should this person do next, in at most three sentences?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knutepunkt.directory.queries import groups_not_confirmed_for, groups_of
from knutepunkt.evaluations.lifecycle import DRAFT, PROPOSED, RETURNED
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.evaluations.queries import evaluations_of, waiting_for
from knutepunkt.people.models import Organisation, Person
from knutepunkt.shared.wording import date_in_words, number_in_words
from knutepunkt.site.navigation import address
from knutepunkt.surveys.queries.rounds import closed_rounds, drafts_of, open_rounds, surveys_of

MOST = 3


@dataclass(frozen=True)
class NextStep:
    """One sentence about how things stand, and the one thing to do about it."""

    sentence: str
    link: str
    address: str


def next_steps(person: Person, organisation: Organisation, today: dt.date) -> list[NextStep]:
    """Return the most pressing steps of somebody who runs surveys, the most pressing first."""
    return _first(
        approvals(person),
        _rounds_past_their_day(organisation, today),
        _reports_under_way(organisation),
        _rounds_without_report(organisation),
        _rounds_open(organisation, today),
        _plans(organisation),
        _groups_to_look_at(organisation),
        _beginnings(organisation),
    )


def steps_of_approver(person: Person) -> list[NextStep]:
    """Return what waits for somebody who approves."""
    return _first(approvals(person))


def steps_with_groups(person: Person, organisation: Organisation) -> list[NextStep]:
    """Return what waits for somebody who starts groups: their own groups, and no others."""
    return _first(_groups_to_look_at(organisation, contact=person))


def _first(*kinds: Iterable[NextStep]) -> list[NextStep]:
    return list(islice((step for kind in kinds for step in kind), MOST))


def approvals(person: Person) -> Iterator[NextStep]:
    """Yield the reports that wait for this person."""
    for report in waiting_for(person):
        yield NextStep(
            _("A report from %(centre)s waits for your approval.")
            % {"centre": report.organisation.short_name},
            _("Read and approve the report"),
            address("evaluations:check", report.pk),
        )


def _rounds_past_their_day(organisation: Organisation, today: dt.date) -> Iterator[NextStep]:
    for each in open_rounds(organisation):
        if each.closes_on < today:
            yield NextStep(
                _("The deadline of “%(survey)s” was %(day)s.")
                % {"survey": each.survey.title, "day": date_in_words(each.closes_on)},
                _("Close the survey"),
                address("surveys:round-detail", each.pk),
            )


def _rounds_open(organisation: Organisation, today: dt.date) -> Iterator[NextStep]:
    for each in open_rounds(organisation):
        if each.closes_on >= today:
            yield NextStep(
                _("“%(survey)s” is open until %(day)s.")
                % {"survey": each.survey.title, "day": date_in_words(each.closes_on)},
                _("See the survey") if each.reminded_on else _("Remind the groups about it"),
                address("surveys:round-detail", each.pk),
            )


def _reports_under_way(organisation: Organisation) -> Iterator[NextStep]:
    for report in evaluations_of(organisation).filter(state__in=(DRAFT, PROPOSED, RETURNED)):
        yield _report_step(report)


def _report_step(report: Evaluation) -> NextStep:
    names = {"survey": report.survey.title, "name": report.approver.name if report.approver else ""}
    page = address("evaluations:report-detail", report.pk)
    if report.state == RETURNED:
        sentence = _("The report on “%(survey)s” has been sent back with a comment.") % names
        return NextStep(sentence, _("Read the comment"), page)
    if report.state == PROPOSED and report.approver:
        sentence = _("The report on “%(survey)s” is waiting for approval by %(name)s.") % names
        return NextStep(sentence, _("See the report"), page)
    if report.state == PROPOSED:
        sentence = _("The report on “%(survey)s” is waiting for approval.") % names
        return NextStep(sentence, _("See the report"), page)
    sentence = _(
        "The report on “%(survey)s” has been made, and nobody has been asked to approve it."
    )
    return NextStep(sentence % names, _("Ask for approval"), page)


def _rounds_without_report(organisation: Organisation) -> Iterator[NextStep]:
    reported = set(evaluations_of(organisation).values_list("rounds", flat=True))
    for each in closed_rounds(organisation):
        if each.pk not in reported:
            yield NextStep(
                _("“%(survey)s” is closed.") % {"survey": each.survey.title},
                _("Make the report"),
                address("evaluations:report-make", each.survey_id),
            )


def _plans(organisation: Organisation) -> Iterator[NextStep]:
    for draft in drafts_of(organisation)[:1]:
        yield NextStep(
            _("You have begun to plan a survey."),
            _("Go on planning"),
            address("surveys:plan", draft.pk) or address("surveys:survey-list"),
        )


def _groups_to_look_at(
    organisation: Organisation, contact: Person | None = None
) -> Iterator[NextStep]:
    groups = groups_not_confirmed_for(organisation)
    number = (groups if contact is None else groups.filter(contact=contact)).count()
    if number:
        sentence = ngettext(
            "One group has not been confirmed for six months.",
            "%(number)s groups have not been confirmed for six months.",
            number,
        ) % {"number": _capital(number_in_words(number))}
        yield NextStep(sentence, _("Go through the groups"), address("directory:group-list"))


def _beginnings(organisation: Organisation) -> Iterator[NextStep]:
    if not groups_of(organisation).exists():
        yield NextStep(
            _("No groups are registered here yet."),
            _("Register the first group"),
            address("directory:group-add") or address("directory:group-list"),
        )
    elif not surveys_of(organisation).exists():
        yield NextStep(
            _("You have not asked the groups anything yet."),
            _("Plan a survey"),
            address("surveys:plan-new") or address("surveys:survey-list"),
        )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
