"""What happens to an answer when the machine fails: disk full, database locked, clock wrong, line cut?

The real server, on databases of its own, on either engine. Whatever happens, an answer that was acknowledged is in the
vault once, one that was not can be sent again, and the participant reads a true sentence.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from knutepunkt.responses.receipts import words_of
from tests.contract.failing import Kept, OnPostgres
from tests.served import Seeded, Served

NOT_STORED = "Vi fikk ikke lagret svaret akkurat nå."
NOT_SHOWN = "Vi kan ikke vise undersøkelsen akkurat nå."
NOT_WITHDRAWN = "Vi fikk ikke trukket svaret tilbake akkurat nå."
FORM = "application/x-www-form-urlencoded"
WORDS = "+".join(words_of(bytes(8)))


@contextmanager
def running(kept: Kept, folder: Path, *, slips: int = 30) -> Iterator[tuple[Served, Seeded]]:
    """Run the server with an open round while the block lasts."""
    served = kept.served(folder / "data", KNUTEPUNKT_DATABASE_WAIT="2")
    seeded = served.seed(groups=1, slips=slips)
    served.start()
    try:
        yield served, seeded
    finally:
        served.kill()


def answer(seeded: Seeded, number: int) -> bytes:
    """Return the body of an answer that carries a number."""
    return seeded.letter({"FRI1": {"text": str(number), "may_quote": False}})


def send(
    served: Served, seeded: Seeded, number: int, body: bytes = b""
) -> tuple[int, dict[str, Any]]:
    """Send an answer; return status and what the page's script is told."""
    body = body or answer(seeded, number)
    status, text = served.post(f"/s/{seeded.codes[number]}", body, "application/json")
    return status, json.loads(text)


def stored(served: Served, seeded: Seeded) -> list[int]:
    """Stop the server, close the round, and return the numbers in it."""
    served.kill()
    contents = served.close(seeded)["contents"]
    return sorted(int(content["answers"]["FRI1"]["text"]) for content in contents)


def test_each_failure_is_said_and_nothing_acknowledged_is_lost(kept: Kept, tmp_path: Path) -> None:
    """One server through all of it: starting it takes longer than failing it."""
    with running(kept, tmp_path, slips=40) as (served, seeded):
        assert [send(served, seeded, number)[0] for number in range(5)] == [200] * 5
        full_disk(kept, served, seeded, 5)
        locked_for_a_moment(kept, served, seeded, 6)
        locked_for_too_long(kept, served, seeded, 7)
        lines_cut(served, seeded, range(8, 20))
        assert stored(served, seeded) == list(range(20))


def full_disk(kept: Kept, served: Served, seeded: Seeded, number: int) -> None:
    """Fill the disk: the visitor is told, pages are still shown, and the same answer goes later."""
    body = answer(seeded, number)
    with kept.full_disk():
        assert_not_stored(*send(served, seeded, number, body))
        # So often that every thread of the server has a connection made meanwhile.
        pages = {served.get(f"/s/{seeded.codes[number + 1]}")[0] for _ in range(40)}
        assert pages == {200}
    assert send(served, seeded, number, body)[0] == 200


def locked_for_a_moment(kept: Kept, served: Served, seeded: Seeded, number: int) -> None:
    """Lock the vault for less than the visitor waits: nobody is thanked before it is stored."""
    outcomes: list[int] = []
    visitor = threading.Thread(target=lambda: outcomes.append(send(served, seeded, number)[0]))
    with kept.locked():
        visitor.start()
        time.sleep(0.7)
        assert outcomes == []
    visitor.join()
    assert outcomes == [200]


def locked_for_too_long(kept: Kept, served: Served, seeded: Seeded, number: int) -> None:
    """Lock the vault for good: the visitor is told, and the same answer goes later."""
    body = answer(seeded, number)
    with kept.locked():
        assert_not_stored(*send(served, seeded, number, body))
        status, page = served.get(f"/s/{seeded.codes[number]}")
    if kept.readers_wait:
        assert (status, NOT_SHOWN in page) == (503, True)
    else:
        assert status == 200
    assert send(served, seeded, number, body)[0] == 200


