"""How does an invited person come in: with the account they have, or a new one?"""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from knutepunkt.people import actions
from knutepunkt.people.forms import AccountForm
from knutepunkt.people.models import Invitation, Person
from knutepunkt.people.queries import account_with, invitation_behind
from knutepunkt.shared.errors import Refusal

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Take on a role by a link that works once. A GET only asks, so mail filters use no link up."""
    invitation = invitation_behind(token)
    if invitation is None:
        raise actions.InvitationOver
    if isinstance(request.user, Person):
        return _with_account(request, invitation, token)
    has_account = account_with(invitation.email) is not None
    form = None if has_account else _account_form(request, invitation)
    if form is not None and form.is_valid() and (person := _new_person(token, form)):
        login(request, person, backend=BACKEND)
        return redirect("site:start")
    shown = {"invitation": invitation, "form": form, "has_account": has_account}
    return render(request, "people/accept.html", shown)


def _with_account(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    assert isinstance(request.user, Person)
    is_theirs = request.user.email.casefold() == invitation.email.casefold()
    if invitation.email and not is_theirs:
        raise actions.SentToAnother
    if request.method == "POST":
        actions.accept_invitation(token=token, by=request.user)
        return redirect("site:start")
    return render(request, "people/accept.html", {"invitation": invitation, "form": None})


def _account_form(request: HttpRequest, invitation: Invitation) -> AccountForm:
    return AccountForm(request.POST or None, sent_to=invitation.email)


def _new_person(token: str, form: AccountForm) -> Person | None:
    try:
        return actions.accept_invitation(token=token, **form.cleaned_data)
    except actions.InvitationOver:
        raise
    except Refusal as refusal:
        form.add_error("email", str(refusal))
        return None
