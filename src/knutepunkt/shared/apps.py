"""How Django knows this room."""

from django.apps import AppConfig


class SharedConfig(AppConfig):
    """The room named shared."""

    name = "knutepunkt.shared"
    label = "shared"
