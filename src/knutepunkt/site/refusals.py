"""What does a person see when an action was refused?"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from knutepunkt.shared.errors import NotNow, NotPermitted, Refusal


class RefusalPage:
    """Middleware: shows a refusal that no view caught as a page with the refusal's own sentence.

    Who may not do a thing gets 403; a thing that cannot be done in its present state gets 409;
    other refusals get 422. Nothing else is caught: an error stays an error.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a refusal into a page; leave everything else alone."""
        if not isinstance(error, Refusal):
            return None
        status, heading = _status_and_heading(error)
        shown = {"heading": heading, "sentence": str(error)}
        return render(request, "site/refusal.html", shown, status=status)


def _status_and_heading(error: Refusal) -> tuple[int, str]:
    if isinstance(error, NotPermitted):
        return 403, gettext("You do not have access to this page")
    if isinstance(error, NotNow):
        return 409, gettext("Not just now")
    return 422, gettext("This cannot be done")
