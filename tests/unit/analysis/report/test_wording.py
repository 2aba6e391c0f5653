"""Are numbers, shares, intervals and dates written as each language writes them?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knutepunkt.analysis.report import wording
from knutepunkt.analysis.report.building.lead import period
from knutepunkt.analysis.report.values import Band, Number, Range, Source, Unit
from tests.unit.analysis.report import sample

HERE = Source("a test")


@pytest.mark.parametrize(
    ("percent", "nb", "en"),
    [
        (80, "8 av 10", "8 in 10"),
        (85, "mellom 8 og 9 av 10", "between 8 and 9 in 10"),
        (82, "omtrent 8 av 10", "about 8 in 10"),
        (3, "færre enn 1 av 10", "fewer than 1 in 10"),
        (96, "mer enn 9 av 10", "more than 9 in 10"),
    ],
)
def test_shares_are_said_in_people(percent, nb, en):
    assert wording.share(percent, "nb") == nb
    assert wording.share(percent, "en") == en


@given(st.floats(0, 100))
def test_the_tenths_named_are_those_the_share_lies_at(percent):
    found = wording.tenths(percent)
    if len(found) == 1:
        assert abs(percent - 10 * found[0]) <= 2
    else:
        assert 10 * found[0] < percent < 10 * found[1]
        assert found[1] == found[0] + 1


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (Number(85, Unit.PERCENT, HERE), "nb", "85\N{NO-BREAK SPACE}%"),
        (Number(85, Unit.PERCENT, HERE), "en", "85%"),
        (Number(3.44, Unit.SCORE, HERE, 1), "nn", "3,4"),
        (Number(-0.3, Unit.SCORE, HERE, 1), "en", "−0.3"),
        (Number(-0.01, Unit.SCORE, HERE, 1), "nb", "0,0"),
    ],
)
def test_numbers_follow_the_language(value, language, text):
    assert wording.number(value, language) == text


def test_a_survey_of_one_day_was_open_on_that_day_and_not_from_it_to_itself():
    design, _frame = sample.centre()
    assert period(design).message == "lead.period_one"
    day = replace(design.rounds[0], closed=design.rounds[0].opened)
    told = period(replace(design, rounds=(day,)))
    assert told.message == "lead.period_day"
    assert set(told.parameters) == {"opened"}


def test_small_counts_are_words_in_running_text():
    assert wording.count_in_text(Number(5, Unit.COUNT, HERE), "nb") == "fem"
    assert wording.count_in_text(Number(13, Unit.COUNT, HERE), "nb") == "13"


def test_intervals_and_bands():
    assert wording.interval(Range(70, 90, Unit.PERCENT, HERE), "nb") == "70–90\N{NO-BREAK SPACE}%"
    low_high = wording.interval(Range(-0.1, 0.4, Unit.SCORE, HERE, 1), "nb")
    assert low_high.replace("\N{NO-BREAK SPACE}", " ") == "−0,1 til 0,4"
    assert wording.band(Band(80, True, HERE), "nn") == "minst 8 av 10"
    assert wording.band(Band(20, False, HERE), "nb") == "høyst 2 av 10"
    assert wording.band(Band(95, True, HERE), "nb") == "minst 19 av 20"


def test_dates():
    assert wording.day(date(2026, 11, 30), "nb") == "30.\N{NO-BREAK SPACE}november 2026"
    assert wording.day(date(2026, 3, 1), "en") == "1\N{NO-BREAK SPACE}March 2026"
