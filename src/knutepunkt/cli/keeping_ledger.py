"""Look after the record of what was released: show it, enter what it forgot or what was made elsewhere.

    knutepunkt ledger show
    knutepunkt ledger restore           after an older backup was put back
    knutepunkt ledger enter FOLDER      a report made elsewhere from sealed answers
    knutepunkt ledger accept            the copy is lost: two people say that the database is whole

Exit 0: done, or whole. 1: nothing may be released. 2: refused; the sentence says why.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knutepunkt.cli import say, start_django

if TYPE_CHECKING:
    from knutepunkt.people.models import Person


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is to be done."""
    parser.add_argument("act", choices=tuple(ACTS))
    parser.add_argument(
        "folder", type=Path, nargs="*", help="folders with certificate.json and entry.json"
    )


def run(options: argparse.Namespace) -> int:
    """Do it; a refusal is one sentence."""
    start_django()
    from django.utils import translation

    from knutepunkt.shared.errors import Refusal

    with translation.override("en"):  # as everything else that a command says
        try:
            return ACTS[options.act](options)
        except (Refusal, OSError, ValueError) as refusal:
            sys.stderr.write(f"{refusal}\n")
            return 2


def show(options: argparse.Namespace) -> int:
    """Say how many releases there are, the root that stands for them, and what is wrong."""
    from knutepunkt.analysis.disclosure.ledger import root_of
    from knutepunkt.evaluations.queries import ledger_entries, ledger_trouble

    entries, trouble = ledger_entries(), ledger_trouble()
    say(f"{len(entries)} releases. Root: {root_of(entries)}")
    say(trouble or "The ledger is whole, and the copy outside the database agrees.")
    return 1 if trouble else 0


def restore(options: argparse.Namespace) -> int:
    """Enter again what the database forgot."""
    from knutepunkt.evaluations.actions.remembering import restore_from_copy

    entered = restore_from_copy()
    for release in entered:
        say(f"Entered release {release.sequence} again.")
    if entered:
        say("If the vault was put back as well, nothing more is told of the rounds they are about.")
    return show(options)


def enter(options: argparse.Namespace) -> int:
    """Enter releases that were made elsewhere, in the order of the folders."""
    from knutepunkt.evaluations.actions import remembering

    for folder in options.folder:
        told = {name: read_json(folder / f"{name}.json") for name in ("certificate", "entry")}
        release = remembering.enter(**told)
        say(f"Entered {folder} as release {release.sequence}.")
    return show(options)


def read_json(path: Path) -> dict[str, Any]:
    """Return a file's content; ``ValueError`` with a sentence where it is not that."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise ValueError(
            f"{path} cannot be read. Name the folder of a report, with certificate.json and "
            "entry.json."
        ) from problem
    return found if isinstance(found, dict) else {}


def accept(options: argparse.Namespace) -> int:
    """Two people, each with a password, say that the database is whole."""
    from knutepunkt.evaluations.actions.remembering import accept_database

    say("This makes the site forget every release that the database does not know.")
    first, second = signed_in("First person"), signed_in("Second person")
    aside = accept_database(by=first, and_by=second)
    if aside is not None:
        say(f"The copy that was there is kept as {aside}.")
    return show(options)


def signed_in(who: str) -> Person:
    """Return the person whose address and password are typed."""
    from django.contrib.auth import authenticate

    from knutepunkt.evaluations.actions.remembering import TwoPeopleNeeded
    from knutepunkt.people.models import Person

    address = input(f"{who}, e-mail address: ")
    found = authenticate(email=address, username=address, password=getpass.getpass("Password: "))
    if not isinstance(found, Person):
        raise TwoPeopleNeeded
    return found


ACTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "show": show,
    "restore": restore,
    "enter": enter,
    "accept": accept,
}
