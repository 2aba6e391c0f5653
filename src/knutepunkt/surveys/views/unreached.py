"""What does a participant see when a database does not answer: stopped, locked, full or cut off?"""

from __future__ import annotations

from collections.abc import Callable

from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _

from knutepunkt.shared.databases import UNREACHED
from knutepunkt.surveys.actions.answering import not_stored_sentence, not_withdrawn_sentence
from knutepunkt.surveys.views import answering_endings as ends
from knutepunkt.surveys.views import answering_pages as pages


def asked_again(view: Callable[[], HttpResponse]) -> HttpResponse:
    """Ask the view, and once more where a database had gone and may be back.

    A connection that is kept between visits does not know that the database was restarted. Asking
    twice is harmless: reading changes nothing, and the same visit sent again counts once.
    """
    try:
        return view()
    except UNREACHED:
        if not _closed_dead_connections():
            raise
        return view()


def _closed_dead_connections() -> bool:
    """Close the connections whose database is not there any more; say whether there was one."""
    dead = [one for one in connections.all(initialized_only=True) if not one.is_usable()]
    for one in dead:
        one.close()
    return bool(dead)


def not_now(request: HttpRequest) -> HttpResponse:
    """Say that it did not work now, where what was written is, and what to do."""
    with translation.override(pages.language_of_headers(request)):
        if ends.is_sealed(request):
            told = {"outcome": "refused", "sentence": not_stored_sentence()}
            return JsonResponse(told, status=503)
        if request.path_info.startswith("/angre"):
            sentence = not_withdrawn_sentence()
        elif request.method == "POST":
            sentence = _(
                "Something went wrong here, and the answer has not been sent. Go back: everything "
                "you wrote is still on the page. Try again in a minute."
            )
        else:
            sentence = _(
                "We cannot show the survey just now. Your slip can still be used. Open the address "
                "again in a minute."
            )
        return pages.show("sentence", {"sentence": sentence}, status=503)
