"""How does the shipped vocabulary of themes get into the database?"""

from __future__ import annotations

import csv
from importlib.resources import files

from django.db import transaction

from knutepunkt.directory.models import Theme


@transaction.atomic
def keep_themes() -> int:
    """Write the shipped themes, new and changed; called after every migration.

    Themes that groups already use are never removed. No audit event: nobody did this, the
    installation did. Returns how many themes are shipped.
    """
    text = files("knutepunkt.directory").joinpath("themes.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    for position, row in enumerate(rows):
        Theme.objects.update_or_create(
            slug=row["slug"],
            defaults={
                "position": position,
                "is_sensitive": row["is_sensitive"] == "yes",
                "name_nb": row["name_nb"],
                "name_nn": row["name_nn"],
                "name_en": row["name_en"],
            },
        )
    return len(rows)
