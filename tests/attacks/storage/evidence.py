"""What can somebody hold who took everything: databases, backups, keys, logs, and what they saw?

One set of evidence for each engine: several rounds, each with as many groups as a centre has, where
every participant's answer is a number of its own. The attacker knows who came when (``arrivals``:
the true numbers in order of arrival), has the vault's tables as they were while the round was open,
all of it as it is after the close, and the server's own keys. What he wants is each person's number.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connections
from django.test import override_settings

from knutepunkt.responses import actions, keys, queries
from knutepunkt.responses.codes import code_digest
from knutepunkt.responses.models import (
    CoveredAnswer,
    RetiredCode,
    SealedAnswer,
    SealedRound,
    SlipMark,
)
from knutepunkt.responses.receipts import new_words, receipt_digest
from knutepunkt.responses.sealing import open_envelope, seal_letter, uncover
from tests.engines import Engine

ROUNDS, GROUPS, SLIPS = 5, 10, 12
#: Two of the twelve members of each group never answer.
ANSWERING = 10
N = GROUPS * ANSWERING
DAYS = 14


@dataclass(frozen=True)
class Person:
    """Somebody who was handed a slip: when they came (in days), what they answered; or did not."""

    code: str
    group: uuid.UUID
    number: int | None
    came: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A row as the engine keeps it: where it lies, by whom it was written, and its columns."""

    place: int
    transaction: int
    ref: uuid.UUID
    blob: bytes


@dataclass
class Taken:
    """All that was taken of one round."""

    ref: uuid.UUID
    people: list[Person]
    #: Tables of the open round after each quarter of the arrivals.
    backups: list[tuple[list[Row], dict[bytes, bool]]] = field(default_factory=list)
    #: Opened with the transport key, as the live host could before the close.
    live: list[int] = field(default_factory=list)
    after: list[Row] = field(default_factory=list)
    retired: list[bytes] = field(default_factory=list)
    numbers: dict[uuid.UUID, int] = field(default_factory=dict)

    @property
    def arrivals(self) -> list[Person]:
        """Those who answered, in order of arrival."""
        return sorted((p for p in self.people if p.number is not None), key=lambda p: p.came)

    def told(self, rows: Sequence[Row]) -> list[int]:
        """Return the numbers behind rows of the closed round: the attacker holds its key."""
        return [self.numbers[row.ref] for row in rows]


@contextmanager
def gathered(engine: Engine, folder: Path) -> Iterator[list[Taken]]:
    """Let rounds be answered and closed, taking everything there is to take."""
    apart = {"KEY_DIR": folder / "keys", "TRANSPORT_DIR": folder / "transport"}
    with override_settings(**apart), engine.fresh():
        yield [_round(engine, random.Random(seed)) for seed in range(ROUNDS)]


def _round(engine: Engine, chance: random.Random) -> Taken:
    ref = uuid.uuid4()
    actions.open_round(round_ref=ref)
    taken = Taken(ref, _people(ref, chance))
    facts = queries.sealing_facts(ref)
    for at, person in enumerate(taken.arrivals, start=1):
        content: dict[str, object] = {"answers": {"NUM": person.number}}
        actions.receive(
            code=person.code,
            sealed=seal_letter(content, facts.recipient, facts.size),
            receipt_digest=receipt_digest(person.words, facts.receipt_salt),
        )
        if at % (N // 4) == 0:
            slips = SlipMark.objects.filter(round_ref=ref).values_list("code_digest", "is_used")
            taken.backups.append((rows_of(engine, CoveredAnswer, ref), _slips(slips)))
    taken.live = _seen_live(taken.backups[-1][0], ref)
    actions.close_round(round_ref=ref)
    taken.after = rows_of(engine, SealedAnswer, ref)
    place = "ctid" if engine.cluster else "rowid"
    with connections["vault"].cursor() as cursor:
        cursor.execute(
            f"SELECT code_digest FROM {RetiredCode._meta.db_table} "
            f"WHERE round_ref = %s ORDER BY {place}",
            [ref if engine.cluster else ref.hex],
        )
        taken.retired = [bytes(digest) for (digest,) in cursor.fetchall()]
    taken.numbers = _opened(taken)
    return taken


def _slips(rows: Any) -> dict[bytes, bool]:
    return {bytes(digest): used for digest, used in rows}


def _people(ref: uuid.UUID, chance: random.Random) -> list[Person]:
    numbers = iter(chance.sample(range(N), N))
    people = []
    for _group in range(GROUPS):
        group = uuid.uuid4()
        codes = actions.hand_out(round_ref=ref, group_ref=group, count=SLIPS)
        for at, code in enumerate(codes):
            number = next(numbers) if at < ANSWERING else None
            people.append(Person(code, group, number, chance.uniform(0, DAYS), new_words()))
    return people


def rows_of(engine: Engine, kind: Any, ref: uuid.UUID) -> list[Row]:
    """Return a round's rows in the order in which the engine keeps them."""
    place, transaction = ("ctid", "xmin::text::bigint") if engine.cluster else ("rowid", "0")
    with connections["vault"].cursor() as cursor:
        cursor.execute(
            f"SELECT id, sealed, {transaction} FROM {kind._meta.db_table} "
            f"WHERE round_ref = %s ORDER BY {place}",
            [ref if engine.cluster else ref.hex],
        )
        found = cursor.fetchall()
    return [
        Row(at, xmin, uuid.UUID(str(ref)), bytes(blob))
        for at, (ref, blob, xmin) in enumerate(found)
    ]


def _seen_live(rows: list[Row], ref: uuid.UUID) -> list[int]:
    transport = keys.transport_identity(ref)
    key = keys.unwrap_identity(bytes(SealedRound.objects.get(round_ref=ref).wrapped_identity))
    return [_number(open_envelope(row.ref, uncover(row.blob, transport), key)) for row in rows]


def _opened(taken: Taken) -> dict[uuid.UUID, int]:
    opened = queries.opened_answers(taken.ref)
    return {answer.answer_ref: _number(answer) for answer in opened.answers}


def _number(answer: Any) -> int:
    return int(answer.content["answers"]["NUM"])


def digest_of(person: Person) -> bytes:
    """Return what the vault keeps of a slip; the attacker has the slip key and noted the codes."""
    return code_digest(person.code.replace("-", ""))
