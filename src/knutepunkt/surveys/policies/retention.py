"""How long is each kind of thing kept, and from when is the time counted?

One list for the clocks, the pages that tell of them and the papers. What happens at the close of a
round, such as the deletion of used slips, is the close's own work and stands here for the reader.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Clock:
    """One kind of thing, and how many days after what it is deleted; 0 means at once."""

    kind: str
    what: str | Promise
    counted_from: str | Promise
    days: int


ANSWERS = Clock("answers", _("Sealed answers and their key"), _("the close of the last round"), 730)
DRAFTS = Clock("drafts", _("Plans that never became a survey"), _("the last change"), 180)
INVITATIONS = Clock("invitations", _("Invitations by e-mail"), _("the day the link ran out"), 30)
ACCOUNTS = Clock(
    "accounts", _("Accounts without a role"), _("the last time somebody signed in"), 730
)
SIGN_INS = Clock("sign_ins", _("Where people are signed in"), _("the sign-in running out"), 0)
SLIPS = Clock("slips", _("Which slips were used"), _("the close of the round"), 0)
WORDS = Clock("words", _("The fingerprints of the words of regret"), _("the close of the round"), 0)
PAPER = Clock("paper", _("Paper answers typed once"), _("the close of the round"), 0)
TRANSPORT = Clock("transport", _("The outer key of an open round"), _("the close of the round"), 0)
BACKUPS = Clock("backups", _("Backups of both databases"), _("the night they were made"), 30)

CLOCKS = (
    SLIPS, WORDS, PAPER, TRANSPORT, ANSWERS, DRAFTS, INVITATIONS, ACCOUNTS, SIGN_INS, BACKUPS,
)  # fmt: skip
