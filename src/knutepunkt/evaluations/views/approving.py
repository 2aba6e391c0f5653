"""Which pages does the second person use?"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from knutepunkt.evaluations import actions
from knutepunkt.evaluations.forms.reports import ReviewerForm, SendBackForm
from knutepunkt.evaluations.models import Evaluation, ReviewInvitation
from knutepunkt.evaluations.policies import require_approver
from knutepunkt.evaluations.presenters.audit import audit_sentences
from knutepunkt.evaluations.presenters.downloads import report_of
from knutepunkt.evaluations.presenters.naming import with_rounds
from knutepunkt.evaluations.presenters.page import page_of
from knutepunkt.evaluations.queries import approved_by, review_invitation_behind, waiting_for
from knutepunkt.people.access import person_of
from knutepunkt.people.actions import InvitationOver, SentToAnother
from knutepunkt.people.queries import account_with
from knutepunkt.shared.wording import reader_language

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_required
def waiting_list(request: HttpRequest) -> HttpResponse:
    """Show the reports that wait for this person, and those approved before."""
    person = person_of(request)
    shown = {
        "waiting": with_rounds(waiting_for(person)),
        "approved": with_rounds(approved_by(person)),
    }
    return render(request, "evaluations/waiting_list.html", shown)


@login_required
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show exactly what will be read, the audit in words, and the two ways on."""
    person = person_of(request)
    evaluation = get_object_or_404(Evaluation.objects.filter(approver=person), pk=pk)
    require_approver(person, evaluation)
    approves = request.POST.get("step") == "approve"
    form = SendBackForm(request.POST if request.method == "POST" and not approves else None)
    if approves:
        actions.approve(evaluation=evaluation, by=person)
        messages.success(
            request,
            _("You have approved the report, and it is shared. The figures cannot be changed."),
        )
        return redirect("evaluations:report-read", pk=evaluation.pk)
    if form.is_valid():
        actions.send_back(evaluation=evaluation, comment=form.cleaned_data["comment"], by=person)
        messages.success(request, _("You have sent the report back with your comment."))
        return redirect("evaluations:waiting-list")
    shown = {
        "evaluation": evaluation,
        "form": form,
        "page": page_of(report_of(evaluation), reader_language()),
        "audit": audit_sentences(evaluation.judged),
    }
    return render(request, "evaluations/check.html", shown)


@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Take on the approval of one report; a GET only asks, so that mail filters use no link up."""
    invitation = review_invitation_behind(token)
    if invitation is None:
        raise InvitationOver
    if request.user.is_authenticated:
        return _accept_signed_in(request, invitation, token)
    has_account = account_with(invitation.email) is not None
    form = None if has_account else ReviewerForm(request.POST or None)
    if form is not None and form.is_valid():
        evaluation, person = actions.accept_review_with_account(token=token, **form.cleaned_data)
        login(request, person, backend=BACKEND)
        return redirect("evaluations:check", pk=evaluation.pk)
    shown = {"invitation": invitation, "form": form, "has_account": has_account}
    return render(request, "evaluations/accept.html", shown)


def _accept_signed_in(
    request: HttpRequest, invitation: ReviewInvitation, token: str
) -> HttpResponse:
    person = person_of(request)
    if person.email.casefold() != invitation.email.casefold():
        raise SentToAnother
    if request.method == "POST":
        evaluation = actions.accept_review(token=token, by=person)
        return redirect("evaluations:check", pk=evaluation.pk)
    return render(request, "evaluations/accept.html", {"invitation": invitation})
