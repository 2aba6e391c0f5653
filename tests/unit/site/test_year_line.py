"""Does the year line put each survey where its days are?"""

from __future__ import annotations

import datetime as dt

from knutepunkt.site.year_line import LEFT, WIDTH, Period, year_line

TODAY = dt.date(2026, 11, 23)
AUTUMN = Period("Høst", dt.date(2026, 10, 1), dt.date(2026, 11, 30), dt.date(2027, 1, 15))
LONG_AGO = Period("Før", dt.date(2024, 1, 1), dt.date(2024, 2, 1), dt.date(2024, 3, 1))


def test_the_line_shows_twelve_months_around_today() -> None:
    line = year_line([AUTUMN], TODAY)
    assert line is not None
    assert len(line.ticks) == 12
    assert line.ticks[0].x == LEFT
    assert [tick.x for tick in line.ticks] == sorted(tick.x for tick in line.ticks)
    assert LEFT < line.today_x < WIDTH - LEFT


def test_a_survey_stands_between_its_days_and_its_report_after_it() -> None:
    line = year_line([AUTUMN], TODAY)
    assert line is not None
    (bar,) = line.bars
    october, december = line.ticks[6].x, line.ticks[8].x
    assert bar.x == october
    assert abs(bar.x + bar.width - december) <= 3
    assert bar.report_x is not None
    assert bar.report_x > bar.x + bar.width
    assert bar.x < line.today_x < bar.x + bar.width


def test_what_is_outside_the_year_is_left_out() -> None:
    line = year_line([LONG_AGO, AUTUMN], TODAY)
    assert line is not None
    assert [bar.title for bar in line.bars] == ["Høst"]
    assert year_line([LONG_AGO], TODAY) is None
    assert year_line([], TODAY) is None


def test_nothing_is_drawn_outside_the_picture() -> None:
    long = Period("Lang", dt.date(2020, 1, 1), dt.date(2030, 1, 1), dt.date(2031, 1, 1))
    line = year_line([long], TODAY)
    assert line is not None
    (bar,) = line.bars
    assert bar.x >= LEFT
    assert bar.x + bar.width <= WIDTH - LEFT
    assert bar.report_x is None


def test_a_survey_of_one_day_can_be_seen() -> None:
    line = year_line([Period("Dag", TODAY, TODAY, None)], TODAY)
    assert line is not None
    assert line.bars[0].width >= 6


def test_the_line_can_be_drawn_on_the_last_day_of_a_long_month() -> None:
    assert year_line([AUTUMN], dt.date(2026, 10, 31)) is not None
