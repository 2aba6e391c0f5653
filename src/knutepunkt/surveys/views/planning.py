"""How does a coordinator plan a survey, one question on each page?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from knutepunkt.analysis.disclosure import Audience
from knutepunkt.people.access import acting_for, needs, person_of
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.disclosure_policy import policy_of
from knutepunkt.shared.wording import reader_language
from knutepunkt.surveys.actions import planning as actions
from knutepunkt.surveys.forms.own_questions import (
    OwnQuestionsForm,
    with_one_more,
    without,
)
from knutepunkt.surveys.forms.planning import DatesForm, DeliveryForm, GroupsForm
from knutepunkt.surveys.models import SurveyDraft
from knutepunkt.surveys.presenters.outlook import examples_of
from knutepunkt.surveys.presenters.own_questions import AskedQuestion, own_questions_as_asked
from knutepunkt.surveys.presenters.standing import standing_of
from knutepunkt.surveys.queries.expectations import expectations
from knutepunkt.surveys.queries.rounds import drafts_of, is_ended, rounds_of
from knutepunkt.surveys.vocabulary import Following

#: Buttons that keep what was typed and show the page again.
STAYS = frozenset({"_again", "_add", "_remove"})
RUNNERS = (Role.COORDINATOR, Role.RESEARCHER)
PAGES = ("groups", "delivery", "questions", "dates", "outlook")


@needs(*RUNNERS)
def survey_list(request: HttpRequest) -> HttpResponse:
    """Show the centre's surveys and what is being planned."""
    centre = acting_for(request)
    rounds = [(each, standing_of(each)) for each in rounds_of(centre).reverse()]
    shown = {
        "rounds": rounds,
        "open_rounds": sum(each.is_open for each, _standing in rounds),
        "drafts": drafts_of(centre),
    }
    return render(request, "surveys/survey_list.html", shown)


@needs(*RUNNERS)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Start planning a survey."""
    draft = actions.start_draft(organisation=acting_for(request), by=person_of(request))
    return redirect("surveys:plan-page", pk=draft.pk, page=PAGES[0])


@needs(*RUNNERS)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, pk: UUID, page: str) -> HttpResponse:
    """Show one page of the plan; keep what was typed, and go where the button says."""
    draft = _draft(request, pk)
    if page not in PAGES:
        raise Http404
    if request.method == "POST" and page != "outlook":
        typed = _typed(request)
        draft = actions.keep_page(draft=draft, page=page, fields=typed, by=person_of(request))
        if "_back" in request.POST:
            return _turn(draft, page, -1)
        if STAYS.isdisjoint(request.POST) and FORMS[page](draft).is_valid():
            return _turn(draft, page, 1)
    if page == "outlook":
        return _outlook(request, draft)
    form = FORMS[page](draft)
    preview = _preview(form)
    if "_add" in request.POST or page not in draft.pages:
        # Nothing is wrong yet with a page nobody has filled in, or a question just added.
        form.errors.clear()
    shown = {
        "draft": draft,
        "page": page,
        "form": form,
        "is_typed": page in draft.pages,
        "preview": preview,
        **_place(page),
    }
    return render(request, f"surveys/plan_{page}.html", shown)


def _preview(form: forms.Form) -> tuple[AskedQuestion, ...]:
    """Return the own questions as participants will see them; nothing while one is unfit."""
    if not isinstance(form, OwnQuestionsForm) or not form.is_valid():
        return ()
    return own_questions_as_asked(form.questions(), reader_language())


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    """Return the page's fields as posted; buttons that change the list of questions have done it."""
    typed = {name: request.POST.getlist(name) for name in request.POST if name[0] != "_"}
    typed.pop("csrfmiddlewaretoken", None)
    if "_add" in request.POST:
        return with_one_more(typed)
    removed = request.POST.get("_remove", "")
    return without(typed, int(removed)) if removed.isdigit() else typed


@needs(*RUNNERS)
@require_POST
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw the plan away."""
    actions.discard_draft(draft=_draft(request, pk), by=person_of(request))
    return redirect("surveys:survey-list")


def _outlook(request: HttpRequest, draft: SurveyDraft) -> HttpResponse:
    """Show what can be told with so many answers, and make the survey when asked to."""
    for name in PAGES[:-1]:
        if not FORMS[name](draft).is_valid():
            return redirect("surveys:plan-page", pk=draft.pk, page=name)
    plan = _plan(draft)
    if request.method == "POST":
        made = actions.plan_survey(
            organisation=draft.organisation, plan=plan, by=person_of(request), draft=draft
        )
        return redirect("surveys:round-detail", pk=made.pk)
    sizes = [each.members for each in plan.asked]
    sensitive = any(each.group.theme.is_sensitive for each in plan.asked)
    policy = policy_of(draft.organisation.slug, sensitive=sensitive)
    shown = {
        "draft": draft,
        "plan": plan,
        "members": sum(sizes),
        "examples": examples_of(expectations(sizes, policy=policy)),
        "small": policy.threshold(Audience.CENTRE),
        "is_sensitive": sensitive,
        **_place("outlook"),
    }
    return render(request, "surveys/plan_outlook.html", shown)


def _plan(draft: SurveyDraft) -> actions.SurveyPlan:
    groups, delivery, dates = _groups(draft), _delivery(draft), _dates(draft)
    questions = _questions(draft)
    for form in (groups, delivery, questions, dates):
        form.full_clean()
    fields = dates.cleaned_data
    return actions.SurveyPlan(
        title=fields["title"],
        groups_from=groups.cleaned_data["started_from"],
        groups_until=groups.cleaned_data["started_until"],
        asked=groups.asked(),
        opens_on=fields["opens_on"],
        closes_on=fields["closes_on"],
        report_expected_on=fields["report_expected_on"],
        groups_get=delivery.groups_channel,
        ended_groups_get=delivery.ended_channel,
        own_questions=questions.questions(),
        planned_rounds=fields["planned_rounds"],
        follows_people=dates.chosen_following is not Following.NOBODY,
        asks_about_oneself=dates.chosen_following is Following.BY_CARD_AND_QUESTIONS,
    )


def _groups(draft: SurveyDraft) -> GroupsForm:
    return GroupsForm(draft.pages.get("groups"), organisation=draft.organisation)


def _delivery(draft: SurveyDraft) -> DeliveryForm:
    groups = _groups(draft)
    chosen = groups.asked() if groups.is_valid() else ()
    has_ended = any(is_ended(each.group) for each in chosen)
    return DeliveryForm(draft.pages.get("delivery"), with_ended_groups=has_ended)


def _questions(draft: SurveyDraft) -> OwnQuestionsForm:
    return OwnQuestionsForm(draft.pages.get("questions"))


def _dates(draft: SurveyDraft) -> DatesForm:
    return DatesForm(draft.pages.get("dates"), usual_title=_("What has the group given you?"))


FORMS: dict[str, Callable[[SurveyDraft], forms.Form]] = {
    "groups": _groups,
    "delivery": _delivery,
    "questions": _questions,
    "dates": _dates,
}


def _turn(draft: SurveyDraft, page: str, step: int) -> HttpResponse:
    place = max(0, PAGES.index(page) + step)
    return redirect("surveys:plan-page", pk=draft.pk, page=PAGES[place])


def _place(page: str) -> dict[str, Any]:
    number = PAGES.index(page) + 1
    return {"number": number, "of": len(PAGES), "before": PAGES[number - 2] if number > 1 else ""}


def _draft(request: HttpRequest, pk: UUID) -> SurveyDraft:
    return get_object_or_404(drafts_of(acting_for(request)), pk=pk)
