"""Which commands does `knutepunkt` have, and what does each do?"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

INTRODUCTION = """\
Knutepunkt finds self-help groups, asks what they gave, and reports it so that nobody is exposed.

A first look:        knutepunkt demo
Your own site:       knutepunkt migrate, then knutepunkt serve
A file you have:     knutepunkt evaluate --draft-design answers.csv > design.toml
                     knutepunkt evaluate answers.csv --design design.toml --out report
"""


@dataclass(frozen=True)
class Command:
    """A command: its name, one line of help, and the module that does it."""

    name: str
    help: str
    module: str


COMMANDS: tuple[Command, ...] = (
    Command("demo", "build the example centre and run the whole job once", "demo"),
    Command("serve", "serve the site and its background worker", "serving"),
    Command("evaluate", "make a protected report from a file of answers", "evaluating"),
    Command("protect", "hide the small cells of a table of counts", "protecting"),
    Command("verify", "check a released report against its certificate", "verifying"),
    Command("check", "check settings, databases, keys and the release ledger", "checking"),
    Command("ledger", "show, restore and enter what was released", "keeping_ledger"),
    Command("translate", "give the survey one more language, a file per question", "translating"),
    Command("migrate", "make or upgrade both databases", "migrating"),
    Command("keys", "make, list, renew and recover the keys that open rounds", "keeping_keys"),
    Command("backup", "copy both databases while the site runs", "backing_up"),
    Command("expire", "delete what has outlived its time, with a record of it", "expiring"),
    Command("restore", "put a backup back", "restoring"),
)


def start_django() -> None:
    """Load the settings and the rooms; commands that need no database do not call this."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knutepunkt.config.settings")
    import django

    django.setup()


def say(sentence: str = "") -> None:
    """Print one line at once, also when the output is a pipe."""
    try:
        sys.stdout.write(f"{sentence}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read along has heard enough (`| head`); the work itself goes on.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands that exist here."""
    top = argparse.ArgumentParser(
        prog="knutepunkt",
        description=INTRODUCTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        module = importlib.import_module(f"knutepunkt.cli.{command.module}")
        sub = commands.add_parser(
            command.name,
            help=command.help,
            description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.arguments(sub)
        sub.set_defaults(run=module.run)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    from django.core.exceptions import ImproperlyConfigured

    options = parser().parse_args(argv)
    try:
        return int(options.run(options) or 0)
    except ImproperlyConfigured as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        return 130
