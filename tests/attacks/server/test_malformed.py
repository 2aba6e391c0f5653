"""Does any request, however malformed, make the server fail or speak of it in a log?

Three ways: schemathesis on the description of the public addresses, Hypothesis on raw bodies and
headers, and raw bytes on the line of the real server. Nothing may answer 5xx, and nothing that was
sent may be found in what the server wrote.
"""

from __future__ import annotations

import random
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
from tests.attacks.server.malformed import MARK, sent, still_serves
from tests.attacks.server.openapi import schema
from tests.served import Seeded, Served

#: `make failures` sends 100,000 on the line of the real server.
EXAMPLES = 1500
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
        marked = body + MARK.encode()
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


def test_no_bytes_on_the_line_make_the_real_server_fail_or_speak(
    served: tuple[Served, Seeded],
) -> None:
    lot = sent(*served, seed=random.randrange(2**32), count=EXAMPLES)
    assert lot.is_sound, lot
    assert lot.statuses.get("0", 0) < EXAMPLES / 3, "most requests were answered"
    assert still_serves(*served)
