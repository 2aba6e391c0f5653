"""Which roles and kinds of organisation are there, in words?"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does in an organisation."""

    STARTER = "starter", _("starter of groups")
    COORDINATOR = "coordinator", _("coordinator")
    DIRECTOR = "director", _("director")
    RESEARCHER = "researcher", _("researcher")
    APPROVER = "approver", _("approver")
    HUB_OFFICER = "hub_officer", _("hub officer")
    EDITOR = "editor", _("editor")
    OPERATOR = "operator", _("operator")


#: What each role may do, in one sentence; shown wherever a role is chosen.
ROLE_SENTENCES = {
    Role.STARTER: _(
        "Starts groups and keeps their dates right. Sees no answers and no reports before they are shared."
    ),
    Role.COORDINATOR: _(
        "Runs surveys for the centre's groups and makes reports. Sees no single answers, and open "
        "ones only when appointed to code them."
    ),
    Role.DIRECTOR: _("Leads the centre: people, roles, and everything a coordinator does."),
    Role.RESEARCHER: _(
        "Makes evaluations and studies. Figures pass the gate like everyone else's."
    ),
    Role.APPROVER: _(
        "Approves reports that others have made. Sees what will be released and the audit's findings."
    ),
    Role.HUB_OFFICER: _(
        "Works at the hub: the national directory, and approval for centres that ask."
    ),
    Role.EDITOR: _("Reads the reports that have been shared, and tells others about them."),
    Role.OPERATOR: _("Runs the installation: organisations, backups, keys. Sees no content."),
}


#: Several people with the role, as the "no permission" sentence names them.
ROLE_PLURALS = {
    Role.STARTER: _("those who start groups"),
    Role.COORDINATOR: _("coordinators"),
    Role.DIRECTOR: _("directors"),
    Role.RESEARCHER: _("researchers"),
    Role.APPROVER: _("approvers"),
    Role.HUB_OFFICER: _("hub officers"),
    Role.EDITOR: _("editors"),
    Role.OPERATOR: _("operators"),
}


class OrganisationKind(models.TextChoices):
    """What an organisation is."""

    CENTRE = "centre", _("self-help centre")
    HUB = "hub", _("hub")
    RESEARCH = "research", _("research institution")
    FUNDER = "funder", _("funder")
    OTHER = "other", _("other organisation")
