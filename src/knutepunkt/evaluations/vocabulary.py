"""For whom is a report made?"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who may read a released report; the values are those of ``analysis.disclosure``."""

    CENTRE = "centre", _("the centre itself")
    PUBLIC = "public", _("the public")
