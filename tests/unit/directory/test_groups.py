"""Are groups and houses written down whole, within one organisation, and found again?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from knutepunkt.directory import actions, queries
from knutepunkt.directory.actions import GroupFacts, HouseFacts
from knutepunkt.directory.models import Group, Theme
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.errors import NotPermitted, Refusal

from .conftest import make_person


def a_house(name: str = "Sildrehuset") -> HouseFacts:
    return HouseFacts(name=name, municipality_code="4601", municipality_valid_on=date(2024, 1, 1))


def test_a_group_without_a_theme_has_the_open_theme(new_group: Callable[..., Group]) -> None:
    assert new_group().theme.is_open


def test_themes_are_there_in_three_languages_with_the_open_one_first(db: None) -> None:
    shipped = list(queries.themes())
    assert shipped[0].slug == "open"
    assert len(shipped) == 24
    assert all(t.name_nb and t.name_nn and t.name_en for t in shipped)
    with translation.override("nn"):
        assert str(Theme.objects.get(slug="loneliness")) == "Einsemd"
    assert Theme.objects.get(slug="suicide-bereaved").is_sensitive
    assert not shipped[0].is_sensitive


def test_themes_come_back_after_a_flush(transactional_db: None) -> None:
    call_command("flush", interactive=False, verbosity=0)
    assert queries.open_theme().name_nb == "Åpent tema"


def test_two_groups_of_a_centre_never_share_a_name(new_group: Callable[..., Group]) -> None:
    new_group("Sorg")
    with pytest.raises(actions.groups.GroupNameTaken):
        new_group("sorg")


def test_two_centres_may_each_have_a_group_of_that_name(
    new_group: Callable[..., Group], neighbour: Organisation
) -> None:
    new_group("Sorg")
    stranger = make_person("Ola", Role.COORDINATOR, neighbour)
    actions.create_group(organisation=neighbour, facts=GroupFacts(name="Sorg"), by=stranger)
    assert Group.objects.filter(name="Sorg").count() == 2


def test_house_and_contact_of_another_centre_are_refused(
    new_group: Callable[..., Group], neighbour: Organisation
) -> None:
    stranger = make_person("Ola", Role.COORDINATOR, neighbour)
    house = actions.create_house(organisation=neighbour, facts=a_house("Naustet"), by=stranger)
    with pytest.raises(actions.groups.BelongsElsewhere):
        new_group("A", house=house)
    with pytest.raises(actions.groups.BelongsElsewhere):
        new_group("B", contact=stranger)


def test_starter_adds_groups_as_contact_only(centre: Organisation, oddny: Person) -> None:
    facts = GroupFacts(name="Min", contact=oddny)
    assert actions.create_group(organisation=centre, facts=facts, by=oddny).contact == oddny
    with pytest.raises(NotPermitted):
        actions.create_group(organisation=centre, facts=GroupFacts(name="Din"), by=oddny)


def test_only_coordinators_give_a_group_another_contact_by_editing(
    new_group: Callable[..., Group], centre: Organisation, oddny: Person
) -> None:
    kaare = make_person("Kåre Myklebust", Role.STARTER, centre)
    group = new_group("Sorg", contact=oddny)
    with pytest.raises(NotPermitted):
        actions.update_group(group=group, facts=GroupFacts(name="Sorg", contact=kaare), by=oddny)
    actions.hand_over(group=group, to=kaare, by=oddny)
    assert group.contact == kaare


def test_houses_are_for_coordinators_and_names_are_single(
    centre: Organisation, marit: Person, oddny: Person
) -> None:
    house = actions.create_house(organisation=centre, facts=a_house(), by=marit)
    assert house.place == "Bergen"
    with pytest.raises(actions.houses.HouseNameTaken):
        actions.create_house(organisation=centre, facts=a_house("sildrehuset"), by=marit)
    with pytest.raises(NotPermitted):
        actions.update_house(house=house, facts=a_house("Nytt navn"), by=oddny)


def test_groups_that_need_to_be_asked_about(
    new_group: Callable[..., Group], marit: Person, centre: Organisation
) -> None:
    today = timezone.localdate()
    long_ago, lately = today - timedelta(days=200), today - timedelta(days=100)
    fresh = new_group("Bekreftet", started_on=long_ago)
    actions.confirm_group(group=fresh, by=marit, on=lately)
    stale = new_group("Glemt", started_on=long_ago)
    new_group("Ny", started_on=lately)
    new_group("Planlagt")
    over = new_group("Slutt", started_on=long_ago)
    actions.end_group(group=over, on=lately, by=marit)
    assert list(queries.groups_not_confirmed_for(centre)) == [stale]


def test_nobody_confirms_in_the_future(new_group: Callable[..., Group], marit: Person) -> None:
    with pytest.raises(Refusal):
        actions.confirm_group(
            group=new_group(), by=marit, on=timezone.localdate() + timedelta(days=1)
        )


def test_groups_started_in_a_period(
    new_group: Callable[..., Group], marit: Person, centre: Organisation
) -> None:
    first, last = date(2023, 9, 1), date(2024, 8, 31)
    on_first = new_group("Første dag", started_on=first)
    on_last = new_group("Siste dag", started_on=last)
    new_group("Dagen etter", started_on=last + timedelta(days=1))
    before = new_group("Før, med pause", started_on=first - timedelta(days=1))
    actions.pause_group(group=before, on=date(2024, 1, 1), by=marit)
    actions.restart_group(group=before, on=date(2024, 2, 1), by=marit)
    anew = new_group("Før, og på nytt", started_on=date(2022, 1, 1))
    actions.end_group(group=anew, on=date(2023, 1, 1), by=marit)
    actions.restart_group(group=anew, on=date(2024, 1, 1), by=marit)
    over = new_group("Avsluttet", started_on=date(2023, 10, 1))
    actions.end_group(group=over, on=date(2023, 12, 1), by=marit)
    new_group("Planlagt")
    found = queries.groups_started_between(centre, first, last)
    assert {group.name for group in found} == {
        group.name for group in (on_first, on_last, anew, over)
    }


def test_groups_by_state_holds_every_state_and_this_centre_only(
    new_group: Callable[..., Group], centre: Organisation, neighbour: Organisation
) -> None:
    running = new_group("I gang", started_on=date(2024, 1, 1))
    planned = new_group("Planlagt")
    assert queries.groups_by_state(centre) == {
        "planned": [planned],
        "running": [running],
        "paused": [],
        "split": [],
        "ended": [],
    }
    assert not any(queries.groups_by_state(neighbour).values())
    assert queries.group_of(neighbour, running.pk) is None
