"""Which municipality does a code or a name mean on a given day?

Codes change meaning over time (1507 was Ålesund until 2020, another Ålesund until 2024), so a place
is always a code together with a day on which it is valid. `places.csv` holds every municipality
that has existed since 2004, with its county; an empty `valid_from` means 2004 or earlier and an
empty `valid_to` means still valid. Facts from Statistics Norway's classification 131.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

EARLIEST = date(2004, 1, 1)


@dataclass(frozen=True)
class Municipality:
    """One municipality under one name and code, from a day and until (not including) a day."""

    code: str
    name: str
    county: str
    valid_from: date | None
    valid_to: date | None

    def is_valid_on(self, day: date) -> bool:
        """Say whether the code meant this municipality on the day."""
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_to is None or day < self.valid_to)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the name in each of its languages (Norwegian, Sámi, Kven)."""
        return tuple(self.name.split(" - "))

    @property
    def day_of_validity(self) -> date:
        """Return a day on which code and name belong together, for storing with the code."""
        return self.valid_from or EARLIEST

    def __str__(self) -> str:
        return self.name


@cache
def all_municipalities() -> tuple[Municipality, ...]:
    """Return every municipality since 2004, by code and first day."""
    text = files(__package__).joinpath("places.csv").read_text(encoding="utf-8")
    return tuple(
        Municipality(
            code=row["code"],
            name=row["name"],
            county=row["county"],
            valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def municipalities_on(day: date) -> tuple[Municipality, ...]:
    """Return the municipalities that exist on the day, by name."""
    there = [each for each in all_municipalities() if each.is_valid_on(day)]
    return tuple(sorted(there, key=lambda each: (each.name.casefold(), each.code)))


def by_code(code: str, day: date) -> Municipality | None:
    """Return the municipality the code means on the day, or ``None``."""
    return next((each for each in municipalities_on(day) if each.code == code), None)


def by_name(name: str, day: date) -> tuple[Municipality, ...]:
    """Return the municipalities of that name on the day; "Herøy (Nordland)" names the county too."""
    wanted, county = _split_county(name)
    return tuple(
        each
        for each in municipalities_on(day)
        if wanted in {each.name.casefold(), *(part.casefold() for part in each.names)}
        and county in {"", each.county.casefold()}
    )


def look_up(text: str, day: date) -> tuple[Municipality, ...]:
    """Return what a code or name typed by a person can mean, preferring the given day.

    Where nothing of that code or name exists on the day, the latest that ever had it is taken, so
    that an old list with old codes still finds its places.
    """
    text = text.strip()
    if text.isdigit():
        code = text.zfill(4)
        found = by_code(code, day)
        earlier = [each for each in all_municipalities() if each.code == code]
        return (found,) if found else tuple(earlier[-1:])
    now = by_name(text, day)
    if now:
        return now
    last_days = sorted({each.valid_to for each in all_municipalities() if each.valid_to})
    for last_day in reversed(last_days):
        before = by_name(text, date.fromordinal(last_day.toordinal() - 1))
        if before:
            return before
    return ()


def label(municipality: Municipality, day: date) -> str:
    """Return the name, with the county where two municipalities share it on the day."""
    alone = sum(each.name == municipality.name for each in municipalities_on(day)) < 2
    return municipality.name if alone else f"{municipality.name} ({municipality.county})"


def name_of(code: str, day: date | None) -> str:
    """Return the name to show for a stored code and its day; empty where nothing is stored."""
    if not code or day is None:
        return ""
    found = by_code(code, day)
    return label(found, day) if found else code


def county_of(code: str, noted_on: date | None, day: date) -> str:
    """Return the county in which a stored place lies on a day; empty where that cannot be told.

    A code is read as of the day it was noted, and the municipality looked for by name on the other
    day, since both codes and counties have changed.
    """
    noted = by_code(code, noted_on) if code and noted_on is not None else None
    if noted is None:
        return ""
    homes = {each.county for name in noted.names for each in by_name(name, day)}
    if len(homes) > 1:
        homes &= {noted.county}
    return homes.pop() if len(homes) == 1 else ""


def _split_county(name: str) -> tuple[str, str]:
    text = name.strip().casefold()
    if text.endswith(")") and "(" in text:
        place, county = text[:-1].rsplit("(", 1)
        return place.strip(), county.strip()
    return text, ""
