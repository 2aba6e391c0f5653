"""What do the pages about houses show and do?"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from knutepunkt.directory import actions, queries
from knutepunkt.directory.forms import HouseForm
from knutepunkt.people.access import acting_for, needs, person_of
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.errors import Refusal


@needs(Role.COORDINATOR)
@require_GET
def house_list(request: HttpRequest) -> HttpResponse:
    houses = queries.houses_of(acting_for(request))
    return render(request, "directory/house_list.html", {"houses": houses})


@needs(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def house_add(request: HttpRequest) -> HttpResponse:
    form = HouseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.create_house(
                organisation=acting_for(request), facts=form.facts(), by=person_of(request)
            )
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The house has been added."))
            return redirect("directory:house-list")
    return render(request, "directory/house_form.html", {"form": form})


@needs(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def house_change(request: HttpRequest, house: UUID) -> HttpResponse:
    found = queries.house_of(acting_for(request), house)
    if found is None:
        raise Http404
    initial = {"name": found.name, "address": found.address, "place": found.place}
    form = HouseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_house(house=found, facts=form.facts(), by=person_of(request))
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The changes have been saved."))
            return redirect("directory:house-list")
    return render(request, "directory/house_form.html", {"form": form, "house": found})
