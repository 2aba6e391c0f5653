"""What happens next with a round, in one sentence?"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from knutepunkt.shared import clock
from knutepunkt.shared.wording import date_in_words
from knutepunkt.surveys.models import Round


def standing_of(asked_round: Round, today: dt.date | None = None) -> str:
    """Return the sentence that belongs beside the round's state."""
    now = today or clock.today()
    if asked_round.is_closed:
        day = asked_round.closed_on or asked_round.closes_on
        return _("It closed on {day}.").format(day=date_in_words(day))
    if not asked_round.is_open:
        return _("It is planned to open on {day}.").format(day=date_in_words(asked_round.opens_on))
    if now > asked_round.closes_on:
        return _("The deadline was {day}. Close it when the last papers are typed.").format(
            day=date_in_words(asked_round.closes_on)
        )
    return _("People can answer until {day}.").format(day=date_in_words(asked_round.closes_on))
