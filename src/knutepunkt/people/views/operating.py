"""Which pages do those who run the installation use: organisations, and who runs it?"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from knutepunkt.people import actions
from knutepunkt.people.access import needs, person_of
from knutepunkt.people.forms import AddressForm, OrganisationForm
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.queries import (
    open_invitations,
    open_operator_invitations,
    operators,
    organisations_with_directors,
    people_with_role,
)
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.errors import Refusal


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Show the installation's organisations to those who run it, and add one."""
    form = OrganisationForm(request.POST or None)
    if form.is_valid() and _add(form, person_of(request)):
        return redirect("people:organisation-list")
    shown = {"organisations": organisations_with_directors(), "form": form}
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


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def director(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Invite a director to an organisation that has none, or needs another."""
    organisation = get_object_or_404(Organisation, pk=pk)
    form = AddressForm(request.POST or None)
    if form.is_valid():
        actions.invite(
            organisation=organisation,
            email=form.cleaned_data["email"],
            role=Role.DIRECTOR,
            by=person_of(request),
        )
        return redirect("people:director-invite", pk=pk)
    shown = {
        "organisation": organisation,
        "directors": people_with_role(organisation, Role.DIRECTOR),
        "invitations": open_invitations(organisation).filter(role=Role.DIRECTOR),
        "form": form,
    }
    return render(request, "people/director_invite.html", shown)


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def operator_list(request: HttpRequest) -> HttpResponse:
    """Show who runs the installation, and invite somebody to do so too."""
    form = AddressForm(request.POST or None)
    if form.is_valid():
        actions.invite(
            organisation=None,
            email=form.cleaned_data["email"],
            role=Role.OPERATOR,
            by=person_of(request),
        )
        return redirect("people:operator-list")
    shown = {"operators": operators(), "invitations": open_operator_invitations(), "form": form}
    return render(request, "people/operator_list.html", shown)


@needs(Role.OPERATOR)
@require_POST
def operator_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's role as operator."""
    actions.end_role(membership=get_object_or_404(operators(), pk=pk), by=person_of(request))
    return redirect("people:operator-list")
