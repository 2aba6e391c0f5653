"""Which questionnaire does a survey use?"""

from __future__ import annotations

import json
from functools import lru_cache

from knutepunkt.analysis.instruments import Instrument
from knutepunkt.surveys.models import InstrumentVersion, Survey


@lru_cache(maxsize=64)
def _read(version_hash: str) -> Instrument:
    # Safe to keep: a version never changes, and its key is the hash of its content.
    version = InstrumentVersion.objects.get(pk=version_hash)
    return Instrument.from_json(json.dumps(version.content, ensure_ascii=False))


def instrument_of(survey: Survey) -> Instrument:
    """Return the survey's questionnaire, read and checked once in each process."""
    return _read(survey.instrument_id)
