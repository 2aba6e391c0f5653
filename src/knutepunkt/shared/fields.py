"""Which fields of forms do several rooms share?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

#: How a day is typed where the browser has no calendar, and in lists.
DATE_FORMATS = ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y", "%d-%m-%Y")


class DayField(forms.DateField):
    """A day, chosen in the browser's calendar or typed the Norwegian way."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("input_formats", ["%Y-%m-%d", *DATE_FORMATS])
        options.setdefault(
            "widget",
            forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        )
        options.setdefault(
            "error_messages",
            {"invalid": gettext_lazy("Write the date like this: 30.11.2026.")},
        )
        super().__init__(**options)
