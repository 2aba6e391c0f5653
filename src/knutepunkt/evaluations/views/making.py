"""Which pages does the one who makes a report use?"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from knutepunkt.evaluations import actions
from knutepunkt.evaluations.forms.reports import ApproverForm, MakingForm, ReasonForm
from knutepunkt.evaluations.lifecycle import EVALUATION
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.evaluations.policies import MAKERS, READERS, may_make
from knutepunkt.evaluations.presenters.naming import (
    closing_in_words,
    rounds_of,
    with_rounds,
)
from knutepunkt.evaluations.queries import (
    evaluations_of,
    open_review_invitation,
    releases_of,
    rounds_to_code,
    surveys_with_closed_rounds,
)
from knutepunkt.people.access import acting_for, needs, person_of


@needs(*READERS)
def report_list(request: HttpRequest) -> HttpResponse:
    """Show the centre's reports; those who only read see the shared ones."""
    organisation = acting_for(request)
    makes = may_make(person_of(request), organisation)
    reports = evaluations_of(organisation)
    if not makes:
        reports = reports.filter(state__in=("released", "corrected", "retracted"))
    shown = {
        "reports": with_rounds(reports),
        "may_make": makes,
        "surveys": surveys_with_closed_rounds(organisation) if makes else [],
    }
    return render(request, "evaluations/report_list.html", shown)


@needs(*MAKERS)
def choose_survey(request: HttpRequest) -> HttpResponse:
    """Ask which survey the report is about; with one there is nothing to ask."""
    surveys = surveys_with_closed_rounds(acting_for(request))
    if len(surveys) == 1:
        return redirect("evaluations:report-make", survey_id=surveys[0].pk)
    shown = {"surveys": [(each, closing_in_words(each)) for each in surveys]}
    return render(request, "evaluations/choose_survey.html", shown)


@needs(*MAKERS)
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Ask which rounds and for whom, and make the report."""
    surveys = {one.pk: one for one in surveys_with_closed_rounds(acting_for(request))}
    survey = surveys.get(survey_id)
    if survey is None:
        return render(request, "404.html", status=404)
    form = MakingForm(survey, request.POST or None)
    if form.is_valid() and survey.key_recipients:
        bundle = actions.hand_over(
            survey=survey,
            rounds=list(form.cleaned_data["rounds"]),
            audience=form.cleaned_data["audience"],
            by=person_of(request),
        )
        response = HttpResponse(bundle, content_type="application/zip")
        response["Content-Disposition"] = 'attachment; filename="sealed-answers.zip"'
        response["Cache-Control"] = "private, no-store"
        return response
    if form.is_valid():
        evaluation = actions.make_evaluation(
            survey=survey,
            rounds=list(form.cleaned_data["rounds"]),
            audience=form.cleaned_data["audience"],
            by=person_of(request),
        )
        return redirect("evaluations:report-detail", pk=evaluation.pk)
    shown = {"survey": survey, "form": form, "to_code": rounds_to_code(acting_for(request), survey)}
    return render(request, "evaluations/make.html", shown)


@needs(*MAKERS)
@require_http_methods(["GET", "POST"])
def report_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show where the report stands and the one next thing to do; ask for approval."""
    evaluation = _own(request, pk)
    can_propose = EVALUATION.can(evaluation.state, "propose")
    form = ApproverForm(evaluation, request.POST or None) if can_propose else None
    if form is not None and form.is_valid():
        colleague, by = form.cleaned_data["colleague"], person_of(request)
        if colleague is not None:
            actions.ask_colleague(evaluation=evaluation, approver=colleague, by=by)
        else:
            actions.invite_reviewer(evaluation=evaluation, email=form.cleaned_data["email"], by=by)
        return redirect("evaluations:report-detail", pk=evaluation.pk)
    shown = {
        "evaluation": evaluation,
        "rounds": rounds_of(evaluation),
        "form": form,
        "invitation": open_review_invitation(evaluation),
        "can_ask_another": EVALUATION.can(evaluation.state, "take_back"),
        "can_end": EVALUATION.can(evaluation.state, "retract"),
    }
    return render(request, "evaluations/report_detail.html", shown)


@needs(*MAKERS)
@require_POST
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make the report anew."""
    actions.make_again(evaluation=_own(request, pk), by=person_of(request))
    messages.success(request, _("The report has been made again. Read it before you ask."))
    return redirect("evaluations:report-detail", pk=pk)


@needs(*MAKERS)
@require_POST
def ask_another(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the request for approval back, so that somebody else can be asked."""
    actions.ask_nobody(evaluation=_own(request, pk), by=person_of(request))
    return redirect("evaluations:report-detail", pk=pk)


@needs(*MAKERS)
@require_http_methods(["GET", "POST"])
def correct_report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask why, and start the report that will replace this one."""
    evaluation = _own(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        correction = actions.correct(
            evaluation=evaluation, reason=form.cleaned_data["reason"], by=person_of(request)
        )
        return redirect("evaluations:report-detail", pk=correction.pk)
    return render(request, "evaluations/correct.html", {"evaluation": evaluation, "form": form})


@needs(*MAKERS)
@require_http_methods(["GET", "POST"])
def retract_report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask why, and take the report back."""
    evaluation = _own(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        actions.retract(
            evaluation=evaluation, reason=form.cleaned_data["reason"], by=person_of(request)
        )
        return redirect("evaluations:report-detail", pk=evaluation.pk)
    return render(request, "evaluations/retract.html", {"evaluation": evaluation, "form": form})


@needs(*READERS)
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the centre's entries of the release ledger."""
    releases = releases_of(acting_for(request))
    return render(request, "evaluations/ledger.html", {"releases": releases})


def _own(request: HttpRequest, pk: UUID) -> Evaluation:
    return get_object_or_404(evaluations_of(acting_for(request)), pk=pk)
