"""From a code on the wall to the report: do shared answers never make a figure possible, and is it said?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knutepunkt.cli.example.simulation import answers_of, members
from knutepunkt.directory.models import Group, Theme
from knutepunkt.evaluations import actions
from knutepunkt.evaluations.presenters.downloads import file_of
from knutepunkt.people.models import Organisation
from knutepunkt.people.vocabulary import OrganisationKind, Role
from knutepunkt.surveys.actions.planning import AskedGroup, SurveyPlan, plan_survey
from knutepunkt.surveys.actions.protocols import lock_protocol
from knutepunkt.surveys.actions.rounds import close_round, open_round
from knutepunkt.surveys.actions.slips import print_slips
from knutepunkt.surveys.queries.instruments import instrument_of
from knutepunkt.surveys.vocabulary import Channel
from tests.unit.evaluations.conftest import answer, person

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)
SAID = "Noen svarte med en kode på veggen"
BY_WALL = 14


def report(settings: Any, tmp_path: Path, *, on_the_wall: frozenset[int]) -> tuple[str, Any]:
    """Ask six groups, some by a code on the wall; return the report's page and its judged content."""
    settings.KEY_DIR, settings.TRANSPORT_DIR = tmp_path / "keys", tmp_path / "transport"
    centre = Organisation.objects.create(
        name="Sildrehuset", short_name="Sildrehuset", slug="s", kind=OrganisationKind.CENTRE
    )
    by = person("marit@example.org", centre, Role.COORDINATOR)
    theme = Theme.objects.create(slug="open-w", name_nb="Åpent")
    groups = [
        Group.objects.create(
            organisation=centre, name=f"Gruppe {number}", theme=theme, state="running",
            started_on=dt.date(2024, 1, 1),
        )
        for number in range(6)
    ]  # fmt: skip
    plan = SurveyPlan(
        title="Hva har gruppa gitt deg?",
        groups_from=dt.date(2023, 1, 1),
        groups_until=dt.date(2025, 1, 1),
        asked=tuple(AskedGroup(group, 8) for group in groups),
        opens_on=dt.date(2025, 2, 1),
        closes_on=dt.date(2025, 3, 1),
    )
    asked = open_round(asked_round=plan_survey(organisation=centre, plan=plan, by=by), by=by)
    walls = [groups[number].pk for number in on_the_wall]
    asked.asked_groups.filter(group__in=walls).update(channel=Channel.WALL)
    rng = np.random.default_rng(4)
    instrument = instrument_of(asked.survey)
    for printed in print_slips(asked_round=asked, by=by):
        shared = printed.codes * BY_WALL if printed.channel == Channel.WALL else printed.codes
        for code, member in zip(shared, members(len(shared), rng), strict=True):
            answer(code, instrument, answers_of(member, instrument, rng), rng)
    lock_protocol(survey=asked.survey, by=by)
    closed = close_round(asked_round=asked, by=by)
    made = actions.make_evaluation(survey=asked.survey, rounds=[closed], audience="centre", by=by)
    found = file_of(made, "nb", "report.html")
    assert found is not None
    return found[0].decode(), made.judged


def test_the_report_says_that_some_used_a_code_on_the_wall(settings: Any, tmp_path: Path) -> None:
    page, _judged = report(settings, tmp_path, on_the_wall=frozenset({5}))
    assert SAID in page
    assert "Svar uten lapp" in page


def test_nobody_on_the_wall_is_not_said(settings: Any, tmp_path: Path) -> None:
    page, _judged = report(settings, tmp_path, on_the_wall=frozenset())
    assert SAID not in page


def test_answers_from_the_wall_alone_show_nothing(settings: Any, tmp_path: Path) -> None:
    _page, judged = report(settings, tmp_path, on_the_wall=frozenset(range(6)))
    shown = [each for each in judged["document"]["figures"] if each["rung"] != "withheld"]
    # How many came is told, and that by slip there were fewer than five: nothing of what was said.
    assert [each["table"] for each in shown] == ["T1"]
    used, without = shown[0]["counts"]
    assert (used["name"], used["fewer_than"]) == ("used", 5)
    assert (without["name"], without["value"] % 5) == ("without_slip", 0)
