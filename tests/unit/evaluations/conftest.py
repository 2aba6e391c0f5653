"""A centre whose survey is closed, with real sealed answers in the vault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

from knutepunkt.cli.example.simulation import answers_of, members
from knutepunkt.directory.models import Group, Theme
from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import OrganisationKind, Role
from knutepunkt.responses import actions as vault
from knutepunkt.responses.queries import slip_standing
from knutepunkt.responses.sealing import seal_letter
from knutepunkt.surveys.actions.planning import AskedGroup, SurveyPlan, plan_survey
from knutepunkt.surveys.actions.protocols import lock_protocol
from knutepunkt.surveys.actions.rounds import close_round, open_round
from knutepunkt.surveys.actions.slips import print_slips
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.queries.instruments import instrument_of
from tests.beginning_anew import Worlds

Made = TypeVar("Made")


@dataclass
class Centre:
    """An organisation with two people, and its closed round."""

    organisation: Organisation
    maker: Person
    colleague: Person
    asked_round: Round
    #: Keeps what is made of it first; see `Centre.first`.
    keeper: Callable[..., Any] | None = None

    def first(self, name: str, build: Callable[[], Made]) -> Made:
        """Build something, or take it from an earlier test where this one has done nothing yet."""
        return self.keeper(name, build) if self.keeper else build()


def person(email: str, organisation: Organisation, role: Role) -> Person:
    """Make somebody with one role."""
    made = Person.objects.create_user(email, None, name=email.split("@")[0])
    Membership.objects.create(
        person=made, organisation=organisation, role=role, since=dt.date(2024, 1, 1)
    )
    return made


def closed_round(organisation: Organisation, by: Person, *, groups: int, seed: int) -> Round:
    """Plan, open, answer in the vault, lock the plan and close."""
    rng = np.random.default_rng(seed)
    theme, _new = Theme.objects.get_or_create(slug="open", defaults={"name_nb": "Åpent"})
    asked = [
        AskedGroup(
            Group.objects.create(
                organisation=organisation,
                name=f"Gruppe {number}",
                theme=theme,
                state="running",
                started_on=dt.date(2024, 1, 1),
            ),
            8,
        )
        for number in range(groups)
    ]
    plan = SurveyPlan(
        title="Hva har gruppa gitt deg?",
        groups_from=dt.date(2023, 1, 1),
        groups_until=dt.date(2025, 1, 1),
        asked=tuple(asked),
        opens_on=dt.date(2025, 2, 1),
        closes_on=dt.date(2025, 3, 1),
    )
    asked_round = open_round(
        asked_round=plan_survey(organisation=organisation, plan=plan, by=by), by=by
    )
    instrument = instrument_of(asked_round.survey)
    for printed in print_slips(asked_round=asked_round, by=by):
        for code, member in zip(printed.codes, members(len(printed.codes), rng), strict=True):
            answer(code, instrument, answers_of(member, instrument, rng), rng)
    lock_protocol(survey=asked_round.survey, by=by)
    return close_round(asked_round=asked_round, by=by)


def answer(code: str, instrument: Any, answers: dict[str, Any], rng: np.random.Generator) -> None:
    """Seal one answer and hand it to the vault, as the pages do."""
    standing = slip_standing(code)
    content = {"form": 1, "instrument": instrument.hash, "language": "nb", "answers": answers}
    vault.receive(
        code=code,
        sealed=seal_letter(content, standing.recipient, standing.size),
        receipt_digest=rng.bytes(32),
    )


@pytest.fixture
def make_centre(settings: Any, tmp_path: Path, django_db_blocker: Any) -> Callable[..., Centre]:
    """Return a maker of centres with a closed round; keys lie in the test's own folder."""
    settings.KEY_DIR, settings.TRANSPORT_DIR = tmp_path / "keys", tmp_path / "transport"

    def make(slug: str = "sildrehuset", *, groups: int = 10, seed: int = 1) -> Centre:
        organisation = Organisation.objects.create(
            name=slug.title(), short_name=slug.title(), slug=slug, kind=OrganisationKind.CENTRE
        )
        maker = person(f"maker@{slug}.example", organisation, Role.COORDINATOR)
        colleague = person(f"colleague@{slug}.example", organisation, Role.APPROVER)
        asked_round = closed_round(organisation, maker, groups=groups, seed=seed)
        return Centre(organisation, maker, colleague, asked_round)

    return make


@pytest.fixture
def centre(make_centre: Callable[..., Centre], worlds: Worlds, tmp_path: Path) -> Centre:
    """Return one centre with about eighty answers."""
    found = worlds.world("closed-round", tmp_path, make_centre)
    found.keeper = lambda name, build: worlds.world(name, tmp_path, build, after="closed-round")
    return found
