"""Send malformed requests to the real server, and see what it does and what it writes.

Run: python -m tests.attacks.server.malformed --until 100000 --state var/malformed.jsonl

Requests come in lots, each from a seed of its own. A lot is written down when it is through; started
again, the run goes on where it was. Exit 1 where the server failed or wrote of what it was sent.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import socket
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.served import Seeded, Served

MARK = "Merket-innhold"
LOT = 2000
SENDERS = 8
#: Seconds a sender waits for an answer on an open line.
PATIENCE = 10


@dataclass(frozen=True)
class Lot:
    """What a lot of requests came to: answers by status (0: the server hung up), and what was bad."""

    seed: int
    sent: int
    statuses: dict[str, int]
    failed: list[str] = field(default_factory=list)
    is_written: bool = False

    @property
    def is_sound(self) -> bool:
        """Say whether nothing failed and nothing that was sent stands in the log."""
        return not self.failed and not self.is_written


def malformed(chance: random.Random, code: str) -> bytes:
    """Return a request with something wrong in it, marked so that it can be found again."""
    method = chance.choice(["GET", "POST", "PUT", "POST", "BREW", "HEAD", ""])
    path = chance.choice(
        [f"/s/{code}", "/s/", f"/s/{MARK}", "/angre/", "/", f"/s/{code}?vis=%ff%fe&lang={MARK}",
         f"/s/{'A' * chance.choice([100, 9000])}", "//s//", "/s/%00", "*", f"http://x/s/{code}"]
    )  # fmt: skip
    body = chance.choice(
        [b"", b"{", b'{"letter": "%s"}' % MARK.encode(), b'{"letter": 1, "digest": null}',
         b"[" * 5000, chance.randbytes(chance.randrange(400)), b"go=send&FRI1=%s" % MARK.encode(),
         b"slip=%s&state=%s&go=next" % (code.encode(), MARK.encode()), b"slip=%00&lang=" + b"n" * 99,
         b'{"letter": "' + b"A" * chance.choice([10, 22000, 70000]) + b'", "digest": "AAAA"}']
    )  # fmt: skip
    length = chance.choice([str(len(body))] * 5 + ["-1", "x", "99999999999", ""])
    kind = chance.choice(["application/json", "application/x-www-form-urlencoded", "x/y; z", MARK])
    ends = chance.choice(["\r\n"] * 9 + ["\n"])
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Content-Type: {kind}",
        "Connection: close",
    ]
    if length:
        lines.append(f"Content-Length: {length}")
    lines += chance.sample(
        [f"X-{MARK}: 1", "Expect: 100-continue", "Host: annet.example", "Cookie: a=b; sessionid=x",
         "Accept-Language: " + "nb," * 300, "Transfer-Encoding: chunked"], chance.randrange(3)
    )  # fmt: skip
    if chance.random() < 0.1:
        lines[1] = f"Host: {MARK.lower()}.example"
    whole = ends.join([*lines, "", ""]).encode("latin-1") + body
    return whole[: chance.randrange(len(whole))] if chance.random() < 0.1 else whole


def is_whole(request: bytes) -> bool:
    """Say whether the server has all of it, so that it will answer while the line stays open."""
    head, gap, body = request.replace(b"\r\n", b"\n").partition(b"\n\n")
    promised = re.search(rb"\nContent-Length: ?(.*)", head)
    if not gap or b"chunked" in head or not head.startswith((b"GET", b"POST", b"PUT")):
        return False
    return not body if promised is None else promised[1] == str(len(body)).encode()


def status_of(port: int, request: bytes) -> int:
    """Send raw bytes and return the status, or 0 where the server hung up.

    The line is shut on our side only where the server would wait for more: once it is shut, the
    server does not answer any more, and a failure would not be seen.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        try:
            line.sendall(request)
            if not is_whole(request):
                line.shutdown(socket.SHUT_WR)
            head = line.recv(64)
        except OSError:
            return 0
    return int(head[9:12]) if head.startswith(b"HTTP/1.1 ") else 0


def sent(served: Served, seeded: Seeded, *, seed: int, count: int) -> Lot:
    """Send a lot, several at a time; say what came back and whether the log speaks of it."""
    chance = random.Random(seed)
    before = served.log.stat().st_size
    requests = [malformed(chance, seeded.codes[0]) for _ in range(count)]
    with ThreadPoolExecutor(SENDERS) as senders:
        statuses = list(senders.map(lambda request: status_of(served.port, request), requests))
    written = served.log.read_bytes()[before:].decode("utf-8", "replace")
    bare = seeded.codes[0].replace("-", "")
    speaks = any(one in written for one in (MARK, MARK.lower(), seeded.codes[0], bare))
    pairs = zip(requests, statuses, strict=True)
    failed = [repr(request[:300]) for request, status in pairs if status >= 500]
    counted = Counter(str(status) for status in statuses)
    return Lot(seed, count, dict(sorted(counted.items())), failed[:5], speaks)


def still_serves(served: Served, seeded: Seeded) -> bool:
    """Say whether the slip that was shouted at is unused, and can be used."""
    body = seeded.letter({"BEN1": 3})
    return served.post(f"/s/{seeded.codes[0]}", body, "application/json")[0] == 200


def done(state: Path) -> list[Lot]:
    """Return the lots that are through."""
    lines = state.read_text().splitlines() if state.exists() else []
    return [Lot(**json.loads(line)) for line in lines if line.endswith("}")]


def live(until: int, state: Path) -> bool:
    """Send until there have been so many; say whether all of it, old and new, was sound."""
    lots = done(state)
    state.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, state.open("a") as log:
        log.write("\n")  # after a line that a power cut left unfinished
        served = Served(Path(folder) / "data")
        seeded = served.seed(groups=1, slips=2)
        served.start()
        try:
            while (so_far := sum(lot.sent for lot in lots)) < until:
                count, seed = min(LOT, until - so_far), random.randrange(2**32)
                lots.append(sent(served, seeded, seed=seed, count=count))
                log.write(json.dumps(asdict(lots[-1])) + "\n")
                log.flush()
                sys.stdout.write(f"{so_far + count} of {until}: {lots[-1]}\n")
                sys.stdout.flush()
            serves = still_serves(served, seeded)
        finally:
            served.kill()
    failing = [lot for lot in lots if not lot.is_sound]
    sys.stdout.write(f"{sum(lot.sent for lot in lots)} requests, failing: {failing}\n")
    return serves and not failing


def main() -> int:
    """Send, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--until", type=int, default=100_000)
    parser.add_argument("--state", type=Path, default=Path("var/malformed.jsonl"))
    options = parser.parse_args()
    return 0 if live(options.until, options.state) else 1


if __name__ == "__main__":
    sys.exit(main())
