"""A18: somebody reads every log: ours, and that of the reverse proxy as it is shipped.

Real visits go through the proxy to the real server: slips that exist and that do not, answers of
different lengths, damaged posts, a page that fails. Then everything written is read.
"""

from __future__ import annotations

import argparse
import http.client
import re
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from knutepunkt.cli import serving
from tests.attacks.measured import Measured, assert_harmless
from tests.nginx import Proxy, proxy
from tests.postgres import Cluster, cluster
from tests.served import Seeded, Served

VISITS = 24
ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
SECRET = "Hemmelighet-i-et-fritekstsvar"


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Cluster | None]:
    """Return the database server the site uses; None where it is a file."""
    if request.param == "sqlite":
        yield None
        return
    with cluster() as running:
        yield running


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, engine: Cluster | None
) -> Iterator[tuple[Served, Seeded]]:
    """Return the real server with an open round."""
    hosts = {"KNUTEPUNKT_HOSTS": "senter.example,127.0.0.1"}
    vault = ""
    if engine is not None:
        hosts["KNUTEPUNKT_DATABASE_URL"], vault = engine.create("main"), engine.create("vault")
    running = Served(tmp_path_factory.mktemp("logs") / "data", vault_url=vault, environment=hosts)
    seeded = running.seed(groups=3, slips=VISITS)
    running.start()
    yield running, seeded
    running.kill()


def against(engine: Cluster | None) -> str:
    return "KP-1" if engine is None else "KP-1 on PostgreSQL"


class Caller:
    """One participant's browser behind the proxy."""

    def __init__(self, port: int, scheme: str = "https") -> None:
        self.port, self.scheme = port, scheme
        self.trusting = ssl.create_default_context()
        self.trusting.check_hostname, self.trusting.verify_mode = False, ssl.CERT_NONE

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, bytes]:
        """Ask once, from a connection of its own."""
        connection: http.client.HTTPConnection = (
            http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=self.trusting)
            if self.scheme == "https"
            else http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        )
        headers = {"Host": "senter.example", "Content-Type": kind, "User-Agent": "Telefon/1.0"}
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        read = answer.status, answer.read()
        connection.close()
        return read


def visit_everything(caller: Caller, seeded: Seeded) -> dict[str, int]:
    """Answer, look, mistype, send nonsense; return which answers were taken, by slip."""
    taken = {}
    for at, code in enumerate(seeded.codes[:VISITS]):
        caller.ask("GET", f"/s/{code}?lang=nn")
        words = " ".join([SECRET] * (1 + at * 4))
        body = seeded.letter({"FRI1": {"text": words, "may_quote": False}})
        taken[code] = caller.ask("POST", f"/s/{code}", body, "application/json")[0]
        caller.ask("POST", f"/s/{code}", SECRET.encode() * (at + 1), "application/json")
        caller.ask("POST", f"/s/{code}", f"FRI1={SECRET}&state=x&go=next".encode())
        caller.ask("GET", f"/s/{code[:-1]}Q")
    caller.ask("POST", "/angre/", f"words={SECRET}".encode(), "application/x-www-form-urlencoded")
    caller.ask("POST", "/s/", f"code={SECRET}".encode(), "application/x-www-form-urlencoded")
    caller.ask("POST", f"/s/{seeded.codes[0]}", b"x" * 300_000, "application/json")
    caller.ask("GET", f"/s/{SECRET}/%00%ff/../")
    return taken


def traces_of(seeded: Seeded, text: str) -> list[str]:
    """Return what of a slip, a text, an address or a length stands in a log."""
    told = [code for code in seeded.codes if code in text or code.replace("-", "") in text]
    told += re.findall(rf"{SECRET}|\b\d{{1,3}}(?:\.\d{{1,3}}){{3}}\b|/s/|/angre|Telefon", text)
    return told


def finer_than_the_hour(text: str) -> list[str]:
    """Return clock times with minutes, and Unix times."""
    return re.findall(r"\d{2}:\d{2}(?::\d{2})?|\b1[6-9]\d{8}\b", text)


