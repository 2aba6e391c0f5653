"""How do people get a survey, in which ways may it be answered, and what is found when closing?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.dates import MONTHS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How people get the survey."""

    SLIPS = "slips", _("slips in the group")
    LETTER = "letter", _("letter to former participants")
    PAPER = "paper", _("paper questionnaire")
    WALL = "wall", _("code on the wall")


#: The word the vault knows each channel by when it hands out codes.
SLIP_KINDS = {
    Channel.SLIPS: "slip",
    Channel.LETTER: "letter",
    Channel.PAPER: "paper",
    Channel.WALL: "wall",
}

#: What each way means for those who answer, in one sentence; shown where the way is chosen.
CHANNEL_SENTENCES = {
    Channel.SLIPS: _(
        "You print a folded slip for each member. The group shuffles them and everyone draws one."
    ),
    Channel.LETTER: _(
        "You print a letter for each member of a group that has ended, and write the addresses yourselves."
    ),
    Channel.PAPER: _(
        "You print the questions on paper with a slip and a return envelope. Two of you type the answers."
    ),
    Channel.WALL: _(
        "You hang one code on the wall. Then we cannot know that everyone answers only once, "
        "and such answers never count towards the limit for what can be shown."
    ),
}


class Following(models.TextChoices):
    """Whether the same people are found again in the next round, and by what."""

    NOBODY = "nobody", _("No. Each round stands alone.")
    BY_CARD = (
        "card",
        _("Yes, by a card of words. Everyone gets one, and types it again the next time."),
    )
    BY_CARD_AND_QUESTIONS = (
        "card_and_questions",
        _(
            "Yes, by the card and by eight questions about oneself, for those who agree and may lose "
            "the card."
        ),
    )


class KeyHolding(models.TextChoices):
    """Where the key that opens a closed round lies."""

    SERVER = "server", _("on the server")
    OFFLINE = "offline", _("with the researcher, offline")


class Risk(models.TextChoices):
    """How easily the answer to an own question could point to one person."""

    LOW = "low", _("little risk of being recognised")
    MEDIUM = "medium", _("some risk of being recognised")
    HIGH = "high", _("great risk of being recognised")


class Label(models.TextChoices):
    """How anonymous a survey is; computed, never chosen."""

    ANONYMOUS = "anonymous", _("anonymous")
    PSEUDONYMOUS = "pseudonymous", _("pseudonymous")
    IDENTIFIABLE = "identifiable", _("identifiable")


class Purpose(models.TextChoices):
    """What those who answer are asked to agree to."""

    SURVEY = "survey", _("the survey")
    QUOTATION = "quotation", _("quotation, for each text")
    FOLLOWING = "following", _("being followed over rounds")


#: What the questions about oneself can be answered with.
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ")
Options = tuple[tuple[str, str | Promise], ...]


def _plain(values: Sequence[str | int]) -> Options:
    return tuple((str(value), str(value)) for value in values)


@dataclass(frozen=True)
class Element:
    """One question about oneself, with everything that can be chosen."""

    question: str | Promise
    options: Options


#: Eight questions about oneself, in the order in which their answers are sealed.
ELEMENTS = (
    Element(_("First letter of the place where you started school"), _plain(LETTERS)),
    Element(_("Last letter of your first name"), _plain(LETTERS)),
    Element(_("The day of the month you were born"), _plain(range(1, 32))),
    Element(
        _("The month you were born"),
        tuple((str(number), name) for number, name in MONTHS.items()),
    ),
    Element(
        _("How many older brothers and sisters you have, or have had"),
        (*_plain(range(4)), ("4", _("4 or more"))),
    ),
    Element(
        _("Second letter of your family name when you started school"),
        _plain(LETTERS),
    ),
    Element(_("Your shoe size"), _plain(range(33, 51))),
    Element(
        _("Last figure of the house number where you lived when you started school"),
        _plain(range(10)),
    ),
)
