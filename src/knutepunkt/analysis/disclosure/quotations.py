"""Which words of a participant may be quoted (P9)?"""

from __future__ import annotations

from knutepunkt.analysis.disclosure.hearing import Hearing, Ruling
from knutepunkt.analysis.disclosure.ladder import Rung
from knutepunkt.analysis.disclosure.policy import Policy
from knutepunkt.analysis.disclosure.released import Released, ReleasedQuotation
from knutepunkt.analysis.disclosure.statements import Quotation, TableRequest


def judge_quotations(request: TableRequest, hearing: Hearing) -> Ruling | None:
    """The quotations that may be told, by code and then by their words; None where none may.

    The order says nothing about who came first, and how many stayed behind is not told.
    """
    told = {
        ReleasedQuotation(quotation.code, quotation.words)
        for quotation in request.quotations
        if may_be_quoted(quotation, hearing.policy)
    }
    if not told:
        return None
    ordered = tuple(sorted(told, key=lambda each: (each.code, each.words)))
    return Ruling(
        Released(
            request.table, request.cell, str(request.kind), Rung.QUOTATIONS, quotations=ordered
        )
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
