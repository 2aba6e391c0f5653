"""A25, A26: attackers who watch the running server, the line to it, or the paper.

What runs on both engines stands in `test_pages_on_engines.py`.

A25: a page or slip that was made for one person would follow that person.
A26: who watches the line sees how many pages there are and how long each is.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from knutepunkt.analysis.instruments import (
    PARTICIPANT_SURVEY,
    Operator,
    SkipRule,
    read_catalogue,
)
from knutepunkt.people.models import Membership, Person
from knutepunkt.people.vocabulary import Role
from knutepunkt.responses.queries import slip_standing
from knutepunkt.responses.sealing import seal_letter
from tests.answering_case import AskingCentre, Participant, asking_centre
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


def coordinator_of(case: AskingCentre) -> Client:
    """Return the browser of somebody who runs the centre's surveys."""
    person = Person.objects.create_user("kari@example.org", None, name="Kari")
    Membership.objects.create(
        person=person,
        organisation=case.round.survey.organisation,
        role=Role.COORDINATOR,
        since=dt.date(2024, 1, 1),
    )
    client = Client()
    client.force_login(person)
    return client


def without_marks(page: str) -> str:
    """Return a page without what is new each time for everybody: form tokens, sealed state."""
    page = re.sub(r'name="(csrfmiddlewaretoken|state)" value="[^"]*"', "", page)
    return re.sub(r"<!-- *-->", "", page)


def test_a25_no_page_is_made_for_one_person() -> None:
    """The pages behind different slips differ by the code that was typed, and by nothing else."""
    case = asking_centre(groups=2, slips=10)
    first, told = None, 0
    for code in case.codes:
        bare = code.replace("-", "")
        shown = ""
        for path in (f"/s/{code}", f"/s/{code}?vis=alt"):
            page = Client().get(path)
            assert not page.cookies
            shown += without_marks(page.content.decode())
        shown = shown.replace(code, "CODE").replace(bare, "CODE")
        first = first or shown
        told += shown != first
    says = "tell two people's pages apart by anything but the code they typed"
    n = len(case.codes)
    assert_harmless(Measured("A25", says, n, told, 0.0, told))


def asked_with_a_skip_rule() -> AskingCentre:
    """Return a round whose questionnaire shows three questions to some only."""
    shipped = read_catalogue()[PARTICIPANT_SURVEY]
    rule = SkipRule("NEG1", Operator.IN, ("NEG2", "MES1", "TJE1"), (4, 5))
    return asking_centre(groups=1, slips=40, instrument=replace(shipped, skip_rules=(rule,)))


def lengths_of_a_visit(code: str, choice: int) -> tuple[int, ...]:
    """Answer without JavaScript; return the length of every page that came over the line."""
    person, lengths = Participant(code), []
    press = person.press

    def watched(go: str, **answers: Any) -> Any:
        page = press(go, **answers)
        lengths.append(len(page.content))
        return page

    person.press = watched  # type: ignore[method-assign]
    assert person.answer_everything(choice=choice, text="").status_code == 200
    # The last page holds the words of a receipt, whose length is random.
    return tuple(lengths[:-1])


def guessed(seen: list[tuple[tuple[int, ...], bool]]) -> tuple[int, int]:
    """Learn from one half which lengths go with more questions; guess the other half by the nearest."""
    votes: dict[tuple[int, ...], int] = {}
    for lengths, more in seen[::2]:
        votes[lengths] = votes.get(lengths, 0) + (1 if more else -1)
    hits = 0
    for lengths, more in seen[1::2]:
        nearest = min(votes, key=lambda known: _distance(known, lengths))
        hits += (votes[nearest] > 0) == more
    return hits, len(seen[1::2])


def _distance(known: tuple[int, ...], lengths: tuple[int, ...]) -> int:
    pages = sum(abs(a - b) for a, b in zip(known, lengths, strict=False))
    return pages + 100_000 * abs(len(known) - len(lengths))


def told_apart(against: str) -> Measured:
    """How often whoever watches the line says rightly who was shown a hidden question."""
    case, chance = asked_with_a_skip_rule(), random.Random(26)
    seen = []
    for code in case.codes[:20]:
        is_shown = chance.random() < 0.5
        seen.append((lengths_of_a_visit(code, 4 if is_shown else 2), is_shown))
    hits, tries = guessed(seen)
    share = sum(shown for _lengths, shown in seen[1::2]) / tries
    says = "tell from number and lengths of pages who was shown a hidden question"
    return Measured("A26", says, tries, hits, max(share, 1 - share), 0, against)


def test_a26_has_teeth_against_pages_as_long_as_their_content(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("knutepunkt.surveys.views.answering_alone.STEP", 1)
    assert_succeeds(told_apart("pages without filling"), exact=False)


def test_a26_a_sealed_answer_has_one_length_whatever_it_holds() -> None:
    """With JavaScript one letter goes over the line. An age header varies by itself, at random."""
    standing = slip_standing(asked_with_a_skip_rule().codes[0])
    content: Callable[[bool], dict[str, object]] = lambda more: {  # noqa: E731
        "answers": {"NEG1": 5, "FRI1": "x" * 900} if more else {"NEG1": 1}
    }
    chance, n = random.Random(26), 6000
    seen = []
    for _ in range(n):
        more = chance.random() < 0.5
        letter = seal_letter(content(more), standing.recipient, standing.size)
        seen.append(((len(letter),), more))
    hits, tries = guessed(seen)
    share = sum(more for _lengths, more in seen[1::2]) / tries
    says = "tell from the length of a sealed answer whether more was written"
    assert_harmless(Measured("A26", says, tries, hits, max(share, 1 - share), 0))


def questions_seen(case: AskingCentre) -> set[str]:
    """Return the questionnaire as each slip shows it, without what names the slip."""
    from knutepunkt.surveys.queries.answering import forget_asked_rounds

    forget_asked_rounds()
    shown = set()
    for code in case.codes:
        page = without_marks(Client().get(f"/s/{code}?vis=alt").content.decode())
        shown.add(page.replace(code.replace("-", ""), "").replace(code, ""))
    assert len(shown) == 1, "everybody is asked the same"
    return shown


def room_addresses(case: AskingCentre) -> list[str]:
    """Return the addresses of the room of surveys that concern a round."""
    from knutepunkt.surveys.urls import urlpatterns

    found = []
    for entry in urlpatterns:
        needs = set(entry.pattern.regex.groupindex)
        values = {"pk": str(case.ref), "step": "remind", "sheet": "vanlig", "kind": "vurdering",
                  "language": "nb", "page": "questions"}  # fmt: skip
        name = f"surveys:{entry.name}"  # type: ignore[union-attr]
        if needs <= values.keys() and "close" not in name:
            found.append(reverse(name, kwargs={each: values[each] for each in needs} or None))
    return found
