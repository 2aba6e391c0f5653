"""How is a group written down, changed, confirmed and handed over?"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from knutepunkt.audit.actions import record
from knutepunkt.directory.models import Group, House, Theme
from knutepunkt.directory.policies import (
    require_to_add_groups,
    require_to_change_group,
    require_to_run_directory,
)
from knutepunkt.directory.queries import open_theme
from knutepunkt.directory.vocabulary import Arena, Form
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.policies import may_act_as
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared import clock
from knutepunkt.shared.errors import NotPermitted, Refusal


class GroupNameTaken(Refusal):
    """Another group of the organisation has the name."""


class BelongsElsewhere(Refusal):
    """The house or the contact person is not of the group's organisation."""


@dataclass(frozen=True, kw_only=True)
class GroupFacts:
    """What is written down about a group apart from what happens to it."""

    name: str
    theme: Theme | None = None
    form: str = Form.IN_PERSON
    arena: str = Arena.VOLUNTARY
    house: House | None = None
    contact: Person | None = None
    members: int | None = None
    municipality_code: str = ""
    municipality_valid_on: date | None = None
    address_withheld: bool = False


@transaction.atomic
def create_group(*, organisation: Organisation, facts: GroupFacts, by: Person) -> Group:
    """Write down a planned group. Who starts groups without running the centre is its contact."""
    require_to_add_groups(by, organisation)
    if not may_act_as(by, organisation, Role.COORDINATOR) and facts.contact != by:
        raise NotPermitted(_("You can add groups that you are the contact person for yourself."))
    group = Group(organisation=organisation)
    _write(group, facts)
    record("group_added", group, by=by, organisation_id=organisation.pk, name=group.name)
    return group


@transaction.atomic
def update_group(*, group: Group, facts: GroupFacts, by: Person) -> Group:
    """Change what is written down; a change of contact person is a hand-over."""
    require_to_change_group(by, group)
    if facts.contact != group.contact:
        require_to_run_directory(by, group.organisation)
    before = {field.name: getattr(group, field.name) for field in fields(GroupFacts)}
    _write(group, facts)
    changed = [name for name, value in before.items() if getattr(group, name) != value]
    record("group_changed", group, by=by, organisation_id=group.organisation_id, fields=changed)
    return group


@transaction.atomic
def hand_over(*, group: Group, to: Person, by: Person) -> Group:
    """Make another person the contact for the group; contact or coordinator may do it."""
    require_to_change_group(by, group)
    _check_contact(group.organisation, to)
    group.contact = to
    group.save(update_fields=["contact"])
    record("group_handed_over", group, by=by, organisation_id=group.organisation_id, to=str(to))
    return group


@transaction.atomic
def confirm_group(*, group: Group, by: Person, on: date | None = None) -> Group:
    """Note that what is written about the group is right as of the day (default: today)."""
    require_to_change_group(by, group)
    day = on or clock.today()
    if day > clock.today():
        raise Refusal(_("That date has not come yet. Choose today or an earlier date."))
    group.confirmed_on = day
    group.save(update_fields=["confirmed_on"])
    record("group_confirmed", group, by=by, organisation_id=group.organisation_id, on=str(day))
    return group


def check_name_is_free(organisation: Organisation, name: str, group: Group | None = None) -> None:
    """Raise ``GroupNameTaken`` where another group of the organisation has the name."""
    others = Group.objects.filter(organisation=organisation, name__iexact=name)
    if group is not None:
        others = others.exclude(pk=group.pk)
    if others.exists():
        raise GroupNameTaken(
            _("There is already a group named {name}. Give this one a name of its own.").format(
                name=name
            )
        )


def _write(group: Group, facts: GroupFacts) -> None:
    check_name_is_free(group.organisation, facts.name, group)
    if facts.house is not None and facts.house.organisation_id != group.organisation_id:
        raise BelongsElsewhere(_("The house belongs to another organisation. Choose one of yours."))
    if facts.contact is not None and facts.contact.pk != group.contact_id:
        _check_contact(group.organisation, facts.contact)
    for field in fields(GroupFacts):
        setattr(group, field.name, getattr(facts, field.name))
    group.theme = facts.theme or open_theme()
    group.save()


def _check_contact(organisation: Organisation, person: Person) -> None:
    if not may_act_as(person, organisation, Role.STARTER):
        raise BelongsElsewhere(
            _(
                "{name} does not start groups at {centre}. "
                "Invite the person with that role first, or choose another."
            ).format(name=person.name, centre=organisation.short_name)
        )
