"""How easily could the answer to an own question point to one person?

The kind of question says most: own words, then many options. Words in the question that ask for
what people in a small place know about each other raise it by one step. The list errs on the side
of warning; it refuses nothing.
"""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from knutepunkt.analysis.instruments import OwnQuestion, QuestionRisk
from knutepunkt.surveys.vocabulary import Risk

#: Stems, in bokmål, nynorsk and English, of what a co-member knows: age, work, home, family, illness.
_RECOGNISABLE = re.compile(
    r"\b(alder|gamm?el|født|fødd|fødsel|yrk|jobb|arbeid|stilling|bosted|bustad|bor\b|bur\b|bydel|"
    r"kommun|adress|kjønn|barn|ektefelle|sivilstand|sivilstatus|gift|skilt|diagnos|sykdom|sjukdom|"
    r"medisin|nasjonal|språk|navn|namn|hvem|kven|igangsett|"
    r"age\b|old\b|born\b|work|job\b|profession|live\b|municipal|address|gender|child|married|"
    r"divorced|illness|disease|nationalit|language|name\b|who\b|starter)",
    re.IGNORECASE,
)
_STEPS = (Risk.LOW, Risk.MEDIUM, Risk.HIGH)

RISK_SENTENCES: dict[Risk, str | Promise] = {
    Risk.LOW: _("Few and ordinary answers to choose from. Little can be read out of one answer."),
    Risk.MEDIUM: _(
        "Some answers may be rare. The report combines them when few have chosen them, "
        "so expect fewer categories than you wrote."
    ),
    Risk.HIGH: _(
        "The answer may show who wrote it. Ask only if you need it. "
        "Single answers are never shown in the report."
    ),
}


def risk_of(question: OwnQuestion) -> Risk:
    """Rate a question by its kind, and one step higher where it asks for what others know."""
    by_kind = {
        QuestionRisk.LOW: Risk.LOW,
        QuestionRisk.MEDIUM: Risk.MEDIUM,
        QuestionRisk.HIGH: Risk.HIGH,
    }[question.risk]
    texts = (question.texts, *question.options)
    words = " ".join(text for each in texts for text in (each.nb, each.nn, each.en))
    step = _STEPS.index(by_kind) + bool(_RECOGNISABLE.search(words))
    return _STEPS[min(step, len(_STEPS) - 1)]
