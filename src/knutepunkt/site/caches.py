"""What may a browser or a proxy keep of a page that somebody saw signed in? Nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class NothingKept:
    """Middleware: a signed-in person's pages are not stored, so that "back" shows none of them.

    Centres share computers. After signing out, the next person at the same one must not find a
    roster or a report in the browser's memory. A page that says itself what may be kept is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and forbid storing where somebody is signed in."""
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response
