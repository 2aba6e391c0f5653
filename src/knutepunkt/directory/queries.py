"""Which groups are there, in which state, since when, and which need to be asked about?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from django.db.models import Q, QuerySet

from knutepunkt.directory.lifecycle import ENDED, GROUP, PAUSED, PLANNED, RUNNING
from knutepunkt.directory.models import Group, GroupEvent, House, Theme
from knutepunkt.directory.vocabulary import DAYS_UNTIL_ASKED, OPEN_THEME, EventKind
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.policies import may_act_as
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared import clock

#: The orders a group list can be read in: word in the address -> fields.
GROUP_ORDERS = {
    "navn": ("name",),
    "tema": ("theme__position", "name"),
    "tilstand": ("state", "name"),
    "startet": ("-started_on", "name"),
    "bekreftet": ("confirmed_on", "name"),
}


def groups_of(organisation: Organisation, order: str = "navn") -> QuerySet[Group]:
    """Return the organisation's groups with all that a row in a list says about them."""
    return (
        Group.objects.filter(organisation=organisation)
        .select_related("theme", "house", "contact", "organisation")
        .order_by(*GROUP_ORDERS.get(order, GROUP_ORDERS["navn"]))
    )


def group_of(organisation: Organisation, pk: UUID) -> Group | None:
    """Return one group of the organisation; another organisation's group is not found."""
    return groups_of(organisation).filter(pk=pk).first()


def groups_with_contact(organisation: Organisation, person: Person) -> QuerySet[Group]:
    """Return the groups the person is the contact for."""
    return groups_of(organisation).filter(contact=person)


def names_around(organisation: Organisation) -> list[str]:
    """Return every name that tells where somebody belongs: the centre, groups, houses, places, themes.

    The open theme is left out: it is nobody's in particular.
    """
    found = [organisation.name, organisation.short_name]
    for group in groups_of(organisation):
        found += [group.name, group.place]
        if not group.theme.is_open:
            found += [group.theme.name_nb, group.theme.name_nn, group.theme.name_en]
        if group.contact is not None:
            found.append(group.contact.name)
    for house in organisation.houses.all():
        found += [house.name, house.place, house.address]
    return sorted({name for name in found if name})


def groups_visible_to(
    person: Person, organisation: Organisation, order: str = "navn"
) -> QuerySet[Group]:
    """Return all groups for who runs the centre, and the own ones for who starts groups."""
    groups = groups_of(organisation, order)
    if may_act_as(person, organisation, Role.COORDINATOR):
        return groups
    return groups.filter(contact=person)


def groups_by_state(organisation: Organisation) -> dict[str, list[Group]]:
    """Return the groups under each state, in the order of the lifecycle; empty states included."""
    found: dict[str, list[Group]] = {state: [] for state in GROUP.states}
    for group in groups_of(organisation):
        found[group.state].append(group)
    return found


def groups_not_confirmed_for(
    organisation: Organisation, days: int = DAYS_UNTIL_ASKED
) -> QuerySet[Group]:
    """Return groups under way that nobody has confirmed (or started) in the last ``days`` days."""
    limit = clock.today() - timedelta(days=days)
    stale = Q(confirmed_on__lt=limit) | Q(confirmed_on__isnull=True, started_on__lt=limit)
    return groups_of(organisation).filter(stale, state__in=(RUNNING, PAUSED))


def groups_started_between(organisation: Organisation, first: date, last: date) -> list[Group]:
    """Return the groups a survey of the period asks: started in it, ended ones included.

    A group that had ended and was started again with new members in the period counts; one that
    only came back after a pause does not. Both days are included.
    """
    started = groups_of(organisation).filter(started_on__range=(first, last))
    again = _started_again(organisation, first, last)
    found = {group.pk: group for group in started} | {group.pk: group for group in again}
    return sorted(found.values(), key=lambda group: group.name.casefold())


def _started_again(organisation: Organisation, first: date, last: date) -> list[Group]:
    restarted = groups_of(organisation).filter(
        events__kind=EventKind.RESTARTED, events__happened_on__range=(first, last)
    )
    return [
        group
        for group in restarted.distinct().prefetch_related("events")
        if _came_back_after_an_end(list(group.events.all()), first, last)
    ]


def _came_back_after_an_end(events: list[GroupEvent], first: date, last: date) -> bool:
    return any(
        before.kind == EventKind.ENDED
        and after.kind == EventKind.RESTARTED
        and first <= after.happened_on <= last
        for before, after in pairwise(events)
    )


def was_under_way_between(group: Group, first: date, last: date) -> bool:
    """Say whether the group existed on any day of the period, running or paused."""
    if group.started_on is None or group.started_on > last:
        return False
    return group.ended_on is None or group.ended_on >= first


def events_of(group: Group) -> list[GroupEvent]:
    """Return what has happened to the group, oldest first."""
    return list(group.events.all())


def last_event_day(group: Group) -> date | None:
    """Return the day of the latest event, before which nothing new can be dated."""
    latest = group.events.order_by("-happened_on", "-pk").first()
    return latest.happened_on if latest else None


def groups_split_from(group: Group) -> list[Group]:
    """Return the groups this one was split into."""
    return list(groups_of(group.organisation).filter(split_from=group))


def houses_of(organisation: Organisation) -> QuerySet[House]:
    """Return the organisation's houses by name."""
    return House.objects.filter(organisation=organisation).order_by("name")


def house_of(organisation: Organisation, pk: UUID) -> House | None:
    """Return one house of the organisation; another organisation's house is not found."""
    return houses_of(organisation).filter(pk=pk).first()


def themes() -> QuerySet[Theme]:
    """Return the themes a group can have, the open theme first."""
    return Theme.objects.order_by("position", "slug")


def open_theme() -> Theme:
    """Return the theme a group has when nobody says otherwise."""
    return Theme.objects.get(slug=OPEN_THEME)


def any_sensitive(groups: Iterable[Group]) -> bool:
    """Say whether one of the groups has a theme that calls for the stricter rules."""
    return any(group.theme.is_sensitive for group in groups)


def state_counts(groups: Iterable[Group]) -> dict[str, int]:
    """Return how many groups are planned, running, paused and over (ended or split)."""
    counts = {PLANNED: 0, RUNNING: 0, PAUSED: 0, ENDED: 0}
    for group in groups:
        counts[group.state if group.state in counts else ENDED] += 1
    return counts
