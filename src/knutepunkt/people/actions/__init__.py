"""What can be done with accounts, organisations and roles?"""

from knutepunkt.people.actions.invitations import (
    AccountExists,
    InvitationOver,
    SentToAnother,
    accept_invitation,
    change_account,
    first_operator_link,
    invite,
    make_reviewer_account,
    take_back_invitation,
)
from knutepunkt.people.actions.organisations import (
    LastDirector,
    change_organisation,
    create_organisation,
    end_role,
)

__all__ = [
    "AccountExists",
    "InvitationOver",
    "LastDirector",
    "SentToAnother",
    "accept_invitation",
    "change_account",
    "change_organisation",
    "create_organisation",
    "end_role",
    "first_operator_link",
    "invite",
    "make_reviewer_account",
    "take_back_invitation",
]
