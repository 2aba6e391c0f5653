"""Where does a participant come in: by a slip's code, by its address, or with words of regret?

The slip is the authority. There is no account, no session, no cookie and therefore no CSRF token:
somebody who makes another person's browser post here would need that person's unused code.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from knutepunkt.surveys.actions import answering as actions
from knutepunkt.surveys.actions.answering import Standing
from knutepunkt.surveys.policies import answering as refusals
from knutepunkt.surveys.presenters.easy_words import easy_languages
from knutepunkt.surveys.queries.answering import asked_round
from knutepunkt.surveys.views import answering_endings as ends
from knutepunkt.surveys.views import answering_pages as pages
from knutepunkt.surveys.views.answering_visit import visited

View = Callable[..., HttpResponse]


def _in_the_readers_language(view: View) -> View:
    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def spoken(request: HttpRequest, **named: str) -> HttpResponse:
        with translation.override(pages.language_of(request)):
            return view(request, **named)

    return spoken


@_in_the_readers_language
def enter_code(request: HttpRequest) -> HttpResponse:
    """Take a code typed from a slip, and show the survey here: no address ever names the slip.

    Whoever answers on a computer that others use leaves nothing of the slip in its history.
    """
    if request.method != "POST":
        return pages.show("code", {})
    typed = request.POST.get("slip", request.POST.get("code", ""))[:60]
    try:
        standing = actions.standing_of(typed)
    except refusals.CodeUnknown as unknown:
        return pages.show("code", {"error": str(unknown), "typed": typed}, status=422)
    return _opened(request, standing, is_typed=True)


@_in_the_readers_language
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Show the survey behind a slip's address and take the answers to it."""
    try:
        standing = actions.standing_of(code[:60])
    except refusals.CodeUnknown as unknown:
        return pages.show("code", {"error": str(unknown), "typed": code[:60]}, status=404)
    return _opened(request, standing, is_typed=False)


def _opened(request: HttpRequest, standing: Standing, *, is_typed: bool) -> HttpResponse:
    asked = asked_round(standing.round_ref)
    if asked is None:
        return pages.show("code", {"error": _("This survey has been removed.")}, status=404)
    more = (*pages.further_languages(asked), *easy_languages(asked.instrument))
    with translation.override(pages.language_of(request, asked.language, more)):
        if not standing.is_open or not asked.takes_answers():
            return ends.told_closed(asked) if ends.is_sealed(request) else ends.closed(asked)
        return visited(request, standing, asked, is_typed=is_typed)


@_in_the_readers_language
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take an answer back with the words of its receipt."""
    if request.method != "POST":
        return pages.show("withdraw", {})
    words = request.POST.get("words", "")[:400]
    try:
        return pages.show(_taken_back(words), {})
    except (refusals.WordsNotFound, refusals.AnswerRefused) as refused:
        told = {"error": str(refused), "typed": words}
        return pages.show("withdraw", told, status=ends.status_of(refused))


def _taken_back(words: str) -> str:
    """Take the answer back where the survey is open, else queue the card; return the page to show."""
    try:
        actions.withdraw_answer(words=words)
    except refusals.WordsNotFound:
        actions.queue_deletion(words=words)
        return "queued"
    return "withdrawn"
