"""How are open answers read, coded by two people apart, compared and settled?

Two databases. What a coder says is kept in the vault first, then the state in the main database:
killed in between, the coder finds the marks kept and hands in again.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from knutepunkt.analysis.coding import (
    Codebook,
    CodedText,
    Coding,
    Difference,
    OpenText,
    differences,
)
from knutepunkt.audit.actions import record
from knutepunkt.evaluations.extract import texts as vault_texts
from knutepunkt.evaluations.lifecycle import CODING, COMPARING, TEXT_CODING
from knutepunkt.evaluations.models import Coder, TextCoding
from knutepunkt.evaluations.policies import (
    RoundStillOpen,
    require_can_code,
    require_coder,
    require_maker,
    require_two_people,
)
from knutepunkt.people.models import Person
from knutepunkt.shared.clock import today
from knutepunkt.shared.errors import NotNow, Refusal
from knutepunkt.surveys.models import Round


class CodedAlready(Refusal):
    """A round's open answers are coded once."""

    def __init__(self) -> None:
        super().__init__(_("Two people have been appointed to read these answers already."))


class KeyElsewhere(Refusal):
    """This server cannot open the texts."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The key to these answers is held outside this server. Whoever holds it writes the "
                "coding sheets with “knutepunkt evaluate --sealed”."
            )
        )


class NotAllRead(Refusal):
    """Some texts have not been gone through yet."""

    def __init__(self) -> None:
        super().__init__(
            _("You have not been through all the texts yet. Go on where you left off.")
        )


class HandedIn(Refusal):
    """What was handed in cannot be changed: the other coder may see it."""

    def __init__(self) -> None:
        super().__init__(_("You have handed in your coding. It cannot be changed any more."))


@dataclass(frozen=True)
class Reading:
    """What a coder has before them: the texts, the codes, and what they have marked so far."""

    texts: tuple[OpenText, ...]
    codebook: Codebook
    marked: Coding


@transaction.atomic
def appoint_coders(
    *, asked_round: Round, one: Person, other: Person, codebook: Codebook, by: Person
) -> TextCoding:
    """Appoint the two people who read and code a closed round's open answers."""
    organisation = asked_round.survey.organisation
    require_maker(by, organisation)
    if not asked_round.is_closed:
        raise RoundStillOpen
    if asked_round.survey.key_recipients:
        raise KeyElsewhere
    for person in (one, other):
        require_can_code(person, asked_round)
    require_two_people(one, other)
    if TextCoding.objects.filter(round=asked_round).exists():
        raise CodedAlready
    coding = TextCoding.objects.create(
        organisation=organisation, round=asked_round, codebook=codebook.as_json()
    )
    for person in (one, other):
        Coder.objects.create(coding=coding, person=person)
    record(
        "appoint_coders",
        coding,
        by=by,
        organisation_id=organisation.pk,
        coders=sorted([str(one), str(other)]),
    )
    return coding


@transaction.atomic
def replace_coder(*, coding: TextCoding, old: Person, new: Person, by: Person) -> TextCoding:
    """Appoint somebody else in the place of a coder who has not handed in."""
    require_maker(by, coding.organisation)
    coder = coding.coders.select_for_update().filter(person=old).first()
    if coder is None or coder.handed_in_on is not None or coding.state != CODING:
        raise HandedIn
    require_can_code(new, coding.round)
    for other in coding.coders.exclude(pk=coder.pk).select_related("person"):
        if other.person is not None:
            require_two_people(new, other.person)
    coder.delete()
    Coder.objects.create(coding=coding, person=new)
    names = {"old": str(old), "new": str(new)}
    record("replace_coder", coding, by=by, organisation_id=coding.organisation_id, **names)
    return coding


@transaction.atomic
def read_texts(*, coding: TextCoding, by: Person, way: str = "page") -> Reading:
    """Open the texts for an appointed coder, and write down that they were read, never what."""
    coder = require_coder(by, coding)
    if coding.state != CODING or coder.handed_in_on is not None:
        raise HandedIn
    texts = vault_texts.texts_for_coders(coding)
    marked = vault_texts.said_in(coding).get(coder.pk, {})
    record("read_texts", coding, by=by, organisation_id=coding.organisation_id, way=way)
    return Reading(texts, Codebook.from_json(coding.codebook), marked)


