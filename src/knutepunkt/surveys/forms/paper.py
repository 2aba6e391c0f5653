"""What is typed from a paper answer: the slip's code, and what is crossed and written?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PaperCodeForm(forms.Form):
    """The code on the slip that lies with the paper."""

    slip_code = forms.CharField(
        label=_("The code on the slip"),
        help_text=_("It lies in the envelope, or stands at the top of the first sheet."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "class": "ds-input kp-code"}
        ),
    )
