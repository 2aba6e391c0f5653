"""What does the page's script need: the questionnaire as data, and its sentences in the page's language?"""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from knutepunkt.analysis.instruments import Instrument, definition_for_browser


def definition_of(instrument: Instrument) -> str:
    """Return as JSON what the browser shows, checks and seals by, with the words it says."""
    return json.dumps(
        {**definition_for_browser(instrument), "words": _words()},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _words() -> dict[str, str]:
    """Return the sentences a script fills in; those about mending are the server's own."""
    return {
        "survey": _("Survey"),
        "too_long": _("The text is longer than {number} characters. Shorten it a little."),
        "number": _("Write a number from {low} to {high}."),
        "control_characters": _("The text has characters we cannot store. Write it without them."),
        "choose": _("Choose one of the options, or choose “Prefer not to say”."),
        "none": _("No questions for you here."),
        "unanswered": _("Not answered."),
        "told": _("Told."),
        "card": _(
            "These are not seven words of a card. Please look once more. You can also go on as it is."
        ),
        "all": _("All answered."),
        "some": _("{given} of {asked} answered."),
        "room": _("Room for {number} more characters."),
        "sending": _("Sending …"),
        "too_large": _("The texts are too long together. Shorten one of them and send again."),
        "unsent": _(
            "Your answer has not been sent. You have no connection right now. Everything you wrote "
            "is still on the page. Try again when you are online."
        ),
        "offline": _("You have no connection right now. Try again when you are online."),
        "failed": _(
            "This browser could not lock the answer, so nothing has been sent. Open the slip's "
            "address in another browser."
        ),
    }
