"""What does the frame around a page show this reader?"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language

from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.queries import acting_organisation
from knutepunkt.site import queries
from knutepunkt.site.navigation import PUBLIC, ROLES, WITHOUT_ROLE, Link, links

#: Where the session keeps which of several roles the person acts in.
HAT = "role_in_use"

LANGUAGE_NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}


@dataclass(frozen=True)
class Hat:
    """One role in one organisation, as the list in the header names it."""

    key: str
    label: str
    organisation: str
    is_current: bool


class Shell:
    """The frame's facts, each looked up only when the page shows it."""

    def __init__(self, request: HttpRequest | None) -> None:
        self._request = request

    @property
    def language(self) -> str:
        """The language of the page."""
        return get_language() or settings.LANGUAGE_CODE

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """Code, name and address of each language; the address comes back to the same page."""
        here = self._request.get_full_path() if self._request else "/"
        return [
            (
                code,
                LANGUAGE_NAMES.get(code, str(name)),
                f"{reverse('site:language', args=[code])}?{urlencode({'til': here})}",
            )
            for code, name in settings.LANGUAGES
        ]

    @cached_property
    def person(self) -> Person | None:
        """The person who has signed in, if anybody has."""
        user = getattr(self._request, "user", None)
        return user if isinstance(user, Person) else None

    @cached_property
    def centre(self) -> Organisation | None:
        """The centre whose site this is, where there is only one."""
        return queries.only_centre()

    @property
    def sender(self) -> str:
        """The name at the top of public pages."""
        return self.centre.name if self.centre else "Knutepunkt"

    @cached_property
    def membership(self) -> Membership | None:
        """The role the person acts in now."""
        held = self._held
        if self._request is None or not held:
            return None
        chosen = self._request.session.get(HAT)
        acting_for = acting_organisation(self._request)
        here = [one for one in held if one.organisation == acting_for]
        return next((one for one in held if str(one.pk) == chosen), (here or held)[0])

    @property
    def organisation_name(self) -> str:
        """The organisation the person acts for."""
        acting_for = self.membership.organisation if self.membership else None
        return acting_for.name if acting_for else ""

    @property
    def hats(self) -> list[Hat]:
        """All roles the person may switch between, in words."""
        several = len({one.organisation_id for one in self._held}) > 1
        return [
            Hat(
                str(one.pk),
                _hat_label(one, several),
                str(one.organisation_id or ""),
                one == self.membership,
            )
            for one in self._held
        ]

    @property
    def public_entries(self) -> tuple[Link, ...]:
        """The words at the top of public pages."""
        return links(PUBLIC, self._path)

    @property
    def role_entries(self) -> tuple[Link, ...]:
        """The words at the top for the role in use; a visitor gets the public ones."""
        if self.person is None:
            return self.public_entries
        if self.membership is None:
            return links(WITHOUT_ROLE, self._path)
        return links(ROLES[self.membership.role], self._path)

    @cached_property
    def is_example(self) -> bool:
        """Whether what the reader sees is invented."""
        shown = self.membership.organisation if self.membership else self.centre
        return shown.is_example if shown else queries.only_examples()

    @cached_property
    def _held(self) -> list[Membership]:
        if self.person is None:
            return []
        return queries.roles_held(self.person)

    @property
    def _path(self) -> str:
        return self._request.path if self._request else ""


def _hat_label(membership: Membership, with_organisation: bool) -> str:
    role = str(membership.get_role_display())
    words = role[:1].upper() + role[1:]
    if with_organisation and membership.organisation:
        return f"{words}, {membership.organisation.short_name}"
    return words


def shell_for(request: HttpRequest | None) -> Shell:
    """Return the request's frame, the same one throughout a page."""
    if request is None:
        return Shell(None)
    existing = getattr(request, "kp_shell", None)
    if isinstance(existing, Shell):
        return existing
    made = Shell(request)
    request.kp_shell = made  # type: ignore[attr-defined]
    return made
