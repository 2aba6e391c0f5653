"""Which houses and groups are there, where, and what has happened to them over time?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from knutepunkt.directory.lifecycle import GROUP
from knutepunkt.directory.vocabulary import EventKind, Form
from knutepunkt.people.models import Organisation
from knutepunkt.shared.ids import random_id


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
        return self.name_nb


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

    def __str__(self) -> str:
        return self.name


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
        ]

    def __str__(self) -> str:
        return self.name


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
