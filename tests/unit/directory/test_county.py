"""In which county does a group meet, now that codes and counties have changed?"""

from __future__ import annotations

import datetime as dt

import pytest

from knutepunkt.directory.models import Group
from knutepunkt.directory.places import county_of

NOW = dt.date(2026, 10, 1)


@pytest.mark.parametrize(
    ("code", "noted", "county"),
    [
        ("1507", dt.date(2021, 1, 1), "Møre og Romsdal"),  # Ålesund before Haram left it
        ("3804", dt.date(2021, 1, 1), "Vestfold"),  # Sandefjord, in Vestfold og Telemark then
        ("0301", dt.date(2010, 1, 1), "Oslo"),
        ("9999", dt.date(2021, 1, 1), ""),
    ],
)
def test_a_place_noted_long_ago_lies_in_todays_county(code, noted, county):
    assert county_of(code, noted, NOW) == county


def test_a_group_whose_address_is_withheld_lies_nowhere():
    noted = dt.date(2024, 1, 1)
    told = Group(municipality_code="0301", municipality_valid_on=noted)
    assert told.county_on(NOW) == "Oslo"
    kept = Group(municipality_code="0301", municipality_valid_on=noted, address_withheld=True)
    assert kept.county_on(NOW) == ""
