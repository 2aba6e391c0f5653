"""How is a round opened, reminded of, extended, closed and followed by another?

Opening and closing touch both databases, the vault first. The vault's part can be done twice with
the same outcome, so an act that stopped between the two is finished by doing it again.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from knutepunkt.analysis.instruments import Instrument, ItemKind
from knutepunkt.audit.actions import record
from knutepunkt.people.models import Person
from knutepunkt.responses import actions as vault
from knutepunkt.shared import clock
from knutepunkt.shared.wording import date_in_words
from knutepunkt.surveys.actions.consent import register_consent
from knutepunkt.surveys.actions.paper import forget_paper_entries
from knutepunkt.surveys.actions.planning import AskedGroup, ask_groups, check_dates
from knutepunkt.surveys.actions.protocols import draft_protocol, note_deviation
from knutepunkt.surveys.lifecycle import ROUND
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.policies.refusals import (
    AlreadyReminded,
    DeadlineNotLater,
    ProtocolNotLocked,
    RoundStillOpen,
)
from knutepunkt.surveys.policies.runners import require_survey_runner
from knutepunkt.surveys.queries.instruments import instrument_of
from knutepunkt.surveys.queries.protocols import protocol_of
from knutepunkt.surveys.vocabulary import Channel

#: What an item costs in an answer beside its text: its name, a code, a consent, some marks.
BYTES_BESIDE_TEXT = 64


def open_round(*, asked_round: Round, by: Person) -> Round:
    """Open a round: the vault makes its keys first, then the round is marked open."""
    require_survey_runner(by, asked_round.survey.organisation)
    ROUND.after(Round.objects.get(pk=asked_round.pk).state, "open")
    vault.open_round(
        round_ref=asked_round.pk,
        escrow=settings.ESCROW_RECIPIENT,
        evaluators=asked_round.survey.key_recipients,
        largest_content=largest_content(instrument_of(asked_round.survey)),
        study_ref=asked_round.survey_id if asked_round.survey.follows_people else None,
    )
    with transaction.atomic():
        fresh = _locked(asked_round)
        fresh.state = ROUND.after(fresh.state, "open")
        fresh.opened_on = clock.today()
        fresh.consent = register_consent(fresh.survey)
        fresh.save(update_fields=["state", "opened_on", "consent"])
        record("open", fresh, by=by, organisation_id=fresh.survey.organisation_id)
    return fresh


@transaction.atomic
def remind(*, asked_round: Round, by: Person) -> Round:
    """Write down that all groups were reminded, all alike and once."""
    require_survey_runner(by, asked_round.survey.organisation)
    fresh = _locked(asked_round)
    ROUND.after(fresh.state, "remind")
    if fresh.reminded_on is not None:
        raise AlreadyReminded(fresh.reminded_on)
    fresh.reminded_on = clock.today()
    fresh.save(update_fields=["reminded_on"])
    record("remind", fresh, by=by, organisation_id=fresh.survey.organisation_id)
    return fresh


@transaction.atomic
def extend(*, asked_round: Round, closes_on: dt.date, by: Person) -> Round:
    """Move the deadline to a later day; after the plan is locked, that is a deviation from it."""
    survey = asked_round.survey
    require_survey_runner(by, survey.organisation)
    fresh = _locked(asked_round)
    ROUND.after(fresh.state, "extend")
    if closes_on <= fresh.closes_on:
        raise DeadlineNotLater(fresh.closes_on)
    before, fresh.closes_on = fresh.closes_on, closes_on
    if fresh.report_expected_on is not None and fresh.report_expected_on < closes_on:
        fresh.report_expected_on = closes_on + (fresh.report_expected_on - before)
    fresh.save(update_fields=["closes_on", "report_expected_on"])
    _follow_plan(
        fresh,
        what=_("The deadline was moved from {before} to {after}.").format(
            before=date_in_words(before), after=date_in_words(closes_on)
        ),
        why=_("More time to answer."),
        by=by,
    )
    record(
        "extend",
        fresh,
        by=by,
        organisation_id=survey.organisation_id,
        closes_on=closes_on.isoformat(),
    )
    return fresh


def close_round(*, asked_round: Round, by: Person) -> Round:
    """Close a round for good: the vault parts answers from slips first, then the round is closed.

    Stopped in between, the vault already refuses answers while the round still looks open; closing
    again finds the vault closed and finishes.
    """
    survey = asked_round.survey
    require_survey_runner(by, survey.organisation)
    ROUND.after(Round.objects.get(pk=asked_round.pk).state, "close")
    protocol = protocol_of(survey)
    if protocol is None or protocol.locked_at is None:
        raise ProtocolNotLocked
    vault.close_round(round_ref=asked_round.pk)
    with transaction.atomic():
        fresh = _locked(asked_round)
        fresh.state = ROUND.after(fresh.state, "close")
        fresh.closed_on = clock.today()
        fresh.save(update_fields=["state", "closed_on"])
        forget_paper_entries(asked_round=fresh)
        record("close", fresh, by=by, organisation_id=survey.organisation_id)
    return fresh


def has_enough_answers(*, asked_round: Round) -> bool:
    """Say whether a report can come of an open round; the vault looks at most once a day.

    The only thing anybody learns of a round while it is open, and for the survey as a whole.
    """
    return asked_round.is_open and vault.enough_answers(asked_round.pk)


@transaction.atomic
def add_round(
    *,
    after: Round,
    asked: tuple[AskedGroup, ...],
    opens_on: dt.date,
    closes_on: dt.date,
    report_expected_on: dt.date | None = None,
    groups_get: Channel = Channel.SLIPS,
    by: Person,
) -> Round:
    """Make the next round of a survey with the same questions, once the last one is closed."""
    survey = after.survey
    require_survey_runner(by, survey.organisation)
    rounds = list(survey.rounds.select_for_update().order_by("number"))
    if any(not each.is_closed for each in rounds):
        raise RoundStillOpen
    check_dates(opens_on, closes_on, report_expected_on)
    made = Round.objects.create(
        survey=survey,
        number=rounds[-1].number + 1,
        opens_on=opens_on,
        closes_on=closes_on,
        report_expected_on=report_expected_on,
    )
    ask_groups(made, [(each, groups_get) for each in asked])
    if made.number > survey.planned_rounds:
        _follow_plan(
            made,
            what=_("A round was added that was not planned."),
            why=_("The centre wanted to ask again."),
            by=by,
        )
    record("add_round", made, by=by, organisation_id=survey.organisation_id, number=made.number)
    return made


def largest_content(instrument: Instrument) -> int:
    """Return how many bytes an answer to all questions can take; decides the size of all answers.

    Letters of two bytes are allowed for throughout; who writes in a longer script and fills every
    field is asked to shorten.
    """
    texts = sum(item.longest for item in instrument.items if item.kind is ItemKind.FREE_TEXT)
    return 2 * texts + BYTES_BESIDE_TEXT * len(instrument.items) + BYTES_BESIDE_TEXT


def _follow_plan(changed: Round, *, what: str, why: str, by: Person) -> None:
    """Let the plan follow a change, or note the change as a deviation once the plan is locked."""
    protocol = protocol_of(changed.survey)
    if protocol is not None and protocol.locked_at is not None:
        note_deviation(survey=changed.survey, what=what, why=why, by=by)
    else:
        draft_protocol(survey=changed.survey, by=by)


def _locked(asked_round: Round) -> Round:
    return (
        Round.objects.select_for_update(of=("self",))
        .select_related("survey__organisation")
        .get(pk=asked_round.pk)
    )
