"""How often did the attacks on this version succeed, more often than guessing does?

The figures are those of the last run of the attack suite, kept in `attack_figures.json` by
`tools/attacks_page.py`; docs/methods/attacks.md is written from the same file.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

#: What each attack tries, in a few words; the numbers are those of the attack suite.
ATTACK_WORDS: dict[str, str | Promise] = {
    "A1": _("Two reports, with one person more in the second"),
    "A2": _("Everybody, minus a part of them"),
    "A3": _("Working out hidden cells"),
    "A4": _("Members who put their answers together"),
    "A5": _("One who outweighs the others in a mean"),
    "A6": _("A group where everyone answered the same"),
    "A7": _("Number, mean and spread that fit one set of answers only"),
    "A8": _("Percentages turned back to counts"),
    "A9": _("Asking again and again"),
    "A10": _("The same table in other files and languages"),
    "A11": _("Filters and sorting"),
    "A12": _("When somebody answered"),
    "A13": _("Group effects turned back to means"),
    "A14": _("The order of rows in the database"),
    "A15": _("Watching a counter"),
    "A16": _("What a receipt tells"),
    "A17": _("Two backups compared"),
    "A18": _("What logs tell"),
    "A19": _("A shared computer"),
    "A20": _("What browsers keep"),
    "A21": _("Names and rare words in free text"),
    "A22": _("The order of rows in exports"),
    "A23": _("Rare groups on the map"),
    "A24": _("Attendance joined with answers"),
    "A25": _("Tracking in invitations"),
    "A26": _("What skipped questions tell"),
    "A27": _("Database, keys and logs together"),
    "A28": _("A question aimed at one person"),
    "A29": _("False members who fill the threshold"),
    "A30": _("Previews seen by staff"),
    "A31": _("Which merge was chosen"),
}


@dataclass(frozen=True)
class Figure:
    """One attack: how many tries, success minus chance in percentage points, and exact hits."""

    attack: str
    tries: int
    points: float
    uncertain: float
    exact: int
    is_promised: bool

    @property
    def words(self) -> str:
        """The attack in a few words, and whether the product promises anything about it."""
        words = str(ATTACK_WORDS.get(self.attack, self.attack))
        return words if self.is_promised else gettext("{attack} (no promise)").format(attack=words)


@lru_cache(maxsize=1)
def attack_figures() -> tuple[Figure, ...]:
    """Return the worst figure of each attack, in the order of their numbers.

    What nothing is promised about stands in a row of its own, so that it hides no promise.
    """
    text = resources.files("knutepunkt.surveys").joinpath("attack_figures.json").read_text("utf-8")
    figures = [_figure(row) for row in json.loads(text)["figures"] if _is_on_the_product(row)]
    worst: dict[tuple[str, bool], Figure] = {}
    for each in figures:
        place = (each.attack, each.is_promised)
        known = worst.get(place)
        if known is None or (each.exact, each.points) > (known.exact, known.points):
            worst[place] = each
    return tuple(
        sorted(worst.values(), key=lambda each: (int(each.attack[1:]), not each.is_promised))
    )


def _is_on_the_product(row: dict[str, Any]) -> bool:
    """Whether an attack was on the product itself, and not on something weaker beside it."""
    return str(row["against"]).startswith("KP-1") and "without" not in row["against"]


def _figure(row: dict[str, Any]) -> Figure:
    tries = row["tries"]
    share = min(max(row["hits"] / tries, 0.5 / tries), 1 - 0.5 / tries)
    return Figure(
        attack=row["attack"],
        tries=tries,
        points=round(100 * (row["hits"] / tries - row["chance"]), 2),
        uncertain=round(196 * math.sqrt(share * (1 - share) / tries), 2),
        exact=row["exact"],
        is_promised=row["kind"] == "promised",
    )


@lru_cache(maxsize=1)
def measured_on() -> str:
    """Return the day the suite was run, as YYYY-MM-DD."""
    text = resources.files("knutepunkt.surveys").joinpath("attack_figures.json").read_text("utf-8")
    return str(json.loads(text)["measured_on"])
