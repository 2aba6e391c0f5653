"""How is an answer taken back: at once while the round is open, in a queue where people are followed?"""

from __future__ import annotations

from uuid import UUID

from knutepunkt.responses.models import CoveredAnswer, DeletionRequest, FollowedStudy, SealedRound
from knutepunkt.responses.receipts import read_words, receipt_digest
from knutepunkt.responses.refusals import NotWithdrawnNow, WordsUnknown
from knutepunkt.responses.writer import writer
from knutepunkt.shared.databases import UNREACHED


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
    except UNREACHED as refused:
        raise NotWithdrawnNow() from refused


def queue_deletion(*, words: str) -> None:
    """Put a card in the queue of those who want to leave a study that follows people.

    The vault cannot tell here whose card it is: cards are opened only to link. So the card stands in
    the queue of every such study that still has its key, as a slow digest bound to the study, and
    concerns those where it is found when rounds are linked. Done twice is done. Raises
    ``WordsUnknown`` where the words are mistyped or no study follows anybody.
    """
    meant = read_words(words)
    if meant is None:
        raise WordsUnknown()
    studies = list(FollowedStudy.objects.exclude(wrapped_identity=b""))
    if not studies:
        raise WordsUnknown()
    wanted = [
        DeletionRequest(
            study_ref=study.study_ref,
            card_digest=receipt_digest(meant, bytes(study.card_salt)),
        )
        for study in studies
    ]
    try:
        writer.write(lambda: DeletionRequest.objects.bulk_create(wanted, ignore_conflicts=True))
    except UNREACHED as refused:
        raise NotWithdrawnNow() from refused
