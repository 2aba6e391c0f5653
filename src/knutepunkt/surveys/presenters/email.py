"""What can a centre write in an e-mail about a survey, without a code and without naming a group?"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from knutepunkt.shared.wording import date_in_words
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.presenters.slips import slip_question

NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}


@dataclass(frozen=True)
class EmailText:
    """The text in one language."""

    language: str
    name: str
    subject: str
    paragraphs: tuple[str, ...]


def email_texts(asked_round: Round) -> tuple[EmailText, ...]:
    """Return the text in each language, the centre's own first."""
    own = asked_round.survey.organisation.language
    return tuple(_text(asked_round, each) for each in sorted(NAMES, key=lambda x: x != own))


def _text(asked_round: Round, language: str) -> EmailText:
    centre = asked_round.survey.organisation
    with translation.override(language):
        question, about = slip_question()
        how = _(
            "You get a slip with a code from us. Write to us if you would like one by letter: {address}."
        ).format(address=centre.email or centre.name)
        return EmailText(
            language=language,
            name=NAMES[language],
            subject=_("Survey from {centre}").format(centre=centre.short_name),
            paragraphs=(
                _("You receive this e-mail because you have been in touch with us."),
                f"{question} {about}",
                how,
                _("You can answer until {date}.").format(date=date_in_words(asked_round.closes_on)),
            ),
        )
