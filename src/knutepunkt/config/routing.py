"""Which database does a model live in? The vault's models in the vault, all others in the main one."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

VAULT = "vault"
VAULT_ROOM = "responses"


class VaultRouter:
    """Keeps sealed answers on a database of their own, and nothing else there."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """Name the database that holds the model."""
        return VAULT if model._meta.app_label == VAULT_ROOM else "default"

    db_for_write = db_for_read

    def allow_relation(self, left: Model, right: Model, **hints: Any) -> bool:
        """Refuse every relation between the vault and the rest."""
        return (left._meta.app_label == VAULT_ROOM) == (right._meta.app_label == VAULT_ROOM)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Make the vault's tables in the vault only, and no other tables there."""
        return (db == VAULT) == (app_label == VAULT_ROOM)
