"""Who may change a group or a house, and may it be done now?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from knutepunkt.directory.models import Group
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.policies import may_act_as, require
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.errors import NotPermitted


def require_to_add_groups(person: Person, organisation: Organisation) -> None:
    """Coordinators and those who start groups may add groups."""
    require(person, organisation, Role.STARTER)


def require_to_run_directory(person: Person, organisation: Organisation) -> None:
    """Houses, imports and hand-overs are for coordinators."""
    require(person, organisation, Role.COORDINATOR)


def may_change_group(person: Person, group: Group) -> bool:
    """Coordinators change every group of the centre, starters those they are the contact for."""
    if may_act_as(person, group.organisation, Role.COORDINATOR):
        return True
    is_contact = group.contact_id == person.pk
    return is_contact and may_act_as(person, group.organisation, Role.STARTER)


def require_to_change_group(person: Person, group: Group) -> None:
    """Raise the sentence that says who may change this group."""
    if may_change_group(person, group):
        return
    require(person, group.organisation, Role.STARTER)
    raise NotPermitted(
        _(
            "You are not the contact person for {group}. "
            "Ask a coordinator at {centre} to change it, or to make you the contact person."
        ).format(group=group.name, centre=group.organisation.short_name)
    )
