"""What does a person fill in to invite somebody, accept, or add an organisation?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from knutepunkt.people.policies import ROLES_A_DIRECTOR_GIVES
from knutepunkt.people.vocabulary import ROLE_SENTENCES, OrganisationKind

LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]


class InviteForm(forms.Form):
    """Whom, and to which role."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=(), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (role.value, f"{role.label[0].upper()}{role.label[1:]}. {ROLE_SENTENCES[role]}")
            for role in ROLES_A_DIRECTOR_GIVES
        ]


class AddressForm(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(label=_("E-mail address"))


class AccountForm(forms.Form):
    """Name and password of a new account; the address is asked for only where none is known."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("A password of at least twelve characters"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, sent_to: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sent_to:
            del self.fields["email"]

    def clean_password(self) -> str:
        """Refuse passwords that are short or known to everybody."""
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


class AccountFactsForm(forms.Form):
    """What a person is called, and in which language the system writes to them."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    language = forms.ChoiceField(label=_("Language of e-mails to you"), choices=LANGUAGES)


class CentreForm(forms.Form):
    """What an organisation is called, which language it writes, and how it is reached."""

    name = forms.CharField(label=_("The organisation's name"), max_length=160)
    short_name = forms.CharField(
        label=_("Short name"), help_text=_("As people say it, for tight places."), max_length=60
    )
    language = forms.ChoiceField(
        label=_("Language"),
        help_text=_("The language of e-mails and printed sheets you do not choose one for."),
        choices=LANGUAGES,
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Shown to participants who want to ask you something."),
        required=False,
    )
    telephone = forms.CharField(label=_("Telephone"), required=False, max_length=30)


class OrganisationForm(forms.Form):
    """A new organisation and its first director."""

    name = forms.CharField(label=_("The organisation's name"), max_length=160)
    short_name = forms.CharField(
        label=_("Short name"), help_text=_("As people say it, for tight places."), max_length=60
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    number = forms.CharField(label=_("Organisation number"), required=False, max_length=20)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    director = forms.EmailField(label=_("E-mail address of the first director"))
