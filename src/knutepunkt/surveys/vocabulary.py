"""How do people get a survey, and in which ways may it be answered?"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How people get the survey."""

    SLIPS = "slips", _("slips in the group")
    LETTER = "letter", _("letter to former participants")
    PAPER = "paper", _("paper questionnaire")
    WALL = "wall", _("code on the wall")


class KeyHolding(models.TextChoices):
    """Where the key that opens a closed round lies."""

    SERVER = "server", _("on the server")
    OFFLINE = "offline", _("with the researcher, offline")
