"""Is the second letter kept apart, opened only with the study's key, and gone when it has served?"""

from __future__ import annotations

import json
import sqlite3
import uuid
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.db import connections

from knutepunkt.responses import actions, queries, refusals
from knutepunkt.responses.keys import unwrap_identity
from knutepunkt.responses.models import (
    CoveredAnswer,
    DeletionRequest,
    FollowedStudy,
    SealedCard,
    SealedRound,
)
from knutepunkt.responses.queries.following import kept_links, opened_cards, study_standing
from knutepunkt.responses.receipts import new_words, receipt_digest, words_of
from knutepunkt.responses.sealing import CARD_SIZE, letter_size, open_card, seal_card, seal_letter

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

OWN = bytes(range(8))
ABOUT = ["b", "n", "17", "5", "1", None, "40", "3"]
SECRET = "unngåelig-sjelden"


class Study:
    """A followed study with one open round."""

    def __init__(self, **opened: Any) -> None:
        self.ref, self.round = uuid.uuid4(), uuid.uuid4()
        self.codes = self.open(self.round, **opened)

    def open(self, round_ref: uuid.UUID, **opened: Any) -> list[str]:
        actions.open_round(round_ref=round_ref, study_ref=self.ref, **opened)
        return actions.hand_out(round_ref=round_ref, group_ref=uuid.uuid4(), count=8)

    def send(self, at: int, card: dict[str, object] | None = None) -> tuple[str, ...]:
        words = new_words()
        standing = queries.slip_standing(self.codes[at])
        actions.receive(
            code=self.codes[at],
            sealed=seal_letter({"answers": {"NUM": at}}, standing.recipient, standing.size),
            receipt_digest=receipt_digest(words, standing.receipt_salt),
            card=b"" if card is None else seal_card(card, standing.card_recipient),
        )
        return words

    def cards(self, identity: str | None = None) -> list[Any]:
        return list(opened_cards(self.ref, self.round, elements=8, identity=identity).values())


def card(**more: object) -> dict[str, object]:
    return {"form": 1, "own": OWN.hex(), "typed": "", "about": ABOUT, **more}


def test_cards_come_out_beside_their_answers_after_the_close() -> None:
    study = Study()
    for at in range(3):
        study.send(at, card(own=bytes([at] * 8).hex()))
    actions.close_round(round_ref=study.round)
    opened = opened_cards(study.ref, study.round, elements=8)
    for answer in queries.opened_answers(study.round).answers:
        number = answer.content["answers"]["NUM"]  # type: ignore[index]
        assert opened[answer.answer_ref].cards == {words_of(bytes([number] * 8))}
        assert opened[answer.answer_ref].about == tuple(ABOUT)


def test_having_a_card_does_not_show() -> None:
    study = Study()
    study.send(0, card())
    study.send(1)
    assert len({len(bytes(row.card)) for row in CoveredAnswer.objects.all()}) == 1
    actions.close_round(round_ref=study.round)
    assert {len(bytes(row.sealed)) for row in SealedCard.objects.all()} == {letter_size(CARD_SIZE)}
    assert sorted(len(one.cards) for one in study.cards()) == [0, 1]


def test_a_round_that_follows_nobody_keeps_no_card() -> None:
    ref = uuid.uuid4()
    actions.open_round(round_ref=ref)
    (code,) = actions.hand_out(round_ref=ref, group_ref=uuid.uuid4(), count=1)
    standing = queries.slip_standing(code)
    assert standing.card_recipient == ""
    stranger = str(pyrage.x25519.Identity.generate().to_public())
    actions.receive(
        code=code,
        sealed=seal_letter({}, standing.recipient, standing.size),
        receipt_digest=bytes(32),
        card=seal_card(card(), stranger),
    )
    assert bytes(CoveredAnswer.objects.get().card) == b""
    actions.close_round(round_ref=ref)
    assert not SealedCard.objects.exists()
    assert not FollowedStudy.objects.exists()


@pytest.mark.parametrize("sent", [b"no letter", b"age-encryption.org/v1\n" + b"x" * 4000])
def test_what_is_no_card_is_refused_and_the_slip_stays_unused(sent: bytes) -> None:
    study = Study()
    standing = queries.slip_standing(study.codes[0])
    with pytest.raises((refusals.NotSealed, refusals.AnswerTooLong)):
        actions.receive(
            code=study.codes[0],
            sealed=seal_letter({}, standing.recipient, standing.size),
            receipt_digest=bytes(32),
            card=sent,
        )
    assert not queries.slip_standing(study.codes[0]).is_used


@pytest.mark.parametrize(
    "content",
    [{"own": 5, "typed": ["x"], "about": "x"}, {"own": "zz" * 8, "about": [1] * 8}, {"about": []}],
)
def test_a_card_with_nonsense_links_nobody(content: dict[str, object]) -> None:
    study = Study()
    study.send(0, content)
    actions.close_round(round_ref=study.round)
    (found,) = study.cards()
    assert found.cards == frozenset()
    assert found.about == (None,) * 8


