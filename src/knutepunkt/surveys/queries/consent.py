"""To what do those who answer say yes: for which purposes, in which words, in which version?

Sending the answer is the consent to the survey; being quoted is asked for each text; being followed
is asked before the card is used. An answer carries no version: it belongs to a round, and the round
names the version its participants read. Nothing on an answer is finer than that.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from knutepunkt.analysis.instruments import ItemKind
from knutepunkt.surveys.models import Survey
from knutepunkt.surveys.queries.instruments import instrument_of
from knutepunkt.surveys.vocabulary import Purpose

LANGUAGES = ("nb", "nn", "en")

CONSENT_SENTENCES: dict[Purpose, str | Promise] = {
    Purpose.SURVEY: gettext_lazy(
        "When you send the answer, you agree that we use it in a report about many people "
        "together. You can delete it until the survey closes."
    ),
    Purpose.QUOTATION: gettext_lazy(
        "You may quote what I have written here, without saying who wrote it. "
        "When the report is shared, a quotation cannot be taken back."
    ),
    Purpose.FOLLOWING: gettext_lazy(
        "When you write the words from your card, you agree that this answer is joined with the "
        "one you gave before."
    ),
}


def asks_in_own_words(survey: Survey) -> bool:
    """Say whether anything is answered in one's own words."""
    return any(item.kind is ItemKind.FREE_TEXT for item in instrument_of(survey).items)


def purposes_of(survey: Survey) -> tuple[Purpose, ...]:
    """Return what this survey asks consent for."""
    asked = [Purpose.SURVEY]
    if any(item.consent_to_quote for item in instrument_of(survey).items):
        asked.append(Purpose.QUOTATION)
    if survey.follows_people:
        asked.append(Purpose.FOLLOWING)
    return tuple(asked)


def consent_content(survey: Survey) -> dict[str, Any]:
    """Return the words of consent, by purpose and language."""
    content: dict[str, Any] = {}
    for purpose in purposes_of(survey):
        content[purpose.value] = {}
        for language in LANGUAGES:
            with translation.override(language):
                content[purpose.value][language] = str(CONSENT_SENTENCES[purpose])
    return content


def consent_hash(content: dict[str, Any]) -> str:
    """Return the fingerprint of the words: SHA-256 of the canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
