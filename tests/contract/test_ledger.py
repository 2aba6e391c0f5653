"""Does the database itself keep the ledger of releases, whichever engine it is?"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from knutepunkt.analysis.disclosure import Ledger, append
from knutepunkt.analysis.disclosure.ledger import digest
from knutepunkt.cli.checking import ledger_problem
from knutepunkt.evaluations.ledger_copy import Writing
from knutepunkt.evaluations.locking import is_locked, lock_ledger, unlock_ledger
from knutepunkt.evaluations.models import Evaluation, Release
from knutepunkt.evaluations.queries import broken_ledger_entry, ledger_entries
from knutepunkt.people.models import Organisation, Person
from knutepunkt.shared.errors import Refusal
from knutepunkt.shared.ids import random_id
from tests.answering_case import asking_centre
from tests.asked_round import at_once

pytestmark = pytest.mark.usefixtures("engine")


CERTIFICATE = {"audience": "centre", "seal": digest({"audience": "centre"})}


def write(organisation: Organisation, **changed: Any) -> Release:
    """Write the next entry of the chain, or a changed one."""
    release = random_id()
    entry = append(
        ledger_entries(),
        release=str(release),
        audience="centre",
        policy_hash="p" * 64,
        statements=(),
        seal=CERTIFICATE["seal"],
    )
    fields = {
        "id": release,
        "sequence": entry.sequence,
        "organisation": organisation,
        "audience": "centre",
        "released_on": dt.date(2026, 1, 1),
        "policy_hash": entry.policy_hash,
        "statements": [],
        "certificate": CERTIFICATE,
        "previous_hash": entry.previous,
        "hash": entry.hash,
    }
    with Writing() as copy, transaction.atomic():
        made = Release.objects.create(**(fields | changed))
        copy.keep(made.as_kept())
    return made


@pytest.fixture
def centre(engine: Any) -> Organisation:
    """Return a centre."""
    return asking_centre(groups=1, slips=1).round.survey.organisation


def test_entries_form_one_chain(centre: Organisation) -> None:
    for _ in range(3):
        write(centre)
    assert [entry.sequence for entry in ledger_entries()] == [1, 2, 3]
    assert broken_ledger_entry() is None
    assert Ledger(tuple(ledger_entries())).root


def test_no_place_in_the_chain_is_taken_twice(centre: Organisation) -> None:
    first = write(centre)
    second = write(centre)
    for taken in (
        {"sequence": second.sequence},
        {"previous_hash": first.previous_hash},
        {"hash": second.hash},
        {"sequence": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write(centre, **taken)
    assert Release.objects.count() == 2


def test_two_releases_at_once_cannot_both_follow_the_same_entry(centre: Organisation) -> None:
    write(centre)
    outcomes = at_once([lambda: write(centre)] * 6)
    assert all(isinstance(each, Release | IntegrityError) for each in outcomes), outcomes
    written = sum(isinstance(each, Release) for each in outcomes)
    assert 1 <= written == Release.objects.count() - 1
    assert broken_ledger_entry() is None


def test_an_entry_is_never_changed_or_removed(centre: Organisation) -> None:
    written = write(centre)
    with pytest.raises(Refusal):
        written.save()
    with pytest.raises(Refusal):
        written.delete()
    entries = Release.objects.filter(pk=written.pk)
    for column, value in (
        ("certificate", {"changed": True}),
        ("policy_hash", "q" * 64),
        ("audience", "public"),
        ("released_on", dt.date(2030, 1, 1)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            entries.update(**{column: value})
    with pytest.raises(IntegrityError), transaction.atomic():
        entries._raw_delete("default")
    assert broken_ledger_entry() is None


def test_only_links_that_go_are_cleared(centre: Organisation) -> None:
    person = Person.objects.create_user("board@example.org", None, name="Board")
    other = Person.objects.create_user("other@example.org", None, name="Other")
    written = write(centre, approved_by=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=written.pk).update(approved_by=other)
    person.delete()
    written.refresh_from_db()
    assert written.approved_by is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=written.pk).update(approved_by=other)


def test_the_lock_is_put_back_and_its_absence_is_told(centre: Organisation) -> None:
    assert is_locked()
    unlock_ledger()
    assert not is_locked()
    assert "knutepunkt migrate" in ledger_problem()
    lock_ledger()
    assert is_locked()
    assert ledger_problem() == ""


@pytest.mark.parametrize(
    "change",
    [
        {"audience": "public"},
        {"policy_hash": "q" * 64},
        {"statements": [{"table": "T4"}]},
        {"certificate": {"changed": True}},
        {"certificate": {**CERTIFICATE, "audience": "public"}},
        {"sequence": 7},
    ],
)
def test_whoever_takes_the_lock_away_breaks_the_chain(
    centre: Organisation, change: dict[str, Any]
) -> None:
    written = write(centre)
    write(centre)
    unlock_ledger()
    Release.objects.filter(pk=written.pk).update(**change)
    assert broken_ledger_entry() == 1


def test_an_entry_taken_out_breaks_the_chain(centre: Organisation) -> None:
    written = write(centre)
    write(centre)
    unlock_ledger()
    Release.objects.filter(pk=written.pk)._raw_delete("default")
    assert broken_ledger_entry() == 1


def test_a_centre_with_releases_cannot_be_deleted_under_them(centre: Organisation) -> None:
    write(centre)
    with pytest.raises(IntegrityError):
        centre.delete()
    assert Release.objects.count() == 1


def test_the_maker_never_approves(centre: Organisation) -> None:
    maker = Person.objects.create_user("maker@example.org", None, name="Maker")
    survey = centre.surveys.get()
    made = Evaluation.objects.create(
        organisation=centre, survey=survey, made_by=maker, made_on=dt.date(2026, 1, 1)
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.filter(pk=made.pk).update(approver=maker)
