"""Which forms can a group have, where does it belong, and what can happen to it?"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

#: The theme a group has when nobody says otherwise.
OPEN_THEME = "open"
#: A group nobody has confirmed for this many days is asked about (half a year).
DAYS_UNTIL_ASKED = 183


class Form(models.TextChoices):
    """How a group meets."""

    IN_PERSON = "in_person", _("in person")
    ONLINE = "online", _("online")
    MIXED = "mixed", _("both in person and online")


class Arena(models.TextChoices):
    """Where in society a group has its home."""

    VOLUNTARY = "voluntary", _("voluntary sector")
    MUNICIPALITY = "municipality", _("municipality")
    HEALTH = "health", _("health service")
    WORK = "work", _("workplace")


class EventKind(models.TextChoices):
    """What happened to a group on a date."""

    STARTED = "started", _("started")
    PAUSED = "paused", _("paused")
    RESTARTED = "restarted", _("restarted")
    SPLIT = "split", _("split")
    ENDED = "ended", _("ended")
