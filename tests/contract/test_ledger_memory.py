"""Does the site notice that its ledger forgot a release, on both engines, and know it again?

Real approvals of a real closed round; a backup that is put back is the database without its last
release, and the vault without the sets that came with it.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from knutepunkt.cli.checking import ledger_problem
from knutepunkt.evaluations import actions
from knutepunkt.evaluations.actions import approving, making, remembering
from knutepunkt.evaluations.ledger_copy import kept_releases
from knutepunkt.evaluations.locking import lock_ledger, unlock_ledger
from knutepunkt.evaluations.models import Evaluation, Release
from knutepunkt.evaluations.policies import ChangedMeanwhile, LedgerBroken
from knutepunkt.evaluations.queries import ledger_entries, ledger_trouble
from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import OrganisationKind, Role
from knutepunkt.responses.models import ContributorSet
from knutepunkt.shared.errors import Refusal
from tests.asked_round import at_once
from tests.unit.evaluations.conftest import Centre, closed_round, person

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def centre(engine: Any) -> Centre:
    organisation = Organisation.objects.create(
        name="Havna", short_name="Havna", slug="havna", kind=OrganisationKind.CENTRE
    )
    maker = person("maker@havna.example", organisation, Role.COORDINATOR)
    colleague = person("colleague@havna.example", organisation, Role.APPROVER)
    asked = closed_round(organisation, maker, groups=6, seed=3)
    return Centre(organisation, maker, colleague, asked)


def draft(centre: Centre) -> Evaluation:
    return actions.make_evaluation(
        survey=centre.asked_round.survey,
        rounds=[centre.asked_round],
        audience="centre",
        by=centre.maker,
    )


def proposed(centre: Centre) -> Evaluation:
    made = draft(centre)
    return actions.ask_colleague(evaluation=made, approver=centre.colleague, by=centre.maker)


def approve(evaluation: Evaluation, centre: Centre) -> Release:
    return actions.approve(evaluation=evaluation, by=centre.colleague)


def test_two_drafts_made_at_the_same_moment_are_judged_one_after_the_other(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What staff read of the first counts when the second is judged."""
    seen: list[int] = []
    build = making.build_report

    def build_slowly(*args: Any, **named: Any) -> Any:
        seen.append(len(named["ledger"].previews))
        return build(*args, **named)

    monkeypatch.setattr(making, "build_report", build_slowly)
    outcomes = at_once([lambda: draft(centre)] * 2)
    assert all(isinstance(each, Evaluation) for each in outcomes), outcomes
    assert min(seen) == 0 < max(seen)


def put_back_older(*, vault: bool) -> None:
    """What a backup from before the last release leaves of both databases."""
    last = Release.objects.order_by("sequence").last()
    assert last is not None
    if vault:
        ContributorSet.objects.filter(release_ref=last.pk).delete()
    unlock_ledger()
    Evaluation.objects.filter(release=last).update(state="proposed")
    Release.objects.filter(pk=last.pk)._raw_delete("default")
    lock_ledger()


def test_two_approvals_at_the_same_moment_leave_one_whole_ledger(centre: Centre) -> None:
    reports = [proposed(centre), proposed(centre)]
    outcomes = at_once([lambda each=each: approve(each, centre) for each in reports])
    assert all(isinstance(each, Release | ChangedMeanwhile) for each in outcomes), outcomes
    written = [each for each in outcomes if isinstance(each, Release)]
    assert written
    assert sorted(each.sequence for each in written) == list(range(1, len(written) + 1))
    assert Release.objects.count() == len(written) == len(kept_releases() or ())
    assert ledger_trouble() == ""
    # The one that came second was sent back, and can be made again and approved.
    for report in reports:
        report.refresh_from_db()
        assert report.state == ("released" if hasattr(report, "release") else "returned")
    # Each was judged as the ledger stood when it took its place in it.
    for each in written:
        judged_on = each.certificate["ledger"]
        assert judged_on["releases_before"] == each.sequence - 1
        assert judged_on["root_before"] == each.previous_hash
    for report in reports:
        report.refresh_from_db()
        if report.state != "released":
            assert report.state == "returned"
            assert report.comment == str(ChangedMeanwhile().sentence)


def test_one_report_approved_twice_at_the_same_moment_is_released_once(centre: Centre) -> None:
    """Two windows, or two who may: the other reads why not, and the ledger has one entry."""
    report = proposed(centre)
    outcomes = at_once([lambda: approve(report, centre)] * 3)
    refused = [each for each in outcomes if not isinstance(each, Release)]
    assert len(refused) == 2
    assert all(isinstance(each, Refusal) and str(each.sentence) for each in refused), refused
    assert Release.objects.count() == 1 == len(kept_releases() or ())
    assert ledger_trouble() == ""
    report.refresh_from_db()
    assert report.state == "released"


