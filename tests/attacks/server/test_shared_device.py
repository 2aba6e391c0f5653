"""A19: the next person at a shared computer, with all that its browser was allowed to keep.

A participant answers without script and walks away. The next one has the history's addresses, the
cookies, every page that its headers let a browser keep with what was chosen on it, and what the next site would be told as the
page one came from; and he opens the slip's address once more. He wants to know what was answered.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.answering_case import Participant, asking_centre
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

#: What was answered: the lowest or the highest place everywhere.
CHOICES = (1, 5)


def headers_allow(page: Any) -> bool:
    """Whether a browser may keep this page, by its headers."""
    return "no-store" not in page.headers.get("Cache-Control", "")


def anything(page: Any) -> bool:
    """A browser that keeps every page, as it would without our headers."""
    return page is not None


def left_behind(code: str, choice: int, may_keep: Callable[[Any], bool]) -> tuple[str, ...]:
    """Answer, go away, and return what the next person finds, without the code itself."""
    person = Participant(code)
    seen, filled = [person.page], []
    press = person.press

    def watched(go: str, **answers: Any) -> Any:
        if may_keep(person.page):  # going back to a kept page restores what was chosen on it
            filled.extend(f'value="{value}" checked' for value in answers.values())
        page = press(go, **answers)
        seen.append(page)
        return page

    person.press = watched  # type: ignore[method-assign]
    assert person.answer_everything(choice=choice, text="").status_code == 200
    found = [page.content.decode() for page in seen if may_keep(page)] + filled
    found += [page.request["PATH_INFO"] + page.request["QUERY_STRING"] for page in seen]
    found += [str(person.client.cookies)]
    if any(page.headers.get("Referrer-Policy") != "no-referrer" for page in seen):
        found.append(person.address)
    again = person.client.get(person.address)
    found += [
        again.content.decode(),
        person.client.get(person.address + "&vis=alt").content.decode(),
    ]
    bare = code.replace("-", "")
    return tuple(one.replace(code, "CODE").replace(bare, "CODE") for one in found)


def says_highest(found: tuple[str, ...]) -> int | None:
    """Read the pages for places that stand chosen; 1 where only low ones do, 5 for high ones."""
    chosen = {
        choice for choice in CHOICES if any(f'value="{choice}" checked' in one for one in found)
    }
    return chosen.pop() if len(chosen) == 1 else None


def attack(may_keep: Callable[[Any], bool], tries: int) -> tuple[int, int, int]:
    """Return hits, proved, and how often the highest place was answered."""
    case, chance = asking_centre(groups=1, slips=tries), random.Random(19)
    hits = proved = highest = 0
    first: tuple[str, ...] | None = None
    for code in case.codes:
        choice = chance.choice(CHOICES)
        found = left_behind(code, choice, may_keep)
        first = first or found
        read = says_highest(found)
        proved += read == choice
        # Where nothing stands chosen he says "highest" if anything differs from the first visit.
        guess = read if read is not None else (CHOICES[1] if found == first else CHOICES[0])
        hits += guess == choice
        highest += choice == CHOICES[1]
    return hits, proved, highest


def test_a19_the_next_person_at_the_computer_learns_nothing() -> None:
    tries = 16
    hits, proved, highest = attack(headers_allow, tries)
    says = "read from history, cookies and kept pages what the last person answered"
    assert 0 < highest < tries
    assert_harmless(
        Measured("A19", says, tries, hits, max(highest, tries - highest) / tries, proved)
    )


def test_a19_a_browser_that_may_keep_pages_shows_them() -> None:
    tries = 8
    hits, proved, highest = attack(anything, tries)
    says = "read from history, cookies and kept pages what the last person answered"
    against = "pages without our headers"
    chance = max(highest, tries - highest) / tries
    assert_succeeds(Measured("A19", says, tries, hits, chance, proved, against))
