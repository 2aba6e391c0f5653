"""How Django knows this room, and what it does after a migration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DirectoryConfig(AppConfig):
    """The room named directory."""

    name = "knutepunkt.directory"
    label = "directory"

    def ready(self) -> None:
        """Keep the shipped themes in the database, also after an upgrade."""
        post_migrate.connect(_keep_themes, sender=self)


def _keep_themes(using: str, **kwargs: Any) -> None:
    from django.db import connections

    from knutepunkt.directory.actions import keep_themes
    from knutepunkt.directory.models import Theme

    has_table = Theme._meta.db_table in connections[using].introspection.table_names()
    if using == "default" and has_table:
        keep_themes()
