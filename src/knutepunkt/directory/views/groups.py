"""What do the pages about groups show and do?"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from knutepunkt.directory import actions, presenters, queries
from knutepunkt.directory.forms import GroupForm, HandOverForm, SplitForm, StepForm
from knutepunkt.directory.lifecycle import GROUP
from knutepunkt.directory.models import Group
from knutepunkt.directory.policies import may_change_group, require_to_change_group
from knutepunkt.people.access import acting_for, needs, person_of
from knutepunkt.people.policies import may_act_as
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.errors import NotPermitted, Refusal

STEPS = {
    "start": actions.start_group,
    "pause": actions.pause_group,
    "restart": actions.restart_group,
    "end": actions.end_group,
}


@needs(Role.STARTER)
@require_GET
def group_list(request: HttpRequest) -> HttpResponse:
    person, organisation = person_of(request), acting_for(request)
    order = request.GET.get("sorter", "navn")
    view = "tabell" if request.GET.get("vis") == "tabell" else "liste"
    groups = list(queries.groups_visible_to(person, organisation, order))
    return render(
        request,
        "directory/group_list.html",
        {
            "rows": [presenters.group_row(group) for group in groups],
            "sentence": presenters.list_sentence(groups),
            "orders": presenters.order_links(order, view),
            "view": view,
            "order": order,
            "runs_centre": may_act_as(person, organisation, Role.COORDINATOR),
        },
    )


@needs(Role.STARTER)
@require_GET
def group_show(request: HttpRequest, group: UUID) -> HttpResponse:
    found = _visible(request, group)
    person = person_of(request)
    return render(
        request,
        "directory/group.html",
        {
            "group": found,
            "row": presenters.group_row(found),
            "events": [(presenters.event_sentence(e), e.note) for e in queries.events_of(found)],
            "steps": presenters.next_steps(found),
            "parts": queries.groups_split_from(found),
            "may_change": may_change_group(person, found),
            "runs_centre": may_act_as(person, found.organisation, Role.COORDINATOR),
        },
    )


@needs(Role.STARTER)
@require_http_methods(["GET", "HEAD", "POST"])
def group_add(request: HttpRequest) -> HttpResponse:
    person, organisation = person_of(request), acting_for(request)
    form = GroupForm(request.POST or None, organisation=organisation, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            group = _add(form, request)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The group has been added."))
            return redirect("directory:group-show", group.pk)
    return render(request, "directory/group_form.html", {"form": form})


@transaction.atomic
def _add(form: GroupForm, request: HttpRequest) -> Group:
    person = person_of(request)
    group = actions.create_group(organisation=acting_for(request), facts=form.facts(), by=person)
    if form.cleaned_data["started_on"]:
        actions.start_group(group=group, on=form.cleaned_data["started_on"], by=person)
    return group


@needs(Role.STARTER)
@require_http_methods(["GET", "HEAD", "POST"])
def group_change(request: HttpRequest, group: UUID) -> HttpResponse:
    found, person = _changeable(request, group), person_of(request)
    form = GroupForm(
        request.POST or None, organisation=found.organisation, person=person, group=found
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_group(group=found, facts=form.facts(), by=person)
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The changes have been saved."))
            return redirect("directory:group-show", found.pk)
    return render(request, "directory/group_form.html", {"form": form, "group": found})


@needs(Role.STARTER)
@require_http_methods(["GET", "HEAD", "POST"])
def group_step(request: HttpRequest, group: UUID, verb: str) -> HttpResponse:
    found = _changeable(request, group)
    GROUP.after(found.state, verb)
    form = StepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            STEPS[verb](group=found, by=person_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("on", str(refusal))
        else:
            return redirect("directory:group-show", found.pk)
    return _step_page(request, found, verb, form)


@needs(Role.STARTER)
@require_http_methods(["GET", "HEAD", "POST"])
def group_split(request: HttpRequest, group: UUID) -> HttpResponse:
    found = _changeable(request, group)
    GROUP.after(found.state, "split")
    form = SplitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.split_group(
                group=found,
                into=form.names(),
                on=form.cleaned_data["on"],
                note=form.cleaned_data["note"],
                by=person_of(request),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("directory:group-show", found.pk)
    return _step_page(request, found, "split", form)


@needs(Role.STARTER)
@require_POST
def group_confirm(request: HttpRequest, group: UUID) -> HttpResponse:
    found = _changeable(request, group)
    actions.confirm_group(group=found, by=person_of(request))
    messages.success(request, _("Thank you. We have noted that this is right as of today."))
    return redirect("directory:group-show", found.pk)


@needs(Role.STARTER)
@require_http_methods(["GET", "HEAD", "POST"])
def group_hand_over(request: HttpRequest, group: UUID) -> HttpResponse:
    found = _changeable(request, group)
    form = HandOverForm(request.POST or None, group=found)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        actions.hand_over(group=found, to=to, by=person_of(request))
        messages.success(request, _("{name} is the contact person now.").format(name=to.name))
        return redirect("directory:group-list")
    return render(request, "directory/hand_over.html", {"form": form, "group": found})


def _step_page(request: HttpRequest, group: Group, verb: str, form: StepForm) -> HttpResponse:
    return render(
        request,
        "directory/step.html",
        {
            "group": group,
            "form": form,
            "button": presenters.STEP_WORDS[verb],
            "question": presenters.STEP_QUESTIONS[verb],
        },
    )


def _visible(request: HttpRequest, pk: UUID) -> Group:
    groups = queries.groups_visible_to(person_of(request), acting_for(request))
    found = groups.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _changeable(request: HttpRequest, pk: UUID) -> Group:
    found = _visible(request, pk)
    require_to_change_group(person_of(request), found)
    return found
