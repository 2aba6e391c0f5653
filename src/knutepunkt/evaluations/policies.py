"""Who may make, approve, read and take back a report, and who may read open answers?"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from knutepunkt.audit.models import AuditEvent
from knutepunkt.evaluations.lifecycle import CORRECTED, PROPOSED, RELEASED, RETRACTED
from knutepunkt.evaluations.models import Coder, Evaluation, TextCoding
from knutepunkt.evaluations.vocabulary import Audience
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.policies import may_act_as, require, roles_in, same_human
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.errors import NotPermitted, Refusal
from knutepunkt.surveys.models import Round

#: Who makes evaluations at a centre.
MAKERS = (Role.COORDINATOR, Role.RESEARCHER)
#: Who reads what is released to the centre.
READERS = (Role.COORDINATOR, Role.RESEARCHER, Role.STARTER, Role.APPROVER, Role.EDITOR)
#: Who can be appointed to read open answers.
CODERS = (Role.COORDINATOR, Role.DIRECTOR, Role.RESEARCHER)
#: Acts that make somebody one of those who made the report.
MAKING = (
    "make_evaluation",
    "make_again",
    "correct",
    "ask_colleague",
    "invite_reviewer",
    "ask_nobody",
)


class NeedsSecondPerson(NotPermitted):
    """Whoever makes an evaluation cannot approve it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "You made this report, so someone else must approve it. Choose a colleague, "
                "or invite someone from the board or another centre."
            )
        )


class SameHuman(NotPermitted):
    """Another account, but by all signs the same person."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This account has the same name or address as one that made the report. "
                "Someone else must approve it."
            )
        )


class NotYourApproval(NotPermitted):
    """The report waits for somebody else."""

    def __init__(self) -> None:
        super().__init__(_("This report waits for approval by someone else than you."))


class RoundStillOpen(Refusal):
    """A report is made of closed rounds only."""

    def __init__(self) -> None:
        super().__init__(
            _("A report can be made when the survey is closed. Close it first, or wait.")
        )


class NothingToCalibrate(Refusal):
    """The method infers nothing from so few groups, or too little is told of the study's shape."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "There is nothing to simulate. With fewer than six groups the report gives no "
                "interval, so there is nothing that could be wrong."
            )
        )


class LedgerBroken(Refusal):
    """Nothing is released while the record of earlier releases is in doubt."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The report could not be shared, because the record of earlier reports is not "
                "whole. Nothing is lost. Tell those who run the installation."
            )
        )


class ClockJumped(Refusal):
    """The server's clock shows a day before something that has already happened."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The report could not be shared, because the server's clock is wrong. Nothing is "
                "lost. Tell those who run the installation."
            )
        )


class ChangedMeanwhile(Refusal):
    """Another release came between, and the gate now says something else."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Another report was shared in the meantime, so this one must be made again. "
                "It has been sent back to the one who made it."
            )
        )


def require_maker(person: Person | AnonymousUser, organisation: Organisation) -> None:
    """Raise unless the person makes reports at the organisation."""
    require(person, organisation, *MAKERS)


def those_who_made(evaluation: Evaluation) -> list[Person]:
    """Return everybody who made the report, made it again, or put it forward."""
    acts = AuditEvent.objects.filter(
        subject_kind=Evaluation.__name__, subject_id=str(evaluation.pk), verb__in=MAKING
    )
    makers = Q(pk__in=acts.values("actor")) | Q(pk=evaluation.made_by_id)
    return list(Person.objects.filter(makers))


def require_second_person(person: Person, evaluation: Evaluation) -> None:
    """Raise if the person had a hand in the report, with this account or another."""
    makers = those_who_made(evaluation)
    if any(each.pk == person.pk for each in makers):
        raise NeedsSecondPerson
    if any(same_human(each, person) for each in makers):
        raise SameHuman


def require_approver(person: Person | AnonymousUser, evaluation: Evaluation) -> None:
    """Raise unless the person is the one who was asked, and did not make the report."""
    if not isinstance(person, Person):
        raise NotYourApproval
    require_second_person(person, evaluation)
    if evaluation.approver_id is None or evaluation.approver_id != getattr(person, "pk", None):
        raise NotYourApproval


def may_make(person: Person | AnonymousUser, organisation: Organisation) -> bool:
    """Say whether the person makes reports at the organisation."""
    return may_act_as(person, organisation, *MAKERS)


def may_read(person: Person | AnonymousUser, evaluation: Evaluation) -> bool:
    """Say whether the person may read the report as it stands now.

    Before it is released: those who make reports at the centre, and whoever is asked to approve.
    A corrected or retracted report stays readable with the notice of it, by the same people.
    """
    if evaluation.state in (RELEASED, CORRECTED, RETRACTED):
        if evaluation.audience == Audience.PUBLIC:
            return True
        if may_act_as(person, evaluation.organisation, *READERS):
            return True
    if may_make(person, evaluation.organisation):
        return True
    is_asked = evaluation.approver_id is not None and evaluation.approver_id == getattr(
        person, "pk", None
    )
    return is_asked and evaluation.state in (PROPOSED, RELEASED, CORRECTED, RETRACTED)


class NotCoder(NotPermitted):
    """Open answers are read by the two who were appointed, and by nobody else."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Open answers are read by two appointed people and nobody else. "
                "You are not one of them."
            )
        )


class CannotCode(NotPermitted):
    """This person cannot be appointed."""


def require_can_code(person: Person, asked: Round) -> None:
    """Raise unless the person may be appointed to read the round's open answers.

    Whoever starts groups knows who is in them, and is therefore never appointed.
    """
    organisation = asked.survey.organisation
    held = roles_in(person, organisation)
    if held.isdisjoint(CODERS):
        raise CannotCode(
            _("{name} does not run surveys or do research here. Choose somebody else.").format(
                name=person
            )
        )
    has_group = asked.asked_groups.filter(group__contact=person).exists()
    if Role.STARTER in held or has_group:
        raise CannotCode(
            _("{name} starts groups and knows who is in them. Choose somebody else.").format(
                name=person
            )
        )


def can_code(person: Person, asked: Round) -> bool:
    """Say whether the person may be appointed to read the round's open answers."""
    try:
        require_can_code(person, asked)
    except CannotCode:
        return False
    return True


def require_two_people(one: Person, other: Person) -> None:
    """Raise unless they are, by all signs, two different people."""
    if same_human(one, other):
        raise CannotCode(_("The two coders must be two different people. Choose another."))


def require_coder(person: Person | AnonymousUser, coding: TextCoding) -> Coder:
    """Return the person's appointment; raise where there is none, or no role any more."""
    if not isinstance(person, Person):
        raise NotCoder
    appointed = coding.coders.filter(person=person).first()
    if appointed is None or not can_code(person, coding.round):
        raise NotCoder
    return appointed
