"""Which houses and groups are there, where, and what has happened to them over time?"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from knutepunkt.directory.lifecycle import ENDED, GROUP, PLANNED, SPLIT
from knutepunkt.directory.places import county_of, name_of
from knutepunkt.directory.vocabulary import OPEN_THEME, Arena, EventKind, Form
from knutepunkt.people.models import Organisation
from knutepunkt.shared.ids import random_id
from knutepunkt.shared.wording import reader_language


class Theme(models.Model):
    """What a group is about, in three languages; the first one is the open theme."""

    slug = models.SlugField(primary_key=True)
    name_nb = models.CharField(max_length=120)
    name_nn = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    is_sensitive = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "slug")

    def __str__(self) -> str:
        return self.name_in(reader_language())

    def name_in(self, language: str) -> str:
        """Return the name in the language, bokmål where there is no other."""
        return {"nn": self.name_nn, "en": self.name_en}.get(language, self.name_nb)

    @property
    def is_open(self) -> bool:
        """Say whether this is the theme of groups that have none."""
        return self.slug == OPEN_THEME


class House(models.Model):
    """A place of an organisation where groups meet."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="houses")
    name = models.CharField(max_length=160)
    address = models.CharField(max_length=200, blank=True)
    municipality_code = models.CharField(max_length=4)
    municipality_valid_on = models.DateField()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="house_name_once_in_organisation"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """Return the municipality's name as it was on the day it was noted."""
        return name_of(self.municipality_code, self.municipality_valid_on)


class Group(models.Model):
    """A self-help group, from the day it is planned to the day it ends."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="groups")
    house = models.ForeignKey(
        House, null=True, blank=True, on_delete=models.SET_NULL, related_name="groups"
    )
    name = models.CharField(max_length=160)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="groups")
    form = models.CharField(max_length=20, choices=Form, default=Form.IN_PERSON)
    arena = models.CharField(max_length=20, choices=Arena, default=Arena.VOLUNTARY)
    state = models.CharField(max_length=20, choices=GROUP.choices(), default=GROUP.initial)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contact_for_groups",
    )
    members = models.PositiveSmallIntegerField(null=True, blank=True)
    municipality_code = models.CharField(max_length=4, blank=True)
    municipality_valid_on = models.DateField(null=True, blank=True)
    address_withheld = models.BooleanField(default=False)
    split_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="split_into"
    )
    confirmed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="group_name_once_in_organisation"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(ended_on__gte=models.F("started_on")),
                name="group_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(state=PLANNED, started_on__isnull=True)
                | (~Q(state=PLANNED) & Q(started_on__isnull=False)),
                name="group_under_way_has_a_start",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(SPLIT, ENDED), ended_on__isnull=False)
                | (~Q(state__in=(SPLIT, ENDED)) & Q(ended_on__isnull=True)),
                name="group_has_an_end_when_ended",
            ),
            models.CheckConstraint(
                condition=Q(municipality_code="", municipality_valid_on__isnull=True)
                | (~Q(municipality_code="") & Q(municipality_valid_on__isnull=False)),
                name="group_place_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """Return the municipality's name as it was on the day it was noted."""
        return name_of(self.municipality_code, self.municipality_valid_on)

    def county_on(self, day: datetime.date) -> str:
        """Return the county the group meets in; empty where its address is withheld or unknown."""
        if self.address_withheld:
            return ""
        return county_of(self.municipality_code, self.municipality_valid_on, day)


class GroupEvent(models.Model):
    """Something that happened to a group on a date."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind)
    happened_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("happened_on", "id")

    def __str__(self) -> str:
        return f"{self.group}: {self.get_kind_display()} {self.happened_on}"
