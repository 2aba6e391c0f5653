"""What do the shell's own pages show?"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from knutepunkt.evaluations.queries import public_reports
from knutepunkt.people.queries import ACTING_ORGANISATION
from knutepunkt.shared import clock
from knutepunkt.site import queries
from knutepunkt.site.examples import example_page
from knutepunkt.site.navigation import address
from knutepunkt.site.shell import HAT, shell_for
from knutepunkt.site.start_page import page_without_role, start_page

#: Reports named on the front page; the rest are one link away.
SHOWN_AT_HOME = 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    # The reports themselves are large; the page reads the newest one, once.
    reports = public_reports().defer("report", "judged")[: SHOWN_AT_HOME + 1]
    shown = {
        "reports": reports[:SHOWN_AT_HOME],
        "has_more": len(reports) > SHOWN_AT_HOME,
    }
    return render(request, "site/home.html", shown)


@require_safe
def protection(request: HttpRequest) -> HttpResponse:
    return render(request, "site/protection.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "site/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "site/privacy.html")


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "site/contact.html", {"centres": queries.reachable_centres()})


@require_safe
def change_language(request: HttpRequest, code: str) -> HttpResponse:
    if code not in dict(settings.LANGUAGES):
        raise Http404
    wanted = request.GET.get("til", "/")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    answer = HttpResponseRedirect(wanted if is_ours else "/")
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    answer["Cache-Control"] = "no-store"
    return answer


def too_large(request: HttpRequest) -> HttpResponse:
    """Say that what was sent is too large; the proxy asks for this page too, whatever was sent."""
    return render(request, "413.html", status=413)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read: too much of it, or something wrong in it."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return render(request, "400.html", status=400)


@login_required
@require_POST
def change_hat(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("hat", "")
    for hat in shell_for(request).hats:
        if hat.key == wanted:
            request.session[HAT] = hat.key
            request.session[ACTING_ORGANISATION] = hat.organisation
    return redirect("site:start")


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    shell = shell_for(request)
    shown: dict[str, object] = {"today": today}
    if shell.person is not None:
        if shell.membership is not None:
            shown["page"] = start_page(shell.person, shell.membership, today)
            shown["new_group"] = address("directory:group-add")
        else:
            shown["page"] = page_without_role(shell.person)
    return render(request, "site/start.html", shown)


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    template = "site/style_answering.html" if "svar" in request.GET else "site/style.html"
    return render(request, template, example_page(request))
