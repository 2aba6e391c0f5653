"""Which pages show a report to its readers, and hand out its files?"""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from knutepunkt.evaluations.lifecycle import RETRACTED
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.evaluations.policies import may_make, may_read
from knutepunkt.evaluations.presenters.downloads import (
    FILES,
    FOR_CHECKERS,
    LANGUAGES,
    file_of,
    report_of,
)
from knutepunkt.evaluations.presenters.naming import with_rounds
from knutepunkt.evaluations.presenters.page import page_of
from knutepunkt.evaluations.queries import SHARED, public_reports
from knutepunkt.shared.wording import reader_language


def read(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Show the report; a retracted one shows the reason instead."""
    evaluation = _readable(request, pk)
    if evaluation is None:
        return redirect("account_login")
    language = reader_language()

    def address(name: str, ending: str) -> str:
        return reverse("evaluations:report-file", args=[pk, language, f"{name}.{ending}"])

    is_told = evaluation.state != RETRACTED
    shown = {
        "evaluation": evaluation,
        "page": page_of(report_of(evaluation), language, address=address) if is_told else None,
        "files": FILES,
        "for_checkers": FOR_CHECKERS if hasattr(evaluation, "release") else {},
        "language": language,
        **_frame(request, evaluation),
        "calibration_address": _calibration_address(request, evaluation),
        "correction": evaluation.corrections.filter(state__in=SHARED).first(),
    }
    return render(request, "evaluations/read.html", shown)


def _frame(request: HttpRequest, evaluation: Evaluation) -> dict[str, str]:
    """Return the frame of those who made the report, and their way back; nothing for other readers."""
    if not may_make(request.user, evaluation.organisation):
        return {}
    back = reverse("evaluations:report-detail", args=[evaluation.pk])
    return {"base": "site/staff.html", "own_address": back}


def download(request: HttpRequest, pk: UUID, language: str, name: str) -> HttpResponseBase:
    """Hand out one file of a report: the PDF, the Word file, a table or a figure."""
    evaluation = _readable(request, pk)
    if evaluation is None:
        return redirect("account_login")
    if evaluation.state == RETRACTED or language not in LANGUAGES:
        raise Http404
    found = file_of(evaluation, language, name)
    if found is None:
        raise Http404
    content, kind = found
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = (
        f'attachment; filename="{_file_name(evaluation, language, name)}"'
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _file_name(evaluation: Evaluation, language: str, name: str) -> str:
    """Return what a file is called where it lands: whose it is, what it is, in which language."""
    stem, _dot, ending = name.rpartition(".")
    return f"{evaluation.organisation.slug}-{stem}-{evaluation.made_on:%Y-%m}-{language}.{ending}"


def _calibration_address(request: HttpRequest, evaluation: Evaluation) -> str:
    """Return where makers of reports simulate studies of this one's shape; empty for others."""
    if not may_make(request.user, evaluation.organisation):
        return ""
    return reverse("evaluations:report-calibration", args=[evaluation.pk])


def public_list(request: HttpRequest) -> HttpResponse:
    """Show the reports everyone may read."""
    return render(
        request, "evaluations/public_list.html", {"reports": with_rounds(public_reports())}
    )


def _readable(request: HttpRequest, pk: UUID) -> Evaluation | None:
    """Return the report if this person may read it; None asks a visitor to sign in first."""
    evaluation = get_object_or_404(Evaluation.objects.select_related("organisation"), pk=pk)
    if may_read(request.user, evaluation):
        return evaluation
    if request.user.is_authenticated:
        raise Http404
    return None
