"""Which pages do those who appoint coders use, and the coders themselves?

Texts stand on no other page, and on these only for the two who were appointed; everybody else gets
the answer a page that does not exist gives.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from knutepunkt.evaluations import actions
from knutepunkt.evaluations.coding_sheets import KINDS, sheet_file
from knutepunkt.evaluations.forms.coding import (
    AppointForm,
    ReplaceForm,
    SheetForm,
    marks_in,
    settled_in,
)
from knutepunkt.evaluations.lifecycle import CODING, COMPARING
from knutepunkt.evaluations.models import Coder, TextCoding
from knutepunkt.evaluations.policies import MAKERS, NotCoder, may_make, require_coder
from knutepunkt.evaluations.presenters.coding import (
    PER_PAGE,
    differences_on_page,
    pages_of,
    shipped_themes,
    texts_on_page,
)
from knutepunkt.evaluations.queries import codings_by, codings_of, rounds_to_code
from knutepunkt.people.access import acting_for, needs, person_of
from knutepunkt.people.queries import acting_organisation
from knutepunkt.shared.wording import reader_language
from knutepunkt.surveys.queries.instruments import instrument_of


@login_required
def coding_list(request: HttpRequest) -> HttpResponse:
    """Show what this person is to code, and to those who make reports what can be coded."""
    person = person_of(request)
    organisation = acting_organisation(request)
    makes = organisation is not None and may_make(person, organisation)
    mine = codings_by(person)
    at_the_centre = codings_of(organisation) if makes and organisation else []
    shown = {
        "mine": mine,
        "others": [coding for coding in at_the_centre if coding not in mine],
        "rounds": rounds_to_code(organisation) if makes and organisation else [],
        "may_appoint": makes,
    }
    return render(request, "evaluations/coding_list.html", shown)


@needs(*MAKERS)
@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Ask who codes and by which codes."""
    rounds = {asked.pk: asked for asked in rounds_to_code(acting_for(request))}
    if round_id not in rounds:
        raise Http404
    form = AppointForm(rounds[round_id], request.POST or None)
    if form.is_valid():
        coding = actions.appoint_coders(
            asked_round=rounds[round_id], by=person_of(request), **form.cleaned_data
        )
        return redirect("evaluations:coding-detail", pk=coding.pk)
    shown = {"form": form, "asked": rounds[round_id], "themes": shipped_themes(reader_language())}
    return render(request, "evaluations/coding_appoint.html", shown)


@needs(*MAKERS)
@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, pk: UUID, coder_id: UUID) -> HttpResponse:
    """Ask who codes in the place of somebody who has not handed in."""
    coding = get_object_or_404(codings_of(acting_for(request)), pk=pk, state=CODING)
    coder = get_object_or_404(coding.coders.filter(handed_in_on=None), pk=coder_id)
    taken = [each.person for each in coding.coders.all() if each.person is not None]
    form = ReplaceForm(coding.round, taken, request.POST or None)
    if form.is_valid() and coder.person is not None:
        new = form.cleaned_data["person"]
        actions.replace_coder(coding=coding, old=coder.person, new=new, by=person_of(request))
        return redirect("evaluations:coding-detail", pk=coding.pk)
    shown = {"form": form, "coding": coding, "coder": coder}
    return render(request, "evaluations/coding_replace.html", shown)


