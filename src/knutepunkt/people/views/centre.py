"""Which pages show who works where, what the centre is called, and how it is reached?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from knutepunkt.people import actions
from knutepunkt.people.access import acting_for, needs, person_of
from knutepunkt.people.forms import CentreForm, InviteForm
from knutepunkt.people.policies import may_act_as
from knutepunkt.people.queries import memberships_of, open_invitations
from knutepunkt.people.vocabulary import Role


@needs(Role.COORDINATOR, Role.RESEARCHER)
@require_http_methods(["GET", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    """Show who has which role at the centre; those who lead it invite more."""
    centre = acting_for(request)
    leads = may_act_as(person_of(request), centre, Role.DIRECTOR)
    form = InviteForm(request.POST or None) if leads else None
    if form is not None and form.is_valid():
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
        "leads": leads,
        "memberships": memberships_of(centre),
        "invitations": open_invitations(centre),
    }
    return render(request, "people/organisation.html", shown)


@needs(Role.DIRECTOR)
@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest) -> HttpResponse:
    """Change the centre's name, language and how it is reached."""
    centre = acting_for(request)
    fields = ("name", "short_name", "language", "email", "telephone")
    form = CentreForm(
        request.POST or None, initial={each: getattr(centre, each) for each in fields}
    )
    if form.is_valid():
        actions.change_organisation(organisation=centre, by=person_of(request), **form.cleaned_data)
        return redirect("people:organisation")
    return render(request, "people/organisation_facts.html", {"centre": centre, "form": form})


@needs(Role.DIRECTOR)
@require_http_methods(["GET", "POST"])
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then end somebody's role."""
    membership = get_object_or_404(memberships_of(acting_for(request)), pk=pk)
    if request.method == "POST":
        actions.end_role(membership=membership, by=person_of(request))
        return redirect("people:organisation")
    return render(request, "people/role_end.html", {"membership": membership})


@needs(Role.DIRECTOR)
@require_POST
def take_back(request: HttpRequest, pk: str) -> HttpResponse:
    """Take an invitation back before anybody has used it."""
    invitation = get_object_or_404(open_invitations(acting_for(request)), pk=pk)
    actions.take_back_invitation(invitation=invitation, by=person_of(request))
    return redirect("people:organisation")
