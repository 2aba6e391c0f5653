"""Make, list, renew and recover the keys that open closed rounds. The guide is docs/guides/keys.md.

knutepunkt keys new key.txt        make a key to be held outside the server
knutepunkt keys list               which rounds this server can open
knutepunkt keys renew              give the server a new key
knutepunkt keys recover key.txt    the server's key is lost: use the escrow key
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

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


def run(options: argparse.Namespace) -> int:
    """Do what was asked."""
    start_django()
    acts = {"new": _new, "list": _list, "renew": _renew, "recover": _recover}
    try:
        return acts[options.act](options)
    except BadInput as problem:
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
