"""Who keeps the keys that open closed rounds, and how are they renewed, recovered or destroyed?"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from knutepunkt.audit.actions import record
from knutepunkt.people.models import Person
from knutepunkt.responses import actions as vault
from knutepunkt.responses import keys
from knutepunkt.surveys.actions.protocols import draft_protocol
from knutepunkt.surveys.lifecycle import DRAFT
from knutepunkt.surveys.models import Survey
from knutepunkt.surveys.policies.refusals import (
    FollowingNeedsTheServer,
    KeyAlreadyChosen,
    NotAKey,
    TooManyKeys,
)
from knutepunkt.surveys.policies.runners import require_survey_runner
from knutepunkt.surveys.queries.protocols import protocol_of
from knutepunkt.surveys.vocabulary import KeyHolding

#: Two people together; more would be a committee that one lost key silences.
MOST_HOLDERS = 2


@transaction.atomic
def hold_key(*, survey: Survey, recipients: Sequence[str], by: Person) -> Survey:
    """Decide who can open the answers: these age recipients together, or, without any, the server.

    Only before the first round opens: who can read the answers is told to those who give them.
    """
    require_survey_runner(by, survey.organisation)
    fresh = Survey.objects.select_for_update().get(pk=survey.pk)
    protocol = protocol_of(fresh)
    if fresh.rounds.exclude(state=DRAFT).exists() or (protocol and protocol.locked_at):
        raise KeyAlreadyChosen
    if recipients and fresh.follows_people:
        # Linking happens where the report is made, and cards must not leave the vault.
        raise FollowingNeedsTheServer
    if len(recipients) > MOST_HOLDERS or len(set(recipients)) != len(recipients):
        raise TooManyKeys
    for recipient in recipients:
        if not keys.is_recipient(recipient):
            raise NotAKey(recipient)
    fresh.key_holding = KeyHolding.OFFLINE if recipients else KeyHolding.SERVER
    fresh.key_recipients = list(recipients)
    fresh.save(update_fields=["key_holding", "key_recipients"])
    draft_protocol(survey=fresh, by=by)
    record("hold_key", fresh, by=by, organisation_id=fresh.organisation_id, holders=len(recipients))
    return fresh


def renew_server_key() -> int:
    """Give this server a new key and wrap to it what the old one opens; return how many."""
    return vault.rewrap()


def recover_server_key(*, identity: str) -> int:
    """Wrap to a new server key what the escrow identity opens; return how many rounds and studies."""
    return vault.rewrap(identity=identity)


def key_standings() -> list[vault.KeyStanding]:
    """Return for each round of the vault whether this server can open it."""
    return vault.key_standings()


def new_identity() -> tuple[str, str]:
    """Return a fresh age identity and its recipient."""
    return keys.new_identity()
