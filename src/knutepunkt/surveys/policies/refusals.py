"""Why can something not be done with a survey just now?"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from knutepunkt.shared.errors import NotNow, Refusal
from knutepunkt.shared.wording import date_in_words


class NoGroupsAsked(Refusal):
    """A survey was planned without anybody to ask."""

    def __init__(self) -> None:
        super().__init__(
            _("No groups are chosen, so nobody would be asked. Choose at least one group.")
        )


class ForeignGroup(Refusal):
    """A group of another organisation was named."""

    def __init__(self) -> None:
        super().__init__(
            _("One of the groups belongs to another centre. Choose among your own groups.")
        )


class DatesOutOfOrder(Refusal):
    """The days of a round do not follow each other."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The deadline comes before the opening day, or the report before the deadline. "
                "Put the days in order."
            )
        )


class UnfitQuestions(Refusal):
    """The own questions cannot be asked as they stand."""


class ProtocolNotLocked(NotNow):
    """A round was to be closed before the plan for the report stood fast."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The plan for the report is not locked yet. Lock it first, so that it is decided "
                "before anyone sees the answers."
            )
        )


class ProtocolLocked(NotNow):
    """The plan was to be changed after it had been locked."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The plan for the report is locked and stays as it is. "
                "Note what turned out differently, and why."
            )
        )


class AlreadyReminded(NotNow):
    """The one reminder has been given."""

    def __init__(self, day: dt.date) -> None:
        super().__init__(
            _("You reminded the groups on {date}. A survey has one reminder.").format(
                date=date_in_words(day)
            )
        )


class DeadlineNotLater(NotNow):
    """An extension did not move the deadline forward."""

    def __init__(self, day: dt.date) -> None:
        super().__init__(
            _("The deadline is {date}. Choose a later day.").format(date=date_in_words(day))
        )


class RoundStillOpen(NotNow):
    """A new round was to be made while the last one is not closed."""

    def __init__(self) -> None:
        super().__init__(_("The last round is not closed yet. Close it before you make a new one."))


class GroupNotAsked(Refusal):
    """Slips were asked for a group that is not in the round."""

    def __init__(self) -> None:
        super().__init__(_("This group is not asked in this survey."))


class TooManySlips(Refusal):
    """More slips were asked for than a group of this size can need."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _(
                "That is more slips than the group can need. Print at most {number} at a time; "
                "each slip is one answer."
            ).format(number=most)
        )


class NeedsSecondPerson(NotNow):
    """The person who typed a paper answer first also tried to type it the second time."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "You typed this answer the first time, so someone else must type it the second "
                "time. Leave the paper with a colleague."
            )
        )


class UnknownCode(Refusal):
    """No unused slip of the round has this code."""

    def __init__(self) -> None:
        super().__init__(
            _("We find no unused slip with this code in this survey. Check the code on the paper.")
        )


class NothingTyped(Refusal):
    """A paper answer without a single answer was to be kept."""

    def __init__(self) -> None:
        super().__init__(
            _("Nothing is filled in. Type at least one answer, or put the paper aside.")
        )


class KeyAlreadyChosen(NotNow):
    """Who holds the key cannot change once it may have been told to those who answer."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The survey has been opened or its plan is locked. Who holds the key is then settled."
            )
        )


class NotAKey(Refusal):
    """What was typed is no public key."""

    def __init__(self, typed: str) -> None:
        super().__init__(
            _("“{typed}” is not a public key. It begins with age1 and has 62 characters.").format(
                typed=typed[:70]
            )
        )


class TooManyKeys(Refusal):
    """At most two different people hold the key."""

    def __init__(self) -> None:
        super().__init__(_("Give one public key, or two different ones."))


class FollowingNeedsTheServer(NotNow):
    """A survey that follows people is opened by the server, which alone holds the cards."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This survey follows people. Then the server must hold the key, for the cards do not "
                "leave it."
            )
        )
