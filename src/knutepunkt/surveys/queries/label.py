"""How anonymous is a survey? Computed from how it is set up; nobody can type the word.

``identifiable``: a question of the centre's own asks for a name, a number or an address.
``pseudonymous``: the same person is found again in the next round.
``anonymous``: nothing joins an answer to a person once the survey has closed. Before the close the
host could, so an open round is never more than pseudonymous.
"""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from knutepunkt.analysis.instruments import Instrument
from knutepunkt.surveys.models import Round, Survey
from knutepunkt.surveys.queries.instruments import instrument_of
from knutepunkt.surveys.vocabulary import Label

#: Words that ask for who somebody is, in bokmål, nynorsk and English.
_ASKS_WHO = re.compile(
    r"\b(navn|navnet|namn|namnet|e-?post\w*|telefon\w*|adresse\w*|adressa|fødselsnummer\w*|"
    r"personnummer\w*|name|e-?mail|phone|telephone|address)\b",
    re.IGNORECASE,
)

LABEL_SENTENCES: dict[Label, str | Promise] = {
    Label.ANONYMOUS: _(
        "After the close nothing joins an answer to a person, not even in a backup. Until then "
        "whoever runs the server could see which slip an answer came with."
    ),
    Label.PSEUDONYMOUS: _(
        "Answers of the same person are joined across rounds by a card only that person has. "
        "No name is known."
    ),
    Label.IDENTIFIABLE: _(
        "A question of your own asks who somebody is. Take it away if you do not need it."
    ),
}


def label_of(survey: Survey) -> Label:
    """Return the label of a survey whose rounds are closed, as it is set up."""
    if asks_who(instrument_of(survey)):
        return Label.IDENTIFIABLE
    return Label.PSEUDONYMOUS if survey.follows_people else Label.ANONYMOUS


def label_now(asked_round: Round) -> Label:
    """Return the label of one round as it stands today."""
    label = label_of(asked_round.survey)
    if asked_round.is_open and label is Label.ANONYMOUS:
        return Label.PSEUDONYMOUS
    return label


def asks_who(instrument: Instrument) -> bool:
    """Say whether a question of the centre's own asks for a name, a number or an address."""
    texts = (item.texts for item in instrument.items if item.own)
    return any(_ASKS_WHO.search(text) for each in texts for text in (each.nb, each.nn, each.en))
