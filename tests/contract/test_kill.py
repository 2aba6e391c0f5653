"""Is anything acknowledged lost, or anything counted twice, when the server is killed at any moment?"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.served import Seeded, Served

#: How many times the server is killed; the nightly run asks for 500.
KILLS = int(os.environ.get("KNUTEPUNKT_KILLS", "8"))
VISITORS = 4


class Visitor(threading.Thread):
    """Sends one answer after another; sends again whatever was not acknowledged."""

    def __init__(self, served: Served, seeded: Seeded, codes: list[str]) -> None:
        super().__init__(daemon=True)
        self.served, self.seeded, self.codes = served, seeded, codes
        self.acknowledged: list[str] = []
        self.refused: list[tuple[int, str]] = []
        self.is_over = threading.Event()

    def run(self) -> None:
        for code in self.codes:
            body = self.seeded.letter({"FRI1": {"text": code, "may_quote": False}})
            while not self._send(code, body):
                if self.is_over.is_set():
                    return

    def _send(self, code: str, body: bytes) -> bool:
        try:
            status, text = self.served.post(f"/s/{code}", body, "application/json")
        except OSError:
            time.sleep(0.02)
            return False
        if status == 200:
            self.acknowledged.append(code)
        else:
            self.refused.append((status, text))
        return True


@pytest.mark.timeout(3600)
def test_nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    moments = random.Random(seed)
    served = Served(tmp_path / "data")
    seeded = served.seed(groups=4, slips=60 * max(1, KILLS // 4))
    visitors = [Visitor(served, seeded, seeded.codes[start::VISITORS]) for start in range(VISITORS)]
    try:
        served.start()
        for visitor in visitors:
            visitor.start()
        for _kill in range(KILLS):
            time.sleep(moments.uniform(0.02, 0.5))
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
    acknowledged = [code for visitor in visitors for code in visitor.acknowledged]
    found = served.close(seeded)
    stored = Counter(content["answers"]["FRI1"]["text"] for content in found["contents"])
    assert not [visitor.refused for visitor in visitors if visitor.refused]
    assert len(acknowledged) > KILLS
    assert not set(acknowledged) - stored.keys(), f"an acknowledged answer was lost (seed {seed})"
    assert max(stored.values()) == 1, f"an answer was counted twice (seed {seed})"
    assert found["used"] == stored.total()
    assert found["left_out"] == 0


def test_fifty_copies_of_one_post_at_once_count_once(tmp_path: Path) -> None:
    served = Served(tmp_path / "data")
    seeded = served.seed(groups=1, slips=2)
    body = seeded.letter({"BEN1": 3})
    outcomes: list[int] = []
    try:
        served.start()

        def send() -> None:
            path = f"/s/{seeded.codes[0]}"
            outcomes.append(served.post(path, body, "application/json")[0])

        threads = [threading.Thread(target=send) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        other = seeded.letter({"BEN1": 5})
        assert served.post(f"/s/{seeded.codes[0]}", other, "application/json")[0] == 409
    finally:
        served.kill()
    assert outcomes == [200] * 50
    assert [c["answers"] for c in served.close(seeded)["contents"]] == [{"BEN1": 3}]
