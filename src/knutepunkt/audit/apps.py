"""How Django knows this room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The room named audit."""

    name = "knutepunkt.audit"
    label = "audit"
