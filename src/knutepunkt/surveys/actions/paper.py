"""How does an answer on paper get in: typed twice by two people, then sealed like any other?

While it waits for the second person, the typed answer is locked with a key that lies outside the
database and every backup and goes when the round closes; it is found only by whoever holds the
paper, because its name is made from the slip's code. The same key makes the words on a paper slip,
so that nobody at the centre ever sees or stores them.

Whoever knows a code and not the paper must not find out what was typed. So what the first person
typed is never shown, and where more than a few answers differ it is not said which: guesses cannot
be tried one question at a time.

Both databases are touched when the answer is sealed: the vault first. Stopped in between, the typed
answer still waits, and sealing it again finds the slip used and only clears it away. For the same
reason nobody is told whether a slip had been used before: one slip is one answer, and no more is
said.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pyrage
from django.conf import settings
from django.db import transaction

from knutepunkt.analysis.instruments import validate_answers
from knutepunkt.audit.actions import record
from knutepunkt.people.models import Person
from knutepunkt.responses import actions as vault
from knutepunkt.responses.codes import typed as read_code
from knutepunkt.responses.queries import slip_standing
from knutepunkt.responses.receipts import ENTROPY_BITS, read_words, receipt_digest, words_of
from knutepunkt.responses.refusals import SlipUnknown, SlipUsed
from knutepunkt.responses.sealing import seal_card, seal_letter
from knutepunkt.surveys.actions.answering import card_content
from knutepunkt.surveys.lifecycle import ROUND
from knutepunkt.surveys.models import PaperEntry, Round
from knutepunkt.surveys.policies.refusals import NeedsSecondPerson, NothingTyped, UnknownCode
from knutepunkt.surveys.policies.runners import require_survey_runner
from knutepunkt.surveys.queries.instruments import instrument_of

#: What a difference in the card, or in the answers about oneself, is called beside the questions.
CARD, ABOUT = "card", "about"
#: Of five answers one may be typed otherwise by a slip of the hand, of few answers two.
SLIPS_IN, FEWEST_SLIPS = 5, 2
Typed = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """What the two people typed differently: a question or the card."""

    item_id: str


@dataclass(frozen=True)
class PaperOutcome:
    """What became of a typed paper answer.

    ``may_be_another``: so much differs that it may not be the same paper; which is not said.
    """

    is_sealed: bool = False
    waits_for_second: bool = False
    differences: tuple[Difference, ...] = ()
    may_be_another: bool = False


def enter_paper_answer(
    *,
    asked_round: Round,
    code: str,
    answers: Typed,
    by: Person,
    card: Typed | None = None,
    looked_at: Collection[str] = (),
) -> PaperOutcome:
    """Type a paper answer. The first time it waits; the second time, by someone else, it is sealed.

    ``card`` is what stands on the paper so that the same person can be found again, where the
    survey follows people: ``typed`` (the words of an earlier card) and ``about`` (eight answers).

    Where the two differ, nothing is sealed and the differences come back. ``looked_at`` names the
    questions whose answer the second person has compared with the paper since, and stands by.
    """
    require_survey_runner(by, asked_round.survey.organisation)
    ROUND.after(asked_round.state, "type_paper")
    if not answers:
        raise NothingTyped
    validate_answers(instrument_of(asked_round.survey), answers)
    key = _PaperKey.of(asked_round.pk)
    bare = _known_code(asked_round, code)
    waiting = PaperEntry.objects.filter(round=asked_round, digest=key.digest(bare)).first()
    typed = {"answers": dict(answers), "card": dict(card or {})}
    if waiting is None:
        return _wait(asked_round, key, bare, typed, by)
    if waiting.typed_by_id == by.pk:
        raise NeedsSecondPerson
    differences = _differences(key.unlock(bytes(waiting.locked_answers)), typed)
    if any(each.item_id not in looked_at for each in differences):
        may_be_another = len(differences) > most_differences(answers)
        return PaperOutcome(
            differences=() if may_be_another else differences, may_be_another=may_be_another
        )
    _seal(asked_round, key, bare, typed)
    with transaction.atomic():
        waiting.delete()
        record("seal_paper", asked_round, by=by, organisation_id=asked_round.survey.organisation_id)
    return PaperOutcome(is_sealed=True)


def most_differences(answers: Typed) -> int:
    """Return how many slips of the hand are said one by one; beyond, it may be another paper."""
    return max(FEWEST_SLIPS, len(answers) // SLIPS_IN)


def is_code_of(*, asked_round: Round, code: str) -> bool:
    """Say whether the code was handed out in this round; not whether it has been used."""
    try:
        _known_code(asked_round, code)
    except UnknownCode:
        return False
    return True


def paper_words(*, asked_round: Round, code: str) -> tuple[str, ...]:
    """Return the words printed on the half of a paper slip that the participant keeps."""
    bare = read_code(code)
    if bare is None:
        raise UnknownCode
    return _PaperKey.of(asked_round.pk).words(bare)


def forget_paper_entries(*, asked_round: Round) -> None:
    """Destroy what waits for a second person and the key to it; part of closing the round."""
    PaperEntry.objects.filter(round=asked_round).delete()
    _PaperKey.destroy(asked_round.pk)


def _known_code(asked_round: Round, code: str) -> str:
    """Return the bare code of a slip of this round, used or not, or raise ``UnknownCode``."""
    bare = read_code(code)
    if bare is None:
        raise UnknownCode
    try:
        standing = slip_standing(code)
    except SlipUnknown as unknown:
        raise UnknownCode from unknown
    if standing.round_ref != asked_round.pk:
        raise UnknownCode
    return bare


@transaction.atomic
def _wait(asked_round: Round, key: _PaperKey, bare: str, typed: Typed, by: Person) -> PaperOutcome:
    PaperEntry.objects.create(
        round=asked_round,
        digest=key.digest(bare),
        locked_answers=key.lock(typed),
        typed_by=by,
    )
    record("type_paper", asked_round, by=by, organisation_id=asked_round.survey.organisation_id)
    return PaperOutcome(waits_for_second=True)


def _differences(first: Typed, second: Typed) -> tuple[Difference, ...]:
    answers, others = first["answers"], second["answers"]
    found = [
        Difference(item_id)
        for item_id in sorted(answers.keys() | others.keys())
        if answers.get(item_id) != others.get(item_id)
    ]
    card, other = first["card"], second["card"]
    if _words(card) != _words(other):
        found.append(Difference(CARD))
    about, others_about = card.get("about") or [], other.get("about") or []
    if (any(about) or any(others_about)) and about != others_about:
        found.append(Difference(ABOUT))
    return tuple(found)


def _words(card: Typed) -> object:
    """Return the card that was meant: the words where they can be read, else what was typed."""
    typed = str(card.get("typed", ""))
    return read_words(typed) or " ".join(typed.split()).lower()


def _seal(asked_round: Round, key: _PaperKey, bare: str, typed: Typed) -> None:
    standing = slip_standing(bare)
    letter = seal_letter(
        {"instrument": asked_round.survey.instrument_id, "answers": typed["answers"]},
        standing.recipient,
        standing.size,
    )
    secret = key.secret(bare)
    card = b""
    if standing.card_recipient:
        # The words on the half that was kept are this person's card the next time.
        content = card_content(secret=secret, card=typed["card"])
        card = seal_card(content, standing.card_recipient)
    digest = receipt_digest(words_of(secret), standing.receipt_salt)
    # One slip is one answer, and whether this one had been used before is nobody's to know.
    with suppress(SlipUsed):
        vault.receive(code=bare, sealed=letter, receipt_digest=digest, card=card)


class _PaperKey:
    """The key of a round's paper answers: a file outside the database, gone after the close."""

    def __init__(self, identity: pyrage.x25519.Identity) -> None:
        self._identity = identity
        self._secret = str(identity).encode()

    @classmethod
    def of(cls, round_ref: UUID) -> _PaperKey:
        """Return the round's key, made on first use and readable by this account only."""
        path = cls._path(round_ref)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = str(pyrage.x25519.Identity.generate()).encode()
            with (
                suppress(FileExistsError),
                os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as f,
            ):
                f.write(fresh)
                f.flush()
                os.fsync(f.fileno())
        return cls(pyrage.x25519.Identity.from_str(path.read_text().strip()))

    @classmethod
    def destroy(cls, round_ref: UUID) -> None:
        """Overwrite and remove the key; done twice is done."""
        path = cls._path(round_ref)
        if path.exists():
            path.write_bytes(b"\0" * path.stat().st_size)
            path.unlink()

    @staticmethod
    def _path(round_ref: UUID) -> Path:
        return Path(settings.TRANSPORT_DIR) / f"paper-{round_ref}.key"

    def digest(self, bare: str) -> str:
        """Return the name under which the typed answer of a slip waits."""
        return hmac.new(self._secret, b"name:" + bare.encode(), hashlib.sha256).hexdigest()

    def words(self, bare: str) -> tuple[str, ...]:
        """Return the words on the kept half of the slip with this code."""
        return words_of(self.secret(bare))

    def secret(self, bare: str) -> bytes:
        """Return what the words on the kept half stand for."""
        drawn = hmac.new(self._secret, b"words:" + bare.encode(), hashlib.sha256).digest()
        return drawn[: ENTROPY_BITS // 8]

    def lock(self, typed: Typed) -> bytes:
        """Return what was typed, readable with the key only."""
        text = json.dumps(dict(typed), ensure_ascii=False).encode()
        return bytes(pyrage.encrypt(text, [self._identity.to_public()]))

    def unlock(self, locked: bytes) -> dict[str, Any]:
        """Return what was locked."""
        read: dict[str, Any] = json.loads(pyrage.decrypt(locked, [self._identity]))
        return read
