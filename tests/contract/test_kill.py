"""Is anything acknowledged lost, or anything counted twice, when the server is killed at any moment?"""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from tests.contract.failing import Kept
from tests.contract.killing import killed

#: `make nightly` kills 500 times (`tests.contract.killing`).
KILLS = 8


@pytest.mark.timeout(600)
def test_nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed(
    kept: Kept, tmp_path: Path
) -> None:
    found = killed(kept, tmp_path / "data", kills=KILLS, seed=random.randrange(2**32))
    assert found.is_sound, found


def test_fifty_copies_of_one_post_at_once_count_once(kept: Kept, tmp_path: Path) -> None:
    served = kept.served(tmp_path / "data")
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
