"""Is a report's method tried on invented studies of its own size, without a look at the answers?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from knutepunkt.evaluations import actions
from knutepunkt.evaluations.actions import calibrating
from knutepunkt.evaluations.actions.calibrating import run_calibration
from knutepunkt.evaluations.models import Calibration, Evaluation
from knutepunkt.evaluations.policies import NothingToCalibrate
from knutepunkt.evaluations.queries import shape_told
from knutepunkt.shared.errors import NotPermitted

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture
def made(centre: Any) -> Evaluation:
    return actions.make_evaluation(
        survey=centre.asked_round.survey,
        rounds=[centre.asked_round],
        audience="centre",
        by=centre.maker,
    )


def test_the_simulation_runs_in_the_background_and_is_kept(
    made: Evaluation, centre: Any, monkeypatch: Any, client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    monkeypatch.setattr(calibrating, "STUDIES", 20)
    queued: list[str] = []
    monkeypatch.setattr(calibrating, "_begin", queued.append)
    with django_capture_on_commit_callbacks(execute=True):
        asked = actions.ask_calibration(evaluation=made, by=centre.maker)
    assert queued == [str(asked.pk)]
    client.force_login(centre.maker)
    address = reverse("evaluations:report-calibration", args=[made.pk])
    waiting = client.get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "It waits for its turn." in waiting
    assert "Begin the simulation" not in waiting
    client.post(address)
    assert Calibration.objects.get(evaluation=made).pk == asked.pk, "it is not begun twice"
    run_calibration.call(str(asked.pk))
    kept = Calibration.objects.get(evaluation=made)
    assert kept.done == kept.wanted == 20
    assert kept.result["replications"] + kept.result["refused"] == 20
    page = client.get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "10 groups. Answers in each round:" in page
    # Made again, the report may have another shape, so what was simulated goes.
    actions.make_again(evaluation=made, by=centre.maker)
    assert not Calibration.objects.filter(evaluation=made).exists()


def test_nothing_but_what_the_first_table_tells_is_used(made: Evaluation, centre: Any) -> None:
    shape = shape_told(made)
    told = {row["key"]: row["cells"][-1] for row in _flow(made)["rows"]}
    used = next(cell for key, cell in told.items() if key.endswith("#used"))
    assert shape.answered == (int(used.get("value") or used["threshold"]),)
    kept = json.loads(json.dumps(made.report))
    assert shape_told(Evaluation(report=kept)) == shape


def _flow(made: Evaluation) -> Any:
    return next(table for table in made.report["tables"] if table["id"] == "T1")


def test_a_second_request_lets_the_first_give_way(made: Evaluation, centre: Any) -> None:
    first = actions.ask_calibration(evaluation=made, by=centre.maker)
    second = actions.ask_calibration(evaluation=made, by=centre.maker)
    run_calibration.call(str(first.pk))
    assert [each.pk for each in Calibration.objects.all()] == [second.pk]
    assert Calibration.objects.get().result is None


def test_only_those_who_make_reports_may_ask(made: Evaluation, centre: Any) -> None:
    with pytest.raises(NotPermitted):
        actions.ask_calibration(evaluation=made, by=centre.colleague)


def test_with_few_groups_there_is_nothing_to_simulate(make_centre: Any) -> None:
    few = make_centre("brua", groups=5, seed=4)
    evaluation = actions.make_evaluation(
        survey=few.asked_round.survey, rounds=[few.asked_round], audience="centre", by=few.maker
    )
    with pytest.raises(NothingToCalibrate):
        actions.ask_calibration(evaluation=evaluation, by=few.maker)
