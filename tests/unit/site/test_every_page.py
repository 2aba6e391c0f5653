"""Does every link of every role lead somewhere, to a page with one heading and one thing to do?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from knutepunkt.people.models import Person
from knutepunkt.people.vocabulary import Role
from tests.populated import people_in_every_role
from tests.unit.site.walking import FIRST_FOR_ALL, FIRST_FOR_STAFF, Walk

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
]
#: Pages anybody reaches, at least; fewer means that the walk stopped early.
FEWEST = 10


@pytest.fixture
def people(settings: Any, tmp_path: Path) -> dict[Role, Person]:
    settings.KEY_DIR, settings.TRANSPORT_DIR = tmp_path / "keys", tmp_path / "transport"
    return people_in_every_role()


def test_every_page_of_every_role_keeps_the_rules_of_a_page(people: dict[Role, Person]) -> None:
    wrong: list[str] = []
    for person in (None, *people.values()):
        client = Client(headers={"accept-language": "nb"})
        first = FIRST_FOR_ALL if person is None else FIRST_FOR_STAFF
        if person is not None:
            client.force_login(person)
        walk = Walk(client, expected={"/finnes-ikke/": 404}).from_(*first)
        wrong += [f"{person or 'public'}: {line}" for line in walk.problems]
        assert len(walk.found) > FEWEST, (person, walk.found)
    assert "kp-finding-list" in Client().get("/").text, "the front page tells what was found"
    assert not wrong, "\n".join(wrong)
