"""Which pages show who works where, and let people in?"""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from knutepunkt.people import actions
from knutepunkt.people.access import acting_for, needs, person_of
from knutepunkt.people.forms import AccountForm, InviteForm, OrganisationForm
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.queries import memberships_of, open_invitations
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.errors import Refusal

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@needs(Role.DIRECTOR)
@require_http_methods(["GET", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    """Show who has which role at the centre, and invite more."""
    centre = acting_for(request)
    form = InviteForm(request.POST or None)
    if form.is_valid():
        actions.invite(
            organisation=centre,
            email=form.cleaned_data["email"],
            role=Role(form.cleaned_data["role"]),
            by=person_of(request),
        )
        return redirect("people:organisation")
    shown = {
        "centre": centre,
        "form": form,
        "memberships": memberships_of(centre),
        "invitations": open_invitations(centre),
    }
    return render(request, "people/organisation.html", shown)


@needs(Role.DIRECTOR)
@require_POST
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's role."""
    membership = get_object_or_404(memberships_of(acting_for(request)), pk=pk)
    actions.end_role(membership=membership, by=person_of(request))
    return redirect("people:organisation")


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Show the installation's organisations to those who run it, and add one."""
    form = OrganisationForm(request.POST or None)
    if form.is_valid() and _add(form, person_of(request)):
        return redirect("people:organisation-list")
    shown = {"organisations": Organisation.objects.order_by("name"), "form": form}
    return render(request, "people/organisation_list.html", shown)


def _add(form: OrganisationForm, by: Person) -> bool:
    fields = dict(form.cleaned_data)
    director = fields.pop("director")
    try:
        made = actions.create_organisation(**fields, by=by)
    except Refusal as refusal:
        form.add_error("number", str(refusal))
        return False
    actions.invite(organisation=made, email=director, role=Role.DIRECTOR, by=by)
    return True


@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Take on a role by a link that works once, with the account one has or a new one."""
    if isinstance(request.user, Person):
        if request.method == "POST":
            actions.accept_invitation(token=token, by=request.user)
            return redirect("site:start")
        return render(request, "people/accept.html", {"form": None})
    form = AccountForm(request.POST or None)
    if form.is_valid():
        try:
            person = actions.accept_invitation(token=token, **form.cleaned_data)
        except actions.InvitationOver:
            raise
        except Refusal as refusal:
            form.add_error("email", str(refusal))
        else:
            login(request, person, backend=BACKEND)
            return redirect("site:start")
    return render(request, "people/accept.html", {"form": form})
