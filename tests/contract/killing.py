"""Kill the server, and the database's, at random moments while people answer; then count.

Run: python -m tests.contract.killing --until 500 --state var/kills.jsonl

Kills come in bouts on fresh databases, in turn on each engine there is. A bout is written down when
it has been counted; started again, the run goes on where it was. Exit 1 where anything was lost,
doubled or refused.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.contract.failing import Kept, OnPostgres, OnSqlite
from tests.postgres import cluster, programs
from tests.served import Seeded, Served

VISITORS = 4
SLIPS_A_KILL = 60
BOUT = 25


@dataclass(frozen=True)
class Found:
    """What a bout came to."""

    engine: str
    seed: int
    kills: int
    acknowledged: int
    lost: int
    doubled: int
    refused: int
    left_out: int
    unmarked: int

    @property
    def is_sound(self) -> bool:
        """Say whether everything acknowledged is there, once, and nobody was refused."""
        wrong = self.lost + self.doubled + self.refused + self.left_out + self.unmarked
        return wrong == 0 and self.acknowledged > self.kills


class Visitor(threading.Thread):
    """Sends one answer after another; sends again whatever was not acknowledged."""

    def __init__(self, served: Served, seeded: Seeded, codes: list[str]) -> None:
        super().__init__(daemon=True)
        self.served, self.seeded, self.codes = served, seeded, codes
        self.acknowledged: list[str] = []
        self.refused: list[tuple[int, str]] = []
        self.is_over = threading.Event()

    def run(self) -> None:
        """Answer with each slip until it is over."""
        for code in self.codes:
            body = self.seeded.letter({"FRI1": {"text": code, "may_quote": False}})
            while not self._send(code, body):
                if self.is_over.is_set():
                    return

    def _send(self, code: str, body: bytes) -> bool:
        try:
            status, text = self.served.post(f"/s/{code}", body, "application/json")
        except OSError:
            status = 0
        if status in (0, 503):  # not there, or not stored just now: it is sent again
            time.sleep(0.02)
            return False
        if status == 200:
            self.acknowledged.append(code)
        else:
            self.refused.append((status, text))
        return True


def killed(kept: Kept, folder: Path, *, kills: int, seed: int) -> Found:
    """Let people answer, kill so many times, and count what is in the vault afterwards."""
    chance = random.Random(seed)
    served = kept.served(folder)
    seeded = served.seed(groups=4, slips=SLIPS_A_KILL * max(1, kills // 4))
    visitors = [Visitor(served, seeded, seeded.codes[start::VISITORS]) for start in range(VISITORS)]
    try:
        served.start()
        for visitor in visitors:
            visitor.start()
        for _kill in range(kills):
            time.sleep(chance.uniform(0.02, 0.5))
            if isinstance(kept, OnPostgres) and chance.random() < 0.5:
                kept.cluster.stop("immediate")
                kept.cluster.start()
            else:
                served.kill()
                served.start()
        time.sleep(0.3)
        for visitor in visitors:
            visitor.is_over.set()
            visitor.codes.clear()
        for visitor in visitors:
            visitor.join(timeout=30)
    finally:
        served.kill()
    return counted(kept, served, seeded, visitors, kills=kills, seed=seed)


def counted(
    kept: Kept, served: Served, seeded: Seeded, visitors: list[Visitor], *, kills: int, seed: int
) -> Found:
    """Close the round and compare what is in it with what was acknowledged."""
    acknowledged = [code for visitor in visitors for code in visitor.acknowledged]
    found = served.close(seeded)
    stored = Counter(content["answers"]["FRI1"]["text"] for content in found["contents"])
    return Found(
        engine="postgres" if isinstance(kept, OnPostgres) else "sqlite",
        seed=seed,
        kills=kills,
        acknowledged=len(acknowledged),
        lost=len(set(acknowledged) - stored.keys()),
        doubled=sum(times - 1 for times in stored.values()),
        refused=sum(len(visitor.refused) for visitor in visitors),
        left_out=found["left_out"],
        unmarked=abs(found["used"] - stored.total()),
    )


def done(state: Path) -> list[Found]:
    """Return the bouts that were counted before."""
    lines = state.read_text().splitlines() if state.exists() else []
    return [Found(**json.loads(line)) for line in lines if line.endswith("}")]


def live(until: int, state: Path) -> list[Found]:
    """Kill until there have been so many kills; return every bout, old and new."""
    bouts = done(state)
    state.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack, state.open("a") as log:
        log.write("\n")  # after a line that a power cut left unfinished
        places: list[Kept] = [OnSqlite()]
        if programs() is not None:
            places.append(OnPostgres(stack.enter_context(cluster(is_durable=True))))
        while (so_far := sum(bout.kills for bout in bouts)) < until:
            kept = places[len(bouts) % len(places)]
            with tempfile.TemporaryDirectory() as folder:
                found = killed(
                    kept,
                    Path(folder) / "data",
                    kills=min(BOUT, until - so_far),
                    seed=random.randrange(2**32),
                )
            bouts.append(found)
            log.write(json.dumps(asdict(found)) + "\n")
            log.flush()
            sys.stdout.write(f"{so_far + found.kills} of {until} kills: {found}\n")
            sys.stdout.flush()
    return bouts


def main() -> int:
    """Kill, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--until", type=int, default=500)
    parser.add_argument("--state", type=Path, default=Path("var/kills.jsonl"))
    options = parser.parse_args()
    bouts = live(options.until, options.state)
    failing = [bout for bout in bouts if not bout.is_sound]
    sys.stdout.write(
        f"{sum(bout.kills for bout in bouts)} kills, "
        f"{sum(bout.acknowledged for bout in bouts)} answers acknowledged, failing: {failing}\n"
    )
    return 1 if failing else 0


if __name__ == "__main__":
    sys.exit(main())
