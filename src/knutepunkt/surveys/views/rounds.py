"""Which pages follow a round from opened to closed?"""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from knutepunkt.people.access import acting_for, needs, person_of
from knutepunkt.people.models import Person
from knutepunkt.people.vocabulary import Role
from knutepunkt.surveys.actions import keeping, planning, protocols, rounds
from knutepunkt.surveys.forms.rounds import ExtendForm, KeyForm, RoundDatesForm
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.policies.refusals import NotAKey, TooManyKeys
from knutepunkt.surveys.presenters.plan import plan_in_sentences
from knutepunkt.surveys.presenters.standing import standing_of
from knutepunkt.surveys.queries.consent import asks_in_own_words
from knutepunkt.surveys.queries.protocols import protocol_of
from knutepunkt.surveys.queries.rounds import asked_groups_of, rounds_of

RUNNERS = (Role.COORDINATOR, Role.RESEARCHER)


def _do(step: str, asked_round: Round, by: Person) -> None:
    if step == "open":
        rounds.open_round(asked_round=asked_round, by=by)
    elif step == "remind":
        rounds.remind(asked_round=asked_round, by=by)
    elif step == "lock":
        protocols.lock_protocol(survey=asked_round.survey, by=by)
    elif step == "close":
        rounds.close_round(asked_round=asked_round, by=by)
    else:
        raise Http404


@needs(*RUNNERS)
def round_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show where the round stands and what can be done; never a count."""
    asked_round = _round(request, pk)
    survey = asked_round.survey
    protocol = protocol_of(survey)
    is_last = not survey.rounds.filter(number__gt=asked_round.number).exists()
    shown = {
        "round": asked_round,
        "standing": standing_of(asked_round),
        "asked": asked_groups_of(asked_round),
        "protocol": protocol,
        "plan": plan_in_sentences(protocol) if protocol else [],
        "has_enough": rounds.has_enough_answers(asked_round=asked_round),
        "has_slips": any(each.slips_printed for each in asked_groups_of(asked_round)),
        "is_last": is_last,
        "has_texts": asks_in_own_words(survey) and not survey.key_recipients,
    }
    return render(request, "surveys/round_detail.html", shown)


@needs(*RUNNERS)
@require_POST
def act(request: HttpRequest, pk: UUID, step: str) -> HttpResponse:
    """Open, remind of, or close the round, or lock the plan."""
    _do(step, _round(request, pk), person_of(request))
    return redirect("surveys:round-detail", pk=pk)


@needs(*RUNNERS)
def close_asked(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask once before the round is closed."""
    return render(request, "surveys/round_close.html", {"round": _round(request, pk)})


@needs(*RUNNERS)
@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move the deadline."""
    asked_round = _round(request, pk)
    form = ExtendForm(request.POST or None)
    if form.is_valid():
        closes_on = form.cleaned_data["closes_on"]
        rounds.extend(asked_round=asked_round, closes_on=closes_on, by=person_of(request))
        return redirect("surveys:round-detail", pk=pk)
    return render(request, "surveys/round_extend.html", {"round": asked_round, "form": form})


@needs(*RUNNERS)
@require_http_methods(["GET", "POST"])
def key(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose who can open the answers."""
    asked_round = _round(request, pk)
    typed = "\n".join(asked_round.survey.key_recipients)
    form = KeyForm(request.POST or None, initial={"recipients": typed})
    if request.method == "POST" and form.is_valid():
        try:
            keeping.hold_key(
                survey=asked_round.survey,
                recipients=form.cleaned_data["recipients"],
                by=person_of(request),
            )
            return redirect("surveys:round-detail", pk=pk)
        except (NotAKey, TooManyKeys) as refused:
            form.add_error("recipients", str(refused))
    return render(request, "surveys/round_key.html", {"round": asked_round, "form": form})


@needs(*RUNNERS)
@require_http_methods(["GET", "POST"])
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the same groups the same questions once more."""
    asked_round = _round(request, pk)
    form = RoundDatesForm(request.POST or None)
    if form.is_valid():
        asked = tuple(
            planning.AskedGroup(each.group, each.members) for each in asked_groups_of(asked_round)
        )
        made = rounds.add_round(
            after=asked_round, asked=asked, by=person_of(request), **form.cleaned_data
        )
        return redirect("surveys:round-detail", pk=made.pk)
    return render(request, "surveys/round_again.html", {"round": asked_round, "form": form})


def _round(request: HttpRequest, pk: UUID) -> Round:
    return get_object_or_404(rounds_of(acting_for(request)), pk=pk)
