"""Who has an account, which organisations are there, and who does what in which?"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from knutepunkt.people.vocabulary import OrganisationKind, Role
from knutepunkt.shared.ids import random_id


class PersonManager(BaseUserManager["Person"]):
    """Makes accounts; Django's authentication looks people up through it."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Make an account; without a password nobody can sign in until one is set."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str, **fields: Any) -> Person:
        """Django asks for this name; there is no all-powerful account here."""
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> Person:
        """Find a person by e-mail address, whatever the case of its letters."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account: staff, volunteers, researchers, approvers. Never a participant."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=5, default="nb")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_address")]

    def __str__(self) -> str:
        return self.name or self.email


class Organisation(models.Model):
    """A centre, the hub, a research institution or a funder; everything belongs to one."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=60)
    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=20, choices=OrganisationKind)
    number = models.CharField(max_length=9, blank=True)
    language = models.CharField(max_length=5, default="nb")
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    is_example = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="organisation_number_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One role of one person in one organisation, from a date and perhaps until one.

    Operators run the installation, so their role has no organisation and opens no centre's pages.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(until__isnull=True),
                name="a_role_is_held_once",
            ),
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=Q(until__isnull=True, organisation__isnull=True),
                name="operator_is_held_once",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.OPERATOR, organisation__isnull=True)
                | (~Q(role=Role.OPERATOR) & Q(organisation__isnull=False)),
                name="only_operators_stand_outside",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="membership_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()} ({self.organisation or '-'})"


class Invitation(models.Model):
    """A one-time link that gives one role; only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.CASCADE, related_name="invitations"
    )
    role = models.CharField(max_length=20, choices=Role)
    invited_by = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="invitations_sent"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.get_role_display()} ({self.organisation or '-'})"
