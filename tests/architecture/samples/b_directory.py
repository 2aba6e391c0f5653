"""What does a centre own in the directory?"""

from __future__ import annotations

from datetime import date

from knutepunkt.directory import actions
from knutepunkt.people.vocabulary import Role

from . import Centre


def build(centre: Centre) -> None:
    """Make a house, a running group, a planned one, and say where they are found."""
    by, organisation = centre.coordinator, centre.organisation
    house = actions.create_house(
        organisation=organisation,
        by=by,
        facts=actions.HouseFacts(
            name=f"{centre.secret} hus",
            address=f"{centre.secret} gate 1",
            municipality_code="4601",
            municipality_valid_on=date(2024, 1, 1),
        ),
    )
    group = actions.create_group(
        organisation=organisation,
        by=by,
        facts=actions.GroupFacts(
            name=f"{centre.secret} gruppe",
            house=house,
            members=7,
            contact=centre.people[Role.STARTER],
            municipality_code="4601",
            municipality_valid_on=date(2024, 1, 1),
        ),
    )
    actions.start_group(group=group, on=date(2024, 2, 1), by=by, note=f"{centre.secret} merknad")
    planned = actions.GroupFacts(name=f"{centre.secret} planlagt gruppe")
    actions.create_group(organisation=organisation, by=by, facts=planned)
    centre.objects |= {"house": house, "group": group}
    centre.fill("directory:*", group=group.pk, house=house.pk, verb="pause", extension="csv")
