"""Make, list, renew, recover and destroy the keys that open closed rounds. The guide is docs/guides/keys.md.

knutepunkt keys new key.txt        make a key to be held outside the server
knutepunkt keys list               which rounds this server can open
knutepunkt keys renew              give the server a new key
knutepunkt keys recover key.txt    the server's key is lost: use the escrow key
knutepunkt keys destroy ROUND      end one closed round before its time, for good
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from uuid import UUID

from knutepunkt.cli import say, start_django
from knutepunkt.cli.existing.problems import BadInput


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done."""
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    new = acts.add_parser("new", help="make a key to be held outside the server")
    new.add_argument("file", type=Path, help="where the private part is written; must not exist")
    acts.add_parser("list", help="which rounds this server can open")
    acts.add_parser("renew", help="give the server a new key; the old one is kept beside it")
    recover = acts.add_parser("recover", help="the server's key is lost: use the escrow key")
    recover.add_argument("file", type=Path, help="file with the escrow key's private part")
    destroy = acts.add_parser("destroy", help="end one closed round before its time, for good")
    destroy.add_argument("round", type=UUID, help="the round, as “keys list” names it")
    destroy.add_argument("--for-good", action="store_true", help="do it; nothing brings it back")


def run(options: argparse.Namespace) -> int:
    """Do what was asked."""
    start_django()
    from django.utils import translation

    from knutepunkt.shared.errors import Refusal

    acts = {"new": _new, "list": _list, "renew": _renew, "recover": _recover, "destroy": _destroy}
    with translation.override("en"):
        try:
            return acts[options.act](options)
        except (BadInput, Refusal) as problem:
            sys.stderr.write(f"{problem}\n")
            return 2


def _new(options: argparse.Namespace) -> int:
    from knutepunkt.surveys.actions.keeping import new_identity

    identity, recipient = new_identity()
    try:
        descriptor = os.open(options.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        sys.stderr.write(f"{options.file} exists already. Choose another name.\n")
        return 2
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"# public key: {recipient}\n{identity}\n")
    say(f"The private part is in {options.file}. Keep it, and a copy, away from the server.")
    say("The public part, to be typed on the survey's page before it opens:")
    say(recipient)
    return 0


def _list(_options: argparse.Namespace) -> int:
    from knutepunkt.surveys.actions.keeping import key_standings

    for standing in key_standings():
        if standing.is_destroyed:
            told = "destroyed: nobody can open it"
        elif standing.opens_here:
            told = "opens with the key on this server"
        else:
            told = "held outside this server"
        say(f"{standing.round_ref}  {'open  ' if standing.is_open else 'closed'}  {told}")
    return 0


def _renew(_options: argparse.Namespace) -> int:
    from knutepunkt.surveys.actions.keeping import renew_server_key

    say(f"The server has a new key; {renew_server_key()} rounds and studies now open with it.")
    say("The old key is kept beside it for backups from before. Destroy it when they have expired.")
    return 0


def _recover(options: argparse.Namespace) -> int:
    from knutepunkt.cli.existing.sealed import identity_in
    from knutepunkt.surveys.actions.keeping import recover_server_key

    done = recover_server_key(identity=identity_in(options.file))
    say(f"The server has a new key; {done} rounds and studies now open with it.")
    return 0 if done else 1


def _destroy(options: argparse.Namespace) -> int:
    from knutepunkt.shared.clock import today
    from knutepunkt.surveys.actions.keeping import key_standings
    from knutepunkt.surveys.actions.retention import destroy_before_time

    known = {standing.round_ref: standing for standing in key_standings()}
    if options.round in known and known[options.round].is_destroyed:
        say(f"The key of round {options.round} was destroyed before.")
        return 0
    if not options.for_good:
        sys.stderr.write(
            f"This destroys the key and the answers of round {options.round}: no report can be made "
            "of them any more, and nothing brings them back. Reports that were shared stand.\n"
            "If that is wanted, add --for-good.\n"
        )
        return 1
    asked = destroy_before_time(round_ref=options.round, today=today())
    told = f" of “{asked.survey.title}”" if asked is not None else ""
    say(f"The key and the answers of round {options.round}{told} are destroyed.")
    say("Copies in backups cannot be opened without a key that is in no backup; they expire.")
    return 0
