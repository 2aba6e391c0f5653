"""Can a coordinator read "My page" at two widths and in three languages?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import OrganisationKind, Role
from knutepunkt.surveys.models import InstrumentVersion, Round, Survey
from tests.browser import WIDTHS
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", WIDTHS)
def test_my_page_is_sound(visit: Visit, session_of: Callable[[Person], str], width: int) -> None:
    centre = Organisation.objects.create(
        name="Sildrehuset, senter for selvhjelp og mestring",
        short_name="Sildrehuset",
        slug="sildrehuset",
        kind=OrganisationKind.CENTRE,
        is_example=True,
    )
    marit = Person.objects.create_user("marit@example.org", "et-langt-passord", name="Marit H")
    for role in (Role.COORDINATOR, Role.DIRECTOR):
        Membership.objects.create(
            person=marit, organisation=centre, role=role, since=dt.date(2024, 1, 1)
        )
    instrument = InstrumentVersion.objects.create(
        hash="a" * 64, instrument_id="x", version="1", content={}
    )
    today = dt.date.today()
    survey = Survey.objects.create(
        organisation=centre,
        title="Hva har gruppa gitt deg?",
        instrument=instrument,
        groups_from=dt.date(2024, 1, 1),
        groups_until=today,
    )
    Round.objects.create(
        survey=survey,
        state="open",
        opens_on=today - dt.timedelta(days=20),
        closes_on=today + dt.timedelta(days=20),
    )
    for language in ("nb", "nn", "en"):
        seen = visit("/min-side/", width=width, language=language, signed_in=session_of(marit))
        seen.is_sound()
        seen.keep("my-page")
