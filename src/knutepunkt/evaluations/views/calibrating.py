"""Which page tells how often a report's method is wrong on studies of its own shape?"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from knutepunkt.evaluations import actions
from knutepunkt.evaluations.policies import MAKERS, NothingToCalibrate
from knutepunkt.evaluations.presenters.calibrating import calibration_grid, is_running
from knutepunkt.evaluations.queries import calibration_of, evaluations_of, shape_told
from knutepunkt.people.access import acting_for, needs, person_of
from knutepunkt.shared.wording import reader_language


@needs(*MAKERS)
@require_http_methods(["GET", "POST"])
def calibration(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what was simulated and how far it has come; begin, or begin anew."""
    evaluation = get_object_or_404(evaluations_of(acting_for(request)), pk=pk)
    kept = calibration_of(evaluation)
    if request.method == "POST" and not is_running(kept):
        actions.ask_calibration(evaluation=evaluation, by=person_of(request))
    if request.method == "POST":
        return redirect("evaluations:report-calibration", pk=pk)
    refusal = None if shape_told(evaluation) else NothingToCalibrate()
    shown = {
        "evaluation": evaluation,
        "kept": kept,
        "grid": calibration_grid(kept, reader_language()),
        "refusal": refusal,
        "may_begin": refusal is None and not is_running(kept),
    }
    return render(request, "evaluations/calibration.html", shown)
