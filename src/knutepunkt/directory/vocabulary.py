"""Which forms can a group have, and what can happen to it?"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Form(models.TextChoices):
    """How a group meets."""

    IN_PERSON = "in_person", _("in person")
    ONLINE = "online", _("online")
    MIXED = "mixed", _("both in person and online")


class EventKind(models.TextChoices):
    """What happened to a group on a date."""

    STARTED = "started", _("started")
    PAUSED = "paused", _("paused")
    RESTARTED = "restarted", _("restarted")
    SPLIT = "split", _("split")
    ENDED = "ended", _("ended")
