"""Are dates, times, numbers and lists said as each language says them?"""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.translation import override

from knutepunkt.shared.wording import (
    date_in_words,
    list_in_words,
    number_in_words,
    time_in_words,
)


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("nb", 0, "null"),
        ("nb", 1, "én"),
        ("nn", 1, "éin"),
        ("en", 1, "one"),
        ("nb", 7, "sju"),
        ("nn", 12, "tolv"),
        ("nb", 13, "13"),
        ("nb", 12500, "12\u00a0500"),
        ("nb", -3, "−3"),
    ],
)
def test_numbers_are_words_to_twelve(language: str, number: int, words: str) -> None:
    with override(language):
        assert number_in_words(number) == words


def test_one_follows_the_gender_of_its_noun() -> None:
    with override("nb"):
        assert number_in_words(1, "neuter") == "ett"
        assert number_in_words(1, "feminine") == "éi"
    with override("nn"):
        assert number_in_words(1, "neuter") == "eitt"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", "30.\u00a0november 2026"),
        ("nn", "3.\u00a0mars 2026"),
        ("en", "30\u00a0November 2026"),
    ],
)
def test_dates_are_written_out_with_day_and_month_on_one_line(language: str, words: str) -> None:
    day = dt.date(2026, 3, 3) if language == "nn" else dt.date(2026, 11, 30)
    with override(language):
        assert date_in_words(day) == words


def test_a_moment_is_said_in_the_time_of_the_reader() -> None:
    moment = dt.datetime(2026, 11, 30, 17, 30, tzinfo=dt.UTC)
    with override("nb"):
        assert time_in_words(moment) == "kl. 18.30"
    with override("en"):
        assert time_in_words(moment) == "18:30"


def test_the_date_of_a_moment_is_the_readers_date() -> None:
    with override("nb"):
        moment = dt.datetime(2026, 11, 30, 23, 30, tzinfo=dt.UTC)
        assert date_in_words(moment) == "1.\u00a0desember 2026"


@pytest.mark.parametrize(
    ("parts", "words"),
    [([], ""), (["a"], "a"), (["a", "b"], "a og b"), (["a", "b", 3], "a, b og 3")],
)
def test_lists_have_and_before_the_last(parts: list[object], words: str) -> None:
    with override("nb"):
        assert list_in_words(parts) == words
