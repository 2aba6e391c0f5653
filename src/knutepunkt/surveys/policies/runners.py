"""Who may plan, open and close surveys?"""

from __future__ import annotations

from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.policies import require
from knutepunkt.people.vocabulary import Role

#: Roles that run surveys; whoever leads a centre may do what its coordinator does.
SURVEY_RUNNERS = (Role.COORDINATOR, Role.RESEARCHER)


def require_survey_runner(person: Person, organisation: Organisation) -> None:
    """Raise ``NotPermitted`` unless the person runs surveys at the organisation."""
    require(person, organisation, *SURVEY_RUNNERS)
