"""How Django knows this room."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EvaluationsConfig(AppConfig):
    """The room named evaluations."""

    name = "knutepunkt.evaluations"
    label = "evaluations"

    def ready(self) -> None:
        """Lock the release ledger in the database whenever its tables may have been made anew."""
        from knutepunkt.evaluations.locking import lock_ledger

        post_migrate.connect(lock_ledger, sender=self)
