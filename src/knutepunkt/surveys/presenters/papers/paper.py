"""What is a paper made of: a title, sections, sentences and small tables?"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knutepunkt.surveys.policies.retention import CLOCKS, Clock


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and perhaps a table with a header row."""

    heading: str
    sentences: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = field(default=())


@dataclass(frozen=True)
class Paper:
    """A whole paper."""

    title: str
    lead: str
    sections: tuple[Section, ...]


def kept_for(clock: Clock) -> str:
    """Say how long a thing is kept."""
    if clock.days == 0:
        return _("deleted at once")
    if clock.days >= 365:
        years = clock.days // 365
        return ngettext("%(number)s year", "%(number)s years", years) % {"number": years}
    return ngettext("%(number)s day", "%(number)s days", clock.days) % {"number": clock.days}


def clock_rows() -> tuple[tuple[str, ...], ...]:
    """Return every clock: what, how long, counted from what."""
    return tuple((str(clock.what), kept_for(clock), str(clock.counted_from)) for clock in CLOCKS)


def clock_header() -> tuple[str, ...]:
    """Return the header of the clocks."""
    return (_("What"), _("How long"), _("Counted from"))
