"""What does a person fill in to make, propose, send back, correct or retract a report?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from knutepunkt.evaluations.models import Evaluation
from knutepunkt.evaluations.queries import closed_rounds_of, possible_approvers
from knutepunkt.evaluations.vocabulary import AUDIENCE_SENTENCES, SENSITIVE_SENTENCE, Audience
from knutepunkt.people.models import Person
from knutepunkt.shared.wording import date_in_words
from knutepunkt.surveys.models import Round, Survey


class RoundsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Rounds of one survey, told from each other by number and day."""

    def label_from_instance(self, obj: Round) -> str:
        """Name a round among those of its survey."""
        return gettext("Round %(number)s, closed on %(day)s") % {
            "number": obj.number,
            "day": date_in_words(obj.closed_on or obj.closes_on),
        }


class MakingForm(forms.Form):
    """Which closed rounds, and for whom."""

    rounds = RoundsField(
        label=_("Which rounds should the report be about?"),
        queryset=Round.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one round.")},
    )
    audience = forms.ChoiceField(
        label=_("Who is the report for?"),
        widget=forms.RadioSelect,
        initial=Audience.CENTRE,
    )

    def __init__(self, survey: Survey, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rounds = closed_rounds_of(survey)
        field = self.fields["rounds"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = rounds
        field.initial = [each.pk for each in rounds]
        means = dict(AUDIENCE_SENTENCES)
        if survey.is_sensitive:
            means[Audience.CENTRE] = SENSITIVE_SENTENCE
        audience = self.fields["audience"]
        assert isinstance(audience, forms.ChoiceField)
        audience.choices = [
            (each.value, f"{each.label[0].upper()}{each.label[1:]}: {means[each]}")
            for each in Audience
        ]


class ApproverForm(forms.Form):
    """Who should approve the report: a colleague, or somebody from outside by e-mail."""

    colleague = forms.ModelChoiceField(
        label=_("A colleague"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("Nobody chosen"),
    )
    email = forms.EmailField(
        label=_("Or somebody from outside"),
        help_text=_(
            "A board member, a neighbouring centre or the hub. They get a link by e-mail, for this "
            "report alone."
        ),
        required=False,
    )

    def __init__(self, evaluation: Evaluation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["colleague"]
        assert isinstance(field, forms.ModelChoiceField)
        colleagues = [person.pk for person in possible_approvers(evaluation)]
        field.queryset = Person.objects.filter(pk__in=colleagues).order_by("name")

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("colleague")) == bool(cleaned.get("email")) and not self.errors:
            self.add_error(
                "colleague", _("Choose a colleague, or write one e-mail address. Not both.")
            )
        return cleaned


class ReviewerForm(forms.Form):
    """Name and password of somebody from outside who has no account yet."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("A password of at least twelve characters"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """Refuse passwords that are short or known to everybody."""
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


class SendBackForm(forms.Form):
    """What should be put right."""

    comment = forms.CharField(
        label=_("What should be put right?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Write what should be put right.")},
    )


class ReasonForm(forms.Form):
    """Why a shared report is corrected or retracted; the readers see it."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("The readers see the reason."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": _("Write why. The readers see the reason.")},
    )
