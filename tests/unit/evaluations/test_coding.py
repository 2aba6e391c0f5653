"""Can two people code the open answers of a closed round, from appointment to the report?"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from knutepunkt.analysis.coding import CodedText, read_codebook
from knutepunkt.analysis.disclosure import policy_for
from knutepunkt.analysis.instruments import PARTICIPANT_SURVEY, read_catalogue
from knutepunkt.audit.models import AuditEvent
from knutepunkt.evaluations import actions
from knutepunkt.evaluations.extract.texts import enough_wrote, open_items, texts_in
from knutepunkt.evaluations.models import TextCoding
from knutepunkt.evaluations.policies import CannotCode, NotCoder, can_code
from knutepunkt.evaluations.vocabulary import field_of
from knutepunkt.people.models import Membership, Person
from knutepunkt.people.vocabulary import Role
from knutepunkt.responses.actions import destroy_round
from knutepunkt.responses.queries import opened_answers
from knutepunkt.shared.errors import Refusal
from tests.unit.evaluations.conftest import Centre, person

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

BOOK = read_codebook("alone: Alene | Åleine | Alone\nother: Annet | Anna | Other\n")


@pytest.fixture
def coders(centre: Centre) -> tuple[Person, Person]:
    """Two researchers at the centre."""
    return (
        person("elin@vestmarka.example", centre.organisation, Role.RESEARCHER),
        person("aslak@vestmarka.example", centre.organisation, Role.RESEARCHER),
    )


@pytest.fixture
def coding(centre: Centre, coders: tuple[Person, Person]) -> TextCoding:
    """The two appointed."""
    return actions.appoint_coders(
        asked_round=centre.asked_round,
        one=coders[0],
        other=coders[1],
        codebook=BOOK,
        by=centre.maker,
    )


def marks_for(reading: actions.Reading, *, fit: bool = True) -> dict[str, CodedText]:
    return {
        text.id: CodedText(
            frozenset({"alone" if len(text.words) % 2 else "other"}),
            fit=fit and text.may_quote,
        )
        for text in reading.texts
    }


def code_all(coding: TextCoding, coders: tuple[Person, Person]) -> TextCoding:
    for coder in coders:
        reading = actions.read_texts(coding=coding, by=coder)
        actions.keep_marks(coding=coding, marks=marks_for(reading), by=coder)
        actions.hand_in(coding=coding, by=coder)
    coding.refresh_from_db()
    return coding


def test_a_report_counts_by_code_once_the_coding_is_settled(
    centre: Centre, coding: TextCoding, coders: tuple[Person, Person]
) -> None:
    code_all(coding, coders)
    rounds = [centre.asked_round]
    before = actions.make_evaluation(
        survey=centre.asked_round.survey, rounds=rounds, audience="centre", by=centre.maker
    )
    assert "T13" not in {table["id"] for table in before.report["tables"]}
    actions.settle(coding=coding, by=coders[0])
    after = actions.make_evaluation(
        survey=centre.asked_round.survey, rounds=rounds, audience="centre", by=centre.maker
    )
    found = {table["id"] for table in after.report["tables"]}
    assert {"T13", "T14"} <= found
    actions.ask_colleague(evaluation=after, approver=centre.colleague, by=centre.maker)
    after.refresh_from_db()
    release = actions.approve(evaluation=after, by=centre.colleague)
    assert any(statement["table"] == "T13" for statement in release.statements)


def test_the_texts_come_without_group_person_or_order(
    coding: TextCoding, coders: tuple[Person, Person]
) -> None:
    reading = actions.read_texts(coding=coding, by=coders[0])
    assert reading.texts
    names = [text.id for text in reading.texts]
    assert names == sorted(names)
    assert len(set(names)) == len(names)
    fields = {name for text in reading.texts for name in vars(text)}
    assert fields == {"id", "question", "words", "may_quote", "language"}
    again = actions.read_texts(coding=coding, by=coders[1])
    assert [text.id for text in again.texts] == names


def test_no_name_of_a_text_stands_in_either_database_in_the_clear(
    coding: TextCoding, coders: tuple[Person, Person]
) -> None:
    code_all(coding, coders)
    reading = next(iter(coding.coders.all()))
    assert reading.handed_in_on is not None
    texts = _texts(coding)
    for alias in ("default", "vault"):
        with connections[alias].cursor() as cursor:
            for table in connections[alias].introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')
                content = repr(cursor.fetchall())
                for text in texts:
                    assert text.id not in content
                    assert text.words not in content


def _texts(coding: TextCoding) -> list[Any]:
    from knutepunkt.evaluations.extract.texts import texts_for_coders

    return list(texts_for_coders(coding))


def test_only_the_two_read_and_only_until_they_have_handed_in(
    centre: Centre, coding: TextCoding, coders: tuple[Person, Person]
) -> None:
    for somebody in (centre.maker, centre.colleague):
        with pytest.raises(NotCoder):
            actions.read_texts(coding=coding, by=somebody)
    with pytest.raises(Refusal):
        actions.read_differences(coding=coding, by=coders[0])
    code_all(coding, coders)
    with pytest.raises(Refusal):
        actions.read_texts(coding=coding, by=coders[0])
    Membership.objects.filter(person=coders[0]).update(until=dt.date(2024, 6, 1))
    with pytest.raises(NotCoder):
        actions.read_differences(coding=coding, by=coders[0])


def test_every_reading_is_written_down_without_content(
    coding: TextCoding, coders: tuple[Person, Person]
) -> None:
    reading = actions.read_texts(coding=coding, by=coders[0], way="csv")
    events = AuditEvent.objects.filter(verb="read_texts")
    assert [(event.actor_id, event.details) for event in events] == [(coders[0].pk, {"way": "csv"})]
    everything = json.dumps(list(AuditEvent.objects.values()), default=str)
    assert not any(text.id in everything or text.words in everything for text in reading.texts)


def test_who_starts_groups_never_reads(centre: Centre, coders: tuple[Person, Person]) -> None:
    both = person("marit@sildrehuset.example", centre.organisation, Role.COORDINATOR)
    assert can_code(both, centre.asked_round)
    Membership.objects.create(
        person=both,
        organisation=centre.organisation,
        role=Role.STARTER,
        since=dt.date(2024, 1, 1),
    )
    contact = person("kare@sildrehuset.example", centre.organisation, Role.RESEARCHER)
    asked = centre.asked_round.asked_groups.select_related("group").first()
    assert asked is not None
    asked.group.contact = contact
    asked.group.save()
    for refused in (both, contact, centre.colleague):
        with pytest.raises(CannotCode):
            actions.appoint_coders(
                asked_round=centre.asked_round,
                one=coders[0],
                other=refused,
                codebook=BOOK,
                by=centre.maker,
            )


def test_the_two_are_two_people(centre: Centre, coders: tuple[Person, Person]) -> None:
    twin = person("elin+2@vestmarka.example", centre.organisation, Role.RESEARCHER)
    for other in (coders[0], twin):
        with pytest.raises(CannotCode):
            actions.appoint_coders(
                asked_round=centre.asked_round,
                one=coders[0],
                other=other,
                codebook=BOOK,
                by=centre.maker,
            )


def test_nothing_is_handed_in_before_all_is_read(
    coding: TextCoding, coders: tuple[Person, Person]
) -> None:
    reading = actions.read_texts(coding=coding, by=coders[0])
    marks = marks_for(reading)
    marks.pop(reading.texts[0].id)
    actions.keep_marks(coding=coding, marks=marks, by=coders[0])
    with pytest.raises(Refusal):
        actions.hand_in(coding=coding, by=coders[0])


def test_differences_are_settled_among_what_either_gave(
    coding: TextCoding, coders: tuple[Person, Person]
) -> None:
    for coder, code in zip(coders, ("alone", "other"), strict=True):
        reading = actions.read_texts(coding=coding, by=coder)
        said = CodedText(frozenset({code}))
        actions.keep_marks(coding=coding, marks={text.id: said for text in reading.texts}, by=coder)
        actions.hand_in(coding=coding, by=coder)
    coding.refresh_from_db()
    book, found, settled = actions.read_differences(coding=coding, by=coders[1])
    assert book == BOOK
    assert not settled
    assert len(found) == len(_texts(coding))
    chosen = {found[0].text.id: CodedText(frozenset({"alone", "invented"}))}
    actions.keep_settled(coding=coding, marks=chosen, by=coders[1])
    _, _, settled = actions.read_differences(coding=coding, by=coders[0])
    assert settled == {found[0].text.id: CodedText(frozenset({"alone"}))}


def test_a_coder_can_be_replaced_until_they_hand_in(
    centre: Centre, coding: TextCoding, coders: tuple[Person, Person]
) -> None:
    new = person("per@vestmarka.example", centre.organisation, Role.RESEARCHER)
    actions.replace_coder(coding=coding, old=coders[0], new=new, by=centre.maker)
    with pytest.raises(NotCoder):
        actions.read_texts(coding=coding, by=coders[0])
    code_all(coding, (new, coders[1]))
    with pytest.raises(Refusal):
        actions.replace_coder(coding=coding, old=new, new=coders[0], by=centre.maker)


def test_codes_die_with_the_answers(
    centre: Centre, coding: TextCoding, coders: tuple[Person, Person]
) -> None:
    code_all(coding, coders)
    with connections["vault"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM responses_sealedcoding")
        assert cursor.fetchone() == (2,)
    destroy_round(round_ref=centre.asked_round.pk)
    with connections["vault"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM responses_sealedcoding")
        assert cursor.fetchone() == (0,)


def _signed_in(who: Person) -> Client:
    client = Client()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def addresses(coding: TextCoding) -> list[str]:
    return [
        reverse("evaluations:coding-go-on", args=[coding.pk]),
        reverse("evaluations:coding-texts", args=[coding.pk, 1]),
        reverse("evaluations:coding-sheet", args=[coding.pk, "xlsx"]),
        reverse("evaluations:coding-sheet", args=[coding.pk, "csv"]),
        reverse("evaluations:coding-hand-in", args=[coding.pk]),
        reverse("evaluations:coding-differences", args=[coding.pk, 1]),
        reverse("evaluations:coding-settle", args=[coding.pk]),
    ]


def test_whoever_guesses_the_addresses_finds_no_page(
    centre: Centre, coding: TextCoding, make_centre: Callable[..., Centre]
) -> None:
    starter = person("oddny@sildrehuset.example", centre.organisation, Role.STARTER)
    other = make_centre("naustet", seed=2)
    texts = _texts(coding)
    for somebody in (centre.maker, centre.colleague, starter, other.maker):
        client = _signed_in(somebody)
        for address in addresses(coding):
            response = client.get(address)
            assert response.status_code == 404, address
            assert not any(text.words in response.content.decode() for text in texts)
        shown = client.get(reverse("evaluations:coding-detail", args=[coding.pk]))
        assert shown.status_code == (200 if somebody == centre.maker else 404)
    for address in addresses(coding):
        assert Client().get(address).status_code == 302


def test_a_coder_codes_on_the_page(coding: TextCoding, coders: tuple[Person, Person]) -> None:
    client = _signed_in(coders[0])
    texts = _texts(coding)
    for page in range(1, -(-len(texts) // 10) + 1):
        address = reverse("evaluations:coding-texts", args=[coding.pk, page])
        shown = client.get(address)
        assert shown["Cache-Control"] == "private, no-store"
        here = texts[(page - 1) * 10 : page * 10]
        ticked = {field_of(text.id, "alone"): "x" for text in here[:5]}
        response = client.post(address, ticked)
        assert response.status_code == 302
    response = client.post(reverse("evaluations:coding-hand-in", args=[coding.pk]))
    assert response.status_code == 302
    assert coding.coders.get(person=coders[0]).handed_in_on is not None


def test_a_coder_stops_and_goes_on_where_they_left_off(
    coding: TextCoding, coders: tuple[Person, Person]
) -> None:
    client, count = _signed_in(coders[0]), len(_texts(coding))
    assert count > 10
    go_on = reverse("evaluations:coding-go-on", args=[coding.pk])
    pages = [
        reverse("evaluations:coding-texts", args=[coding.pk, page + 1])
        for page in range(-(-count // 10))
    ]
    hand_in = reverse("evaluations:coding-hand-in", args=[coding.pk])
    assert client.get(go_on)["Location"] == pages[0]
    # Finding the page is no reading: nobody has seen a text yet.
    readings = AuditEvent.objects.filter(verb="read_texts", subject_id=str(coding.pk))
    assert not readings.exists()
    client.get(pages[0])
    assert readings.count() == 1
    stopped = client.post(pages[0], {"_stop": "1"})
    assert stopped["Location"] == reverse("evaluations:coding-detail", args=[coding.pk])
    assert client.get(go_on)["Location"] == pages[1]
    assert client.post(hand_in)["Location"] == go_on
    for page in pages[1:]:
        client.post(page)
    assert client.get(go_on)["Location"] == hand_in


def test_a_page_with_both_marks_is_not_saved(
    coding: TextCoding, coders: tuple[Person, Person]
) -> None:
    client = _signed_in(coders[0])
    text = next(each for each in _texts(coding)[:10] if each.may_quote)
    ticked = {field_of(text.id, part): "x" for part in ("fit_to_quote", "identifies_somebody")}
    response = client.post(reverse("evaluations:coding-texts", args=[coding.pk, 1]), ticked)
    assert response.status_code == 200
    assert f'href="#{text.id}"' in response.content.decode()
    assert not actions.read_texts(coding=coding, by=coders[0]).marked


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_sheet_goes_out_and_comes_back(
    coding: TextCoding, coders: tuple[Person, Person], kind: str
) -> None:
    client = _signed_in(coders[0])
    given = client.get(reverse("evaluations:coding-sheet", args=[coding.pk, kind])).content
    upload = io.BytesIO(_filled(given, kind))
    upload.name = f"coding.{kind}"
    detail = reverse("evaluations:coding-detail", args=[coding.pk])
    assert client.post(detail, {"sheet": upload}).status_code == 302
    marked = actions.read_texts(coding=coding, by=coders[0]).marked
    assert len(marked) == len(_texts(coding))
    assert all(mark.codes == {"alone"} for mark in marked.values())


def _filled(content: bytes, kind: str) -> bytes:
    """The sheet with an x for every text under the first theme."""
    if kind == "csv":
        head, *rows = content.decode("utf-8-sig").splitlines()
        assert head.split(";")[4] == "Alene"
        filled = [row.replace(";;;;", ";x;;;") for row in rows]
        return "\n".join([head, *filled]).encode()
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 5).value = "X"
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_what_is_wrong_in_a_sheet_is_said_with_row_and_column(
    coding: TextCoding, coders: tuple[Person, Person]
) -> None:
    client = _signed_in(coders[0])
    given = client.get(reverse("evaluations:coding-sheet", args=[coding.pk, "csv"])).content
    head, first, *rest = given.decode("utf-8-sig").splitlines()
    broken = "\n".join([head, first.replace(";;;;", ";kanskje;;;"), *rest])
    upload = io.BytesIO(broken.encode())
    upload.name = "coding.csv"
    detail = reverse("evaluations:coding-detail", args=[coding.pk])
    response = client.post(detail, {"sheet": upload}, headers={"accept-language": "nb"})
    page = response.content.decode()
    assert "Rad 2, kolonnen «Alene»: «kanskje» er ikke et merke." in page
    assert not actions.read_texts(coding=coding, by=coders[0]).marked


def test_what_too_few_wrote_is_read_by_nobody(make_centre: Callable[..., Centre]) -> None:
    small = make_centre("lite", groups=2)
    rounds = [
        person(f"{name}@lite.example", small.organisation, Role.RESEARCHER)
        for name in ("elin", "aslak")
    ]
    appointed = actions.appoint_coders(
        asked_round=small.asked_round, one=rounds[0], other=rounds[1], codebook=BOOK, by=small.maker
    )
    assert actions.read_texts(coding=appointed, by=rounds[0]).texts == ()
    opened = opened_answers(small.asked_round.pk)
    assert any(_written(answer.content["answers"]) for answer in opened.answers)


def _written(answers: dict[str, Any]) -> list[str]:
    return [each["text"] for each in answers.values() if isinstance(each, dict) and "text" in each]


@pytest.mark.parametrize(("writers", "read"), [(0, 0), (10, 0), (11, 11), (30, 30)])
def test_words_are_read_where_a_figure_of_their_writers_could_be_told(
    writers: int, read: int
) -> None:
    """Six groups of five: ten writers may all be of two groups, eleven cannot be."""
    instrument = read_catalogue()[PARTICIPANT_SURVEY]
    item = open_items(instrument)[0]
    words = [f"words {n}" if n < writers else None for n in range(30)]
    frame = pl.DataFrame(
        {
            "participant": [str(n) for n in range(30)],
            "answer": [str(n) for n in range(30)],
            "group": [str(n % 6) for n in range(30)],
            "with_slip": True,
            "language": "nb",
            **{
                name: pl.Series(words if name == item else [None] * 30, dtype=pl.String)
                for name in open_items(instrument)
            },
            **{f"{name}.may_quote": False for name in open_items(instrument)},
        }
    )
    told = enough_wrote(frame, instrument, policy_for())
    assert len(texts_in(told, instrument, b"key")) == read
