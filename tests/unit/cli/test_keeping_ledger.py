"""Does `knutepunkt ledger` show, refuse and accept as it says, and take two people where it must?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from knutepunkt.audit.models import AuditEvent
from knutepunkt.cli import keeping_ledger, parser
from knutepunkt.people.models import Membership, Person
from knutepunkt.people.vocabulary import Role

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
PASSWORD = "fire hester i et stille tun"


def operator(name: str) -> Person:
    made = Person.objects.create_user(f"{name.lower()}@drift.example", PASSWORD, name=name)
    Membership.objects.create(
        person=made, organisation=None, role=Role.OPERATOR, since=dt.date(2024, 1, 1)
    )
    return made


def run(*given: str) -> int:
    options = parser().parse_args(["ledger", *given])
    return int(options.run(options))


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Addresses and passwords in the order they are asked for."""
    left: Iterator[str] = iter(lines)
    monkeypatch.setattr("builtins.input", lambda _prompt: next(left))
    monkeypatch.setattr(keeping_ledger.getpass, "getpass", lambda _prompt: next(left))


def test_an_empty_ledger_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show") == 0
    assert "0 releases" in capsys.readouterr().out


def test_accepting_takes_two_passwords_of_two_people(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ada, bo = operator("Ada"), operator("Bo")
    settings.LEDGER_COPY.parent.mkdir(parents=True)
    settings.LEDGER_COPY.write_text("not a ledger\n", encoding="utf-8")
    assert run("show") == 1
    for second in ((bo.email, "feil"), (ada.email, PASSWORD)):
        typed(monkeypatch, ada.email, PASSWORD, *second)
        assert run("accept") == 2
        assert "two different people" in capsys.readouterr().err
    typed(monkeypatch, ada.email, PASSWORD, bo.email, PASSWORD)
    assert run("accept") == 0
    assert "is kept as" in capsys.readouterr().out
    assert AuditEvent.objects.filter(verb="accept_ledger").count() == 2


def test_what_is_no_release_is_not_entered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("enter", str(tmp_path)) == 2
    assert "Name the folder of a report" in capsys.readouterr().err
    for name in ("certificate", "entry"):
        (tmp_path / f"{name}.json").write_text("{}", encoding="utf-8")
    assert run("enter", str(tmp_path)) == 2
    assert "not as they were made" in capsys.readouterr().err
