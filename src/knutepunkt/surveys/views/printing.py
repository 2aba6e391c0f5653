"""What can be printed or copied for a round: slips once, sheets without codes as often as needed?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from knutepunkt.people.access import acting_for, needs, person_of
from knutepunkt.people.vocabulary import Role
from knutepunkt.surveys.actions import slips
from knutepunkt.surveys.forms.rounds import NewSlipsForm
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.presenters.email import email_texts
from knutepunkt.surveys.presenters.questionnaire import questionnaire_pdf
from knutepunkt.surveys.presenters.slips import envelopes_pdf, reminder_pdf, sheets_for
from knutepunkt.surveys.queries.rounds import asked_groups_of, rounds_of

RUNNERS = (Role.COORDINATOR, Role.RESEARCHER)
LANGUAGES = ("nb", "nn", "en")
#: Sheets that hold no code, by the word in their address.
SHEETS: dict[str, Callable[[Round], bytes]] = {
    "vanlig": questionnaire_pdf,
    "stor": lambda asked_round: questionnaire_pdf(asked_round, is_large=True),
    "paminnelse": reminder_pdf,
    "konvolutt": lambda asked_round: envelopes_pdf(asked_round, ()),
}
#: What the files are called where they land, in the language of the page.
FILE_NAMES = {
    "vanlig": pgettext_lazy("file name", "questionnaire"),
    "stor": pgettext_lazy("file name", "questionnaire-large-print"),
    "paminnelse": pgettext_lazy("file name", "reminder"),
    "konvolutt": pgettext_lazy("file name", "envelopes"),
    "slips": pgettext_lazy("file name", "slips"),
    "letter": pgettext_lazy("file name", "letters"),
    "paper": pgettext_lazy("file name", "paper-forms"),
    "wall": pgettext_lazy("file name", "notice-for-the-wall"),
}


@needs(*RUNNERS)
@require_POST
def print_all(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make the slips and hand them out as PDF, once: the codes are kept nowhere."""
    asked_round = _round(request, pk)
    printed = slips.print_slips(asked_round=asked_round, by=person_of(request))
    is_large = bool(request.POST.get("large"))
    return _sheets(asked_round, printed, is_large=is_large)


@needs(*RUNNERS)
@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make new slips for lost or spoiled ones."""
    asked_round = _round(request, pk)
    form = NewSlipsForm(request.POST or None, asked=asked_groups_of(asked_round))
    if form.is_valid():
        printed = slips.replace_slips(
            asked=form.asked[form.cleaned_data["group"]],
            count=form.cleaned_data["count"],
            spoiled=form.spoiled_codes,
            by=person_of(request),
        )
        return _sheets(asked_round, (printed,))
    return render(request, "surveys/round_replace.html", {"round": asked_round, "form": form})


@needs(*RUNNERS)
def sheet(request: HttpRequest, pk: UUID, sheet: str) -> HttpResponse:
    """Hand out a sheet without codes, as PDF: questionnaire, reminder or envelopes, in a language."""
    asked_round = _round(request, pk)
    make = SHEETS.get(sheet)
    if make is None:
        raise Http404
    wanted = request.GET.get("lang", "")
    with translation.override(wanted if wanted in LANGUAGES else translation.get_language()):
        return _pdf(make(asked_round), f"{FILE_NAMES[sheet]}.pdf")


@needs(*RUNNERS)
def email_text(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the text for an e-mail in three languages."""
    asked_round = _round(request, pk)
    shown = {"round": asked_round, "texts": email_texts(asked_round)}
    return render(request, "surveys/round_email.html", shown)


def _sheets(
    asked_round: Round, printed: tuple[slips.PrintedSlips, ...], *, is_large: bool = False
) -> HttpResponse:
    made = sheets_for(asked_round, printed, is_large=is_large)
    if len(made) == 1:
        return _pdf(made[0][1], f"{FILE_NAMES[made[0][0]]}.pdf")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for channel, content in made:
            archive.writestr(zipfile.ZipInfo(f"{FILE_NAMES[channel]}.pdf"), content)
    return _file(packed.getvalue(), "application/zip", f"{FILE_NAMES['slips']}.zip")


def _pdf(content: bytes, name: str) -> HttpResponse:
    return _file(content, "application/pdf", name)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _round(request: HttpRequest, pk: UUID) -> Round:
    return get_object_or_404(rounds_of(acting_for(request)), pk=pk)
