"""Which day is it? All rooms ask here, so that the example can play a year in a minute."""

from __future__ import annotations

import datetime as dt
import os

from django.conf import settings
from django.utils import timezone

#: Names the day the example plays; ignored in production.
EXAMPLE_DATE = "KNUTEPUNKT_EXAMPLE_DATE"


def today() -> dt.date:
    """Return today's date where the centre is, or the day the example plays."""
    played = os.environ.get(EXAMPLE_DATE, "")
    if played and not settings.IS_PRODUCTION:
        return dt.date.fromisoformat(played)
    return timezone.localdate()
