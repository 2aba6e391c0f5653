"""Does any request, however malformed, make the server fail or speak of it in a log?

Three ways: schemathesis on the description of the public addresses, Hypothesis on raw bodies and
headers, and raw bytes on the line of the real server. Nothing may answer 5xx, and nothing that was
sent may be found in what the server wrote.
"""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation.modes import GenerationMode

from knutepunkt.config.wsgi import application
from tests.answering_case import asking_centre
from tests.attacks.server.openapi import schema
from tests.served import Seeded, Served

MARK = "Merket-innhold"
#: `make nightly` sends 100,000 of each kind.
EXAMPLES = int(os.environ.get("KNUTEPUNKT_MALFORMED", "1500"))
QUIET = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

described = schemathesis.openapi.from_dict(schema())
described.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])


@pytest.mark.django_db(databases=["default", "vault"])
@described.parametrize()
@settings(
    max_examples=max(20, EXAMPLES // 30),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_described_request_fails(case: Any) -> None:
    answer = case.call(app=application, base_url="http://127.0.0.1")
    assert answer.status_code < 500, case.as_curl_command()


@pytest.mark.django_db(databases=["default", "vault"])
def test_no_raw_request_to_an_open_slip_fails_or_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    case = asking_centre(groups=1, slips=2)
    client = Client(raise_request_exception=True)
    address = f"/s/{case.codes[0]}"
    kinds = st.sampled_from(
        ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
         "text/plain", "", "application/json; charset=utf-16", "multipart/form-data"]
    )  # fmt: skip
    pieces = st.sampled_from(
        [b'{"letter": ', b'"digest": ', b"[" * 2000, b"\xff\xfe", b"go=send&", b"page=9999999999999",
         b"state=" + b"A" * 5000, b"--x\r\nContent-Disposition: form-data; name=go\r\n\r\n", b"\0"]
    )  # fmt: skip
    bodies = st.lists(st.one_of(pieces, st.binary(max_size=300)), max_size=6).map(b"".join)

    @QUIET
    @given(body=bodies, kind=kinds, language=st.text(max_size=12))
    def send(body: bytes, kind: str, language: str) -> None:
        headers = {"accept-language": language.encode("utf-8", "replace").decode("latin-1")}
        path = f"{address}?lang={len(language)}"
        marked = MARK.encode() + body
        answer = client.generic("POST", path, marked, content_type=kind, headers=headers)
        assert answer.status_code < 500, (kind, body[:200])
        assert MARK not in caplog.text

    send()
    assert case.codes[0] not in caplog.text


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Seeded]]:
    """Return the real server with an open round."""
    running = Served(tmp_path_factory.mktemp("malformed") / "data")
    seeded = running.seed(groups=1, slips=4)
    running.start()
    yield running, seeded
    running.kill()


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


def status_of(port: int, request: bytes) -> int:
    """Send raw bytes and return the status, or 0 where the server hung up."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        try:
            line.sendall(request)
            line.shutdown(socket.SHUT_WR)
            head = line.recv(64)
        except OSError:
            return 0
    return int(head[9:12]) if head.startswith(b"HTTP/1.1 ") else 0


def test_no_bytes_on_the_line_make_the_real_server_fail_or_speak(
    served: tuple[Served, Seeded],
) -> None:
    running, seeded = served
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    before = len(running.log.read_text())
    for _ in range(EXAMPLES):
        request = malformed(chance, seeded.codes[0])
        assert status_of(running.port, request) < 500, (seed, request[:300])
    written = running.log.read_text()[before:]
    assert MARK not in written
    assert MARK.lower() not in written
    assert seeded.codes[0] not in written
    assert seeded.codes[0].replace("-", "") not in written
    # The server still serves, and the slip that was shouted at is unused.
    body = seeded.letter({"BEN1": 3})
    assert running.post(f"/s/{seeded.codes[0]}", body, "application/json")[0] == 200
