"""May whoever asks see this page, and for which organisation do they ask?

Views of every room use this module; ``acting_for(request)`` is the organisation to filter by.
Objects of another organisation are looked up within it and so answer 404.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.policies import require
from knutepunkt.people.queries import acting_organisation
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.errors import NotPermitted

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def person_of(request: HttpRequest) -> Person:
    """Return the signed-in person; a view behind ``needs`` always has one."""
    if not isinstance(request.user, Person):
        raise PermissionDenied(_("Sign in to see this page."))
    return request.user


def acting_for(request: HttpRequest) -> Organisation:
    """Return the organisation the person acts for; refuse who has no role anywhere."""
    organisation = acting_organisation(request)
    if organisation is None:
        raise PermissionDenied(
            _(
                "You have no role at any organisation yet. Ask the centre you work with to invite you."
            )
        )
    return organisation


def needs(*roles: Role) -> Callable[[View[P]], View[P]]:
    """Let only signed-in persons with one of the roles at the acting organisation in.

    Without roles any role at the organisation will do. ``Role.OPERATOR`` asks about the
    installation, not an organisation. Refusals named ``NotPermitted`` that the view itself raises
    become the same 403 page. For class-based views: ``method_decorator(needs(...), "dispatch")``.
    """

    def around(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            try:
                _check(request, roles)
                return view(request, *args, **kwargs)
            except NotPermitted as refusal:
                raise PermissionDenied(str(refusal)) from refusal

        guarded.__dict__["needed_roles"] = roles
        return guarded

    return around


def _check(request: HttpRequest, roles: tuple[Role, ...]) -> None:
    if Role.OPERATOR in roles:
        require(person_of(request), None, Role.OPERATOR)
        return
    organisation = acting_for(request)
    if roles:
        require(person_of(request), organisation, *roles)
