"""How is one report told from another about the same survey?"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from knutepunkt.evaluations import vocabulary
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.evaluations.queries import closed_rounds_of
from knutepunkt.shared.wording import date_in_words, list_in_words
from knutepunkt.surveys.models import Survey


def rounds_of(evaluation: Evaluation) -> str:
    """Return "Round 1" or "Rounds 1 and 2": what the report is made of."""
    return vocabulary.rounds_in_words(each.number for each in evaluation.rounds.all())


def with_rounds(evaluations: Iterable[Evaluation]) -> list[tuple[Evaluation, str]]:
    """Return each report with the rounds it is made of, in words."""
    return [(each, rounds_of(each)) for each in evaluations]


def closing_in_words(survey: Survey) -> str:
    """Return when the rounds of the survey closed: two surveys may have the same title."""
    days = [date_in_words(each.closed_on or each.closes_on) for each in closed_rounds_of(survey)]
    return _("Closed on %(days)s.") % {"days": list_in_words(days)}