def test_sent_back_and_approved_at_the_same_moment_it_is_one_of_the_two(centre: Centre) -> None:
    report = proposed(centre)

    def send_back() -> Evaluation:
        return actions.send_back(evaluation=report, comment="Se på T5.", by=centre.colleague)

    outcomes = at_once([lambda: approve(report, centre), send_back])
    done = [each for each in outcomes if not isinstance(each, Refusal)]
    assert len(done) == 1, outcomes
    report.refresh_from_db()
    is_released = isinstance(done[0], Release)
    assert report.state == ("released" if is_released else "returned")
    assert Release.objects.count() == int(is_released) == len(kept_releases() or ())
    assert ledger_trouble() == ""


def test_an_older_backup_is_noticed_and_what_it_forgot_is_entered_again(
    centre: Centre, caplog: pytest.LogCaptureFixture
) -> None:
    release = approve(proposed(centre), centre)
    put_back_older(vault=False)
    assert "older backup" in ledger_problem()
    with caplog.at_level(logging.ERROR, "knutepunkt.release"), pytest.raises(LedgerBroken):
        proposed(centre)
    assert "knutepunkt ledger restore" in caplog.text
    assert [str(each.pk) for each in remembering.restore_from_copy()] == [str(release.pk)]
    assert remembering.restore_from_copy() == ()
    assert ledger_problem() == ""
    assert ledger_entries()[0].hash == release.hash
    # The vault still knows who was behind it, so there is something to subtract from, and it is.
    assert proposed(centre).judged["document"]["figures"]


def test_where_the_vault_forgot_too_nothing_more_is_told_of_the_round(centre: Centre) -> None:
    approve(proposed(centre), centre)
    put_back_older(vault=True)
    remembering.restore_from_copy()
    again = proposed(centre)
    assert not again.judged["document"]["figures"]
    assert {each["cause"] for each in again.judged["withheld"]} == {"ledger_broken"}


def test_a_release_whose_transaction_comes_to_nothing_is_not_remembered(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: Any, release: Any) -> None:
        kept(self, release)
        raise OSError("the disk is full")

    kept = approving.Writing.keep
    report = proposed(centre)
    with monkeypatch.context() as patched:
        patched.setattr(approving.Writing, "keep", fails)
        with pytest.raises(OSError, match="full"):
            approve(report, centre)
    assert kept_releases() == ()
    assert not Release.objects.exists()
    approve(report, centre)
    assert ledger_trouble() == ""


def test_a_lost_or_changed_copy_takes_two_people(centre: Centre) -> None:
    approve(proposed(centre), centre)
    lines = settings.LEDGER_COPY.read_text("utf-8")
    settings.LEDGER_COPY.write_text(lines.replace('"audience": "centre"', '"audience": "public"'))
    assert "damaged" in ledger_problem()
    settings.LEDGER_COPY.unlink()
    assert "missing" in ledger_problem()
    with pytest.raises(LedgerBroken):
        proposed(centre)
    operators = [operator(name) for name in ("Ada", "Bo")]
    for pair in ((operators[0], operators[0]), (operators[0], centre.colleague)):
        with pytest.raises(remembering.TwoPeopleNeeded):
            remembering.accept_database(by=pair[0], and_by=pair[1])
    remembering.accept_database(by=operators[0], and_by=operators[1])
    assert ledger_problem() == ""


def operator(name: str) -> Person:
    made = Person.objects.create_user(f"{name.lower()}@drift.example", None, name=name)
    Membership.objects.create(
        person=made, organisation=None, role=Role.OPERATOR, since=dt.date(2024, 1, 1)
    )
    return made


def test_a_release_made_elsewhere_is_entered_where_it_follows(centre: Centre) -> None:
    """The same release is taken away and brought back as the two files a checker gets."""
    release = approve(proposed(centre), centre)
    told = json.loads(
        json.dumps({"certificate": release.certificate, "entry": release.as_entry().as_json()})
    )
    put_back_older(vault=False)
    settings.LEDGER_COPY.unlink()
    forged = {**told, "certificate": {**told["certificate"], "audience": "public"}}
    with pytest.raises(remembering.NotWhole):
        remembering.enter(**forged)
    entered = remembering.enter(**told)
    assert (entered.hash, entered.organisation) == (release.hash, centre.organisation)
    assert ledger_trouble() == ""
    with pytest.raises(remembering.DoesNotFollow):
        remembering.enter(**told)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        Release.objects.filter(pk=entered.pk)._raw_delete("default")
