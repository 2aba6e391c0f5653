"""Does a first design hold what the file asks about, and say where it guessed?"""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

import polars as pl

from knutepunkt.cli.existing.drafting import draft_design
from knutepunkt.cli.existing.reading import Table

DAY = dt.date(2026, 3, 1)


def drafted(columns: dict[str, list[Any]]) -> tuple[str, dict[str, Any]]:
    frame = pl.DataFrame(columns).with_row_index("_row", offset=2)
    text = draft_design(Table("answers.csv", frame), DAY)
    return text, tomllib.loads(text)


def test_words_that_come_again_are_a_question_in_order() -> None:
    text, design = drafted(
        {
            "gruppe": [f"g{index % 4}" for index in range(24)],
            "Nytte": ["Stor nytte", "Ingen nytte", "Noe nytte"] * 8,
            "Kjønn": ["kvinne", "mann", "annet"] * 8,
            "Kommentar": [f"tekst {index}" for index in range(24)],
        }
    )
    benefit, gender = design["questions"]
    assert list(benefit["options"]) == ["Ingen nytte", "Noe nytte", "Stor nytte"]
    assert "ordered" not in benefit
    assert gender["id"] == "Kjonn"
    assert gender["ordered"] is False
    assert "# Columns: Kommentar" in text


def test_two_columns_spelt_nearly_alike_get_an_identifier_each() -> None:
    _, design = drafted({"Håp 1": [1.5, 2.5, 4.0] * 4, "Hap-1": [2.0, 3.5, 4.5] * 4})
    assert [score["id"] for score in design["scores"]] == ["Hap_1", "Hap_1_2"]


def test_a_year_is_no_score_and_two_groups_are_said_to_be_too_few() -> None:
    text, design = drafted(
        {
            "group": ["a", "b"] * 6,
            "year": [2019, 2020, 2021] * 4,
            "score": [1, 5, 9] * 4,
        }
    )
    assert [score["column"] for score in design["scores"]] == ["score"]
    assert "too few to show anything" in text


def test_rounds_are_put_in_time_or_marked_as_guessed() -> None:
    people = [f"p{index // 2}" for index in range(12)]
    score = [1, 2, 3] * 4
    _, known = drafted({"person": people, "runde": ["etter", "før"] * 6, "s": score})
    assert known["columns"]["rounds_in_order"] == ["før", "etter"]
    text, guessed = drafted({"person": people, "runde": ["vår", "høst"] * 6, "s": score})
    assert guessed["columns"]["rounds_in_order"] == ["vår", "høst"]
    assert "guessed: first to last?" in text
