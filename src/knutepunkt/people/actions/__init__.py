"""What can be done with accounts, organisations and roles?"""

from knutepunkt.people.actions.invitations import (
    InvitationOver,
    accept_invitation,
    digest_of,
    first_operator_link,
    invite,
    make_reviewer_account,
)
from knutepunkt.people.actions.organisations import create_organisation, end_role

__all__ = [
    "InvitationOver",
    "accept_invitation",
    "create_organisation",
    "digest_of",
    "end_role",
    "first_operator_link",
    "invite",
    "make_reviewer_account",
]