@login_required
@require_http_methods(["GET", "POST"])
def coding_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show where the coding stands; a coder finds the sheet, the page and the next thing to do."""
    coding, coder = _seen(request, pk)
    errors: list[str] = []
    is_coding = coder is not None and coder.handed_in_on is None and coding.state == CODING
    form = SheetForm(request.POST or None, request.FILES or None) if is_coding else None
    if form is not None and form.is_valid():
        person = person_of(request)
        reading = actions.read_texts(coding=coding, by=person, way="upload")
        marks, errors = form.coding(reading.texts, reading.codebook, reader_language())
        if not errors:
            actions.keep_marks(coding=coding, marks=marks, by=person)
            return redirect("evaluations:coding-hand-in", pk=coding.pk)
    shown = {
        "coding": coding,
        "coder": coder,
        "coders": coding.coders.select_related("person"),
        "form": form,
        "errors": errors,
        "may_replace": coding.state == CODING and may_make(request.user, coding.organisation),
        "may_compare": coder is not None and coding.state == COMPARING,
    }
    return render(request, "evaluations/coding_detail.html", shown)


@login_required
def go_on(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead to the first page with a text that has not been gone through, or on to handing in."""
    coding = _own(request, pk)
    first = actions.place_left(coding=coding, by=person_of(request))
    if first is None:
        return redirect("evaluations:coding-hand-in", pk=pk)
    return redirect("evaluations:coding-texts", pk=pk, page=first // PER_PAGE + 1)


@login_required
@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, pk: UUID, page: int) -> HttpResponse:
    """Show ten texts with boxes; what is ticked is kept, and the next ten follow."""
    coding, person = _own(request, pk), person_of(request)
    reading = actions.read_texts(coding=coding, by=person)
    pages = pages_of(len(reading.texts))
    if not 1 <= page <= pages:
        raise Http404
    marked = dict(reading.marked)
    errors: dict[str, str] = {}
    if request.method == "POST":
        here = reading.texts[(page - 1) * PER_PAGE : page * PER_PAGE]
        marks, errors = marks_in(request.POST, here, reading.codebook)
        if not errors:
            actions.keep_marks(coding=coding, marks=marks, by=person)
            if "_stop" in request.POST:
                messages.success(request, _("What you have marked is saved. Go on when you like."))
                return redirect("evaluations:coding-detail", pk=pk)
            if page == pages:
                return redirect("evaluations:coding-hand-in", pk=pk)
            return redirect("evaluations:coding-texts", pk=pk, page=page + 1)
        marked |= marks
    shown = {
        "coding": coding,
        "page": page,
        "pages": pages,
        "count": len(reading.texts),
        "errors": errors,
        "texts": texts_on_page(
            reading.texts,
            reading.codebook,
            marked,
            questions=_questions(coding),
            language=reader_language(),
            page=page,
            errors=errors,
        ),
    }
    return render(request, "evaluations/coding_texts.html", shown)


@login_required
def sheet(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Hand out the coding sheet, with what has been marked so far."""
    coding = _own(request, pk)
    if kind not in KINDS:
        raise Http404
    reading = actions.read_texts(coding=coding, by=person_of(request), way=kind)
    content = sheet_file(
        kind, reading.texts, reading.codebook, _questions(coding), reading.marked, reader_language()
    )
    response = HttpResponse(content, content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="coding.{kind}"'
    return response


@login_required
@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask once, and hand in."""
    coding = _own(request, pk)
    if request.method == "POST":
        try:
            actions.hand_in(coding=coding, by=person_of(request))
        except actions.NotAllRead as refused:
            messages.info(request, str(refused))
            return redirect("evaluations:coding-go-on", pk=pk)
        return redirect("evaluations:coding-detail", pk=pk)
    return render(request, "evaluations/coding_hand_in.html", {"coding": coding})


@login_required
@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, pk: UUID, page: int) -> HttpResponse:
    """Show ten texts the two coded differently; what they settle on is kept."""
    coding, person = _own(request, pk), person_of(request)
    codebook, found, settled = actions.read_differences(coding=coding, by=person)
    pages = pages_of(len(found))
    if not 1 <= page <= pages:
        raise Http404
    if request.method == "POST":
        here = found[(page - 1) * PER_PAGE : page * PER_PAGE]
        marks = settled_in(request.POST, here)
        actions.keep_settled(coding=coding, marks=marks, by=person)
        if page == pages:
            return redirect("evaluations:coding-settle", pk=pk)
        return redirect("evaluations:coding-differences", pk=pk, page=page + 1)
    shown = {
        "coding": coding,
        "page": page,
        "pages": pages,
        "count": len(found),
        "differences": differences_on_page(
            found,
            codebook,
            settled,
            questions=_questions(coding),
            language=reader_language(),
            page=page,
        ),
    }
    return render(request, "evaluations/coding_differences.html", shown)


@login_required
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask once, and end the coding."""
    coding = _own(request, pk)
    if request.method == "POST":
        actions.settle(coding=coding, by=person_of(request))
        return redirect("evaluations:coding-detail", pk=pk)
    return render(request, "evaluations/coding_settle.html", {"coding": coding})


def _seen(request: HttpRequest, pk: UUID) -> tuple[TextCoding, Coder | None]:
    """The coding, for its coders and for those who make reports at its centre; else 404."""
    person = person_of(request)
    coding = get_object_or_404(
        TextCoding.objects.select_related("round__survey__organisation"), pk=pk
    )
    try:
        return coding, require_coder(person, coding)
    except NotCoder as refused:
        if may_make(person, coding.organisation):
            return coding, None
        raise Http404 from refused


def _own(request: HttpRequest, pk: UUID) -> TextCoding:
    """The coding, for its two coders alone; else 404, as for a page that does not exist."""
    coding, coder = _seen(request, pk)
    if coder is None:
        raise Http404
    return coding


def _questions(coding: TextCoding) -> dict[str, str]:
    items = instrument_of(coding.round.survey).items
    return {item.id: item.texts.in_language(reader_language()) for item in items}
