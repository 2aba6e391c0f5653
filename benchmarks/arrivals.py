"""What does a crowd of participants look like, and how long does each of them wait?

Open loop: visits begin at moments drawn beforehand (a Poisson process), whether or not earlier ones
have been answered, and a request's time counts from the moment it was due. A visit is a connection
of its own, a GET of the whole questionnaire and a POST of a sealed answer. Letters are sealed
beforehand, as browsers would; each visit has its own slip and its own receipt.
"""

from __future__ import annotations

import asyncio
import base64
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.served import Seeded

#: Somebody who is not answered for so long has not been answered.
PATIENCE = 30.0
HEAD_END = b"\r\n\r\n"


@dataclass
class Tally:
    """What happened: seconds of each request, outcomes, and what the driver itself used."""

    gets: list[float] = field(default_factory=list)
    posts: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    driver_cpu: float = 0.0
    bytes_got: int = 0

    @property
    def delivered(self) -> int:
        """How many visits were acknowledged."""
        return self.outcomes["delivered"]


def quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile in milliseconds."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0


class Crowd:
    """Everybody who visits in one run."""

    def __init__(self, seeded: Seeded, port: int, *, rate: float, letters: int = 64) -> None:
        self.seeded, self.port, self.rate = seeded, port, rate
        answers = {f"BEN{item}": 3 for item in range(1, 3)}
        self.letters = [self._letter(answers) for _ in range(letters)]
        self.tally = Tally()

    def _letter(self, answers: dict[str, int]) -> bytes:
        body = self.seeded.letter(answers)
        return body.split(b'"letter": "', 1)[1].split(b'"', 1)[0]

    def run(self, codes: Sequence[str], *, seed: int) -> Tally:
        """Let a visit with each code arrive; return when everybody has been answered."""
        moments = random.Random(seed)
        at, due = 0.0, []
        for code in codes:
            at += moments.expovariate(self.rate)
            due.append((at, code))
        before, began = time.process_time(), time.perf_counter()
        asyncio.run(self._all(due))
        self.tally.seconds = time.perf_counter() - began
        self.tally.driver_cpu = time.process_time() - before
        return self.tally

    async def _all(self, due: Sequence[tuple[float, str]]) -> None:
        start = time.perf_counter()
        under_way = set()
        for at, code in due:
            wait = start + at - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            task = asyncio.create_task(self._visit(code, start + at))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)

    async def _visit(self, code: str, due: float) -> None:
        try:
            self.tally.outcomes[await asyncio.wait_for(self._ask(code, due), PATIENCE)] += 1
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as failed:
            self.tally.outcomes[type(failed).__name__] += 1

    async def _ask(self, code: str, due: float) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(b"GET /s/%b?vis=alt HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % code.encode())
            status, page = await self._read(reader)
            self.tally.gets.append(time.perf_counter() - due)
            if status != 200 or b"<form" not in page:
                return f"GET {status}"
            sent = time.perf_counter()
            writer.write(self._post(code))
            status, answer = await self._read(reader)
            self.tally.posts.append(time.perf_counter() - sent)
            return "delivered" if status == 200 and b'"delivered"' in answer else f"POST {status}"
        finally:
            writer.close()

    def _post(self, code: str) -> bytes:
        digest = base64.b64encode(os.urandom(32))
        body = b'{"letter": "%b", "digest": "%b"}' % (random.choice(self.letters), digest)
        return (
            b"POST /s/%b HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (code.encode(), len(body), body)
        )

    async def _read(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        head = await reader.readuntil(HEAD_END)
        lowered = head.lower()
        length = int(lowered.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        body = await reader.readexactly(length)
        self.tally.bytes_got += len(head) + length
        return int(head.split(b" ", 2)[1]), body
