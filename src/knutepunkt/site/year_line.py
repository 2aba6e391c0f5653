"""How do the surveys of a year look on one line?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.dates import MONTHS_3

#: Drawing units; the picture is as wide as the sheet and scales with it.
WIDTH = 820
LEFT = 10
TOP = 34
ROW = 54
MONTHS_BEFORE = 7
MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Period:
    """A survey as the line needs it: its name, when it is open, when its report is expected."""

    title: str
    opens_on: dt.date
    closes_on: dt.date
    report_on: dt.date | None


@dataclass(frozen=True)
class Bar:
    """One open period as drawn: left end, width, and the point of its report."""

    title: str
    x: int
    width: int
    y: int
    report_x: int | None
    text_x: int
    anchor: str


@dataclass(frozen=True)
class Tick:
    """The first day of a month."""

    x: int
    label: str


@dataclass(frozen=True)
class YearLine:
    """Everything the picture holds, in drawing units."""

    width: int
    height: int
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    today_x: int
    base: int


def year_line(periods: Sequence[Period], today: dt.date) -> YearLine | None:
    """Return the twelve months around today with the surveys in them, or nothing when empty."""
    first = _months_later(today.replace(day=1), -MONTHS_BEFORE)
    last = _months_later(first, MONTHS_SHOWN)
    shown = [
        p for p in periods if p.opens_on < last and max(p.closes_on, p.report_on or first) >= first
    ]
    if not shown:
        return None
    base = TOP + ROW * len(shown)
    bars = tuple(_bar(p, TOP + ROW * row, first, last) for row, p in enumerate(shown))
    months = [_months_later(first, each) for each in range(MONTHS_SHOWN)]
    ticks = tuple(Tick(_x(day, first, last), str(MONTHS_3[day.month])) for day in months)
    return YearLine(WIDTH, base + 8, ticks, bars, _x(today, first, last), base)


def _bar(period: Period, y: int, first: dt.date, last: dt.date) -> Bar:
    start, end = _x(period.opens_on, first, last), _x(period.closes_on, first, last)
    is_late = start > WIDTH * 0.6
    report = period.report_on
    is_report_shown = report is not None and first <= report < last
    return Bar(
        title=period.title,
        x=start,
        width=max(end - start, 6),
        y=y,
        report_x=_x(report, first, last) if report and is_report_shown else None,
        text_x=max(end, start + 6) if is_late else start,
        anchor="end" if is_late else "start",
    )


def _x(day: dt.date, first: dt.date, last: dt.date) -> int:
    inside = min(max(day, first), last)
    share = (inside - first).days / (last - first).days
    return round(LEFT + share * (WIDTH - 2 * LEFT))


def _months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1)
