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


PUBLIC: tuple[Entry, ...] = (
    Entry(_("Reports"), "evaluations:public-list"),
    Entry(_("How we protect the answers"), "site:protection"),
)

_START = Entry(_("My page"), "site:start")
_GROUPS = Entry(_("Groups"), "directory:group-list")
_MY_GROUPS = Entry(_("My groups"), "directory:group-list")
_SURVEYS = Entry(_("Surveys"), "surveys:survey-list")
_REPORTS = Entry(_("Reports"), "evaluations:report-list")
_APPROVAL = Entry(_("For approval"), "evaluations:waiting-list")
_CENTRE = Entry(_("The centre"), "people:organisation")
_CENTRES = Entry(_("Organisations"), "people:organisation-list")
_OPERATORS = Entry(_("Operators"), "people:operator-list")

#: The row of somebody from outside who approves one report and has no role.
WITHOUT_ROLE: tuple[Entry, ...] = (_START, _APPROVAL)

#: The row for each role; a page that does not exist is left out.
ROLES: Mapping[str, tuple[Entry, ...]] = {
    Role.STARTER: (_START, _MY_GROUPS, _REPORTS),
    Role.COORDINATOR: (_START, _GROUPS, _SURVEYS, _REPORTS, _APPROVAL, _CENTRE),
    Role.DIRECTOR: (_START, _GROUPS, _SURVEYS, _REPORTS, _APPROVAL, _CENTRE),
    Role.RESEARCHER: (_START, _SURVEYS, _REPORTS, _CENTRE),
    Role.APPROVER: (_START, _APPROVAL),
    Role.HUB_OFFICER: (_START, _APPROVAL),
    Role.EDITOR: (_START, _REPORTS),
    Role.OPERATOR: (_START, _CENTRES, _OPERATORS),
}


def address(page: str, *parts: object) -> str:
    """Return the page's address, or nothing while the page does not exist."""
    try:
        return reverse(page, args=parts)
    except NoReverseMatch:
        return ""


def links(entries: tuple[Entry, ...], path: str) -> tuple[Link, ...]:
    """Return the entries whose pages exist, marking the one the reader is on or below."""
    found = [(entry, address(entry.page)) for entry in entries if address(entry.page)]
    here = max((place for _entry, place in found if path.startswith(place)), key=len, default="")
    return tuple(Link(str(entry.label), place, place == here) for entry, place in found)
