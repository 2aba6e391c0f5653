"""A12, A14, A16, A17, A27: attackers who hold the storage and want to join a person to an answer.

Judged after the close. Every participant's answer is a number of its own, so a right guess is never
luck of a common answer: chance is one in the number of participants.

A12: the time of a visit is known to 5 minutes, an hour or half a day.
A14: the order of arrival is known; rows have an order, names and numbers of transactions.
A16: somebody's card of words is known, or its owner is made to prove something with it.
A17: backups from while the round was open, laid beside the tables after the close.
A27: all of it together with the server's keys: which slip was used, and what did its owner answer?
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from knutepunkt.responses import actions, refusals
from knutepunkt.responses.models import CoveredAnswer, SealedRound
from knutepunkt.responses.receipts import new_words, receipt_digest
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds
from tests.attacks.storage.conftest import Evidence
from tests.attacks.storage.evidence import DAYS, N, Person, Row, Taken, digest_of

HOURS = {"5 minutes": 1 / 12, "1 hour": 1.0, "12 hours": 12.0}
LIVE = "an open round, seen by its live host"


def hits_by_rank(people: Sequence[Person], numbers: Sequence[int]) -> int:
    """Give the first who came the first row, and so on; return how many got their own."""
    return sum(person.number == number for person, number in zip(people, numbers, strict=True))


ORDERS: dict[str, Callable[[Row], object]] = {
    "place": lambda row: row.place,
    "place backwards": lambda row: -row.place,
    "transaction, then place": lambda row: (row.transaction, row.place),
    "name": lambda row: row.ref.bytes,
    "first bytes": lambda row: row.blob[:64],
    "last bytes": lambda row: row.blob[::-1],
    "length": lambda row: (len(row.blob), row.place),
}


def best_order(evidence: Sequence[Taken]) -> int:
    """Return the hits of the order that serves the attacker best over all rounds."""
    return max(
        sum(
            hits_by_rank(taken.arrivals, taken.told(sorted(taken.after, key=order)))  # type: ignore[arg-type]
            for taken in evidence
        )
        for order in ORDERS.values()
    )


def test_a14_order_of_rows_says_nothing_about_order_of_arrival(evidence: Evidence) -> None:
    says = "join by the order, names and transactions of rows"
    tries = N * len(evidence)
    assert_harmless(Measured("A14", says, tries, best_order(evidence), 1 / N, 0, evidence.against))


def test_a14_has_teeth_against_rows_in_order_of_arrival(evidence: Evidence) -> None:
    hits = sum(hits_by_rank(taken.arrivals, taken.live) for taken in evidence)
    says = "join by the order of rows"
    measured = Measured("A14", says, N * len(evidence), hits, 1 / N, hits, LIVE)
    assert_succeeds(measured)
    assert hits == measured.tries, "before the close the live host could join; we say so"


@pytest.mark.parametrize("known_to", HOURS)
def test_a12_a_known_time_finds_no_row(evidence: Evidence, known_to: str) -> None:
    """He lays the rows out over the round's days and takes one that falls within what he knows."""
    chance, hits, hits_hour, tries = random.Random(12), 0, 0, 0
    for taken in evidence:
        numbers = taken.told(taken.after)
        for person in taken.arrivals:
            window = int(person.came * 24 / HOURS[known_to])
            laid = [
                number
                for at, number in enumerate(numbers)
                if int((at + 0.5) / N * DAYS * 24 / HOURS[known_to]) == window
            ]
            hits += chance.choice(laid or numbers) == person.number
            same = [p for p in taken.arrivals if int(p.came * 24 / HOURS[known_to]) == window]
            hits_hour += chance.choice(same) == person
            tries += 1
    says = f"find the row of somebody whose time is known to {known_to}"
    assert_harmless(Measured("A12", says, tries, hits, 1 / N, 0, evidence.against))
    stored = Measured("A12", says, tries, hits_hour, 1 / N, 0, f"times stored to {known_to}")
    assert_succeeds(stored, exact=False)


def likeness(covered: Row, sealed: Row) -> int:
    """Count bytes that are the same at the same place from either end: a badly made cover shows."""
    ends = (covered.blob, sealed.blob), (covered.blob[::-1], sealed.blob[::-1])
    return sum(
        a == b for left, right in ends for a, b in zip(left[:400], right[:400], strict=False)
    )


