"""Is somebody who asks too fast told so, without anybody being remembered?"""

from __future__ import annotations

import pytest
from django.test import Client

from knutepunkt.surveys.views import answering_alone, pace
from tests.answering_case import asking_centre


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> pace.Pace:
    """Return counts of the test's own, with a limit that is soon reached."""
    mine = pace.Pace()
    monkeypatch.setattr(answering_alone, "pace", mine)
    monkeypatch.setattr(pace, "MOST_A_MINUTE", 5)
    return mine


@pytest.mark.django_db(databases=["default", "vault"])
def test_the_sixth_request_in_a_minute_is_asked_to_wait(counts: pace.Pace) -> None:
    code = asking_centre(groups=1, slips=1).codes[0]
    address = f"/s/{code}?lang=nn"
    seen = [Client(REMOTE_ADDR="192.0.2.7").get(address).status_code for _ in range(6)]
    assert seen == [200] * 5 + [429]
    answer = Client(REMOTE_ADDR="192.0.2.7").get(address)
    assert "Vent eit minutt" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert Client(REMOTE_ADDR="192.0.2.8").get(address).status_code == 200


def test_a_minute_later_nothing_is_left(counts: pace.Pace, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(9):
        counts.is_too_fast("192.0.2.7")
    before = dict(counts._counts)
    assert list(before.values()) == [9]
    assert all(b"192" not in digest for digest in before)
    later = pace.time.monotonic() + 61
    monkeypatch.setattr(pace.time, "monotonic", lambda: later)
    assert not counts.is_too_fast("192.0.2.7")
    assert list(counts._counts.values()) == [1]
    assert not before.keys() & counts._counts.keys(), "under a new key the digest is another one"


def test_whoever_stands_behind_the_proxy_is_counted_by_the_proxy(counts: pace.Pace) -> None:
    assert not any(counts.is_too_fast("127.0.0.1") for _ in range(50))
    assert not counts._counts
