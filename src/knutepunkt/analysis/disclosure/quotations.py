"""Which words of a participant may be quoted (P9)?"""

from __future__ import annotations

from knutepunkt.analysis.disclosure.hearing import Hearing, Ruling
from knutepunkt.analysis.disclosure.ladder import Rung
from knutepunkt.analysis.disclosure.policy import Policy
from knutepunkt.analysis.disclosure.released import Released, ReleasedQuotation
from knutepunkt.analysis.disclosure.statements import Quotation, TableRequest

PER_FIGURE = 2
"""So many quotations stand under one code, however many could."""


def judge_quotations(request: TableRequest, hearing: Hearing) -> Ruling | None:
    """Up to two quotations under one code, in the order they were planned; None where none may.

    They are told only where this release also tells of the code that t or more said it, so that a
    quotation says nothing of how many that was not said already (P1, P4, P5). How many stayed
    behind is not told.
    """
    if hearing.policy.applies("P1") and not _is_told_of_enough(request, hearing):
        return None
    told = dict.fromkeys(
        ReleasedQuotation(quotation.code, quotation.words, quotation.language)
        for quotation in request.quotations
        if may_be_quoted(quotation, hearing.policy)
    )
    if not told:
        return None
    chosen = sorted(list(told)[:PER_FIGURE], key=lambda each: (each.code, each.words))
    return Ruling(
        Released(
            request.table,
            request.cell,
            str(request.kind),
            Rung.QUOTATIONS,
            quotations=tuple(chosen),
        )
    )


def _is_told_of_enough(request: TableRequest, hearing: Hearing) -> bool:
    """Whether the release says of the code's own cell that at least t are in it."""
    if not request.records or request.ladder is None:
        return False
    records, spoken = request.records[0], request.ladder.spoken
    return any(
        told.codes == spoken and told.low >= hearing.threshold
        for told in hearing.accepted
        if (told.variable, told.round) == (records.variable.name, records.round)
    )


def may_be_quoted(quotation: Quotation, policy: Policy) -> bool:
    """P9: consent to this answer, two readers, no group or place, and others of the same code."""
    if not policy.applies("P9"):
        return True
    return (
        quotation.has_consent
        and len(quotation.readers) >= policy.quotation_readers
        and not quotation.names_group_or_place
        and len(quotation.people_of_code) >= policy.quotation_people
    )
