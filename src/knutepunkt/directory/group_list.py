"""What does a list of groups say, row by row, and what in it must be mended first?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from knutepunkt.directory.models import Theme
from knutepunkt.directory.places import look_up
from knutepunkt.directory.sheets import FileNotRead, Row
from knutepunkt.directory.vocabulary import OPEN_THEME, Form
from knutepunkt.shared.fields import DATE_FORMATS

MOST_MEMBERS = 99

#: The columns of a list, in the order of the template. Read in any language, in any order.
COLUMNS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "theme": gettext_lazy("Theme"),
    "form": gettext_lazy("Form"),
    "started_on": gettext_lazy("Started"),
    "paused_on": gettext_lazy("Paused"),
    "ended_on": gettext_lazy("Ended"),
    "members": gettext_lazy("Members"),
    "place": gettext_lazy("Municipality"),
    "house": gettext_lazy("House"),
    "contact": gettext_lazy("Contact person's e-mail"),
    "confirmed_on": gettext_lazy("Last confirmed"),
    "address_withheld": gettext_lazy("Address withheld"),
}
#: Other names that lists in use have for the same columns.
OTHER_NAMES = {
    "gruppe": "name",
    "gruppenavn": "name",
    "gruppenamn": "name",
    "group": "name",
    "start": "started_on",
    "startdato": "started_on",
    "slutt": "ended_on",
    "sluttdato": "ended_on",
    "antall deltakere": "members",
    "tal på deltakarar": "members",
    "antall": "members",
    "medlemmer": "members",
    "medlemer": "members",
    "members": "members",
    "pause": "paused_on",
    "participants": "members",
    "sted": "place",
    "stad": "place",
    "place": "place",
    "kommunenummer": "place",
    "kontakt": "contact",
    "e-post": "contact",
    "contact": "contact",
}
LANGUAGES = ("nb", "nn", "en")
YES = {"ja", "yes", "x", "1", "true", "sann"}
NO = {"", "nei", "no", "0", "false", "usann"}


@dataclass(frozen=True)
class RowError:
    """One thing to mend: where it is, what stands there, and what is wrong with it."""

    row: int
    column: str
    found: str
    what: str
    is_date: bool = False

    def __str__(self) -> str:
        return _('Row {row}, column "{column}": {what}').format(
            row=self.row, column=self.column, what=self.what
        )


@dataclass(frozen=True, kw_only=True)
class ListedGroup:
    """One group as a list describes it, read and understood but not yet written anywhere."""

    row: int
    name: str
    theme: str = OPEN_THEME
    form: str = Form.IN_PERSON
    started_on: date | None = None
    paused_on: date | None = None
    ended_on: date | None = None
    members: int | None = None
    municipality_code: str = ""
    municipality_valid_on: date | None = None
    house: str = ""
    contact: str = ""
    confirmed_on: date | None = None
    address_withheld: bool = False

    def as_plain(self) -> dict[str, Any]:
        """Return the facts as plain values that a session can keep until they are approved."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> ListedGroup:
        """Return the group that ``as_plain`` described."""
        dated = {each.name for each in fields(cls) if "date" in str(each.type)}
        values: dict[str, Any] = {
            name: date.fromisoformat(value) if name in dated and value else value
            for name, value in plain.items()
        }
        return cls(**values)


@dataclass
class Reading:
    """What a list says: the groups that could be read, and everything that must be mended."""

    groups: list[ListedGroup] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


def read_groups(rows: list[Row]) -> Reading:
    """Read a whole list; every error is named, not only the first.

    Knows nothing of what the organisation has already; ``actions.imports`` checks that.
    """
    header, *body = rows
    columns = _columns_of(header)
    reading = Reading()
    seen: dict[str, int] = {}
    for row in body:
        reader = _RowReader(row, columns, header)
        group = reader.read()
        earlier = seen.setdefault(group.name.casefold(), row.number)
        if group.name and earlier != row.number:
            reader.wrong("name", _("the same name stands in row {row}.").format(row=earlier))
        reading.errors += reader.errors
        reading.groups.append(group)
    return reading


def column_names(language: str) -> list[str]:
    """Return the names of the columns in the language, for the template and the export."""
    with override(language):
        return [str(name) for name in COLUMNS.values()]


def _columns_of(header: Row) -> dict[str, int]:
    known = dict(OTHER_NAMES)
    for language in LANGUAGES:
        with override(language):
            known |= {str(name).casefold(): key for key, name in COLUMNS.items()}
    found: dict[str, int] = {}
    unknown = []
    for place, cell in enumerate(header.cells):
        key = known.get(cell.casefold().strip(" *:"))
        if key is None and cell:
            unknown.append(cell)
        elif key is not None:
            found.setdefault(key, place)
    if unknown:
        raise FileNotRead(
            _(
                "We do not know the columns {unknown}. "
                "Use the names of the template: {known}. Nothing has been saved."
            ).format(
                unknown=", ".join(f"«{name}»" for name in unknown),
                known=", ".join(str(name) for name in COLUMNS.values()),
            )
        )
    if "name" not in found:
        raise FileNotRead(
            _('The first row must have a column named "{name}". Nothing has been saved.').format(
                name=COLUMNS["name"]
            )
        )
    return found


