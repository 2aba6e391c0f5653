"""How does whoever holds the key make the report from a bundle of sealed answers?

Needs neither the site's database nor a network. What is written is what passed the gate; opened
answers stay in memory.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from knutepunkt.analysis.disclosure import Cause, policy_for
from knutepunkt.analysis.report import DesignFault, build_report
from knutepunkt.cli import say
from knutepunkt.cli.existing.problems import BadInput, Place
from knutepunkt.cli.existing.reading import file_bytes
from knutepunkt.cli.existing.remembering import Memory
from knutepunkt.cli.existing.texts import coded, write_sheets

if TYPE_CHECKING:
    from knutepunkt.evaluations.extract.bundles import OpenedBundle


def report_of_sealed(options: argparse.Namespace) -> int:
    """Open the bundle, make the report, and write it; the exit status is that of ``evaluate``."""
    from knutepunkt.cli.evaluating import write_out
    from knutepunkt.evaluations.extract.bundles import NotABundle, unpack
    from knutepunkt.shared.errors import Refusal

    where = Place(options.sealed.name)
    if not options.identity or (options.out is None and options.coding_sheets is None):
        raise BadInput(where, "The key or the folder is missing.", "Give --identity and --out.")
    identity = " ".join(identity_in(path) for path in options.identity)
    try:
        opened = unpack(file_bytes(options.sealed), identity)
        memory = Memory.of(options.ledger, options.sealed, of_a_site=True)
        known = memory.beside(opened.ledger)
        if options.coding_sheets is not None:
            write_sheets(opened.texts, options, _questions(opened, options.language))
            return 0
        report, judgement = build_report(
            opened.design,
            opened.frame,
            ledger=known,
            policy=policy_for(sensitive_theme=opened.design.sensitive_theme),
            coded=coded(opened.texts, opened.names, options),
        )
    except NotABundle as damaged:
        raise BadInput(
            where, f"{damaged}", "Download it again from the survey's page."
        ) from damaged
    except Refusal as closed:
        raise BadInput(
            where,
            "This key does not open the answers.",
            "Give the key whose public part was chosen before the survey opened; "
            "where two people hold it, both.",
        ) from closed
    except DesignFault as fault:
        raise BadInput(where, f"{fault}", "Download it again from the survey's page.") from fault
    if opened.left_out:
        say(f"{_few(opened.left_out)} answers could not be read or did not fit and are left out.")
    if any(each.cause is Cause.LEDGER_BROKEN for each in judgement.withheld):
        say("Reports were made of these rounds before, and who was behind them is not known here.")
        say("Give the file that was written then with --ledger.")
    status = write_out(report, judgement, replace(memory, entries=known.entries), options)
    say("Give certificate.json and entry.json to the site: knutepunkt ledger enter FOLDER")
    return status


def _questions(opened: OpenedBundle, language: str) -> dict[str, str]:
    items = opened.design.instrument.items
    return {item.id: item.texts.in_language(language) for item in items}


def _few(count: int) -> str:
    """Say how many were left out without saying whose: small counts are told as one class."""
    return "Fewer than 5" if count < 5 else str(count - count % 5)


def identity_in(path: Path) -> str:
    """Return the age identity in a file; comments begin with #."""
    lines = file_bytes(path).decode("ascii", "replace").splitlines()
    found = [line.strip() for line in lines if line.strip().startswith("AGE-SECRET-KEY-")]
    if not found:
        raise BadInput(
            Place(path.name),
            "There is no age identity in the file.",
            "Give the file that “knutepunkt keys new” wrote.",
        )
    return " ".join(found)