def test_the_round_key_and_a_stranger_open_no_card() -> None:
    study = Study()
    study.send(0, card())
    actions.close_round(round_ref=study.round)
    with pytest.raises(refusals.KeyMissing):
        study.cards(str(pyrage.x25519.Identity.generate()))
    kept = SealedRound.objects.get()
    key = unwrap_identity(bytes(kept.wrapped_identity))
    with pytest.raises(refusals.NotSealed):
        open_card(bytes(SealedCard.objects.get().sealed), key)


def test_with_an_evaluator_the_server_opens_no_card() -> None:
    evaluator = pyrage.x25519.Identity.generate()
    study = Study(evaluators=[str(evaluator.to_public())])
    study.send(0, card())
    actions.close_round(round_ref=study.round)
    with pytest.raises(refusals.KeyMissing):
        study.cards()
    (found,) = study.cards(str(evaluator))
    assert found.about == tuple(ABOUT)


def test_a_second_round_shares_the_key_and_one_after_the_last_follows_nobody() -> None:
    study = Study()
    study.open(uuid.uuid4())
    assert FollowedStudy.objects.count() == 1
    actions.destroy_cards(study_ref=study.ref)
    late = uuid.uuid4()
    codes = study.open(late)
    assert queries.slip_standing(codes[0]).card_recipient == ""
    assert SealedRound.objects.get(round_ref=late).study_ref is None


def test_links_are_sealed_to_the_round_and_end_with_it() -> None:
    study = Study()
    study.send(0, card())
    actions.close_round(round_ref=study.round)
    actions.keep_links(study_ref=study.ref, round_ref=study.round, links=b"who is whom")
    assert b"who is whom" not in bytes(FollowedStudy.objects.get().links)
    assert kept_links(study.ref) == b"who is whom"
    assert study_standing(study.ref).has_links  # type: ignore[union-attr]
    actions.destroy_round(round_ref=study.round)
    assert not SealedCard.objects.exists()
    with pytest.raises(refusals.KeyMissing):
        kept_links(study.ref)


def test_nothing_is_left_of_cards_in_the_database_once_destroyed() -> None:
    study = Study()
    study.send(0, card())
    actions.close_round(round_ref=study.round)
    sealed = bytes(SealedCard.objects.get().sealed)
    wrapped = bytes(FollowedStudy.objects.get().wrapped_identity)
    actions.queue_deletion(words=" ".join(words_of(OWN)))
    actions.destroy_cards(study_ref=study.ref)
    actions.destroy_cards(study_ref=study.ref)
    assert not SealedCard.objects.exists()
    assert not DeletionRequest.objects.exists()
    dump = b"".join(_everything())
    assert sealed[64:128] not in dump
    assert wrapped[64:128] not in dump
    with pytest.raises(refusals.KeyMissing):
        study.cards()


def test_what_was_said_about_oneself_is_nowhere_to_be_read() -> None:
    study = Study()
    study.send(0, card(typed=SECRET, about=[SECRET] * 8))
    before = b"".join(_everything())
    actions.close_round(round_ref=study.round)
    after = b"".join(_everything())
    for text in (SECRET, OWN.hex(), *words_of(OWN)[:1]):
        for form in (text.encode(), json.dumps(text).encode(), text.encode("utf-16-le")):
            assert form not in before
            assert form not in after


def _everything() -> list[bytes]:
    """All bytes of the vault: pages of the file, or of the one in memory."""
    connection: Any = connections["vault"]
    name = str(connection.settings_dict["NAME"])
    if Path(name).exists():
        return [path.read_bytes() for path in Path(name).parent.glob(Path(name).name + "*")]
    raw: sqlite3.Connection = connection.connection
    return [bytes(raw.serialize())]


def test_a_card_in_the_queue_is_found_and_deleted_with_its_answer() -> None:
    study = Study()
    for at in range(3):
        study.send(at, card(own=bytes([at] * 8).hex()))
    actions.close_round(round_ref=study.round)
    words = " ".join(words_of(bytes([1] * 8)))
    actions.queue_deletion(words=words)
    actions.queue_deletion(words=words.upper())
    assert DeletionRequest.objects.count() == 1
    leaving = [
        ref
        for ref, one in opened_cards(study.ref, study.round, elements=8).items()
        if one.wants_out
    ]
    actions.delete_answers(answer_refs=leaving)
    left = queries.opened_answers(study.round).answers
    assert sorted(one.content["answers"]["NUM"] for one in left) == [0, 2]  # type: ignore[index]
    assert SealedCard.objects.count() == 2


@pytest.mark.parametrize("words", ["", "ikke et kort", "fjell " * 7])
def test_words_that_are_no_card_are_not_queued(words: str) -> None:
    Study()
    with pytest.raises(refusals.WordsUnknown):
        actions.queue_deletion(words=words)


def test_without_a_followed_study_there_is_no_queue() -> None:
    with pytest.raises(refusals.WordsUnknown):
        actions.queue_deletion(words=" ".join(words_of(OWN)))
    assert not DeletionRequest.objects.exists()
