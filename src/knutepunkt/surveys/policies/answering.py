"""Why was an answer, a code or a card of words not taken?"""

from __future__ import annotations

from knutepunkt.shared.errors import NotNow, Refusal


class CodeUnknown(Refusal):
    """No round knows the typed code."""


class SlipSpent(NotNow):
    """The slip was used by another visit or replaced."""


class RoundOver(NotNow):
    """The round closed before the answer came."""


class AnswerRefused(Refusal):
    """The answer was not stored; it is still on the page and can be sent again."""


class NotStoredNow(AnswerRefused):
    """Nothing was wrong with the answer: the vault could not write just now."""


class WordsNotFound(Refusal):
    """No open round holds an answer with these words."""
