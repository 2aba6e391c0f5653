"""Do lists of groups come in whole, with every mistake named, and go out so they can come in again?"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from knutepunkt.directory import actions, exports, presenters, queries, sheets
from knutepunkt.directory.group_list import ListedGroup, Reading, parse_day, read_groups
from knutepunkt.directory.models import Group
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.errors import NotPermitted, Refusal

from .conftest import make_person


def read(text: str, encoding: str = "utf-8") -> Reading:
    return read_groups(sheets.read_rows(text.encode(encoding), "liste.csv"))


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_encoding_and_separator_are_found_out(db: None, encoding: str, separator: str) -> None:
    text = separator.join(["Navn", "Tema", "Startet"]) + "\r\n"
    text += separator.join(["Blåbærgruppa på Ås", "Åpent tema", "3.2.2024"]) + "\r\n"
    reading = read(text, encoding)
    assert reading.errors == []
    assert reading.groups[0].name == "Blåbærgruppa på Ås"
    assert reading.groups[0].started_on == date(2024, 2, 3)


@pytest.mark.parametrize(
    "header",
    [
        "Navn;Form;Startet;Medlemmer;Kommune",
        "Namn;Form;Starta;Medlemer;Kommune",
        "Name;Form;Started;Members;Municipality",
        "GRUPPENAVN;form;startdato;Antall;Sted",
    ],
)
def test_columns_are_known_in_three_languages_and_any_case(db: None, header: str) -> None:
    (group,) = read(f"{header}\nSorg;på nett;2024-02-01;7;Bergen\n").groups
    assert (group.form, group.started_on, group.members) == ("online", date(2024, 2, 1), 7)
    assert group.municipality_code == "4601"


def test_dates_and_numbers_of_a_workbook(db: None) -> None:
    content = workbook(
        [
            ["Navn", "Startet", "Medlemmer", "Kommune"],
            ["Sorg", date(2024, 2, 1), 7, "0301"],
            [None, None, None, None],
            ["Angst", "1.3.2024", 6.0, "Oslo"],
        ]
    )
    reading = read_groups(sheets.read_rows(content, "liste.xlsx"))
    assert [(g.row, g.name, g.started_on, g.members) for g in reading.groups] == [
        (2, "Sorg", date(2024, 2, 1), 7),
        (4, "Angst", date(2024, 3, 1), 6),
    ]


def test_every_mistake_is_named_by_row_and_column(db: None) -> None:
    rows = [
        "Navn;Tema;Form;Startet;Avsluttet;Medlemmer;Kommune;Adressen vises ikke",
        "Sorg;Sorg etter dødsfall;på nett;31.02.2024;;7;Bergen;ja",
        ";;;;;;;",
        "Angst;Bilreparasjon;i lufta;1.1.2024;1.1.2023;mange;Herøy;kanskje",
        "sorg;;;1.1.2999;;;Atlantis;",
        ";;;;2.2.2024;;;",
    ]
    rows[0] = rows[0].replace("Adressen vises ikke", "Adressen vises ikke")
    with translation.override("nb"):
        errors = read("\n".join(rows)).errors
    assert {(error.row, error.column) for error in errors} == {
        (2, "Startet"),
        (4, "Tema"),
        (4, "Form"),
        (4, "Avsluttet"),
        (4, "Medlemmer"),
        (4, "Kommune"),
        (4, "Adressen vises ikke"),
        (5, "Navn"),
        (5, "Startet"),
        (5, "Kommune"),
        (6, "Navn"),
        (6, "Avsluttet"),
    }


def test_one_date_that_is_none_reads_as_one_sentence(db: None) -> None:
    lines = ["Name,Started", *[f"G{n},1.1.2024" for n in range(12)], "Sorg,31.02.2024"]
    with translation.override("en"):
        head, rest, tail = presenters.error_sentences(read("\n".join(lines)).errors)
    assert (rest, tail) == ([], "")
    assert head == (
        'We found one error in the file. Row 14, column "Started": "31.02.2024" is not a date. '
        "Correct it and upload the file again. Nothing has been saved."
    )


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "tom.csv"),
        (b"Navn;Tema\n", "bare-kolonner.csv"),
        (b"Farge;Navn\nblaa;Sorg\n", "ukjent-kolonne.csv"),
        (b"Tema\nSorg etter\n", "uten-navn.csv"),
        (b"PK\x03\x04 not a workbook", "odelagt.xlsx"),
        (b"\xd0\xcf\x11\xe0\0\0\0", "gammel.xls"),
        (b"x" * (sheets.LARGEST_FILE + 1), "stor.csv"),
        (b"Navn\n" + b"A\n" * (sheets.MOST_ROWS + 1), "lang.csv"),
    ],
)
def test_files_that_cannot_be_read_are_refused_with_a_sentence(
    db: None, content: bytes, name: str
) -> None:
    with pytest.raises(Refusal) as refused:
        read_groups(sheets.read_rows(content, name))
    assert str(refused.value).endswith(".")


@given(content=st.binary(max_size=400))
def test_no_bytes_make_the_reader_stumble(content: bytes) -> None:
    try:
        rows = sheets.read_rows(content, "noe.csv")
    except Refusal:
        return
    assert len(rows) > 1


@given(day=st.dates(date(2000, 1, 1), date(2068, 12, 31)))
def test_days_are_read_as_written(day: date) -> None:
    assert parse_day(day.strftime("%d.%m.%Y")) == day
    assert parse_day(f"{day.day}.{day.month}.{day.year}") == day
    assert parse_day(day.isoformat()) == day


def test_a_list_comes_in_with_its_history(centre: Organisation, marit: Person) -> None:
    rows = [
        "Navn;Startet;Pause;Avsluttet;Sist bekreftet;Kontaktpersonens e-post",
        f"Sorg;1.1.2024;;1.6.2024;;{marit.email}",
        "Angst;1.2.2024;1.7.2024;;;",
        "Menn;1.3.2024;;;1.9.2024;",
        "Ny;;;;;",
    ]
    with translation.override("nb"):
        reading = read("\n".join(rows))
        assert reading.errors == []
        made = actions.import_groups(organisation=centre, groups=reading.groups, by=marit)
    assert [(group.name, group.state) for group in made] == [
        ("Sorg", "ended"),
        ("Angst", "paused"),
        ("Menn", "running"),
        ("Ny", "planned"),
    ]
    assert made[0].contact == marit
    assert made[2].confirmed_on == date(2024, 9, 1)


def test_nothing_is_written_where_one_row_does_not_fit(
    centre: Organisation, marit: Person, new_group: Callable[..., Group]
) -> None:
    new_group("Sorg")
    groups = [
        ListedGroup(row=2, name="Angst"),
        ListedGroup(row=3, name="sorg"),
        ListedGroup(row=4, name="Menn", house="Ukjent hus", contact="ukjent@example.org"),
    ]
    with pytest.raises(actions.ListDoesNotFit) as refused:
        actions.import_groups(organisation=centre, groups=groups, by=marit)
    assert [error.row for error in refused.value.errors] == [3, 4, 4]
    assert Group.objects.count() == 1


def test_a_house_or_person_of_another_centre_does_not_fit(
    centre: Organisation, neighbour: Organisation
) -> None:
    stranger = make_person("Fremmed", Role.COORDINATOR, neighbour)
    listed = ListedGroup(row=2, name="A", contact=stranger.email)
    assert len(actions.check_fit(organisation=centre, groups=[listed])) == 1


def test_starters_do_not_import(centre: Organisation, oddny: Person) -> None:
    with pytest.raises(NotPermitted):
        actions.import_groups(organisation=centre, groups=[ListedGroup(row=2, name="A")], by=oddny)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again(
    new_group: Callable[..., Group],
    centre: Organisation,
    neighbour: Organisation,
    marit: Person,
    kind: str,
    language: str,
) -> None:
    new_group("=1+1", started_on=date(2024, 1, 1), form="mixed", members=8, address_withheld=True)
    paused = new_group("Sorg; og savn", started_on=date(2024, 2, 1), theme=None)
    actions.pause_group(group=paused, on=date(2024, 5, 1), by=marit)
    ended = new_group(
        "Angst",
        started_on=date(2024, 1, 1),
        municipality_code="1818",
        municipality_valid_on=date(2024, 1, 1),
    )
    actions.end_group(group=ended, on=date(2024, 3, 1), by=marit)
    new_group("Planlagt")
    with translation.override(language):
        rows = exports.rows_of(queries.groups_of(centre))
        content = exports.as_csv(rows) if kind == "csv" else exports.as_workbook(rows)
        reading = read_groups(sheets.read_rows(content, f"liste.{kind}"))
        assert reading.errors == []
        stranger = make_person("Ola", Role.COORDINATOR, neighbour)
        actions.import_groups(organisation=neighbour, groups=reading.groups, by=stranger)

    def told(organisation: Organisation) -> list[tuple[object, ...]]:
        return [
            (g.name, g.theme_id, g.form, g.state, g.started_on, g.ended_on, g.members, g.place)
            for g in queries.groups_of(organisation)
        ]

    assert told(neighbour) == told(centre)


def test_a_name_that_looks_like_a_formula_stays_text(new_group: Callable[..., Group]) -> None:
    group = new_group('=HYPERLINK("http://example.org")')
    rows = exports.rows_of([group])
    assert b"'=HYPERLINK" in exports.as_csv(rows)
    cell = load_workbook(io.BytesIO(exports.as_workbook(rows))).active["A2"]
    assert (cell.data_type, cell.value) == ("s", group.name)


def test_the_template_names_every_column() -> None:
    with translation.override("nn"):
        sheet = load_workbook(io.BytesIO(exports.as_workbook([]))).active
        assert [cell.value for cell in sheet[1]][:4] == ["Namn", "Tema", "Form", "Starta"]
