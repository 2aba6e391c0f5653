"""How are the words of consent kept, so that it can be shown what participants read?"""

from __future__ import annotations

from knutepunkt.surveys.models import ConsentVersion, Survey
from knutepunkt.surveys.queries.consent import consent_content, consent_hash


def register_consent(survey: Survey) -> ConsentVersion:
    """Keep the words as they are today; part of opening a round, inside that transaction."""
    content = consent_content(survey)
    version, _is_new = ConsentVersion.objects.get_or_create(
        pk=consent_hash(content), defaults={"content": content}
    )
    return version
