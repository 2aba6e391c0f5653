"""Can anybody, in any role, by any address, reach what belongs to another centre?

Every address of the resolver is walked, so a new page is tested from the day it is written. A new
parameter that nobody has filled in `samples/` makes the walk fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core import serializers
from django.db import connections, transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from knutepunkt.people.vocabulary import Role

from .samples import Centre, build_centre

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

#: Addresses that answer anybody who knows them, with the reason; nothing else may.
PUBLIC_BY_DESIGN: dict[str, str] = {
    "site:contact": "lists every centre that can be reached, with the address it wants mail at",
}
#: Links whose holder need not be signed in yet: they say who invites. Signed in as another: refused.
BY_LINK = {"people:invitation-accept", "evaluations:review-accept"}
#: What belongs to the installation and not to a centre; operators alone, and they keep all of it.
OF_THE_INSTALLATION = {"people:director-invite", "people:operator-end"}
#: What a refused visit looks like: a way to sign in, no permission, not found, not by this method.
REFUSALS = {302, 403, 404, 405}
VISITOR = "visitor"


@dataclass(frozen=True)
class Address:
    """One address of the resolver: its full name and the parameters it takes."""

    name: str
    parameters: tuple[str, ...]

    def filled(self, centre: Centre) -> str:
        """Return the address with the centre's own objects."""
        values = {each: centre.value(self.name, each) for each in self.parameters}
        missing = sorted(name for name, value in values.items() if value is None)
        if missing:
            raise LookupError(
                f"{self.name} takes {missing}, which nothing in tests/architecture/samples fills"
            )
        return reverse(self.name, kwargs=values or None)


def addresses(
    resolver: URLResolver | None = None, room: str = "", above: tuple[str, ...] = ()
) -> Iterator[Address]:
    """Yield every named address; an address without a name cannot be walked and is an error."""
    for entry in (resolver or get_resolver()).url_patterns:
        parameters = above + tuple(sorted(entry.pattern.regex.groupindex))
        if isinstance(entry, URLResolver):
            inner = f"{room}{entry.namespace}:" if entry.namespace else room
            yield from addresses(entry, inner, parameters)
        elif isinstance(entry, URLPattern):
            if entry.name:
                yield Address(f"{room}{entry.name}", parameters)
            elif not _is_only_a_redirect(entry):
                raise LookupError(f"{entry.pattern} has no name")


def _is_only_a_redirect(entry: URLPattern) -> bool:
    view_class = getattr(entry.callback, "view_class", None)
    return getattr(view_class, "__name__", "") == "RedirectView"


@pytest.fixture
def centres() -> tuple[Centre, Centre]:
    """Return two centres that know nothing of each other."""
    return build_centre("Fjord"), build_centre("Vidde")


def client_of(centre: Centre, role: str) -> Client:
    """Return a browser signed in with the role, or one that is not signed in."""
    client = Client(raise_request_exception=True)
    if role != VISITOR:
        client.force_login(centre.people[Role(role)])
    return client


def visit(client: Client, method: str, url: str) -> tuple[int, str]:
    """Visit and undo: status and everything a browser would be given, headers included."""
    with transaction.atomic(), transaction.atomic(using="vault"):
        answer = getattr(client, method)(url)
        text = _text(answer)
        transaction.set_rollback(True)
        transaction.set_rollback(True, using="vault")
    return answer.status_code, text


def _text(answer: HttpResponse) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", "replace") + str(dict(answer.items()))


def what_it_reads(role: str, other: Centre) -> list[str]:
    """Return the words of the other centre that this role must never read.

    Operators keep the list of organisations, so they know names of centres but nothing in them.
    """
    if role == Role.OPERATOR:
        return [f"{other.secret} {word}" for word in ("hus", "gate", "gruppe", "planlagt")]
    return [other.secret, other.secret.lower()]


@pytest.mark.parametrize("role", [*Role.values, VISITOR])
def test_no_address_leads_to_the_other_centre(centres: tuple[Centre, Centre], role: str) -> None:
    for own, other in (centres, centres[::-1]):
        client = client_of(own, role)
        for address in addresses():
            if not address.parameters or address.name in PUBLIC_BY_DESIGN:
                continue
            for method in ("get", "post"):
                if role == VISITOR and address.name in BY_LINK:
                    continue
                status, text = visit(client, method, address.filled(other))
                where = f"{method} {address.name} as {role}"
                is_theirs = role == Role.OPERATOR and address.name in OF_THE_INSTALLATION
                if _belongs_to_somebody(address, centres) and not is_theirs:
                    assert status in REFUSALS, f"{where} answered {status}"
                assert status < 500, f"{where} answered {status}"
                for word in what_it_reads(role, other):
                    assert word not in text, f"{where} shows {word}"


@pytest.mark.parametrize("role", [*Role.values, VISITOR])
def test_own_pages_answer_and_never_name_the_other_centre(
    centres: tuple[Centre, Centre], role: str
) -> None:
    own, other = centres
    client = client_of(own, role)
    for address in addresses():
        status, text = visit(client, "get", address.filled(own))
        assert status < 500, f"{address.name} as {role} answered {status}"
        if address.name in PUBLIC_BY_DESIGN:
            continue
        for word in what_it_reads(role, other):
            assert word not in text, f"{address.name} as {role} shows {word}"


def test_nothing_of_the_other_centre_changes_by_a_post(centres: tuple[Centre, Centre]) -> None:
    own, other = centres
    before = _everything_of(other)
    assert len(before) > 5
    for role in (Role.DIRECTOR, Role.COORDINATOR, Role.STARTER):
        client = client_of(own, role)
        for address in addresses():
            if address.parameters and address.name not in PUBLIC_BY_DESIGN:
                client.post(address.filled(other))
    assert _everything_of(other) == before


def test_every_exception_names_an_address_that_exists() -> None:
    exceptions = set(PUBLIC_BY_DESIGN) | BY_LINK | OF_THE_INSTALLATION
    assert exceptions <= {address.name for address in addresses()}


def test_an_unfilled_parameter_is_found(centres: tuple[Centre, Centre]) -> None:
    with pytest.raises(LookupError, match="takes \\['shelf'\\]"):
        Address("directory:shelf-show", ("shelf",)).filled(centres[0])


def _belongs_to_somebody(address: Address, centres: tuple[Centre, Centre]) -> bool:
    """Say whether one of the parameters differs between centres, so names something owned."""
    return any(
        centres[0].value(address.name, each) != centres[1].value(address.name, each)
        for each in address.parameters
    )


def _everything_of(centre: Centre) -> dict[tuple[str, str], str]:
    """Return every row, of either database, in which the centre's secret or identity stands."""
    found = {}
    marks = (centre.secret, centre.secret.lower(), str(centre.organisation.pk))
    for model in _models():
        for row in model._default_manager.using(_database(model)).all():
            text = serializers.serialize("json", [row])
            if any(mark in text for mark in marks):
                found[model._meta.label, str(row.pk)] = text
    return found


def _models() -> Iterator[type[Model]]:
    from django.apps import apps

    skipped = {"sessions", "audit", "contenttypes", "auth"}
    for model in apps.get_models():
        if model._meta.app_label not in skipped and model._meta.managed:
            yield model


def _database(model: type[Model]) -> str:
    return "vault" if model._meta.app_label == "responses" and "vault" in connections else "default"
