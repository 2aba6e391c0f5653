"""Which pages show the centre its privacy papers, how anonymous each survey is, and the clocks?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from knutepunkt.people.access import acting_for, needs
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.wording import reader_language
from knutepunkt.surveys.lifecycle import DRAFT
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.presenters.papers import PAPERS, PUBLIC
from knutepunkt.surveys.presenters.papers.paper import clock_header, clock_rows
from knutepunkt.surveys.presenters.papers.printed import paper_pdf
from knutepunkt.surveys.queries.label import LABEL_SENTENCES, label_of
from knutepunkt.surveys.queries.retention import deletions_of
from knutepunkt.surveys.queries.rounds import surveys_of

READERS = (Role.COORDINATOR, Role.RESEARCHER)
LANGUAGES = ("nb", "nn", "en")


def _way_back(label: str, page: str) -> dict[str, str]:
    """Return where a paper leads on; its words are those of the page it leads to."""
    return {
        "label": label,
        "address": reverse(page),
        "language": reader_language(),
    }


@needs(*READERS)
def paper_list(request: HttpRequest) -> HttpResponse:
    """Show each survey's label and papers, the clocks, and what has been deleted."""
    centre = acting_for(request)
    surveys = [
        (each, label_of(each), LABEL_SENTENCES[label_of(each)]) for each in surveys_of(centre)
    ]
    shown = {
        "surveys": surveys,
        "kinds": PAPERS,
        "header": clock_header(),
        "clocks": clock_rows(),
        "deletions": deletions_of(centre),
    }
    return render(request, "surveys/paper_list.html", shown)


@needs(*READERS)
def paper(request: HttpRequest, pk: UUID, kind: str, language: str) -> HttpResponse:
    """Show one paper in one language, to be read; or as PDF, to be filed or handed out."""
    survey = get_object_or_404(
        surveys_of(acting_for(request)).select_related("organisation"), pk=pk
    )
    if kind not in PAPERS or language not in LANGUAGES:
        raise Http404
    back = _way_back(_("Privacy papers"), "surveys:paper-list")
    shown: dict[str, Any] = {"survey": survey, "way_back": back}
    with translation.override(language):
        made = PAPERS[kind].make(survey)
        if request.GET.get("som") == "pdf":
            return _file(paper_pdf(made, survey.organisation.name), f"{kind}-{language}.pdf")
        shown |= {"paper": made, "is_printable": True}
        return render(request, "surveys/paper.html", shown)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def notice(request: HttpRequest, pk: UUID, kind: str, language: str) -> HttpResponse:
    """Show participants the notice of a round that has been opened; they need no account."""
    if kind not in PUBLIC or language not in LANGUAGES:
        raise Http404
    rounds = Round.objects.select_related("survey__organisation").exclude(state=DRAFT)
    survey = get_object_or_404(rounds, pk=pk).survey
    with translation.override(language):
        shown = {
            "survey": survey,
            "paper": PAPERS[kind].make(survey),
            "way_back": _way_back(_("How we protect the answers"), "site:protection"),
        }
        response = render(request, "surveys/paper.html", shown)
    response["Referrer-Policy"] = "no-referrer"
    return response
