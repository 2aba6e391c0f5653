"""How Django knows this room."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """The room named directory."""

    name = "knutepunkt.directory"
    label = "directory"
