"""What does a coordinator decide on each page of a new survey?

Each form is filled from what was typed before, valid or not, so a page looks as it was left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from knutepunkt.directory.lifecycle import SPLIT
from knutepunkt.directory.models import Group
from knutepunkt.directory.queries import groups_started_between
from knutepunkt.people.models import Organisation
from knutepunkt.shared import clock
from knutepunkt.shared.fields import DayField
from knutepunkt.shared.wording import reader_language
from knutepunkt.surveys.actions.planning import AskedGroup
from knutepunkt.surveys.queries.rounds import is_ended, members_last_asked
from knutepunkt.surveys.vocabulary import CHANNEL_SENTENCES, Channel, Following

YEARS_BACK = 3
MOST_MEMBERS = 99
#: How many rounds a survey may be planned with, in words.
TIMES = {1: _("Once"), 2: _("Twice"), 3: _("Three times"), 4: _("Four times")}


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """Return a field for a day, as the directory's pages have it."""
    return DayField(label=label, help_text=help_text, required=required)


@dataclass(frozen=True)
class GroupRow:
    """A group in the list: its box, how many are asked, and what to say of its state."""

    group: Group
    ask: forms.BoundField
    members: forms.BoundField

    @property
    def is_ended(self) -> bool:
        """Whether the row is marked as ended."""
        return is_ended(self.group)

    @property
    def theme(self) -> str:
        """The group's theme in the reader's language."""
        language = reader_language()
        return str(getattr(self.group.theme, f"name_{language}", self.group.theme.name_nb))


