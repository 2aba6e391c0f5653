"""Which words stand in the row at the top, for visitors and for each role?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from knutepunkt.people.vocabulary import Role

LONGEST_ROW = 6


@dataclass(frozen=True)
class Entry:
    """One word of the row and the name of the page it leads to."""

    label: str | Promise
    page: str


@dataclass(frozen=True)
class Link:
    """An entry as the page shows it: its address, and whether the reader is there now."""

    label: str
    address: str
    is_current: bool


PUBLIC: tuple[Entry, ...] = (Entry(_("How we protect the answers"), "site:protection"),)

_START = Entry(_("My page"), "site:start")

ROLES: Mapping[str, tuple[Entry, ...]] = {role.value: (_START,) for role in Role}


def links(entries: tuple[Entry, ...], path: str) -> tuple[Link, ...]:
    """Return the entries whose pages exist, marking the one the reader is on or below."""
    found: list[tuple[Entry, str]] = []
    for entry in entries:
        try:
            found.append((entry, reverse(entry.page)))
        except NoReverseMatch:
            continue
    here = max((address for _e, address in found if path.startswith(address)), key=len, default="")
    return tuple(Link(str(entry.label), address, address == here) for entry, address in found)
