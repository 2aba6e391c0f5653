"""How Django knows this room."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The room named site."""

    name = "knutepunkt.site"
    label = "site"