def assert_not_stored(status: int, said: dict[str, Any]) -> None:
    """Fail unless the visitor's page was told, in words, that the answer is not stored."""
    assert (status, said["outcome"]) == (503, "refused")
    assert said["sentence"].startswith(NOT_STORED)


def lines_cut(served: Served, seeded: Seeded, numbers: range) -> None:
    """Cut posts anywhere. Whoever was cut off sends again and is thanked, come in or not."""
    bodies = {number: answer(seeded, number) for number in numbers}
    for number, body in bodies.items():
        head = (
            f"POST /s/{seeded.codes[number]} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        share = (number - numbers.start) / (len(numbers) - 1)
        with socket.create_connection(("127.0.0.1", served.port)) as line:
            line.sendall((head + body)[: int(share * len(head + body))])
    time.sleep(0.5)
    assert {send(served, seeded, number, body)[0] for number, body in bodies.items()} == {200}


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_a_database_that_stops_and_comes_back_loses_nothing(
    kept: Kept, tmp_path: Path, how: str
) -> None:
    """Stopped by an operator or by a power cut: said while it is away, and well when it is back."""
    if not isinstance(kept, OnPostgres):
        pytest.skip("SQLite has no server that could stop")
    with running(kept, tmp_path) as (served, seeded):
        assert [send(served, seeded, number)[0] for number in range(10)] == [200] * 10
        body = answer(seeded, 10)
        kept.cluster.stop(how)
        try:
            assert_not_stored(*send(served, seeded, 10, body))
            status, page = served.get(f"/s/{seeded.codes[10]}")
            assert (status, NOT_SHOWN in page) == (503, True)
            status, page = served.post("/angre/", f"words={WORDS}".encode(), FORM)
            assert (status, NOT_WITHDRAWN in page) == (503, True)
        finally:
            kept.cluster.start()
        # No thread of the server stumbles over the connection it had kept.
        assert [served.get(f"/s/{seeded.codes[11]}")[0] for _ in range(40)] == [200] * 40
        assert send(served, seeded, 10, body)[0] == 200
        assert stored(served, seeded) == list(range(11))
        assert "Traceback" not in served.log.read_text()


def test_a_clock_set_back_loses_and_doubles_nothing(kept: Kept, tmp_path: Path) -> None:
    """Answers given before and after the clock was turned are all there; a repeat counts once."""
    with running(kept, tmp_path) as (served, seeded):
        body = answer(seeded, 0)
        assert send(served, seeded, 0, body)[0] == 200
        served.kill()
        served.environment["PYTHONPATH"] = turned_clock(tmp_path, 7305, served)
        shown = float(served.run("import time; print(time.time())"))
        assert shown < time.time() - 7000 * 86400, "the clock was turned"
        served.start()
        assert send(served, seeded, 0, body)[0] == 200
        assert send(served, seeded, 0)[0] == 409
        assert send(served, seeded, 1)[0] == 200
        assert stored(served, seeded) == [0, 1]


def turned_clock(folder: Path, days: int, served: Served) -> str:
    """Return where Python looks for modules so that its clock shows another time from the start."""
    code = (
        "import time, datetime\n"
        f"back = {days} * 86400\n"
        "true = time.time\n"
        "time.time = lambda: true() - back\n"
        "class Turned(datetime.datetime):\n"
        "    @classmethod\n"
        "    def now(cls, tz=None):\n"
        "        return super().now(tz) - datetime.timedelta(seconds=back)\n"
        "datetime.datetime = Turned\n"
    )
    (folder / "clock").mkdir(exist_ok=True)
    (folder / "clock" / "sitecustomize.py").write_text(code)
    return f"{folder / 'clock'}{os.pathsep}{served.environment['PYTHONPATH']}"
