"""Do groups move through time only forward, one allowed step after the other?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from knutepunkt.audit.models import AuditEvent
from knutepunkt.directory import actions, queries
from knutepunkt.directory.models import Group
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.errors import NotNow, NotPermitted, Refusal

from .conftest import make_person


def test_a_life_from_plan_to_end(new_group: Callable[..., Group], marit: Person) -> None:
    group = new_group()
    actions.start_group(group=group, on=date(2024, 2, 1), by=marit)
    actions.pause_group(group=group, on=date(2024, 6, 20), by=marit, note="sommer")
    actions.restart_group(group=group, on=date(2024, 8, 20), by=marit)
    actions.end_group(group=group, on=date(2025, 4, 1), by=marit)
    group.refresh_from_db()
    assert (group.state, group.started_on, group.ended_on) == (
        "ended",
        date(2024, 2, 1),
        date(2025, 4, 1),
    )
    assert [event.kind for event in queries.events_of(group)] == [
        "started",
        "paused",
        "restarted",
        "ended",
    ]
    written = AuditEvent.objects.filter(subject_id=str(group.pk)).order_by("pk")
    assert [event.verb for event in written] == [
        "group_added",
        "group_started",
        "group_paused",
        "group_restarted",
        "group_ended",
    ]


def test_an_ended_group_that_begins_anew_has_no_end(
    new_group: Callable[..., Group], marit: Person
) -> None:
    group = new_group(started_on=date(2023, 1, 10))
    actions.end_group(group=group, on=date(2023, 12, 1), by=marit)
    actions.restart_group(group=group, on=date(2024, 3, 1), by=marit)
    group.refresh_from_db()
    assert (group.state, group.started_on, group.ended_on) == ("running", date(2023, 1, 10), None)


def test_split_gives_two_groups_from_the_same_day(
    new_group: Callable[..., Group], marit: Person
) -> None:
    group = new_group("Unge voksne", started_on=date(2023, 1, 10), form="mixed")
    parts = actions.split_group(
        group=group, into=["Unge voksne A", "Unge voksne B"], on=date(2024, 1, 10), by=marit
    )
    group.refresh_from_db()
    assert (group.state, group.ended_on) == ("split", date(2024, 1, 10))
    assert [(p.state, p.started_on, p.split_from, p.form) for p in parts] == [
        ("running", date(2024, 1, 10), group, "mixed")
    ] * 2
    assert queries.groups_split_from(group) == parts


@pytest.mark.parametrize("names", [[], ["A"], ["A", "a "], ["A", " "]])
def test_split_needs_two_names(
    new_group: Callable[..., Group], marit: Person, names: list[str]
) -> None:
    group = new_group(started_on=date(2023, 1, 10))
    with pytest.raises(actions.steps.SplitNeedsTwo):
        actions.split_group(group=group, into=names, on=date(2024, 1, 10), by=marit)


def test_split_into_a_taken_name_changes_nothing(
    new_group: Callable[..., Group], marit: Person
) -> None:
    new_group("Taken")
    group = new_group("Unge", started_on=date(2023, 1, 10))
    with pytest.raises(Refusal, match="taken"):
        actions.split_group(group=group, into=["Ny", "taken"], on=date(2024, 1, 10), by=marit)
    group.refresh_from_db()
    assert group.state == "running"
    assert Group.objects.count() == 2


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        ("start", "running"),
        ("pause", "planned"),
        ("pause", "paused"),
        ("restart", "running"),
        ("end", "planned"),
        ("end", "ended"),
    ],
)
def test_steps_that_cannot_be_taken_now(
    new_group: Callable[..., Group], marit: Person, verb: str, state: str
) -> None:
    group = new_group()
    path = {"planned": [], "running": ["start"], "paused": ["start", "pause"]}
    for done in path.get(state, ["start", "end"]):
        getattr(actions, f"{done}_group")(group=group, on=date(2024, 1, 1), by=marit)
    with pytest.raises(NotNow):
        getattr(actions, f"{verb}_group")(group=group, on=date(2024, 1, 2), by=marit)


def test_dates_run_forward(new_group: Callable[..., Group], marit: Person) -> None:
    group = new_group(started_on=date(2024, 2, 1))
    with translation.override("nb"), pytest.raises(Refusal, match=r"1\. februar 2024"):
        actions.pause_group(group=group, on=date(2024, 1, 31), by=marit)
    assert group.state == "running"
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(actions.steps.DateNotPossible):
        actions.pause_group(group=group, on=tomorrow, by=marit)


def test_starter_changes_own_groups_only(
    new_group: Callable[..., Group], marit: Person, oddny: Person
) -> None:
    hers, other = new_group("Hennes", contact=oddny), new_group("Andres")
    actions.start_group(group=hers, on=date(2024, 2, 1), by=oddny)
    with translation.override("en"), pytest.raises(NotPermitted, match="contact person for Andres"):
        actions.start_group(group=other, on=date(2024, 2, 1), by=oddny)


def test_neighbours_coordinator_changes_nothing_here(
    new_group: Callable[..., Group], neighbour: Organisation
) -> None:
    stranger = make_person("Fremmed", Role.DIRECTOR, neighbour)
    with pytest.raises(NotPermitted):
        actions.start_group(group=new_group(), on=date(2024, 2, 1), by=stranger)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "running", "started_on": None},
        {"state": "planned", "started_on": date(2024, 1, 1)},
        {"state": "ended", "started_on": date(2024, 1, 1), "ended_on": None},
        {"state": "running", "started_on": date(2024, 1, 1), "ended_on": date(2024, 2, 1)},
        {"state": "ended", "started_on": date(2024, 2, 1), "ended_on": date(2024, 1, 1)},
        {"municipality_code": "4601"},
    ],
)
def test_database_refuses_what_cannot_be(
    new_group: Callable[..., Group], wrong: dict[str, object]
) -> None:
    group = new_group()
    for name, value in wrong.items():
        setattr(group, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        group.save()