def test_a17_backups_of_the_open_round_join_nothing(evidence: Evidence) -> None:
    """From backups he knows each covered row's quarter; he looks for the sealed row most like it."""
    hits = tries = exact = 0
    for taken in evidence:
        known: set[object] = set()
        came = iter(taken.arrivals)
        for rows, _slips in taken.backups:
            fresh = [row for row in rows if row.ref not in known]
            known |= {row.ref for row in fresh}
            for row in fresh:
                person = next(came)
                exact += sum(
                    row.blob[at : at + 48] in other.blob
                    for at in (0, 300, 6000, 12000)
                    for other in taken.after
                    if row.blob[at : at + 48].strip(b"\0")
                )
                guess = max(taken.after, key=lambda other, row=row: likeness(row, other))  # type: ignore[misc]
                hits += taken.numbers[guess.ref] == person.number
                tries += 1
    says = "join backups of the open round with the vault after the close"
    assert_harmless(Measured("A17", says, tries, hits, 1 / N, exact, evidence.against))


def test_a17_has_teeth_against_answers_without_a_cover(evidence: Evidence) -> None:
    """Were the envelope stored as it is and only the order changed, a backup would join it."""
    hits = 0
    for taken in evidence:
        for row in taken.after:
            guess = max(taken.after, key=lambda other, row=row: likeness(row, other))  # type: ignore[misc]
            hits += guess.ref == row.ref
    says = "join backups of the open round with the vault after the close"
    assert_succeeds(
        Measured("A17", says, N * len(evidence), hits, 1 / N, hits, "no transport cover")
    )


def test_a27_keys_and_codes_do_not_tell_who_answered(evidence: Evidence) -> None:
    """He noted every code and has the slip key: which of a group's slips were used?

    He takes those whose retired code lies first, last, or in the middle, whichever serves best.
    """
    answering = sum(person.number is not None for person in evidence[0].people)
    base = answering / len(evidence[0].people)
    found: dict[str, int] = {"first": 0, "last": 0, "middle": 0}
    tries = 0
    for taken in evidence:
        place = {digest: at for at, digest in enumerate(taken.retired)}
        assert len(place) == len(taken.people), "used and unused slips are kept alike"
        for person in taken.people:
            at, is_used = place[digest_of(person)], person.number is not None
            n = len(place)
            for says, used in (
                ("first", at < answering),
                ("last", at >= n - answering),
                ("middle", abs(at - n / 2) <= answering / 2),
            ):
                found[says] += used == is_used
            tries += 1
    chance = base * base + (1 - base) * (1 - base)
    says = "tell from databases and keys whether a known slip was used"
    tolerance = Measured("A27", says, tries, max(found.values()), chance, 0, evidence.against)
    # Of three guesses the best is told; each alone has a standard error of two points.
    tolerance.write_down()
    assert tolerance.advantage <= 0.02 + 2 * tolerance.half_width


def test_a27_keys_and_codes_do_not_tell_what_somebody_answered(evidence: Evidence) -> None:
    hits = 0
    for taken in evidence:
        place = {digest: at for at, digest in enumerate(taken.retired)}
        by_slip = sorted(taken.arrivals, key=lambda person: place[digest_of(person)])
        hits += hits_by_rank(by_slip, taken.told(taken.after))
    says = "tell from databases, keys and codes what the owner of a slip answered"
    tries = N * len(evidence)
    assert_harmless(Measured("A27", says, tries, hits, 1 / N, 0, evidence.against))


def test_a16_a_card_of_words_proves_and_reads_nothing_after_the_close(evidence: Evidence) -> None:
    """Somebody is made to show a card: the true one or one just drawn. The server cannot tell."""
    chance, hits, tries = random.Random(16), 0, 0
    for taken in evidence:
        for person in taken.arrivals[:20]:
            is_true = chance.random() < 0.5
            words = person.words if is_true else new_words()
            try:
                actions.withdraw(words=" ".join(words), round_ref=taken.ref)
                says_true = True
            except refusals.WordsUnknown:
                says_true = False
            hits += says_true == is_true
            tries += 1
    truly = random.Random(16)
    base = sum(truly.random() >= 0.5 for _ in range(tries)) / tries
    says = "tell a true card of words from a false one after the close"
    assert_harmless(Measured("A16", says, tries, hits, base, 0, evidence.against))


def test_a16_a_card_of_words_finds_no_row_after_the_close(evidence: Evidence) -> None:
    """He makes the card's digest as the server does, from the round's salt, and looks for it."""
    hits = tries = 0
    for taken in evidence:
        salt = bytes(SealedRound.objects.get(round_ref=taken.ref).receipt_salt)
        for person in taken.arrivals[:10]:
            digest = receipt_digest(person.words, salt)
            hits += CoveredAnswer.objects.filter(receipt_digest=digest).exists()
            hits += sum(digest in row.blob for row in taken.after)
            tries += 1
    says = "find the answer that belongs to a card of words"
    assert_harmless(Measured("A16", says, tries, hits, 1 / N, hits, evidence.against))
