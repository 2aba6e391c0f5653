"""Which app is this, and what is done after its tables were made?"""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _after_migration(*, using: str, **_named: Any) -> None:
    from knutepunkt.responses.actions.clearing import VAULT, keep_no_samples

    if using == VAULT:
        keep_no_samples()


class ResponsesConfig(AppConfig):
    """The vault."""

    name = "knutepunkt.responses"
    label = "responses"

    def ready(self) -> None:
        """Let the database keep no samples of what joins, whenever its tables have changed."""
        post_migrate.connect(_after_migration, sender=self)
