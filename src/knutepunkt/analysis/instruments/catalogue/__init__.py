"""Which instruments ship with the product?"""

from __future__ import annotations

from functools import cache
from importlib import resources

from knutepunkt.analysis.instruments.instrument import Instrument

PARTICIPANT_SURVEY = "participant_survey"


@cache
def read_catalogue() -> dict[str, Instrument]:
    """The shipped instruments by id, read and checked once."""
    folder = resources.files(__name__)
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".json")),
        key=lambda file: file.name,
    )
    found = (Instrument.from_json(file.read_bytes()) for file in files)
    return {instrument.id: instrument for instrument in found}
