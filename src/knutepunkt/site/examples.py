"""What do the components look like, on the page that shows them to those who build pages?"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest


class ExampleForm(forms.Form):
    """One field of each kind; shown with mistakes, so that those can be seen as well."""

    name = forms.CharField(label="Navn på gruppa", help_text="Bare dere ser navnet.")
    members = forms.IntegerField(label="Hvor mange er med?", min_value=1)
    started_on = forms.DateField(
        label="Startet", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    theme = forms.ChoiceField(
        label="Tema", choices=[("open", "Åpent tema"), ("grief", "Sorg etter dødsfall")]
    )
    form = forms.ChoiceField(
        label="Hvordan møtes dere?",
        help_text="Velg det som er vanligst.",
        choices=[("in_person", "I samme rom"), ("online", "På nett"), ("mixed", "Begge deler")],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label="Hvilke dager passer?",
        required=False,
        choices=[("mon", "Mandag"), ("tue", "Tirsdag"), ("wed", "Onsdag")],
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label="Merknad", required=False, widget=forms.Textarea)
    is_agreed = forms.BooleanField(label="Gruppa har sagt ja til dette", required=False)


def example_page(request: HttpRequest) -> dict[str, Any]:
    """Return what the page of components shows."""
    return {
        "form": ExampleForm(),
        "mended_form": ExampleForm({"name": "", "members": "0"}, prefix="again"),
        "day": dt.date(2026, 11, 30),
        "moment": dt.time(18, 30),
        "page": Paginator(range(60), 20).get_page(request.GET.get("side", 2)),
        "questions": ["Hvordan jeg har det i hverdagen", "Overskudd til ting jeg vil gjøre"],
        "points": ["Mye verre", "Litt verre", "Omtrent som før", "Litt bedre", "Mye bedre"],
    }
