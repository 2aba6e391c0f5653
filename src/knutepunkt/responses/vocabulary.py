"""In which ways may somebody come to a survey, as far as the vault needs to know?"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SlipKind(models.TextChoices):
    """What was handed out. Only a code on the wall may be used more than once."""

    SLIP = "slip", _("slip")
    LETTER = "letter", _("letter")
    PAPER = "paper", _("paper questionnaire")
    WALL = "wall", _("code on the wall")