class GroupsForm(forms.Form):
    """Which groups are asked: all started between two days, ended ones included."""

    started_from = day_field(_("Groups that started from"))
    started_until = day_field(_("until"))

    def __init__(
        self, typed: Mapping[str, Sequence[str]] | None, *, organisation: Organisation
    ) -> None:
        self.organisation = organisation
        kept = QueryDict(mutable=True)
        for name, values in (typed or default_period()).items():
            kept.setlist(name, list(values))
        self.groups = self._groups(kept)
        shown = set(kept.getlist("shown"))
        last = members_last_asked(organisation)
        for group in self.groups:
            if str(group.pk) not in shown:
                kept[f"members-{group.pk}"] = str(group.members or last.get(group.pk) or "")
                if group.state != SPLIT:
                    kept[f"ask-{group.pk}"] = "on"
        super().__init__(kept)
        for group in self.groups:
            self._add(group)

    def _groups(self, kept: QueryDict) -> list[Group]:
        days = [_day(kept.get(name)) for name in ("started_from", "started_until")]
        if days[0] is None or days[1] is None:
            return []
        return groups_started_between(self.organisation, days[0], days[1])

    def _add(self, group: Group) -> None:
        self.fields[f"ask-{group.pk}"] = forms.BooleanField(label=group.name, required=False)
        self.fields[f"members-{group.pk}"] = forms.IntegerField(
            label=_("Members asked in {group}").format(group=group.name),
            required=False,
            min_value=1,
            max_value=MOST_MEMBERS,
            widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "ds-input kp-few"}),
        )

    @property
    def rows(self) -> list[GroupRow]:
        """The groups of the period, as rows."""
        return [
            GroupRow(group, self[f"ask-{group.pk}"], self[f"members-{group.pk}"])
            for group in self.groups
        ]

    @property
    def days(self) -> list[forms.BoundField]:
        """The two days."""
        return [self["started_from"], self["started_until"]]

    def clean(self) -> dict[str, Any]:
        """Check that the days follow each other and that somebody is asked."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("started_from"), cleaned.get("started_until")
        if first and last and last < first:
            self.add_error("started_until", _("This day comes before the first one."))
        chosen = [group for group in self.groups if cleaned.get(f"ask-{group.pk}")]
        for group in chosen:
            name = f"members-{group.pk}"
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, _("Write how many members are asked."))
        if not chosen and not self.errors:
            self.add_error(
                None,
                _("No groups are chosen, so nobody would be asked. Choose at least one group."),
            )
        return cleaned

    def asked(self) -> tuple[AskedGroup, ...]:
        """Return the chosen groups with their numbers of members; the form must be valid."""
        return tuple(
            AskedGroup(group, self.cleaned_data[f"members-{group.pk}"])
            for group in self.groups
            if self.cleaned_data[f"ask-{group.pk}"]
        )


class DeliveryForm(forms.Form):
    """How people get the survey."""

    groups_get = forms.ChoiceField(
        label=_("How do the groups get the survey?"), widget=forms.RadioSelect
    )
    ended_groups_get = forms.ChoiceField(
        label=_("How do those get it whose group has ended?"), widget=forms.RadioSelect
    )

    def __init__(
        self, typed: Mapping[str, Sequence[str]] | None, *, with_ended_groups: bool
    ) -> None:
        kept = _query(typed or {"groups_get": [Channel.SLIPS], "ended_groups_get": ["letter"]})
        super().__init__(kept)
        _choices(self, "groups_get").choices = [
            (channel.value, _labelled(channel))
            for channel in (Channel.SLIPS, Channel.PAPER, Channel.WALL)
        ]
        _choices(self, "ended_groups_get").choices = [
            (Channel.LETTER.value, _labelled(Channel.LETTER)),
            ("", pgettext_lazy("ended groups", "In the same way as the others.")),
        ]
        self.fields["ended_groups_get"].required = False
        if not with_ended_groups:
            del self.fields["ended_groups_get"]

    @property
    def groups_channel(self) -> Channel:
        """How running groups get it; the form must be valid."""
        return Channel(self.cleaned_data["groups_get"])

    @property
    def ended_channel(self) -> Channel | None:
        """How ended groups get it, where that differs."""
        chosen = self.cleaned_data.get("ended_groups_get")
        return Channel(chosen) if chosen else None


class DatesForm(forms.Form):
    """When the survey opens and closes, and when the report is expected."""

    title = forms.CharField(
        label=_("What do you call the survey?"),
        help_text=_("It stands in the lists of reports, not on the slips. Do not name a group."),
        max_length=160,
    )
    opens_on = day_field(_("Opens"))
    closes_on = day_field(_("Deadline"), _("The last day anyone can answer."))
    report_expected_on = day_field(
        _("Report expected"), _("Participants are told this day when they have answered.")
    )
    planned_rounds = forms.TypedChoiceField(
        label=_("How many times will you ask?"),
        help_text=_(
            "Asking several times, half a year or more apart, can show change. "
            "Once shows what people feel has changed."
        ),
        coerce=int,
        choices=list(TIMES.items()),
    )

    following = forms.ChoiceField(
        label=_("Will you follow the same people from time to time?"),
        help_text=_(
            "Then the report can tell how people have changed, not only how the answers have. Nobody "
            "gives a name."
        ),
        choices=Following.choices,
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, typed: Mapping[str, Sequence[str]] | None, *, usual_title: str) -> None:
        super().__init__(_query(typed or usual_dates(usual_title)))

    @property
    def chosen_following(self) -> Following:
        """Whether people are followed, and how; the form must be valid."""
        return Following(self.cleaned_data.get("following") or Following.NOBODY)

    def clean(self) -> dict[str, Any]:
        """Check that the days follow each other."""
        cleaned: dict[str, Any] = super().clean() or {}
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        report = cleaned.get("report_expected_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("The deadline comes before the opening day."))
        if closes and report and report < closes:
            self.add_error("report_expected_on", _("The report comes before the deadline."))
        follows = cleaned.get("following") in (Following.BY_CARD, Following.BY_CARD_AND_QUESTIONS)
        if follows and cleaned.get("planned_rounds") == 1:
            self.add_error("following", _("People can be followed only if you ask several times."))
        return cleaned


def default_period(today: dt.date | None = None) -> dict[str, list[str]]:
    """Return the period a new survey starts with: three whole years back until today."""
    day = today or clock.today()
    first = dt.date(day.year - YEARS_BACK, 1, 1)
    return {"started_from": [first.isoformat()], "started_until": [day.isoformat()]}


def usual_dates(title: str, today: dt.date | None = None) -> dict[str, list[str]]:
    """Return dates that leave time: open for four weeks, the report six weeks later."""
    day = today or clock.today()
    opens = day + dt.timedelta(days=7)
    closes = opens + dt.timedelta(days=28)
    return {
        "title": [title],
        "opens_on": [opens.isoformat()],
        "closes_on": [closes.isoformat()],
        "report_expected_on": [(closes + dt.timedelta(days=42)).isoformat()],
        "planned_rounds": ["1"],
        "following": [Following.NOBODY],
    }


def _query(typed: Mapping[str, Sequence[str]]) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name, values in typed.items():
        kept.setlist(name, [str(value) for value in values])
    return kept


def _day(text: str | None) -> dt.date | None:
    try:
        day: dt.date | None = DayField(required=False).clean(text)
    except forms.ValidationError:
        return None
    return day


def _choices(form: forms.Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field


def _labelled(channel: Channel) -> str:
    label = str(channel.label)
    return f"{label[:1].upper()}{label[1:]}. {CHANNEL_SENTENCES[channel]}"
