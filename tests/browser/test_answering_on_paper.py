"""Do those who meet the survey on paper get through: a former participant with a letter, one who answers
with a pen, and one who regrets it?

What they type is read from the printed sheets themselves.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from knutepunkt.directory.models import Group, Theme
from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import OrganisationKind, Role
from knutepunkt.responses.queries import opened_answers
from knutepunkt.shared import clock
from knutepunkt.surveys.actions.paper import enter_paper_answer
from knutepunkt.surveys.actions.planning import AskedGroup, SurveyPlan, plan_survey
from knutepunkt.surveys.actions.protocols import lock_protocol
from knutepunkt.surveys.actions.rounds import close_round, open_round
from knutepunkt.surveys.actions.slips import PrintedSlips, print_slips
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.presenters.slips import letters_pdf, slips_pdf
from knutepunkt.surveys.queries.answering import forget_asked_rounds
from knutepunkt.surveys.vocabulary import Channel
from tests.browser.answering import NOTHING, at_the_screen
from tests.browser.conftest import Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
]
CODE = re.compile(r"\b[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{3}\b")


@dataclasses.dataclass
class Asked:
    """An open round with one group that answers on paper and one that ended and gets letters."""

    round: Round
    staff: tuple[Person, Person]
    sheets: dict[str, PrintedSlips]


@pytest.fixture
def asked(settings: Any, tmp_path: Path) -> Asked:
    settings.KEY_DIR, settings.TRANSPORT_DIR = tmp_path / "keys", tmp_path / "transport"
    settings.SITE_URL = "https://sildrehuset.example"
    centre = Organisation.objects.create(
        name="Sildrehuset, senter for selvhjelp", short_name="Sildrehuset", slug="sildrehuset-p",
        kind=OrganisationKind.CENTRE,
    )  # fmt: skip
    staff = [Person.objects.create_user(f"{name}@example.org", name=name) for name in ("a", "b")]
    for each in staff:
        Membership.objects.create(
            person=each, organisation=centre, role=Role.COORDINATOR, since=dt.date(2020, 1, 1)
        )
    theme = Theme.objects.create(slug="open-p", name_nb="Åpent")
    today = clock.today()
    common = {"organisation": centre, "theme": theme, "started_on": dt.date(2024, 2, 1)}
    groups = [
        Group.objects.create(name="Sorg etter dødsfall", state="running", **common),
        Group.objects.create(
            name="Samlivsbrudd", state="ended", ended_on=dt.date(2025, 2, 1), **common
        ),
    ]
    plan = SurveyPlan(
        title="Hva har gruppa gitt deg?",
        groups_from=dt.date(2023, 1, 1),
        groups_until=today,
        asked=tuple(AskedGroup(group, 2) for group in groups),
        opens_on=today,
        closes_on=today + dt.timedelta(days=9),
        groups_get=Channel.PAPER,
        ended_groups_get=Channel.LETTER,
    )
    opened = open_round(
        asked_round=plan_survey(organisation=centre, plan=plan, by=staff[0]), by=staff[0]
    )
    printed = print_slips(asked_round=opened, by=staff[0])
    forget_asked_rounds()
    return Asked(opened, (staff[0], staff[1]), {str(each.channel): each for each in printed})


def read(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_a_former_participant_with_a_letter(visit: Visit, asked: Asked) -> None:
    _cover, letter, _other = read(letters_pdf(asked.round, [asked.sheets["letter"]]))
    assert "Samlivsbrudd" not in letter
    found = CODE.search(letter)
    assert found
    address = re.search(r"sildrehuset\.example(/s)\b", letter)
    assert address
    somebody = at_the_screen(visit, "", width=360)  # the address of the letter, typed by hand
    assert somebody.page.url.split("?")[0].endswith(f"{address[1]}/")
    somebody.page.get_by_label("Koden på lappen").fill(found[0].replace("-", "").lower())
    somebody.press("Åpne undersøkelsen")
    somebody.press("Begynn")
    somebody.choose("OPP3", 3)
    somebody.page.wait_for_function("localStorage.length === 1")
    # The phone rings, the page is gone; the letter still lies on the table.
    context = somebody.page.context
    somebody.page.close()
    page = context.new_page()
    page.goto(f"{somebody.seen.origin}/s/{found[0]}?lang=nb")
    somebody.seen.page = page
    somebody.press("Gå videre der du slapp")
    assert page.locator('input[name="OPP3"][value="3"]').is_checked()
    somebody.seen.keep("journey-letter")
    for _part in range(6):
        somebody.press("Gå videre")
    somebody.press("Send svaret")
    page.get_by_role("heading", name="Takk! Svaret ditt er levert.").wait_for()
    assert somebody.kept() == NOTHING
    # Next week, after the close: the letter tells no one whether it was used.
    lock_protocol(survey=asked.round.survey, by=asked.staff[0])
    close_round(asked_round=asked.round, by=asked.staff[0])
    forget_asked_rounds()
    shown = [
        visit(f"/s/{code}?lang=nb", width=360).page.locator("main").inner_text()
        for code in asked.sheets["letter"].codes
    ]
    assert "Undersøkelsen er lukket. Fristen var" in shown[0]
    assert shown[0] == shown[1]
    (answer,) = opened_answers(asked.round.pk).answers
    assert answer.content["answers"] == {"OPP3": 3}


def test_one_who_answers_on_paper_and_one_who_regrets(visit: Visit, asked: Asked) -> None:
    sheet = asked.sheets["paper"]
    _cover, slips = read(slips_pdf(asked.round, [sheet]))
    assert "Sorg" not in slips
    assert set(CODE.findall(slips)) == set(sheet.codes)
    for code, said in zip(sheet.codes, (2, 5), strict=True):
        for typist in asked.staff:
            enter_paper_answer(
                asked_round=asked.round, code=code, answers={"BEN1": said}, by=typist
            )
    # One of them finds the half that was torn off, and writes its words without looking closely.
    words = sheet.words[1]
    assert words in " ".join(slips.split())
    somebody = at_the_screen(visit, "", width=360)
    somebody.press("Trekk et svar du har gitt")
    somebody.page.get_by_label("De sju ordene dine").fill(words.title().replace("å", "aa"))
    somebody.press("Slett svaret mitt")
    somebody.page.get_by_text("blir slettet når undersøkelsen lukkes").wait_for()
    somebody.seen.is_sound()
    somebody.seen.keep("journey-paper-withdrawn")
    lock_protocol(survey=asked.round.survey, by=asked.staff[0])
    close_round(asked_round=asked.round, by=asked.staff[0])
    (kept,) = opened_answers(asked.round.pk).answers
    assert kept.content["answers"] == {"BEN1": 2}
    assert kept.by_slip
