"""What does the evaluation read of a study that follows people, and with which key?"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from uuid import UUID

from knutepunkt.responses.keys import unwrap_identity
from knutepunkt.responses.models import DeletionRequest, FollowedStudy, SealedCard
from knutepunkt.responses.queries import sealed_round
from knutepunkt.responses.receipts import near_words, receipt_digest, words_of
from knutepunkt.responses.refusals import KeyMissing, NotSealed
from knutepunkt.responses.sealing import open_card, open_text

CARD_BYTES = 8


@dataclass(frozen=True)
class OpenedCard:
    """What a second letter held. It prints nothing of it.

    Attributes:
        cards: the card given in this round and the one typed again, as words.
        about: answers about oneself, None where there is none.
        wants_out: whether one of the cards stands in the queue of those who want to leave.
    """

    cards: frozenset[tuple[str, ...]] = field(repr=False)
    about: tuple[str | None, ...] = field(repr=False)
    wants_out: bool


@dataclass(frozen=True)
class StudyStanding:
    """Whether a study still has its key, and whether links are kept."""

    has_key: bool
    has_links: bool


def study_standing(study_ref: UUID) -> StudyStanding | None:
    """Say where a study stands; None where the vault follows nobody for it."""
    study = FollowedStudy.objects.filter(study_ref=study_ref).first()
    if study is None:
        return None
    return StudyStanding(bool(study.wrapped_identity), bool(study.links))


def opened_cards(
    study_ref: UUID, round_ref: UUID, *, elements: int, identity: str | None = None
) -> dict[UUID, OpenedCard]:
    """Open the second letters of a closed round, by answer. To link, and for nothing else.

    What cannot be opened or is no card is left out: its answer stays, and stands alone. Raises
    ``KeyMissing`` where the study's key lies elsewhere or is destroyed.
    """
    study = FollowedStudy.objects.get(study_ref=study_ref)
    if not study.wrapped_identity:
        raise KeyMissing()
    key = unwrap_identity(bytes(study.wrapped_identity), identity)
    queue = {
        bytes(digest)
        for digest in DeletionRequest.objects.filter(study_ref=study_ref).values_list(
            "card_digest", flat=True
        )
    }
    opened: dict[UUID, OpenedCard] = {}
    for row in SealedCard.objects.filter(round_ref=round_ref).iterator(chunk_size=500):
        try:
            content = open_card(bytes(row.sealed), key)
        except NotSealed:
            continue
        cards = _cards(content)
        salt = bytes(study.card_salt)
        wants_out = bool(queue) and any(receipt_digest(card, salt) in queue for card in cards)
        opened[row.answer_ref] = OpenedCard(cards, _about(content, elements), wants_out)
    return opened


def kept_links(study_ref: UUID, identity: str | None = None) -> bytes:
    """Return the links of a study as they were handed in; empty where there are none yet."""
    study = FollowedStudy.objects.filter(study_ref=study_ref).first()
    if study is None or not study.links or study.links_round_ref is None:
        return b""
    wrapped = bytes(sealed_round(study.links_round_ref).wrapped_identity)
    if not wrapped:
        raise KeyMissing()
    return open_text(bytes(study.links), unwrap_identity(wrapped, identity))


def _cards(content: dict[str, object]) -> frozenset[tuple[str, ...]]:
    found = set()
    own, typed = content.get("own"), content.get("typed")
    if isinstance(own, str) and len(own) == 2 * CARD_BYTES:
        with contextlib.suppress(ValueError):
            found.add(words_of(bytes.fromhex(own)))
    if isinstance(typed, str) and typed.strip():
        found.add(near_words(typed))
    return frozenset(found)


def _about(content: dict[str, object], elements: int) -> tuple[str | None, ...]:
    given = content.get("about")
    if not isinstance(given, list) or len(given) != elements:
        return (None,) * elements
    return tuple(one if isinstance(one, str) and one else None for one in given)