def place_left(*, coding: TextCoding, by: Person) -> int | None:
    """Return the place of the first text that has not been gone through; nobody reads any of them."""
    coder = _unfinished(coding, by)
    said = vault_texts.said_in(coding).get(coder.pk, {})
    places = enumerate(vault_texts.texts_for_coders(coding))
    return next((place for place, text in places if text.id not in said), None)


def keep_marks(*, coding: TextCoding, marks: Coding, by: Person) -> None:
    """Keep what a coder has marked; texts not named stay as they were."""
    coder = _unfinished(coding, by)
    known = {text.id for text in vault_texts.texts_for_coders(coding)}
    before = vault_texts.said_in(coding).get(coder.pk, {})
    fresh = {name: mark for name, mark in marks.items() if name in known}
    vault_texts.keep(coding, coder.pk, {**before, **fresh})


def hand_in(*, coding: TextCoding, by: Person) -> TextCoding:
    """Hand in a coding where every text has been gone through; the second one opens comparing."""
    coder = _unfinished(coding, by)
    texts = vault_texts.texts_for_coders(coding)
    said = vault_texts.said_in(coding).get(coder.pk, {})
    if any(text.id not in said for text in texts):
        raise NotAllRead
    with transaction.atomic():
        fresh = TextCoding.objects.select_for_update().get(pk=coding.pk)
        Coder.objects.filter(pk=coder.pk).update(handed_in_on=today())
        if not fresh.coders.filter(handed_in_on=None).exists():
            fresh.state = TEXT_CODING.after(fresh.state, "compare")
            fresh.save(update_fields=["state"])
        record("hand_in_coding", fresh, by=by, organisation_id=fresh.organisation_id)
    return fresh


@transaction.atomic
def read_differences(
    *, coding: TextCoding, by: Person
) -> tuple[Codebook, tuple[Difference, ...], Coding]:
    """Show the coders where they differ once both have handed in, and what is settled so far."""
    require_coder(by, coding)
    if coding.state != COMPARING:
        raise NotNow(TEXT_CODING.step("settle").sentence)
    found = _compared(coding)
    settled = vault_texts.said_in(coding).get(coding.pk, {})
    record("read_differences", coding, by=by, organisation_id=coding.organisation_id)
    return Codebook.from_json(coding.codebook), found, settled


def keep_settled(*, coding: TextCoding, marks: Coding, by: Person) -> None:
    """Keep which codes the two settled on for texts they had coded differently.

    A code neither of them gave cannot come in this way.
    """
    require_coder(by, coding)
    if coding.state != COMPARING:
        raise NotNow(TEXT_CODING.step("settle").sentence)
    differing = {each.text.id: each for each in _compared(coding)}
    before = vault_texts.said_in(coding).get(coding.pk, {})
    fresh = {
        name: CodedText(mark.codes & (differing[name].first.codes | differing[name].second.codes))
        for name, mark in marks.items()
        if name in differing
    }
    vault_texts.keep(coding, coding.pk, {**before, **fresh})


@transaction.atomic
def settle(*, coding: TextCoding, by: Person) -> TextCoding:
    """End the coding: from now on reports count by it. What was not settled needs both coders."""
    require_coder(by, coding)
    fresh = TextCoding.objects.select_for_update().get(pk=coding.pk)
    fresh.state = TEXT_CODING.after(fresh.state, "settle")
    fresh.save(update_fields=["state"])
    record("settle_coding", fresh, by=by, organisation_id=fresh.organisation_id)
    return fresh


def _compared(coding: TextCoding) -> tuple[Difference, ...]:
    said = vault_texts.said_in(coding)
    first, second = (said.get(coder.pk, {}) for coder in vault_texts.coders_of(coding))
    return differences(vault_texts.texts_for_coders(coding), first, second)


def _unfinished(coding: TextCoding, by: Person) -> Coder:
    coder = require_coder(by, coding)
    if coder.handed_in_on is not None:
        raise HandedIn
    return coder
