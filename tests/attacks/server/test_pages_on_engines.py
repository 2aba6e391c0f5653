"""A24, A26, A28 against pages on both engines: how a database counts and sorts must not show either.

A24: who knows which group met last night reads every page of the surveys, before and after.
A26: who watches the line sees how many pages there are and how long each is.
A28: a question is changed, or shown to one person alone, while the survey is open.
"""

from __future__ import annotations

import random

from django.test import Client

from knutepunkt.people.models import Membership
from knutepunkt.people.vocabulary import Role
from knutepunkt.surveys.models import Round
from tests.answering_case import AskingCentre, Participant, asking_centre
from tests.attacks.measured import Measured, assert_harmless
from tests.attacks.server.test_watching import (
    coordinator_of,
    questions_seen,
    room_addresses,
    told_apart,
    without_marks,
)
from tests.engines import Engine


def against(engine: Engine) -> str:
    return "KP-1 on PostgreSQL" if engine.name == "postgres" else "KP-1"


def slips_of_groups(case: AskingCentre, groups: int) -> list[list[str]]:
    """The unused codes of each group, as they were handed out."""
    each = len(case.codes) // groups
    return [case.codes[at * each : (at + 1) * each] for at in range(groups)]


def pages_of(client: Client, addresses: list[str]) -> list[str]:
    return [without_marks(client.get(each).content.decode(errors="replace")) for each in addresses]


def test_a24_pages_do_not_show_in_which_group_somebody_answered(engine: Engine) -> None:
    """Two groups met. One of those who were there answered; the attacker says of which group.

    He runs the centre's surveys and starts groups as well. Where a page changes he has learnt which
    change goes with which group; where none does he says the first.
    """
    case = asking_centre(groups=2, slips=10)
    client, chance = coordinator_of(case), random.Random(24)
    [membership] = Membership.objects.all()
    Membership.objects.create(
        person=membership.person,
        organisation=membership.organisation,
        role=Role.STARTER,
        since=membership.since,
    )
    # What is typeset for paper takes long, and is the same for everybody (A10).
    addresses = [a for a in room_addresses(case) if not set(a.split("/")) & {"papir", "lapper"}]
    slips = slips_of_groups(case, 2)
    learnt: dict[tuple[int, ...], int] = {}
    hits = tries = seen = first = 0
    before = pages_of(client, addresses)
    for _ in range(8):
        group = int(chance.random() < 0.5)
        if not slips[group]:
            break
        assert Participant(slips[group].pop()).answer_everything().status_code == 200
        now = pages_of(client, addresses)
        changed = tuple(at for at, page in enumerate(now) if page != before[at])
        seen += bool(changed)
        hits += learnt.setdefault(changed, 0) == group
        first += group == 0
        tries += 1
        before = now
    assert seen == 0, "no page of the room changes when somebody answers"
    says = "read in pages which of two groups that met somebody answered in"
    assert_harmless(
        Measured("A24", says, tries, hits, max(first, tries - first) / tries, 0, against(engine))
    )


def test_a26_the_length_and_number_of_pages_do_not_tell_who_was_asked_more(engine: Engine) -> None:
    assert_harmless(told_apart(against(engine)))


def test_a28_no_question_changes_while_the_survey_is_open(engine: Engine) -> None:
    """He posts to every address of the room with whatever could change a question."""
    case = asking_centre(groups=1, slips=2)
    client = coordinator_of(case)
    before = questions_seen(case)
    changes = {
        "title": "Annet", "own_questions": "Hvem er du?", "question": "Hvem er du?",
        "text_nb": "Hvem er du?", "instrument": "x", "recipients": "", "large": "1",
    }  # fmt: skip
    tries = hits = 0
    for address in room_addresses(case):
        client.post(address, changes)
        asked = Round.objects.select_related("survey").get(pk=case.ref)
        hits += asked.survey.instrument_id != case.round.survey.instrument_id
        hits += questions_seen(case) != before
        tries += 1
    assert tries > 8
    says = "change a question while the survey is open"
    assert_harmless(Measured("A28", says, tries, hits, 0.0, hits, against(engine)))
