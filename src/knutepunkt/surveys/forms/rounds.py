"""What is asked of a coordinator about a round that is planned, open or closed?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from knutepunkt.surveys.actions.slips import most_slips
from knutepunkt.surveys.forms.planning import day_field
from knutepunkt.surveys.models import RoundGroup


class ExtendForm(forms.Form):
    """A later deadline."""

    closes_on = day_field(_("New deadline"))


class RoundDatesForm(forms.Form):
    """The days of another round."""

    opens_on = day_field(_("Opens"))
    closes_on = day_field(_("Deadline"), _("The last day anyone can answer."))
    report_expected_on = day_field(_("Report expected"), required=False)


class KeyForm(forms.Form):
    """Who can open the answers when the survey is closed."""

    recipients = forms.CharField(
        label=_("Public keys"),
        help_text=_(
            "One on each line, beginning with age1. With two, both are needed. Leave it empty to "
            "keep the key on the server."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        required=False,
    )

    def clean_recipients(self) -> list[str]:
        """Return the keys, one for each line that was typed."""
        return str(self.cleaned_data["recipients"]).split()


class NewSlipsForm(forms.Form):
    """New slips for lost or spoiled ones."""

    group = forms.ChoiceField(label=_("For which group?"))
    count = forms.IntegerField(label=_("How many new slips?"), min_value=1, initial=1)
    spoiled = forms.CharField(
        label=_("Codes of spoiled slips you have at hand"),
        help_text=_("One on each line. They can no longer be used."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        required=False,
    )

    def __init__(self, *args: Any, asked: Sequence[RoundGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {str(each.pk): each for each in asked}
        group = self.fields["group"]
        assert isinstance(group, forms.ChoiceField)
        group.choices = [(key, each.group.name) for key, each in self.asked.items()]

    def clean(self) -> dict[str, Any]:
        """Check that the group can need so many."""
        cleaned: dict[str, Any] = super().clean() or {}
        asked, count = self.asked.get(cleaned.get("group", "")), cleaned.get("count")
        if asked and count and count > most_slips(asked):
            self.add_error(
                "count",
                _("That is more slips than the group can need. Print at most {number}.").format(
                    number=most_slips(asked)
                ),
            )
        return cleaned

    @property
    def spoiled_codes(self) -> tuple[str, ...]:
        """The codes to make void; the form must be valid."""
        lines = self.cleaned_data["spoiled"].splitlines()
        return tuple(line.strip() for line in lines if line.strip())
