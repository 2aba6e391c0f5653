"""An open round, and people who answer it with or without a browser's help."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

from knutepunkt.responses import actions, queries
from knutepunkt.responses.receipts import new_words, receipt_digest
from knutepunkt.responses.sealing import seal_letter


@dataclass
class Visit:
    """One participant with a slip, a card of words and an answer."""

    code: str
    content: dict[str, object]
    words: tuple[str, ...] = field(default_factory=new_words)

    def send(self) -> actions.Delivery:
        """Seal the answer as the page does and send it."""
        standing = queries.slip_standing(self.code)
        return actions.receive(
            code=self.code,
            sealed=seal_letter(self.content, standing.recipient, standing.size),
            receipt_digest=receipt_digest(self.words, standing.receipt_salt),
        )


@dataclass
class Asked:
    """A round with groups and unused slips."""

    ref: uuid.UUID
    codes: dict[uuid.UUID, list[str]]

    def visits(self) -> list[Visit]:
        """Return one visit for each slip; each answer carries its own number."""
        codes = [code for group in self.codes.values() for code in group]
        return [Visit(code, {"answers": {"NUM": at}}) for at, code in enumerate(codes)]

    def visit(self, group: int = 0, slip: int = 0, **content: object) -> Visit:
        """Return the visit of whoever drew this slip."""
        codes = self.codes[list(self.codes)[group]]
        return Visit(codes[slip], content or {"answers": {"BEN1": 4}})

    def close(self) -> list[int]:
        """Close the round; return the numbers of the answers in it."""
        actions.close_round(round_ref=self.ref)
        return numbers(self.ref)


def numbers(ref: uuid.UUID) -> list[int]:
    """Return the numbers of a closed round's answers."""
    found: list[int] = []
    for answer in queries.opened_answers(ref).answers:
        content: Any = answer.content["answers"]
        found.append(content["NUM"])
    return found


def ask(*, groups: int = 3, slips: int = 8, kind: str = "slip") -> Asked:
    """Open a round and hand out slips."""
    ref = uuid.uuid4()
    actions.open_round(round_ref=ref)
    handed = {
        group: actions.hand_out(round_ref=ref, group_ref=group, count=slips, kind=kind)
        for group in (uuid.uuid4() for _ in range(groups))
    }
    return Asked(ref, handed)


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do everything at the same moment in threads; return results, or what was raised, in order."""
    outcomes: list[Any] = [None] * len(acts)
    ready = threading.Barrier(len(acts))

    def run(at: int, act: Callable[[], Any]) -> None:
        ready.wait()
        try:
            outcomes[at] = act()
        except Exception as raised:
            outcomes[at] = raised
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
