"""How are answers on paper typed by two people, compared, and sealed?

The code travels in the page's own fields and never in an address, so no log can hold it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from knutepunkt.people.access import acting_for, needs, person_of
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.errors import Refusal
from knutepunkt.shared.wording import reader_language
from knutepunkt.surveys.actions.paper import (
    ABOUT,
    CARD,
    Difference,
    enter_paper_answer,
    is_code_of,
)
from knutepunkt.surveys.forms.answering import read_items
from knutepunkt.surveys.forms.card import card_page, read_card
from knutepunkt.surveys.forms.paper import PaperCodeForm
from knutepunkt.surveys.lifecycle import ROUND
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.policies.refusals import UnknownCode
from knutepunkt.surveys.presenters.answering import Page, page_of
from knutepunkt.surveys.queries.answering import asked_round as asked_round_facts
from knutepunkt.surveys.queries.instruments import instrument_of
from knutepunkt.surveys.queries.rounds import rounds_of

RUNNERS = (Role.COORDINATOR, Role.RESEARCHER)


@never_cache
@needs(*RUNNERS)
@require_http_methods(["GET", "POST"])
def paper_entry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the code, then for the answers; say what became of them."""
    asked_round = get_object_or_404(rounds_of(acting_for(request)), pk=pk)
    ROUND.after(asked_round.state, "type_paper")
    form = PaperCodeForm(request.POST or None)
    if not form.is_valid():
        return _ask_for_code(request, asked_round, form)
    code = form.cleaned_data["slip_code"]
    if not is_code_of(asked_round=asked_round, code=code):
        form.add_error("slip_code", str(UnknownCode()))
        return _ask_for_code(request, asked_round, form)
    if "typed" not in request.POST:
        return _ask_for_answers(request, asked_round, code, {})
    return _keep(request, asked_round, code)


def _ask_for_code(request: HttpRequest, asked_round: Round, form: PaperCodeForm) -> HttpResponse:
    return render(request, "surveys/paper_code.html", {"round": asked_round, "form": form})


def _keep(request: HttpRequest, asked_round: Round, code: str) -> HttpResponse:
    """Hand the typed answers on; show the page again with what is wrong or different."""
    instrument = instrument_of(asked_round.survey)
    items = [item.id for item in instrument.items if item.takes_an_answer]
    reading = read_items(instrument, items, dict(request.POST.lists()))
    card = _typed_card(request, asked_round)
    shown: dict[str, Any] = {"answers": reading.answers, "raw": reading.raw, "card": card}
    if reading.faults:
        return _ask_for_answers(request, asked_round, code, {**shown, "faults": reading.faults})
    try:
        outcome = enter_paper_answer(
            asked_round=asked_round,
            code=code,
            answers=instrument.without_hidden(reading.answers)[0],
            by=person_of(request),
            card=card,
            looked_at=frozenset(request.POST.getlist("looked_at")),
        )
    except Refusal as refusal:
        return _ask_for_answers(request, asked_round, code, {**shown, "refusal": str(refusal)})
    if outcome.may_be_another:
        everything = (*(item.id for item in instrument.items), CARD, ABOUT)
        other = {"refusal": _another_paper(), "looked_at": everything}
        return _ask_for_answers(request, asked_round, code, {**shown, **other})
    if outcome.differences:
        return _ask_for_answers(
            request, asked_round, code, {**shown, "differences": outcome.differences}
        )
    return render(request, "surveys/paper_done.html", {"round": asked_round, "outcome": outcome})


def _another_paper() -> str:
    return _(
        "Much differs from what the first person typed. Does the paper belong to this code? Look at "
        "all of it once more, and send again."
    )


def _typed_card(request: HttpRequest, asked_round: Round) -> dict[str, Any]:
    """Return what stands on the paper to find the person again; nothing where nobody is followed."""
    asked = asked_round_facts(asked_round.pk)
    return read_card(request.POST) if asked is not None and asked.has_card_page else {}


def _card_fields(
    asked_round: Round, card: Mapping[str, Any], differences: Sequence[Difference]
) -> dict[str, Any]:
    """Return the fields of the card as they are shown, and where the two typed it differently."""
    asked = asked_round_facts(asked_round.pk)
    if asked is None or not asked.has_card_page:
        return {}
    by_item = {each.item_id: each for each in differences}
    shown = card_page(card, asks_card=asked.number > 1, asks_about=asked.asks_about_oneself)
    return {
        "card": shown,
        "card_differs": CARD in by_item,
        "about_differs": ABOUT in by_item,
    }


def _ask_for_answers(
    request: HttpRequest, asked_round: Round, code: str, shown: Mapping[str, Any]
) -> HttpResponse:
    instrument = instrument_of(asked_round.survey)
    differences: Sequence[Difference] = shown.get("differences", ())
    parts = [
        _with_differences(
            page_of(
                instrument,
                number,
                reader_language(),
                answers=shown.get("answers", {}),
                faults=shown.get("faults", {}),
                raw=shown.get("raw", {}),
                only_visible=False,
            ),
            differences,
        )
        for number in range(1, len(instrument.parts) + 1)
    ]
    context = {
        "round": asked_round,
        "code": code,
        "parts": parts,
        "differences": differences,
        "looked_at": shown.get("looked_at", [each.item_id for each in differences]),
        "refusal": shown.get("refusal", ""),
        "faulty": any(part.errors for part in parts),
        **_card_fields(asked_round, shown.get("card", {}), differences),
    }
    return render(request, "surveys/paper_answers.html", context)


def _with_differences(part: Page, differences: Sequence[Difference]) -> Page:
    """Say so at each question the two typed differently; never what the first person typed."""
    differing = {each.item_id for each in differences}
    error = _("The first person typed something else. What stands on the paper?")
    questions = tuple(
        replace(question, error=error) if question.id in differing else question
        for question in part.questions
    )
    return replace(part, questions=questions)
