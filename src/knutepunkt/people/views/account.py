"""Where does a person look after the account: name, language, and ways to sign in?"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from knutepunkt.people import actions
from knutepunkt.people.access import person_of
from knutepunkt.people.forms import AccountFactsForm


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show the ways to sign in, and let the name and the language of e-mails be changed."""
    person = person_of(request)
    form = AccountFactsForm(
        request.POST or None, initial={"name": person.name, "language": person.language}
    )
    if form.is_valid():
        actions.change_account(person=person, **form.cleaned_data)
        messages.success(request, _("The changes are kept."))
        return redirect("people:account")
    return render(request, "people/account.html", {"person": person, "form": form})
