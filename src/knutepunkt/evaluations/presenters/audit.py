"""What does the second person read about the audit, in words?"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knutepunkt.shared.wording import number_in_words


def audit_sentences(judged: dict[str, Any]) -> list[str]:
    """Return one sentence for each finding of the gate; true of the release as a whole.

    Nothing here says which figure was withheld for which reason, or how near one was.
    """
    found = {each["code"]: dict(each["numbers"]) for each in judged.get("findings", [])}
    sentences = [_rules(code, numbers) for code, numbers in found.items()]
    sentences.append(_counted(found))
    return [sentence for sentence in sentences if sentence]


def _rules(code: str, numbers: dict[str, float]) -> str:
    if code == "contributors" and "groups" not in numbers:
        return _("No figure rests on fewer than {people} people.").format(
            people=number_in_words(int(numbers["threshold"]))
        )
    if code == "contributors":
        return _(
            "No figure rests on fewer than {people} people, or on fewer than {groups} groups."
        ).format(
            people=number_in_words(int(numbers["threshold"])),
            groups=number_in_words(int(numbers["groups"])),
        )
    if code == "difference":
        return _(
            "Nobody can subtract this report from an earlier one and find a smaller number of "
            "people than {people}."
        ).format(people=number_in_words(int(numbers["threshold"])))
    if code == "coalition":
        return _(
            "Not even {people} members of a group who compare their answers can work out what the "
            "others answered."
        ).format(people=number_in_words(int(numbers["members"])))
    return ""


def _counted(found: dict[str, dict[str, float]]) -> str:
    shown = int(found.get("shown", {}).get("figures", 0))
    withheld = int(found.get("withheld", {}).get("figures", 0))
    coarser = ("merged", "band", "class", "only_n")
    merged = sum(int(found.get(rung, {}).get("figures", 0)) for rung in coarser)
    parts = [
        ngettext("{n} figure is shown.", "{n} figures are shown.", shown).format(n=shown),
        ngettext(
            "{n} of them is told more coarsely.", "{n} of them are told more coarsely.", merged
        ).format(n=merged),
        ngettext("{n} is not shown.", "{n} are not shown.", withheld).format(n=withheld),
    ]
    return " ".join(parts)
