"""Do the pages about groups and houses do what they say, for those they are for?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from knutepunkt.directory import queries
from knutepunkt.directory.models import Group, House
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.vocabulary import Role

from .conftest import make_person

TYPED = {"name": "Sorg", "theme": "grief", "form": "in_person", "arena": "voluntary"}


def sign_in(person: Person, language: str = "nb") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


def text_of(client: Client, page: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"directory:{page}", args=args), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_list_says_what_is_in_it(new_group: Callable[..., Group], marit: Person) -> None:
    assert "Det er ingen grupper her ennå." in text_of(sign_in(marit), "group-list")
    new_group("Sorg", started_on=date(2024, 2, 1), members=7)
    new_group("Menn")
    text = text_of(sign_in(marit), "group-list")
    assert re.search(r"To grupper, (én|éi) er i gang\.", text)
    assert "Startet 1.\u00a0februar 2024." in text
    assert "<table" not in text
    assert "<table" in text_of(sign_in(marit), "group-list", vis="tabell")


def test_list_is_sorted_by_links(new_group: Callable[..., Group], marit: Person) -> None:
    new_group("A", started_on=date(2023, 1, 1))
    new_group("B", started_on=date(2024, 1, 1))
    by_name = text_of(sign_in(marit), "group-list")
    by_start = text_of(sign_in(marit), "group-list", sorter="startet")
    assert by_name.index(">A</a>") < by_name.index(">B</a>")
    assert by_start.index(">B</a>") < by_start.index(">A</a>")
    text_of(sign_in(marit), "group-list", sorter="tull")


def test_starter_sees_own_groups_only(
    new_group: Callable[..., Group], oddny: Person, marit: Person
) -> None:
    hers, other = new_group("Hennes", contact=oddny), new_group("Andres")
    client = sign_in(oddny)
    text = text_of(client, "group-list")
    assert "Hennes" in text
    assert "Andres" not in text
    assert client.get(reverse("directory:group-show", args=[hers.pk])).status_code == 200
    assert client.get(reverse("directory:group-show", args=[other.pk])).status_code == 404
    assert client.get(reverse("directory:import-upload")).status_code == 403


def test_a_group_is_added_and_started_in_one_go(centre: Organisation, marit: Person) -> None:
    typed = TYPED | {"started_on": "01.02.2024", "place": "Bergen", "members": "7"}
    answer = sign_in(marit).post(reverse("directory:group-add"), typed)
    assert answer.status_code == 302
    group = Group.objects.get()
    assert (group.state, group.started_on) == ("running", date(2024, 2, 1))
    assert (group.municipality_code, group.place) == ("4601", "Bergen")
    assert group.contact is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"place": "Atlantis"}, "Vi kjenner ingen kommune"),
        ({"place": "Våler"}, "Skriv fylket også"),
        ({"started_on": "i går"}, "Skriv datoen slik"),
        ({"started_on": "1.1.2999"}, "Den datoen har ikke vært ennå"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(
    marit: Person, wrong: dict[str, str], sentence: str
) -> None:
    answer = sign_in(marit).post(reverse("directory:group-add"), TYPED | wrong)
    assert sentence in answer.content.decode()
    assert not Group.objects.exists()


def test_a_taken_name_is_told_of(new_group: Callable[..., Group], marit: Person) -> None:
    new_group("Sorg")
    answer = sign_in(marit).post(reverse("directory:group-add"), TYPED)
    assert "Det finnes allerede ei gruppe som heter Sorg" in answer.content.decode()


def test_group_page_offers_what_can_be_done_now(
    new_group: Callable[..., Group], marit: Person
) -> None:
    group = new_group(started_on=date(2024, 2, 1))
    text = text_of(sign_in(marit), "group-show", group.pk)
    assert reverse("directory:group-pause", args=[group.pk]) in text
    assert reverse("directory:group-start", args=[group.pk]) not in text


def test_steps_by_the_pages(new_group: Callable[..., Group], marit: Person) -> None:
    group, client = new_group(started_on=date(2024, 2, 1)), sign_in(marit)

    def step(page: str, **typed: str) -> int:
        address = reverse(f"directory:group-{page}", args=[group.pk])
        assert client.get(address).status_code == 200
        return int(client.post(address, typed).status_code)

    assert step("pause", on="2024-01-01") == 200
    assert step("pause", on="2024-06-01", note="sommer") == 302
    assert step("restart", on="2024-08-20") == 302
    assert step("split", on="2025-02-01", first="A", second="B") == 302
    group.refresh_from_db()
    assert group.state == "split"
    assert [part.name for part in queries.groups_split_from(group)] == ["A", "B"]
    late = client.post(reverse("directory:group-end", args=[group.pk]), {"on": "2025-03-01"})
    assert late.status_code == 409


def test_confirm_and_hand_over(
    new_group: Callable[..., Group], centre: Organisation, oddny: Person
) -> None:
    kaare = make_person("Kåre Myklebust", Role.STARTER, centre)
    group, client = new_group(contact=oddny), sign_in(oddny)
    client.post(reverse("directory:group-confirm", args=[group.pk]))
    client.post(reverse("directory:group-hand-over", args=[group.pk]), {"to": str(kaare.pk)})
    group.refresh_from_db()
    assert group.confirmed_on is not None
    assert group.contact == kaare


def test_houses(centre: Organisation, marit: Person) -> None:
    client = sign_in(marit)
    client.post(reverse("directory:house-add"), {"name": "Sildrehuset", "place": "4601"})
    house = House.objects.get()
    assert (house.organisation, house.place) == (centre, "Bergen")
    page = reverse("directory:house-change", args=[house.pk])
    client.post(page, {"name": "Nye Sildrehuset", "place": "Alver"})
    house.refresh_from_db()
    assert (house.name, house.place) == ("Nye Sildrehuset", "Alver")


def test_house_of_another_centre_cannot_be_chosen(
    new_group: Callable[..., Group], neighbour: Organisation, marit: Person
) -> None:
    house = House.objects.create(
        organisation=neighbour,
        name="Naustet",
        municipality_code="4601",
        municipality_valid_on=date(2024, 1, 1),
    )
    answer = sign_in(marit).post(reverse("directory:group-add"), TYPED | {"house": str(house.pk)})
    assert answer.status_code == 200
    assert "Naustet" not in answer.content.decode()
    assert not Group.objects.exists()


def test_a_list_is_seen_over_before_it_is_saved(centre: Organisation, marit: Person) -> None:
    client = sign_in(marit)
    rows = b"Navn;Startet\nSorg;1.2.2024\nMenn;\n"
    upload = {"file": SimpleUploadedFile("liste.csv", rows)}
    answer = client.post(reverse("directory:import-upload"), upload, follow=True)
    assert "Listen har to grupper. Ingenting er lagret ennå." in answer.content.decode()
    assert not Group.objects.exists()
    client.post(reverse("directory:import-preview"))
    assert set(Group.objects.values_list("name", flat=True)) == {"Sorg", "Menn"}
    assert client.get(reverse("directory:import-preview")).status_code == 302


def test_mistakes_in_a_list_are_shown_and_nothing_waits(marit: Person) -> None:
    client = sign_in(marit)
    rows = b"Navn;Startet\nSorg;31.02.2024\n"
    upload = {"file": SimpleUploadedFile("liste.csv", rows)}
    answer = client.post(reverse("directory:import-upload"), upload)
    assert (
        "Vi fant én feil i filen. Rad 2, kolonnen «Startet»: «31.02.2024» er ikke en dato. "
        "Rett feilen og last opp filen på nytt. Ingenting er lagret." in answer.content.decode()
    )
    assert client.get(reverse("directory:import-preview")).status_code == 302


def test_a_list_read_for_one_centre_is_not_saved_in_another(
    centre: Organisation, neighbour: Organisation, marit: Person
) -> None:
    client = sign_in(marit)
    upload = {"file": SimpleUploadedFile("liste.csv", b"Navn\nSorg\n")}
    client.post(reverse("directory:import-upload"), upload)
    marit.memberships.update(organisation=neighbour)
    assert client.post(reverse("directory:import-preview")).status_code == 302
    assert not Group.objects.exists()


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_the_own_list_is_downloaded(
    new_group: Callable[..., Group], marit: Person, extension: str
) -> None:
    new_group("Sorg")
    answer = sign_in(marit).get(reverse("directory:export", args=[extension]))
    assert answer["Content-Disposition"] == f'attachment; filename="grupper.{extension}"'
    assert len(answer.content) > 20
