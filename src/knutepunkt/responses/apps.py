"""How Django knows this room."""

from django.apps import AppConfig


class ResponsesConfig(AppConfig):
    """The room named responses."""

    name = "knutepunkt.responses"
    label = "responses"
