"""How does a second person approve a report, so that it is released and stands in the ledger?"""

from __future__ import annotations

from functools import partial

from django.db import IntegrityError, transaction

from knutepunkt.analysis.disclosure import Judgement, append
from knutepunkt.analysis.disclosure.ledger import LedgerEntry, root_of
from knutepunkt.audit.actions import record
from knutepunkt.evaluations import extract
from knutepunkt.evaluations.actions.making import judged_as_kept, judged_now, operators
from knutepunkt.evaluations.ledger_copy import Writing
from knutepunkt.evaluations.lifecycle import CORRECTED, EVALUATION, RELEASED
from knutepunkt.evaluations.models import Evaluation, Release
from knutepunkt.evaluations.policies import ChangedMeanwhile, ClockJumped, require_approver
from knutepunkt.evaluations.queries import ledger_entries
from knutepunkt.people.models import Person
from knutepunkt.shared.clock import today
from knutepunkt.shared.ids import random_id

#: So often a release is judged when others take its place in the ledger meanwhile.
ATTEMPTS = 3


class PlaceTaken(Exception):
    """Another release has entered the ledger since this one was judged."""


def approve(*, evaluation: Evaluation, by: Person) -> Release:
    """Judge once more, remember who it rests on, and write the release into the ledger.

    Both databases are touched, the vault first, and last the copy of the ledger outside them: contributor sets without a release are harmless
    and are replaced when the approval is tried again, a release without contributor sets would
    make every later release refuse. Two releases at the same moment cannot both take the same
    place in the ledger; the later one is sent back to be made again.
    """
    require_approver(by, evaluation)
    EVALUATION.after(evaluation.state, "approve")
    _require_sane_clock(evaluation)
    for _attempt in range(ATTEMPTS):
        try:
            with Writing() as copy:
                return _approve(evaluation, by, copy)
        except (IntegrityError, PlaceTaken):
            continue
        except ChangedMeanwhile:
            break
    _return_as_changed(evaluation, by)
    raise ChangedMeanwhile


def _require_sane_clock(evaluation: Evaluation) -> None:
    """Refuse while today lies before something that has happened: the ledger's days must not run back.

    A clock that was put forward is found when it is put right: later releases then lie ahead of it.
    The example plays days of its own.
    """
    if evaluation.organisation.is_example:
        return
    last = Release.objects.order_by("-sequence").values_list("released_on", flat=True).first()
    closed = evaluation.rounds.values_list("closed_on", flat=True)
    happened = max([day for day in (last, evaluation.made_on, *closed) if day], default=None)
    if happened is not None and happened > today():
        operators.error("Nothing is released: the clock says %s, after %s.", today(), happened)
        raise ClockJumped


@transaction.atomic
def _approve(evaluation: Evaluation, by: Person, copy: Writing) -> Release:
    fresh = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    fresh.state = EVALUATION.after(fresh.state, "approve")
    report, judgement = judged_now(fresh)
    if judgement.document != fresh.judged["document"]:
        raise ChangedMeanwhile
    # The figures are those the second person saw; the certificate names the ledger as it is now.
    fresh.report, fresh.judged = judged_as_kept(report, judgement)
    release_id = random_id()
    extract.remember(release_id, judgement)
    entries = ledger_entries()
    if root_of(entries) != judgement.certificate["ledger"]["root_before"]:
        # It was judged without what was told since, and the two could be subtracted.
        raise PlaceTaken
    entry = append(
        entries,
        release=str(release_id),
        audience=fresh.audience,
        policy_hash=judgement.certificate["policy_hash"],
        statements=judgement.statements,
        seal=judgement.certificate["seal"],
    )
    release = _write_entry(entry, fresh, judgement, by)
    fresh.save()
    if fresh.corrects is not None and fresh.corrects.state == RELEASED:
        _replace(fresh.corrects)
    if fresh.rounds.filter(number__gte=fresh.survey.planned_rounds).exists():
        # The last planned round has been told of: whoever is in the queue leaves now.
        transaction.on_commit(partial(extract.let_go, fresh.survey))
    record("approve", fresh, by=by, organisation_id=fresh.organisation_id, entry=entry.sequence)
    # Last, and before the transaction ends: the place in the ledger is taken, and no other release
    # can take it; a release that is committed is never missing from the copy.
    copy.keep(release.as_kept())
    return release


def _write_entry(
    entry: LedgerEntry, evaluation: Evaluation, judgement: Judgement, by: Person
) -> Release:
    return Release.objects.create(
        id=entry.release,
        sequence=entry.sequence,
        evaluation=evaluation,
        organisation=evaluation.organisation,
        audience=entry.audience,
        released_on=today(),
        approved_by=by,
        policy_hash=entry.policy_hash,
        statements=list(entry.statements),
        certificate=judgement.certificate,
        previous_hash=entry.previous,
        hash=entry.hash,
    )


def _replace(old: Evaluation) -> None:
    old.state = CORRECTED
    old.ended_on = today()
    old.save(update_fields=["state", "ended_on"])


@transaction.atomic
def _return_as_changed(evaluation: Evaluation, by: Person) -> None:
    fresh = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if not EVALUATION.can(fresh.state, "send_back"):
        return
    fresh.state = EVALUATION.after(fresh.state, "send_back")
    fresh.comment = str(ChangedMeanwhile().sentence)
    fresh.save(update_fields=["state", "comment"])
    record("return_as_changed", fresh, by=by, organisation_id=fresh.organisation_id)


@transaction.atomic
def send_back(*, evaluation: Evaluation, comment: str, by: Person) -> Evaluation:
    """Return the report to the one who made it, with what should be put right."""
    require_approver(by, evaluation)
    fresh = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    fresh.state = EVALUATION.after(fresh.state, "send_back")
    fresh.comment = comment
    fresh.save(update_fields=["state", "comment"])
    record("send_back", fresh, by=by, organisation_id=fresh.organisation_id)
    return fresh
