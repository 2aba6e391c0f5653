"""How Django knows this room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room named people."""

    name = "knutepunkt.people"
    label = "people"
