"""How does the ledger come to know again what it forgot, or what was released elsewhere?

Entering a release can only make the gate more careful: it is one more thing that was told. Taking
the database as whole although the copy outside it says otherwise can make it forget; that takes two.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from knutepunkt.analysis.disclosure.certificate import is_sealed
from knutepunkt.analysis.disclosure.ledger import BrokenChain, LedgerEntry, root_of, verify_chain
from knutepunkt.audit.actions import record
from knutepunkt.evaluations.ledger_copy import KeptRelease, Writing, kept_releases, replace
from knutepunkt.evaluations.models import Release
from knutepunkt.evaluations.queries import broken_ledger_entry, ledger_entries
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.policies import is_operator, same_human
from knutepunkt.shared.clock import today
from knutepunkt.shared.errors import NotPermitted, Refusal
from knutepunkt.surveys.models import Round


class DoesNotFollow(Refusal):
    """A release that is not the next of this site's ledger."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This report does not follow the last one of this site. Download the sealed "
                "answers again and make the report anew."
            )
        )


class NotWhole(Refusal):
    """A certificate or an entry that is not what it was when the release was made."""

    def __init__(self) -> None:
        super().__init__(_("The certificate and its entry are not as they were made."))


class NobodyAsked(Refusal):
    """A release about rounds this site does not know."""

    def __init__(self) -> None:
        super().__init__(_("The report is about rounds that this site does not have."))


class TwoPeopleNeeded(NotPermitted):
    """One person alone cannot say that the ledger is whole."""

    def __init__(self) -> None:
        super().__init__(_("This takes two different people who run the installation."))


@transaction.atomic
def restore_from_copy() -> tuple[Release, ...]:
    """Enter again what the copy knows and the database does not; done twice is done.

    The contributor sets behind those releases lie in the vault. Where the vault is older too they
    are gone, and the gate tells nothing more of the rounds they were about.

    Raises ``DoesNotFollow`` where the two ledgers differ in more than their length.
    """
    entries, kept = ledger_entries(), kept_releases() or ()
    if any(a.hash != b.entry.hash for a, b in zip(entries, kept, strict=False)):
        raise DoesNotFollow
    return tuple(_enter(each) for each in kept[len(entries) :])


def enter(*, certificate: Mapping[str, Any], entry: Mapping[str, Any]) -> Release:
    """Enter a release that was made elsewhere from this site's sealed answers.

    Raises ``NotWhole``, ``DoesNotFollow`` and ``NobodyAsked``.
    """
    found = _entry(entry)
    if not is_sealed(certificate) or certificate.get("seal") != found.seal:
        raise NotWhole
    if certificate.get("audience") != found.audience:
        raise NotWhole
    entries = ledger_entries()
    if found.sequence != len(entries) + 1 or found.previous != root_of(entries):
        raise DoesNotFollow
    try:
        verify_chain((*entries, found))
    except BrokenChain as broken:
        raise NotWhole from broken
    if certificate.get("statements") != list(found.statements):
        raise NotWhole
    kept = KeptRelease(found, dict(certificate), str(_asker(found).pk), today())
    with Writing() as copy, transaction.atomic():
        release = _enter(kept)
        copy.keep(kept)
    return release


def _entry(told: Mapping[str, Any]) -> LedgerEntry:
    try:
        UUID(told["release"])
        return LedgerEntry(**{**told, "statements": tuple(told["statements"])})
    except (KeyError, TypeError, ValueError, AttributeError) as damaged:
        raise NotWhole from damaged


def _asker(entry: LedgerEntry) -> Organisation:
    """Return the organisation whose rounds the release is about."""
    rounds = {row["round"] for told in entry.statements for row in told["sets"]}
    try:
        ids = [UUID(each) for each in rounds]
    except ValueError as strange:
        raise NobodyAsked from strange
    askers = Organisation.objects.filter(
        pk__in=Round.objects.filter(pk__in=ids).values("survey__organisation")
    ).distinct()
    if len(askers) != 1:
        raise NobodyAsked
    return askers[0]


def _enter(kept: KeptRelease) -> Release:
    entry = kept.entry
    release = Release.objects.create(
        id=UUID(entry.release),
        sequence=entry.sequence,
        organisation_id=kept.organisation,
        audience=entry.audience,
        released_on=kept.released_on,
        policy_hash=entry.policy_hash,
        statements=list(entry.statements),
        certificate=kept.certificate,
        previous_hash=entry.previous,
        hash=entry.hash,
    )
    record(
        "enter_release", release, by=None, organisation_id=kept.organisation, entry=entry.sequence
    )
    return release


def accept_database(*, by: Person, and_by: Person) -> Path | None:
    """Take the ledger as the database has it, and begin the copy anew; the old one is kept beside.

    Raises ``TwoPeopleNeeded`` unless two different people who run the installation say so.
    """
    if same_human(by, and_by) or not (is_operator(by) and is_operator(and_by)):
        raise TwoPeopleNeeded
    if broken_ledger_entry() is not None:
        raise NotWhole
    releases = list(Release.objects.order_by("sequence"))
    with transaction.atomic():
        for person in (by, and_by):
            record("accept_ledger", person, by=person, entries=len(releases))
    return replace([release.as_kept() for release in releases])
