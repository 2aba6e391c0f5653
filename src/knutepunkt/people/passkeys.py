"""What is asked about a passkey, in the reader's language?

The library's forms leave the field without a label, so its name would stand there in English.
"""

from __future__ import annotations

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


def _name(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("What do you call the passkey?"),
        help_text=_("For example the telephone or the computer it lies on."),
        required=required,
        max_length=100,
    )


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey and its name."""

    name = _name(required=False)


class EditPasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    name = _name(required=True)
