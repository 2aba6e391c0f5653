"""Delete what has outlived its time, and write down that it happened. Run once a day.

Answers and their key two years after the last round closed; unfinished plans after half a year;
invitations a month after the link ran out; accounts without a role after two years; sign-ins that
have run out. Backups are removed by `knutepunkt backup`.
"""

from __future__ import annotations

import argparse
import datetime as dt

from knutepunkt.cli import say, start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""


def run(options: argparse.Namespace) -> int:
    """Let every clock strike; print one line for each that had something to delete."""
    start_django()
    from knutepunkt.shared import clock

    for kind, count in expire_all(clock.today()).items():
        if count:
            say(f"{kind}: {count} deleted")
    say("Everything that was due has been deleted.")
    return 0


def expire_all(today: dt.date) -> dict[str, int]:
    """Delete what is due today in every room; return how many of each kind."""

    from django.core.management import call_command

    from knutepunkt.people.actions import retention as people
    from knutepunkt.surveys.actions import retention as surveys
    from knutepunkt.surveys.policies.retention import ACCOUNTS, INVITATIONS

    call_command("clearsessions")
    return {
        "answers of rounds": surveys.destroy_old_answers(today=today),
        "unfinished plans": surveys.delete_old_drafts(today=today),
        "invitations": people.delete_old_invitations(today=today, days=INVITATIONS.days),
        "accounts": people.delete_old_accounts(today=today, days=ACCOUNTS.days),
    }
