"""How is a report made from closed rounds, and made again?"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction

from knutepunkt.analysis.disclosure import Judgement, Policy
from knutepunkt.analysis.report import Report, build_report, to_json
from knutepunkt.audit.actions import record
from knutepunkt.evaluations import extract
from knutepunkt.evaluations.lifecycle import DRAFT, EVALUATION, RETURNED
from knutepunkt.evaluations.models import Calibration, Evaluation
from knutepunkt.evaluations.policies import LedgerBroken, RoundStillOpen, require_maker
from knutepunkt.evaluations.queries import drafts_of, ledger_entries, ledger_trouble
from knutepunkt.people.models import Person
from knutepunkt.shared.clock import today
from knutepunkt.shared.disclosure_policy import PolicyRefused, policy_of
from knutepunkt.shared.errors import NotNow
from knutepunkt.surveys.models import Round, Survey

#: The full reason, for whoever runs the installation; never an answer, a group or a participant.
operators = logging.getLogger("knutepunkt.release")


def make_evaluation(
    *,
    survey: Survey,
    rounds: Sequence[Round],
    audience: str,
    by: Person,
    corrects: Evaluation | None = None,
) -> Evaluation:
    """Make a report of closed rounds. What it holds has passed the gate, the preview included."""
    require_maker(by, survey.organisation)
    if not rounds or not all(each.is_closed and each.survey_id == survey.pk for each in rounds):
        raise RoundStillOpen
    with transaction.atomic():
        evaluation = Evaluation.objects.create(
            organisation=survey.organisation,
            survey=survey,
            audience=audience,
            made_by=by,
            made_on=today(),
            corrects=corrects,
        )
        evaluation.rounds.set(rounds)
        _fill(evaluation)
        record("make_evaluation", evaluation, by=by, organisation_id=survey.organisation_id)
    return evaluation


@transaction.atomic
def make_again(*, evaluation: Evaluation, by: Person) -> Evaluation:
    """Make the report anew from the same rounds, as the ledger stands now."""
    require_maker(by, evaluation.organisation)
    fresh = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if fresh.state not in (DRAFT, RETURNED):
        raise NotNow(EVALUATION.step("propose").sentence)
    _fill(fresh)
    record("make_again", fresh, by=by, organisation_id=fresh.organisation_id)
    return fresh


def judged_now(evaluation: Evaluation) -> tuple[Report, Judgement]:
    """Return the report and the gate's judgement as the ledger stands at this moment."""
    trouble = ledger_trouble()
    if trouble:
        operators.error("Nothing is released: %s", trouble)
        raise LedgerBroken
    entries = ledger_entries()
    policy = _policy_of(evaluation)
    material = extract.material_of(evaluation)
    rounds = list(evaluation.rounds.values_list("pk", flat=True))
    return build_report(
        material.design,
        material.frame,
        ledger=extract.ledger_for(entries, rounds, drafts_of(evaluation)),
        policy=policy,
        coded=material.coded,
    )


def _policy_of(evaluation: Evaluation) -> Policy:
    try:
        return policy_of(evaluation.organisation.slug, sensitive=evaluation.survey.is_sensitive)
    except PolicyRefused as refused:
        operators.error("Nothing is released: %s", refused.reason)
        raise


def judged_as_kept(report: Report, judgement: Judgement) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return report and judgement as they are stored: released figures and words about them."""
    judged = {
        "document": judgement.document,
        "certificate": judgement.certificate,
        "findings": [asdict(finding) for finding in judgement.findings],
        # For the operator: why each figure stayed behind. Never depends on an answer.
        "withheld": [
            {"table": each.table, "cell": each.cell, "cause": str(each.cause)}
            for each in judgement.withheld
        ],
    }
    return json.loads(to_json(report)), judged


def _fill(evaluation: Evaluation) -> None:
    # One at a time for each survey: of two drafts made at the same moment, each would be judged
    # without the other, and both be read. Answers that come in wait for nothing.
    Survey.objects.select_for_update(no_key=True).get(pk=evaluation.survey_id)
    report, judgement = judged_now(evaluation)
    # What staff see of a draft has been shown, whether it is ever shared or not.
    extract.remember(evaluation.pk, judgement)
    evaluation.report, evaluation.judged = judged_as_kept(report, judgement)
    # What was simulated for the report before had its shape.
    Calibration.objects.filter(evaluation=evaluation).delete()
    evaluation.root = judgement.certificate["ledger"]["root_before"]
    evaluation.save()
