"""What does a reader learn who keeps the report of before, and reads the one of after?

Answers leave between two reports: by withdrawal, a correction, or a retraction followed by a new
report. The reader holds both documents and subtracts.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from knutepunkt.evaluations import actions
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.responses.models import ContributorSet, SealedAnswer
from tests.unit.evaluations.conftest import Centre

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

Figures = dict[tuple[str, str], dict[str, Any]]


def shared(centre: Centre, evaluation: Evaluation | None = None) -> Evaluation:
    """Make a report (or take a correction), have it approved, and return it."""
    report = evaluation or actions.make_evaluation(
        survey=centre.asked_round.survey,
        rounds=[centre.asked_round],
        audience="centre",
        by=centre.maker,
    )
    asked = actions.ask_colleague(evaluation=report, approver=centre.colleague, by=centre.maker)
    actions.approve(evaluation=asked, by=centre.colleague)
    report.refresh_from_db()
    return report


def told(evaluation: Evaluation) -> Figures:
    """The figures of a report, by name."""
    return {(f["table"], f["cell"]): f for f in evaluation.judged["document"]["figures"]}


def leave(count: int) -> None:
    """So many answers leave the vault."""
    gone = list(SealedAnswer.objects.order_by("pk").values_list("pk", flat=True)[:count])
    SealedAnswer.objects.filter(pk__in=gone).delete()


def told_anew(before: Figures, after: Figures) -> list[tuple[str, str]]:
    """Figures of the later report that say something else than the earlier one."""
    return [name for name, figure in after.items() if before.get(name) != figure]


@pytest.mark.parametrize("few", [1, 4])
def test_when_a_few_leave_nothing_is_computed_anew(centre: Centre, few: int) -> None:
    first = shared(centre)
    before = told(first)
    leave(few)
    correction = actions.correct(evaluation=first, reason="Noen trakk svaret.", by=centre.maker)
    after = told(correction)
    assert len(before) > 20
    assert told_anew(before, after) == []
    # Only what rests on no answer stays: who was handed slips, by group.
    assert {table for table, _ in after} <= {"T2"}


def test_when_enough_leave_together_no_difference_is_smaller_than_the_threshold(
    make_centre: Callable[..., Centre],
) -> None:
    centre = make_centre(groups=6)
    first = shared(centre)
    leave(20)
    correction = actions.correct(evaluation=first, reason="Mange trakk svaret.", by=centre.maker)
    before = told(first)
    assert len(told_anew(before, told(shared(centre, correction)))) > 20
    known: dict[tuple[str, str], list[frozenset[str]]] = {}
    for kept in ContributorSet.objects.all():
        found = kept.record_set
        if found["low"] == found["high"]:
            question = (found["variable"], found["round"])
            known.setdefault(question, []).append(frozenset(found["participants"]))
    pairs = [pair for sets in known.values() for pair in itertools.permutations(sets, 2)]
    assert any(one - other for one, other in pairs)
    assert all(len(one - other) == 0 or len(one - other) >= 5 for one, other in pairs)


def test_a_retracted_report_is_remembered(centre: Centre) -> None:
    first = shared(centre)
    before = told(first)
    actions.retract(evaluation=first, reason="Feil periode.", by=centre.maker)
    again = shared(centre)
    assert told(again) == before
    leave(2)
    later = actions.make_evaluation(
        survey=centre.asked_round.survey,
        rounds=[centre.asked_round],
        audience="centre",
        by=centre.maker,
    )
    assert told_anew(before, told(later)) == []


def test_a_draft_counts_although_it_is_never_shared(centre: Centre) -> None:
    """Staff read the preview of everybody; without one answer the next report tells nothing."""
    draft = actions.make_evaluation(
        survey=centre.asked_round.survey,
        rounds=[centre.asked_round],
        audience="centre",
        by=centre.maker,
    )
    before = told(draft)
    assert len(before) > 20
    leave(1)
    for audience in ("centre", "public"):
        later = actions.make_evaluation(
            survey=centre.asked_round.survey,
            rounds=[centre.asked_round],
            audience=audience,
            by=centre.maker,
        )
        assert {table for table, _ in told(later)} <= {"T2"}


def test_the_same_draft_made_twice_says_the_same(centre: Centre) -> None:
    draft = actions.make_evaluation(
        survey=centre.asked_round.survey,
        rounds=[centre.asked_round],
        audience="centre",
        by=centre.maker,
    )
    before = draft.judged["document"]
    actions.make_again(evaluation=draft, by=centre.maker)
    assert shared(centre, draft).judged["document"] == before
