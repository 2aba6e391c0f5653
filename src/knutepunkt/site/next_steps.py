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
from knutepunkt.evaluations.queries import (
    broken_ledger_entry,
    codings_to_settle_by,
    evaluations_of,
    unfinished_codings_by,
    waiting_for,
)
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.queries import (
    open_invitations,
    open_operator_invitations,
    operators,
    organisations_with_directors,
)
from knutepunkt.shared.wording import date_in_words, number_in_words
from knutepunkt.site.navigation import address
from knutepunkt.surveys.queries.rounds import (
    closed_rounds,
    drafts_of,
    open_rounds,
    surveys_of,
    waiting_rounds,
)

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
        texts_to_code(person),
        _rounds_past_their_day(organisation, today),
        _rounds_to_open(organisation, today),
        _reports_under_way(organisation),
        _rounds_without_report(organisation),
        _rounds_open(organisation, today),
        _plans(organisation),
        _groups_to_look_at(organisation),
        _beginnings(organisation),
    )


def steps_of_approver(person: Person) -> list[NextStep]:
    """Return what waits for somebody who approves."""
    return _first(approvals(person), texts_to_code(person))


def steps_with_groups(person: Person, organisation: Organisation) -> list[NextStep]:
    """Return what waits for somebody who starts groups: their own groups, and no others."""
    return _first(_groups_to_look_at(organisation, contact=person))


def steps_of_operator() -> list[NextStep]:
    """Return what waits for somebody who runs the installation."""
    return _first(_broken_ledger(), _organisations_without_director(), _operator_alone())


def _broken_ledger() -> Iterator[NextStep]:
    if broken_ledger_entry() is not None:
        yield NextStep(
            _("The record of what has been shared has been tampered with. Nothing can be shared."),
            _("See what to do on the server"),
            address("people:operator-list"),
        )


def _organisations_without_director() -> Iterator[NextStep]:
    for organisation, directors in organisations_with_directors():
        if not directors and not open_invitations(organisation).exists():
            yield NextStep(
                _("Nobody leads %(centre)s yet.") % {"centre": organisation.short_name},
                _("Invite a director"),
                address("people:director-invite", organisation.pk),
            )


def _operator_alone() -> Iterator[NextStep]:
    if operators().count() == 1 and not open_operator_invitations().exists():
        yield NextStep(
            _("You run the installation alone."),
            _("Invite somebody to run it too"),
            address("people:operator-list"),
        )


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


def texts_to_code(person: Person) -> Iterator[NextStep]:
    """Yield the open answers this person is appointed to code."""
    for coder in unfinished_codings_by(person):
        yield NextStep(
            _("You are to read and code the open answers to “%(survey)s”.")
            % {"survey": coder.coding.round.survey.title},
            _("Code the open answers"),
            address("evaluations:coding-detail", coder.coding_id),
        )
    for coding in codings_to_settle_by(person):
        yield NextStep(
            _("Both have coded the open answers to “%(survey)s”.")
            % {"survey": coding.round.survey.title},
            _("See where you differ"),
            address("evaluations:coding-detail", coding.pk),
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


def _rounds_to_open(organisation: Organisation, today: dt.date) -> Iterator[NextStep]:
    for each in waiting_rounds(organisation):
        if each.opens_on <= today:
            yield NextStep(
                _("“%(survey)s” was to open on %(day)s.")
                % {"survey": each.survey.title, "day": date_in_words(each.opens_on)},
                _("Open the survey"),
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
            address("surveys:plan-page", draft.pk, "groups"),
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
            _("Add the first group"),
            address("directory:group-add"),
        )
    elif not surveys_of(organisation).exists():
        yield NextStep(
            _("You have not asked the groups anything yet."),
            _("Plan a survey"),
            address("surveys:survey-list"),
        )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
