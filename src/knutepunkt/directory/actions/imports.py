"""How does a whole list of groups come in: all of it, or nothing?"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from knutepunkt.audit.actions import record
from knutepunkt.directory.actions.groups import GroupFacts, confirm_group, create_group
from knutepunkt.directory.actions.steps import end_group, pause_group, start_group
from knutepunkt.directory.group_list import COLUMNS, ListedGroup, RowError
from knutepunkt.directory.models import Group, House, Theme
from knutepunkt.directory.policies import require_to_run_directory
from knutepunkt.directory.queries import groups_of, houses_of
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.queries import people_with_role
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.errors import Refusal


class ListDoesNotFit(Refusal):
    """The list names what the organisation does not have, or groups it has already."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__(" ".join(str(error) for error in errors))
        self.errors = list(errors)


def check_fit(*, organisation: Organisation, groups: Sequence[ListedGroup]) -> list[RowError]:
    """Return what in the list does not fit the organisation: taken names, unknown houses, people."""
    taken = {group.name.casefold() for group in groups_of(organisation)}
    houses, contacts = _houses(organisation), _contacts(organisation)
    errors = []
    for group in groups:
        if group.name.casefold() in taken:
            what = _("the centre has a group named {name} already.").format(name=group.name)
            errors.append(_error(group, "name", group.name, what))
        if group.house and group.house.casefold() not in houses:
            what = _('there is no house named "{value}". Add the house first, or empty the cell.')
            errors.append(_error(group, "house", group.house, what.format(value=group.house)))
        if group.contact and group.contact.casefold() not in contacts:
            what = _(
                'nobody with the address "{value}" starts groups here. '
                "Invite the person first, or empty the cell."
            )
            errors.append(_error(group, "contact", group.contact, what.format(value=group.contact)))
    return errors


@transaction.atomic
def import_groups(
    *, organisation: Organisation, groups: Sequence[ListedGroup], by: Person
) -> list[Group]:
    """Write down every group of the list with what has happened to it, or none of them."""
    require_to_run_directory(by, organisation)
    errors = check_fit(organisation=organisation, groups=groups)
    if errors:
        raise ListDoesNotFit(errors)
    houses, contacts = _houses(organisation), _contacts(organisation)
    themes = {theme.slug: theme for theme in Theme.objects.all()}
    made = [
        _write(
            listed,
            organisation=organisation,
            theme=themes[listed.theme],
            house=houses.get(listed.house.casefold()),
            contact=contacts.get(listed.contact.casefold()),
            by=by,
        )
        for listed in groups
    ]
    record(
        "groups_imported", organisation, by=by, organisation_id=organisation.pk, number=len(made)
    )
    return made


def _write(
    listed: ListedGroup,
    *,
    organisation: Organisation,
    theme: Theme,
    house: House | None,
    contact: Person | None,
    by: Person,
) -> Group:
    facts = GroupFacts(
        name=listed.name,
        theme=theme,
        form=listed.form,
        house=house,
        contact=contact,
        members=listed.members,
        municipality_code=listed.municipality_code,
        municipality_valid_on=listed.municipality_valid_on,
        address_withheld=listed.address_withheld,
    )
    group = create_group(organisation=organisation, facts=facts, by=by)
    if listed.started_on:
        start_group(group=group, on=listed.started_on, by=by)
    if listed.paused_on:
        pause_group(group=group, on=listed.paused_on, by=by)
    if listed.ended_on:
        end_group(group=group, on=listed.ended_on, by=by)
    if listed.confirmed_on:
        confirm_group(group=group, on=listed.confirmed_on, by=by)
    return group


def _houses(organisation: Organisation) -> dict[str, House]:
    return {house.name.casefold(): house for house in houses_of(organisation)}


def _contacts(organisation: Organisation) -> dict[str, Person]:
    may = people_with_role(organisation, Role.STARTER, Role.COORDINATOR, Role.DIRECTOR)
    return {person.email.casefold(): person for person in may}


def _error(group: ListedGroup, key: str, found: str, what: str) -> RowError:
    return RowError(group.row, str(COLUMNS[key]), found, what)
