"""How does a page say what a group is, where it stands, and what can be done next?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from knutepunkt.directory.group_list import RowError
from knutepunkt.directory.lifecycle import ENDED, GROUP, PAUSED, PLANNED, RUNNING, SPLIT
from knutepunkt.directory.models import Group, GroupEvent
from knutepunkt.directory.queries import GROUP_ORDERS, state_counts
from knutepunkt.directory.vocabulary import EventKind
from knutepunkt.shared.wording import date_in_words, number_in_words

TONES = {RUNNING: "accent", PAUSED: "brand1"}

#: What the link to each step says, in the order they are shown.
STEP_WORDS: dict[str, str | Promise] = {
    "start": gettext_lazy("Start the group"),
    "pause": gettext_lazy("Pause the group"),
    "restart": gettext_lazy("Start the group again"),
    "split": gettext_lazy("Split the group"),
    "end": gettext_lazy("End the group"),
}
#: What each step's page asks.
STEP_QUESTIONS: dict[str, str | Promise] = {
    "start": gettext_lazy("When was the first meeting?"),
    "pause": gettext_lazy("From when does the group pause?"),
    "restart": gettext_lazy("When did the group start again?"),
    "split": gettext_lazy("When was the group split, and what are the new groups named?"),
    "end": gettext_lazy("When was the last meeting?"),
}
ORDER_WORDS: dict[str, str | Promise] = {
    "navn": gettext_lazy("Name"),
    "tema": gettext_lazy("Theme"),
    "tilstand": gettext_lazy("State"),
    "startet": gettext_lazy("Started"),
    "bekreftet": gettext_lazy("Last confirmed"),
}


@dataclass(frozen=True)
class GroupRow:
    """One group as a row of the list."""

    group: Group
    state: str
    tone: str
    then: str
    rest: str


@dataclass(frozen=True)
class Choice:
    """A link, and whether it is what the page shows now."""

    label: str
    address: str
    is_current: bool


def group_row(group: Group) -> GroupRow:
    """Return what a row says: the state, since when, and the rest as a sentence."""
    return GroupRow(
        group=group,
        state=str(GROUP.states[group.state]),
        tone=TONES.get(group.state, "neutral"),
        then=since_when(group),
        rest=short_facts(group),
    )


def since_when(group: Group) -> str:
    """Return since when the group is what it is, as a sentence."""
    if group.state == PLANNED or group.started_on is None:
        return _("Not started yet.")
    if group.state in (ENDED, SPLIT) and group.ended_on is not None:
        sentences = {
            ENDED: _("From {start} to {end}."),
            SPLIT: _("Started {start}, split {end}."),
        }
        return sentences[group.state].format(
            start=date_in_words(group.started_on), end=date_in_words(group.ended_on)
        )
    return _("Started {date}.").format(date=date_in_words(group.started_on))


def short_facts(group: Group) -> str:
    """Return theme, form, members and contact in one line."""
    parts = [str(group.theme), str(group.get_form_display())]
    if group.members is not None:
        parts.append(
            ngettext("{number} member", "{number} members", group.members).format(
                number=number_in_words(group.members)
            )
        )
    if group.place and not group.address_withheld:
        parts.append(group.place)
    if group.contact is not None:
        parts.append(_("contact: {name}").format(name=group.contact.name))
    return ", ".join(parts) + "."


def list_sentence(groups: Sequence[Group]) -> str:
    """Return what is in the list: "18 grupper, elleve er i gang." """
    total, running = len(groups), state_counts(groups)[RUNNING]
    if not total:
        return _("There are no groups here yet.")
    counted = ngettext("{number} group", "{number} groups", total).format(
        number=number_in_words(total, "feminine")
    )
    going = ngettext("{number} is running", "{number} are running", running).format(
        number=number_in_words(running, "feminine")
    )
    sentence = f"{counted}, {going}."
    return sentence[:1].upper() + sentence[1:]


def order_links(current: str, view: str) -> list[Choice]:
    """Return the links that sort the list."""
    base = reverse("directory:group-list")
    kept = "&vis=tabell" if view == "tabell" else ""
    return [
        Choice(str(ORDER_WORDS[order]), f"{base}?sorter={order}{kept}", order == current)
        for order in GROUP_ORDERS
    ]


def next_steps(group: Group) -> list[Choice]:
    """Return the steps that can be taken from the group's state."""
    return [
        Choice(str(words), reverse(f"directory:group-{verb}", args=[group.pk]), False)
        for verb, words in STEP_WORDS.items()
        if GROUP.can(group.state, verb)
    ]


def event_sentence(event: GroupEvent) -> str:
    """Return what happened as a sentence with its date."""
    words = {
        EventKind.STARTED: _("The group started {date}."),
        EventKind.PAUSED: _("The group paused {date}."),
        EventKind.RESTARTED: _("The group started again {date}."),
        EventKind.SPLIT: _("The group was split {date}."),
        EventKind.ENDED: _("The group ended {date}."),
    }
    return words[EventKind(event.kind)].format(date=date_in_words(event.happened_on))


def error_sentences(errors: Sequence[RowError]) -> tuple[str, list[str], str]:
    """Return how an upload's errors are told: the first sentence, each error, what to do."""
    if len(errors) == 1 and errors[0].is_date:
        error = errors[0]
        whole = _(
            'We found one error in the file. Row {row}, column "{column}": "{value}" is not a date. '
            "Correct it and upload the file again. Nothing has been saved."
        ).format(row=error.row, column=error.column, value=error.found)
        return whole, [], ""
    head = ngettext(
        "We found {number} error in the file.", "We found {number} errors in the file.", len(errors)
    ).format(number=number_in_words(len(errors)))
    tail = ngettext(
        "Correct it and upload the file again. Nothing has been saved.",
        "Correct them and upload the file again. Nothing has been saved.",
        len(errors),
    )
    return head, [str(error) for error in errors], tail
