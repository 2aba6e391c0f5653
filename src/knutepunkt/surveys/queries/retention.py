"""What has been deleted because its time was over?"""

from __future__ import annotations

from django.db.models import Q

from knutepunkt.audit.models import Deletion
from knutepunkt.people.models import Organisation
from knutepunkt.surveys.policies.retention import ANSWERS, CLOCKS

MOST = 20


def deletions_of(organisation: Organisation) -> list[tuple[Deletion, str]]:
    """Return the centre's last deletions, and those of the whole installation, in words.

    How many invitations or accounts an installation lost is nobody's secret, but other centres'
    answers are: their deletions are left out.
    """
    own = Q(organisation_id=str(organisation.pk)) | (Q(organisation_id="") & ~Q(kind=ANSWERS.kind))
    words = {clock.kind: str(clock.what) for clock in CLOCKS}
    found = Deletion.objects.filter(own)[:MOST]
    return [(each, words.get(each.kind, each.kind)) for each in found]
