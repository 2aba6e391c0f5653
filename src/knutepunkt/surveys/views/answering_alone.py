"""How are participants' pages kept apart from everything that could remember a visit?

A middleware right after Django's security middleware. For the slip's pages it asks the view at once:
no session, no cookie, no sign-in, no message, no language cookie is read or written. It puts on the
headers that keep a page out of caches and other sites, and writes nothing that names a slip, a path,
a length or a time into a log.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext as _

from knutepunkt.shared.databases import UNREACHED
from knutepunkt.surveys.views import answering_pages as pages
from knutepunkt.surveys.views.pace import pace
from knutepunkt.surveys.views.unreached import asked_again, not_now

PREFIXES = ("/s/", "/angre/")
BARE = ("/s", "/angre")
#: Looked up here alone: no other page is found behind a participant's address.
ADDRESSES = "knutepunkt.surveys.answering_urls"
#: A whole questionnaire with every text at its longest, sealed, in base64, fits several times.
LARGEST_BODY = 256 * 1024

HEADERS = {
    "Cache-Control": "no-store, private, max-age=0",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}
#: Lengths of pages are multiples of this.
STEP = 16 * 1024
_FILLING = b"<!--"
_log = logging.getLogger("knutepunkt.answering")


def is_answering_path(path: str) -> bool:
    """Say whether an address belongs to participants."""
    return path.startswith(PREFIXES) or path in BARE


class AnsweringAlone:
    """Middleware: participants' pages, and nothing else beside them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a participant's request at once; let every other request through."""
        if not is_answering_path(request.path_info):
            return self.get_response(request)
        response = _answered(request)
        for name, value in HEADERS.items():
            response[name] = value
        _fill_up(response)
        response["Content-Length"] = str(len(response.content))
        # Django logs the address of every refusal unless it believes that somebody has done so.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response


def _answered(request: HttpRequest) -> HttpResponse:
    try:
        request.get_host()  # refuses names that are not ours, as everywhere else
        if pace.is_too_fast(request.META.get("REMOTE_ADDR", "")):
            return _refused(request, 429)
        if _is_too_large(request):
            return _refused(request, 413)
        view, args, kwargs = resolve(request.path_info, ADDRESSES)
        return asked_again(lambda: view(request, *args, **kwargs))
    except UNREACHED as gone:
        _note(gone)
        return not_now(request)
    except Http404:
        return _refused(request, 404)
    except (RequestDataTooBig, TooManyFieldsSent, UnicodeError):
        return _refused(request, 413)
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return _refused(request, 400)
    except Exception as error:
        _note(error)
        return _refused(request, 500)


def _note(error: Exception) -> None:
    """Log where it went wrong: enough to mend it. The message could hold what somebody wrote."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    _log.error("%s in %s, line %s", type(error).__name__, place.filename, place.lineno)


def _fill_up(response: HttpResponse) -> None:
    """Bring a page to one of a few lengths: whoever watches the line sees no question come or go."""
    if response.get("Content-Type", "").startswith("text/html"):
        missing = -(len(response.content) + len(_FILLING) + len(b"-->") + 1) % STEP
        response.content += b"\n" + _FILLING + b" " * missing + b"-->"


def _is_too_large(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdecimal() or int(length) > LARGEST_BODY


def _refused(request: HttpRequest, status: int) -> HttpResponse:
    with translation.override(pages.language_of_headers(request)):
        sentence = {
            404: _("There is no such page. Check the address on the slip."),
            400: _("We could not read what this page sent. Open the slip's address again."),
            429: _("Many are asking at once from where you are. Wait a minute and try again."),
            413: _("That was more than a survey can hold. Shorten the texts and send again."),
        }.get(
            status,
            _(
                "Something went wrong here, and the answer has not been sent. Go back: everything "
                "you wrote is still on the page. Try again in a minute."
            ),
        )
        return pages.show("sentence", {"sentence": sentence}, status=status)