class _RowReader:
    """Reads the cells of one row and collects what is wrong with them."""

    def __init__(self, row: Row, columns: dict[str, int], header: Row) -> None:
        self.errors: list[RowError] = []
        self._row, self._columns, self._header = row, columns, header

    def read(self) -> ListedGroup:
        code, valid_on = self._place()
        days = {
            key: self._day(key) for key in ("started_on", "paused_on", "ended_on", "confirmed_on")
        }
        self._check_order(days)
        name = self._cell("name")
        if not name:
            self.wrong("name", _("the group has no name."))
        return ListedGroup(
            row=self._row.number,
            name=name[:160],
            theme=self._theme(),
            form=self._form(),
            members=self._members(),
            municipality_code=code,
            municipality_valid_on=valid_on,
            house=self._cell("house"),
            contact=self._cell("contact"),
            address_withheld=self._yes_or_no("address_withheld"),
            **days,
        )

    def wrong(self, key: str, what: str, *, is_date: bool = False) -> None:
        place = self._columns.get(key)
        column = self._header.cells[place] if place is not None else str(COLUMNS[key])
        error = RowError(self._row.number, column, self._cell(key), what, is_date)
        self.errors.append(error)

    def _cell(self, key: str) -> str:
        place = self._columns.get(key)
        if place is None or place >= len(self._row.cells):
            return ""
        text = self._row.cells[place]
        return text[1:] if text[:2] in _GUARDED else text

    def _day(self, key: str) -> date | None:
        text = self._cell(key)
        if not text:
            return None
        day = parse_day(text)
        if day is None:
            self.wrong(key, _('"{value}" is not a date.').format(value=text), is_date=True)
        elif day > timezone.localdate():
            self.wrong(key, _('"{value}" has not come yet.').format(value=text))
        return day

    def _check_order(self, days: Mapping[str, date | None]) -> None:
        started, paused, ended = days["started_on"], days["paused_on"], days["ended_on"]
        if started is None:
            for key in ("paused_on", "ended_on"):
                if days[key]:
                    self.wrong(key, _("the group has no date for when it started."))
            return
        if paused and paused < started:
            self.wrong("paused_on", _("the date is before the group started."))
        if ended and ended < max(started, paused or started):
            self.wrong("ended_on", _("the date is before what happened to the group earlier."))

    def _theme(self) -> str:
        text = self._cell("theme")
        if not text:
            return OPEN_THEME
        slug = _themes_by_name().get(text.casefold())
        if slug is None:
            what = _('we do not know the theme "{value}". Use one from the list of themes.')
            self.wrong("theme", what.format(value=text))
        return slug or OPEN_THEME

    def _form(self) -> str:
        text = self._cell("form")
        if not text:
            return Form.IN_PERSON
        form = _forms_by_name().get(text.casefold())
        if form is None:
            what = _('"{value}" is not a form. Write one of these: {known}.')
            known = ", ".join(str(each.label) for each in Form)
            self.wrong("form", what.format(value=text, known=known))
        return form or Form.IN_PERSON

    def _members(self) -> int | None:
        text = self._cell("members")
        if not text:
            return None
        if text.isdecimal() and int(text) <= MOST_MEMBERS:
            return int(text)
        what = _('"{value}" is not a number from 0 to {most}.')
        self.wrong("members", what.format(value=text, most=MOST_MEMBERS))
        return None

    def _place(self) -> tuple[str, date | None]:
        text = self._cell("place")
        if not text:
            return "", None
        today = timezone.localdate()
        found = look_up(text, today)
        if len(found) == 1:
            place = found[0]
            return place.code, today if place.is_valid_on(today) else place.day_of_validity
        self.wrong("place", place_problem(text, bool(found)))
        return "", None

    def _yes_or_no(self, key: str) -> bool:
        text = self._cell(key).casefold()
        if text not in YES | NO:
            self.wrong(key, _('write yes or no, not "{value}".').format(value=self._cell(key)))
        return text in YES


#: A quotation mark that exports put before what a spreadsheet would take for a formula.
_GUARDED = {"'=", "'+", "'-", "'@"}


def parse_day(text: str) -> date | None:
    """Return the day that a person or a spreadsheet wrote, or ``None``."""
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
    return None


def place_problem(text: str, has_several: bool) -> str:
    """Return why the text names no one municipality, and what to write instead."""
    if has_several:
        return _(
            'several municipalities are named "{value}". Write the county too, like this: '
            "Herøy (Nordland)."
        ).format(value=text)
    return _(
        'we know no municipality "{value}". Write its name, or its number of four digits.'
    ).format(value=text)


def _themes_by_name() -> dict[str, str]:
    named: dict[str, str] = {}
    for theme in Theme.objects.all():
        for name in (theme.slug, theme.name_nb, theme.name_nn, theme.name_en):
            named[name.casefold()] = theme.slug
    return named


def _forms_by_name() -> dict[str, str]:
    named: dict[str, str] = {}
    for language in LANGUAGES:
        with override(language):
            named |= {str(label).casefold(): value for value, label in Form.choices}
    return named