def test_a18_our_own_log_says_nothing_of_answering(
    served: tuple[Served, Seeded], engine: Cluster | None
) -> None:
    """And where a database server keeps a log of its own, neither does that."""
    running, seeded = served
    before = running.log.read_text()
    database = database_log(engine)
    taken = visit_everything(Caller(running.port, "http"), seeded)
    assert set(taken.values()) == {200}
    time.sleep(0.2)
    written = running.log.read_text()[len(before) :]
    added = database_log(engine)[len(database) :]
    told = traces_of(seeded, written + added) + finer_than_the_hour(written + added)
    says = "find a slip, text, address, length or time in our log"
    assert_harmless(Measured("A18", says, VISITS, len(told), 0.0, len(told), against(engine)))
    assert written == "", f"a visit leaves no line at all: {written[:500]}"


def database_log(engine: Cluster | None) -> str:
    """What a database server writes of itself: by default, every statement that fails."""
    return "" if engine is None else (engine.folder.parent / "log").read_text()


def test_a18_the_proxy_log_holds_the_hour_and_the_outcome(served: tuple[Served, Seeded]) -> None:
    running, seeded = served
    with proxy(running.port) as front:
        caller = Caller(front.port)
        began = datetime.now(UTC)
        visit_everything(caller, seeded)
        caller.ask("GET", "/finnes-ikke/")
        assert too_large(front.port) == (413, True)
        told = read_log(front, seeded, began)
    says = "find a slip, text, address, length or finer time in the proxy's log"
    assert_harmless(
        Measured("A18", says, VISITS, len(told), 0.0, len(told), "KP-1 behind the shipped proxy")
    )


def too_large(port: int) -> tuple[int, bool]:
    """Announce more than the proxy takes; return the status, and whether the site answers in words."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=trusting)
    connection.putrequest("POST", "/grupper/les-inn/")
    connection.putheader("Content-Length", "3000000")
    connection.putheader("Accept-Language", "nb")
    connection.endheaders()
    answer = connection.getresponse()
    read = answer.status, "opptil 2 MB" in answer.read().decode()
    connection.close()
    return read


def read_log(front: Proxy, seeded: Seeded, began: datetime) -> list[str]:
    """Return what the proxy's files tell, after checking that they hold what they should."""
    lines = front.access_log.splitlines()
    assert len(lines) >= 4 * VISITS
    shape = re.compile(r"\d{4}-\d\d-\d\dT\d\d (answering|site) \d{3}")
    assert [line for line in lines if not shape.fullmatch(line)] == []
    assert {line.split()[1] for line in lines} == {"answering", "site"}
    assert abs(int(lines[0][11:13]) - began.hour) in (0, 1, 2, 22, 23), "the hour is this one"
    own = {"shipped.conf", "main.conf", "nginx.pid", "privkey.pem", "fullchain.pem"}
    written = {name: text for name, text in front.everything_written().items() if name not in own}
    return [
        trace
        for text in written.values()
        for trace in traces_of(seeded, text) + finer_than_the_hour(text)
    ]


def test_the_attacker_would_see_it_in_an_ordinary_log(served: tuple[Served, Seeded]) -> None:
    """The same reading of a log in nginx's usual form finds slips, addresses and times."""
    _running, seeded = served
    code = seeded.codes[0]
    usual = f'127.0.0.1 - - [25/Nov/2026:21:30:11 +0000] "GET /s/{code} HTTP/1.1" 200 41413 "-" "x"'
    assert code in traces_of(seeded, usual)
    assert "127.0.0.1" in traces_of(seeded, usual)
    assert finer_than_the_hour(usual)


def test_the_shipped_server_keeps_no_access_log() -> None:
    parser = argparse.ArgumentParser()
    serving.arguments(parser)
    assert "--no-access-log" in serving.server_command(parser.parse_args([]))
