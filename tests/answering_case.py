"""A centre that asks three groups: what tests of answering start from."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.utils import timezone

from knutepunkt.analysis.instruments import PARTICIPANT_SURVEY, Instrument, read_catalogue
from knutepunkt.people.models import Organisation
from knutepunkt.people.vocabulary import OrganisationKind
from knutepunkt.responses import actions as vault
from knutepunkt.surveys.lifecycle import OPEN
from knutepunkt.surveys.models import InstrumentVersion, Round, Survey
from knutepunkt.surveys.queries.answering import forget_asked_rounds


@dataclass
class AskingCentre:
    """An open round with slips."""

    round: Round
    codes: list[str] = field(default_factory=list)
    groups: list[uuid.UUID] = field(default_factory=list)

    @property
    def ref(self) -> uuid.UUID:
        """The round as the vault knows it."""
        return self.round.pk


def asking_centre(
    *,
    groups: int = 3,
    slips: int = 4,
    days: int = 14,
    instrument: Instrument | None = None,
    number: int = 1,
    **survey_fields: Any,
) -> AskingCentre:
    """Make a centre, a survey with the shipped questionnaire, an open round, and slips."""
    forget_asked_rounds()
    instrument = instrument or read_catalogue()[PARTICIPANT_SURVEY]
    version, _new = InstrumentVersion.objects.get_or_create(
        pk=instrument.hash,
        defaults={
            "instrument_id": instrument.id,
            "version": instrument.version,
            "content": json.loads(instrument.to_json()),
        },
    )
    centre = Organisation.objects.create(
        name="Sildrehuset, senter for selvhjelp",
        short_name="Sildrehuset",
        slug=f"sildrehuset-{uuid.uuid4().hex[:8]}",
        kind=next(iter(OrganisationKind)),
    )
    today = timezone.localdate()
    survey = Survey.objects.create(
        organisation=centre,
        title="Høst",
        instrument=version,
        groups_from=today - dt.timedelta(days=900),
        groups_until=today,
        **survey_fields,
    )
    asked = Round.objects.create(
        survey=survey,
        number=number,
        state=OPEN,
        opens_on=today - dt.timedelta(days=1),
        closes_on=today + dt.timedelta(days=days),
        report_expected_on=today + dt.timedelta(days=days + 30),
    )
    vault.open_round(round_ref=asked.pk, study_ref=survey.pk if survey.follows_people else None)
    case = AskingCentre(asked, groups=[uuid.uuid4() for _ in range(groups)])
    for group in case.groups:
        case.codes += vault.hand_out(round_ref=asked.pk, group_ref=group, count=slips)
    return case


class Participant:
    """Somebody who answers without JavaScript: reads a page's form and presses its buttons."""

    def __init__(self, code: str, lang: str = "nb", client: Client | None = None) -> None:
        self.client = client or Client()
        self.address = f"/s/{code}?lang={lang}"
        self.page: Any = self.client.get(self.address)

    @property
    def text(self) -> str:
        """The page as its source."""
        return str(self.page.content.decode())

    def press(self, go: str, **answers: Any) -> Any:
        """Fill in and press a button; return the next page."""
        fields = {
            name: html.unescape(value)
            for name, value in re.findall(
                r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.text
            )
        }
        named = {name.replace("__", "."): value for name, value in answers.items()}
        self.page = self.client.post(self.address, {**fields, **named, "go": go})
        return self.page

    def start(self) -> Any:
        """Press the first page's button, as it is written there."""
        found = re.search(r'name="go" value="([^"]*)"', self.text)
        return self.press(found[1] if found else "")

    def answer_everything(self, choice: int = 3, text: str = "Å bli møtt") -> Any:
        """Walk through all parts, choosing the same place everywhere, and send."""
        self.start()
        for _part in range(20):
            if 'value="next"' not in self.text:
                break
            given: dict[str, Any] = {}
            for name, value in re.findall(r'type="radio" name="(\w+)" value="(\d+)"', self.text):
                if int(value) <= choice:
                    given[name] = value
            given |= dict.fromkeys(re.findall(r'<textarea[^>]* name="(\w+)"', self.text), text)
            self.press("next", **given)
        return self.press("send")

    @property
    def words(self) -> str:
        """The words on the thanks page."""
        found = re.search(r"data-words>([^<]*)<", self.text)
        return html.unescape(found[1]) if found else ""
