"""Do codes and names mean the right municipality on the right day?"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from knutepunkt.directory import places

TODAY = date(2024, 6, 1)


def test_norway_has_357_municipalities_in_15_counties_in_2024() -> None:
    there = places.municipalities_on(TODAY)
    assert len(there) == 357
    assert len({each.county for each in there}) == 15
    assert len({each.code for each in there}) == 357


@pytest.mark.parametrize(
    ("day", "number"),
    [(date(2004, 7, 1), 434), (date(2018, 7, 1), 422), (date(2020, 7, 1), 356)],
)
def test_earlier_years(day: date, number: int) -> None:
    assert len(places.municipalities_on(day)) == number


@pytest.mark.parametrize(
    ("code", "day", "name", "county"),
    [
        ("1504", date(2010, 1, 1), "Ålesund", "Møre og Romsdal"),
        ("1507", date(2023, 12, 31), "Ålesund", "Møre og Romsdal"),
        ("1508", date(2024, 1, 1), "Ålesund", "Møre og Romsdal"),
        ("1580", date(2024, 1, 1), "Haram", "Møre og Romsdal"),
        ("1938", date(2019, 1, 1), "Lyngen", "Troms"),
        ("5424", date(2021, 1, 1), "Lyngen", "Troms og Finnmark"),
        ("5536", date(2024, 1, 1), "Lyngen", "Troms"),
        ("1577", date(2020, 1, 1), "Volda", "Møre og Romsdal"),
    ],
)
def test_codes_change_meaning(code: str, day: date, name: str, county: str) -> None:
    found = places.by_code(code, day)
    assert found is not None
    assert (found.name, found.county) == (name, county)


def test_code_means_nothing_outside_its_days() -> None:
    assert places.by_code("1507", date(2024, 1, 1)) is None
    assert places.by_code("1444", date(2020, 1, 1)) is None


@pytest.mark.parametrize("text", ["Kautokeino", "guovdageaidnu", "5612", " KAUTOKEINO "])
def test_every_official_name_is_known(text: str) -> None:
    (found,) = places.look_up(text, TODAY)
    assert found.code == "5612"


def test_two_places_of_one_name_are_told_apart_by_county() -> None:
    assert {each.code for each in places.look_up("Herøy", TODAY)} == {"1515", "1818"}
    (found,) = places.look_up("Herøy (Nordland)", TODAY)
    assert found.code == "1818"
    assert places.label(found, TODAY) == "Herøy (Nordland)"
    assert places.name_of("1818", TODAY) == "Herøy (Nordland)"
    assert places.name_of("4601", TODAY) == "Bergen"


def test_a_place_that_is_gone_is_found_as_it_last_was() -> None:
    (hornindal,) = places.look_up("Hornindal", TODAY)
    assert (hornindal.code, hornindal.valid_to) == ("1444", date(2020, 1, 1))
    (halden,) = places.look_up("101", TODAY)
    assert (halden.code, halden.name) == ("0101", "Halden")
    assert halden.is_valid_on(halden.day_of_validity)


def test_unknown_places_are_not_guessed() -> None:
    assert places.look_up("Atlantis", TODAY) == ()
    assert places.look_up("9999", TODAY) == ()


@pytest.mark.reference
def test_every_current_municipality_agrees_with_the_map(reference: Path) -> None:
    path = reference / "geo" / "klass131_versions.csv"
    with path.open(encoding="utf-8") as lines:
        versions = [row for row in csv.DictReader(lines) if row["code"] != "9999"]
    for day in (date(2004, 2, 1), date(2013, 2, 1), date(2019, 2, 1), date(2021, 2, 1), TODAY):
        text = day.isoformat()
        expected = {
            row["code"]
            for row in versions
            if row["validFrom"] <= text and (not row["validTo"] or text < row["validTo"])
        }
        assert {each.code for each in places.municipalities_on(day)} == expected
