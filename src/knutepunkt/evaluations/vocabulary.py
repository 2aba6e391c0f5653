"""For whom is a report made, and what are the boxes on a coder's page called?"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from knutepunkt.shared.wording import list_in_words


class Audience(models.TextChoices):
    """Who may read a released report; the values are those of ``analysis.disclosure``."""

    CENTRE = "centre", _("the centre itself")
    FUNDER = "funder", _("the funder")
    PUBLIC = "public", _("everyone")


#: What each choice means for what can be shown, in one sentence.
AUDIENCE_SENTENCES = {
    Audience.CENTRE: _("Read by you who work at the centre. Figures rest on at least five people."),
    Audience.FUNDER: _("Read by the centre and its funder. Figures rest on at least ten people."),
    Audience.PUBLIC: _("Open to everyone on the web. Figures rest on at least ten people."),
}

#: The first of them where a theme of the survey is sensitive.
SENSITIVE_SENTENCE = _(
    "Read by you who work at the centre. One of the themes is sensitive, so figures rest on at "
    "least ten people."
)


def rounds_in_words(numbers: Iterable[int]) -> str:
    """Return "Round 1" or "Rounds 1 and 2": what a report is made of."""
    in_order = sorted(numbers)
    words = list_in_words([str(each) for each in in_order])
    return ngettext("Round %(numbers)s", "Rounds %(numbers)s", len(in_order)) % {"numbers": words}


def field_of(text_id: str, part: str) -> str:
    """The name of a box on a coder's page: a text, and a code or one of the last two questions."""
    return f"{text_id}-{part}"
