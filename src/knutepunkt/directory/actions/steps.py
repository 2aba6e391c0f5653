"""How does a group start, pause, start again, split and end, each on a date?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from knutepunkt.audit.actions import record
from knutepunkt.directory.actions.groups import check_name_is_free
from knutepunkt.directory.lifecycle import GROUP
from knutepunkt.directory.models import Group, GroupEvent
from knutepunkt.directory.policies import require_to_change_group
from knutepunkt.directory.queries import last_event_day
from knutepunkt.directory.vocabulary import EventKind
from knutepunkt.people.models import Person
from knutepunkt.shared import clock
from knutepunkt.shared.errors import Refusal


class DateNotPossible(Refusal):
    """The date lies in the future or before what happened last."""


class SplitNeedsTwo(Refusal):
    """A group can only be split into two or more groups with names of their own."""


@transaction.atomic
def start_group(*, group: Group, on: date, by: Person, note: str = "") -> Group:
    """Write down that a planned group had its first meeting."""
    return _step("start", EventKind.STARTED, group, on, by, note)


@transaction.atomic
def pause_group(*, group: Group, on: date, by: Person, note: str = "") -> Group:
    """Write down that the group rests for a while."""
    return _step("pause", EventKind.PAUSED, group, on, by, note)


@transaction.atomic
def restart_group(*, group: Group, on: date, by: Person, note: str = "") -> Group:
    """Write down that a paused group goes on, or an ended one began anew."""
    return _step("restart", EventKind.RESTARTED, group, on, by, note)


@transaction.atomic
def end_group(*, group: Group, on: date, by: Person, note: str = "") -> Group:
    """Write down that the group has ended."""
    return _step("end", EventKind.ENDED, group, on, by, note)


@transaction.atomic
def split_group(
    *, group: Group, into: Sequence[str], on: date, by: Person, note: str = ""
) -> list[Group]:
    """Write down that the group became two or more; the new ones start on the same day."""
    names = [name.strip() for name in into if name.strip()]
    if len(names) < 2 or len({name.casefold() for name in names}) < len(names):
        raise SplitNeedsTwo(
            _("A group is split into two or more. Give each of them a name of its own.")
        )
    split = _step("split", EventKind.SPLIT, group, on, by, note)
    return [_part_of(split, name, on, by) for name in names]


def _part_of(group: Group, name: str, on: date, by: Person) -> Group:
    check_name_is_free(group.organisation, name)
    part = Group.objects.create(
        organisation=group.organisation,
        name=name,
        theme=group.theme,
        form=group.form,
        arena=group.arena,
        house=group.house,
        contact=group.contact,
        municipality_code=group.municipality_code,
        municipality_valid_on=group.municipality_valid_on,
        address_withheld=group.address_withheld,
        split_from=group,
    )
    return _step("start", EventKind.STARTED, part, on, by, "")


def _step(verb: str, kind: EventKind, group: Group, on: date, by: Person, note: str) -> Group:
    require_to_change_group(by, group)
    target = GROUP.after(group.state, verb)
    _check_day(group, on)
    group.state = target
    if kind == EventKind.STARTED:
        group.started_on = on
    group.ended_on = on if kind in (EventKind.ENDED, EventKind.SPLIT) else None
    group.save(update_fields=["state", "started_on", "ended_on"])
    GroupEvent.objects.create(group=group, kind=kind, happened_on=on, note=note)
    record(f"group_{kind}", group, by=by, organisation_id=group.organisation_id, on=str(on))
    return group


def _check_day(group: Group, on: date) -> None:
    if on > clock.today():
        raise DateNotPossible(_("That date has not come yet. Choose today or an earlier date."))
    latest = last_event_day(group)
    if latest is not None and on < latest:
        raise DateNotPossible(
            _(
                "The last thing written about this group is from {date}. "
                "Choose that date or a later one."
            ).format(date=date_format(latest))
        )
