"""How Django knows this room."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """The room named surveys."""

    name = "knutepunkt.surveys"
    label = "surveys"
