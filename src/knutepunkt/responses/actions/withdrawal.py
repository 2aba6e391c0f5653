"""How is an answer taken back while the round is open?"""

from __future__ import annotations

from uuid import UUID

from django.db import OperationalError

from knutepunkt.responses.models import CoveredAnswer, SealedRound
from knutepunkt.responses.receipts import read_words, receipt_digest
from knutepunkt.responses.refusals import VaultBusy, WordsUnknown
from knutepunkt.responses.writer import writer


def withdraw(*, words: str, round_ref: UUID | None = None) -> UUID:
    """Mark the answer with these words as withdrawn and return its round; done twice is done.

    Without ``round_ref`` every open round is tried: the words do not say which one they belong to.
    The mark takes effect with all others at the close. Raises ``WordsUnknown`` in every other case,
    whether the words are mistyped or the round is closed: the vault does not know which.
    """
    meant = read_words(words)
    if meant is None:
        raise WordsUnknown()
    rounds = SealedRound.objects.filter(is_open=True)
    if round_ref is not None:
        rounds = rounds.filter(round_ref=round_ref)
    for sought in rounds.only("round_ref", "receipt_salt"):
        digest = receipt_digest(meant, bytes(sought.receipt_salt))
        if _mark(sought.round_ref, digest):
            return sought.round_ref
    raise WordsUnknown()


def _mark(round_ref: UUID, digest: bytes) -> bool:
    answer = CoveredAnswer.objects.filter(round_ref=round_ref, receipt_digest=digest)
    if not answer.exists():
        return False
    try:
        return writer.write(lambda: bool(answer.update(is_withdrawn=True)))
    except OperationalError as refused:
        raise VaultBusy() from refused
