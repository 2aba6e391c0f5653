"""What does a person type about groups and houses, and how is it read?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from knutepunkt.directory.actions import GroupFacts, HouseFacts
from knutepunkt.directory.group_list import MOST_MEMBERS, place_problem
from knutepunkt.directory.models import Group, House, Theme
from knutepunkt.directory.places import label, look_up, municipalities_on
from knutepunkt.directory.queries import houses_of, open_theme, themes
from knutepunkt.directory.sheets import LARGEST_FILE
from knutepunkt.directory.vocabulary import Arena, Form
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.policies import may_act_as
from knutepunkt.people.queries import people_with_role
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.fields import DayField


class PlaceWidget(forms.TextInput):
    """A text field that suggests the names of municipalities, without a script."""

    template_name = "directory/place_widget.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the names that exist today."""
        today = timezone.localdate()
        context = super().get_context(name, value, attrs)
        suggestions = context["widget"]["attrs"]["list"] = f"{name}-places"
        places = [label(place, today) for place in municipalities_on(today)]
        return context | {"suggestions": suggestions, "places": places}


class PlaceField(forms.CharField):
    """A municipality by name or number; its value is the code and a day on which it is valid."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=PlaceWidget, max_length=80, **options)

    def clean(self, value: Any) -> tuple[str, date | None]:
        """Return code and day, or nothing where nothing was typed."""
        text = super().clean(value)
        if not text:
            return "", None
        today = timezone.localdate()
        found = look_up(text, today)
        if len(found) != 1:
            sentence = place_problem(text, bool(found))
            raise ValidationError(sentence[:1].upper() + sentence[1:])
        place = found[0]
        return place.code, today if place.is_valid_on(today) else place.day_of_validity


class GroupForm(forms.Form):
    """What is written down about a group."""

    name = forms.CharField(label=gettext_lazy("Name of the group"), max_length=160)
    theme = forms.ModelChoiceField(
        label=gettext_lazy("Theme"),
        queryset=Theme.objects.none(),
        empty_label=None,
        help_text=gettext_lazy("Most groups have an open theme."),
    )
    form = forms.ChoiceField(
        label=gettext_lazy("How the group meets"), choices=Form, widget=forms.RadioSelect
    )
    started_on = DayField(
        label=gettext_lazy("First meeting"),
        required=False,
        help_text=gettext_lazy("Leave this empty if the group has not started yet."),
    )
    members = forms.IntegerField(
        label=gettext_lazy("Number of members"),
        required=False,
        min_value=0,
        max_value=MOST_MEMBERS,
    )
    place = PlaceField(label=gettext_lazy("Municipality"), required=False)
    house = forms.ModelChoiceField(
        label=gettext_lazy("House"),
        queryset=House.objects.none(),
        required=False,
        empty_label=pgettext_lazy("house", "None of the centre's houses"),
    )
    address_withheld = forms.BooleanField(
        label=gettext_lazy("Do not show where the group meets"), required=False
    )
    contact = forms.ModelChoiceField(
        label=gettext_lazy("Contact person"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=pgettext_lazy("contact person", "Nobody yet"),
    )
    arena = forms.ChoiceField(label=gettext_lazy("Where the group belongs"), choices=Arena)

    def __init__(
        self,
        data: Any = None,
        *,
        organisation: Organisation,
        person: Person,
        group: Group | None = None,
    ) -> None:
        super().__init__(data, initial=_initial_of(group, person))
        self._fill_choices(organisation)
        if group is not None:
            del self.fields["started_on"]
        if not may_act_as(person, organisation, Role.COORDINATOR):
            del self.fields["contact"]
        self._contact = group.contact if group else person

    def _fill_choices(self, organisation: Organisation) -> None:
        may = people_with_role(organisation, Role.STARTER, Role.COORDINATOR, Role.DIRECTOR)
        choices = {
            "theme": themes(),
            "house": houses_of(organisation),
            "contact": Person.objects.filter(pk__in=[each.pk for each in may]).order_by("name"),
        }
        for name, queryset in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset

    def facts(self) -> GroupFacts:
        """Return what was typed as the action wants it."""
        code, valid_on = self.cleaned_data["place"]
        return GroupFacts(
            name=self.cleaned_data["name"],
            theme=self.cleaned_data["theme"],
            form=self.cleaned_data["form"],
            arena=self.cleaned_data["arena"],
            house=self.cleaned_data["house"],
            contact=self.cleaned_data.get("contact", self._contact),
            members=self.cleaned_data["members"],
            municipality_code=code,
            municipality_valid_on=valid_on,
            address_withheld=self.cleaned_data["address_withheld"],
        )


class StepForm(forms.Form):
    """When something happened to a group, and a word about it."""

    on = DayField(label=gettext_lazy("Date"))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Leave out names and what people have told."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {"on": timezone.localdate()})
        super().__init__(*args, **options)


class SplitForm(StepForm):
    """When a group was split, and what the new groups are named."""

    first = forms.CharField(label=gettext_lazy("Name of the first new group"), max_length=160)
    second = forms.CharField(label=gettext_lazy("Name of the second new group"), max_length=160)
    third = forms.CharField(
        label=gettext_lazy("Name of a third new group"), max_length=160, required=False
    )
    field_order = ("first", "second", "third", "on", "note")

    def names(self) -> list[str]:
        """Return the names that were typed."""
        typed = [self.cleaned_data[field] for field in ("first", "second", "third")]
        return [name for name in typed if name]


class HandOverForm(forms.Form):
    """Who takes over as contact person."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("New contact person"), queryset=Person.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, group: Group, **options: Any) -> None:
        super().__init__(*args, **options)
        may = people_with_role(group.organisation, Role.STARTER, Role.COORDINATOR, Role.DIRECTOR)
        others = [each.pk for each in may if each.pk != group.contact_id]
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Person.objects.filter(pk__in=others).order_by("name")


class HouseForm(forms.Form):
    """What is written down about a house."""

    name = forms.CharField(label=gettext_lazy("Name of the house"), max_length=160)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    place = PlaceField(label=gettext_lazy("Municipality"))

    def facts(self) -> HouseFacts:
        """Return what was typed as the action wants it."""
        code, valid_on = self.cleaned_data["place"]
        return HouseFacts(
            name=self.cleaned_data["name"],
            address=self.cleaned_data["address"],
            municipality_code=code,
            municipality_valid_on=valid_on,
        )


class ImportForm(forms.Form):
    """A list of groups as a file."""

    file = forms.FileField(
        label=gettext_lazy("The file with the list"),
        help_text=gettext_lazy(".xlsx or CSV, at most 2 MB"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_file(self) -> Any:
        """Refuse files that are too large to be a list."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(
                _("The file is larger than 2 MB. Divide the list and upload it in parts.")
            )
        return file


def _initial_of(group: Group | None, person: Person) -> dict[str, Any]:
    if group is None:
        return {
            "theme": open_theme().pk,
            "form": Form.IN_PERSON,
            "arena": Arena.VOLUNTARY,
            "contact": person.pk,
        }
    return {
        "name": group.name,
        "theme": group.theme_id,
        "form": group.form,
        "arena": group.arena,
        "house": group.house_id,
        "contact": group.contact_id,
        "members": group.members,
        "place": group.place,
        "address_withheld": group.address_withheld,
    }
