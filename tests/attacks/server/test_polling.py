"""A15: somebody who runs surveys asks every page again and again, to see when an answer comes.

On both engines: how a database counts and sorts could show what a page should not.
"""

from __future__ import annotations

import random

from django.test import Client
from django.urls import reverse

from tests.answering_case import AskingCentre, Participant, asking_centre
from tests.attacks.measured import Measured, assert_harmless
from tests.attacks.server.test_watching import coordinator_of, without_marks
from tests.engines import Engine

POLLED = ("surveys:survey-list", "site:start", "evaluations:report-list")


def everything_seen(client: Client, case: AskingCentre) -> list[str]:
    """Ask every page that speaks of the survey."""
    addresses = [reverse(name) for name in POLLED]
    addresses.append(reverse("surveys:round-detail", args=[case.ref]))
    seen = [client.get(address) for address in addresses]
    assert [page.status_code for page in seen] == [200] * len(seen)
    return [without_marks(page.content.decode()) for page in seen]


def test_a15_asking_again_and_again_does_not_show_when_an_answer_comes(engine: Engine) -> None:
    """Between two looks an answer comes, or none does. He says "now" where anything changed."""
    case = asking_centre(groups=3, slips=10)
    client, chance = coordinator_of(case), random.Random(15)
    codes, hits, came, tries = iter(case.codes), 0, 0, 40
    before = everything_seen(client, case)
    for _ in range(tries):
        comes = chance.random() < 0.5
        if comes:
            assert Participant(next(codes)).answer_everything().status_code == 200
        now = everything_seen(client, case)
        hits += (now != before) == comes
        came += comes
        before = now
    says = "tell from pages asked again and again when an answer came"
    assert came > 10, "enough came for a report, so that there was something to show"
    against = "KP-1 on PostgreSQL" if engine.name == "postgres" else "KP-1"
    assert_harmless(Measured("A15", says, tries, hits, (tries - came) / tries, 0, against))
