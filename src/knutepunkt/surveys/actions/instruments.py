"""How does a questionnaire come into use, with or without questions of the centre's own?"""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import transaction

from knutepunkt.analysis.instruments import (
    PARTICIPANT_SURVEY,
    Instrument,
    InstrumentRefused,
    OwnQuestion,
    read_catalogue,
)
from knutepunkt.audit.actions import record
from knutepunkt.people.models import Person
from knutepunkt.surveys.models import InstrumentVersion
from knutepunkt.surveys.policies.refusals import UnfitQuestions
from knutepunkt.surveys.policies.repeating import REPEATED, asked_texts, in_languages, repeats
from knutepunkt.surveys.queries.translations import translated


@transaction.atomic
def register_instrument(*, instrument: Instrument, by: Person | None) -> InstrumentVersion:
    """Keep a version of a questionnaire; the same content is kept once, whoever brings it."""
    version, is_new = InstrumentVersion.objects.get_or_create(
        pk=instrument.hash,
        defaults={
            "instrument_id": instrument.id,
            "version": instrument.version,
            "content": json.loads(instrument.to_json()),
        },
    )
    if is_new:
        record("register", version, by=by, version=str(version))
    return version


def register_participant_survey(
    *, by: Person | None, own_questions: Sequence[OwnQuestion] = ()
) -> InstrumentVersion:
    """Keep the shipped participant survey, with up to five questions of the centre's own."""
    return register_instrument(instrument=questionnaire_with(own_questions), by=by)


def questionnaire_with(own_questions: Sequence[OwnQuestion] = ()) -> Instrument:
    """Return the shipped survey as participants will see it with these questions.

    It speaks every further language whose files are complete in the data directory.
    """
    shipped = translated(read_catalogue()[PARTICIPANT_SURVEY])
    if not own_questions:
        return shipped
    others = asked_texts()
    for own in own_questions:
        if repeats(in_languages(own.texts), others):
            raise UnfitQuestions(REPEATED)
        others.append(in_languages(own.texts))
    try:
        return shipped.with_own_questions(own_questions)
    except InstrumentRefused as refused:
        raise UnfitQuestions(" ".join(one.sentence for one in refused.problems)) from refused
