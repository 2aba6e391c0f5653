"""How is it found out, in the background, how often a report's method is wrong on its own shape?

Only what T1 of the stored report tells is used; the vault is not opened.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from django.db import transaction
from django_tasks import task

from knutepunkt.analysis.report.calibration import Shape, calibrate
from knutepunkt.audit.actions import record
from knutepunkt.evaluations.models import Calibration, Evaluation
from knutepunkt.evaluations.policies import NothingToCalibrate, require_maker
from knutepunkt.evaluations.queries import shape_told
from knutepunkt.people.models import Person
from knutepunkt.shared.clock import today

STUDIES = 400
"""Enough for an error rate of five per cent to be known within about two points."""
EVERY = 10


@transaction.atomic
def ask_calibration(*, evaluation: Evaluation, by: Person) -> Calibration:
    """Begin to simulate studies of the report's shape; an earlier result gives way."""
    require_maker(by, evaluation.organisation)
    shape = shape_told(evaluation)
    if shape is None:
        raise NothingToCalibrate
    Calibration.objects.filter(evaluation=evaluation).delete()
    asked = Calibration.objects.create(
        evaluation=evaluation,
        shape=asdict(shape),
        wanted=STUDIES,
        asked_by=by,
        asked_on=today(),
    )
    record("ask_calibration", evaluation, by=by, organisation_id=evaluation.organisation_id)
    transaction.on_commit(partial(_begin, str(asked.pk)))
    return asked


def _begin(pk: str) -> None:
    run_calibration.enqueue(pk)


class _GivenWay(Exception):
    """Another calibration was asked for meanwhile."""


@task()  # type: ignore[untyped-decorator]  # the library gives its decorator no type
def run_calibration(pk: str) -> None:
    """Simulate, tell how far it has come, and keep the result with the evaluation."""
    asked = Calibration.objects.filter(pk=pk, result__isnull=True).first()
    if asked is None:
        return

    def told(made: int) -> None:
        if made % EVERY == 0 and not Calibration.objects.filter(pk=pk).update(done=made):
            raise _GivenWay

    try:
        found = calibrate(_shape(asked.shape), replications=asked.wanted, told=told)
    except _GivenWay:
        return
    except Exception:
        Calibration.objects.filter(pk=pk).update(has_failed=True)
        raise
    result = {} if found is None else asdict(found)
    Calibration.objects.filter(pk=pk).update(result=result, done=asked.wanted)


def _shape(kept: dict[str, object]) -> Shape:
    return Shape(**{**kept, "answered": tuple(kept["answered"])})  # type: ignore[arg-type]
