"""How Django knows this room."""

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    """The room named evaluations."""

    name = "knutepunkt.evaluations"
    label = "evaluations"
