"""Which of the planned figures may be shown to this audience, and as what?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from knutepunkt.analysis.disclosure.certificate import certificate, release_document
from knutepunkt.analysis.disclosure.difference import PublishedSets, TooManyComparisons
from knutepunkt.analysis.disclosure.figures import (
    judge_flow,
    judge_mean,
    judge_model,
    judge_participation,
)
from knutepunkt.analysis.disclosure.frequency import judge_frequency
from knutepunkt.analysis.disclosure.hearing import Hearing, Ruling
from knutepunkt.analysis.disclosure.ladder import Rung
from knutepunkt.analysis.disclosure.ledger import BrokenChain, Ledger, MissingContributors
from knutepunkt.analysis.disclosure.policy import Audience, Policy, PolicyBelowFloor
from knutepunkt.analysis.disclosure.quotations import judge_quotations
from knutepunkt.analysis.disclosure.record_sets import RecordSet
from knutepunkt.analysis.disclosure.released import Cause, Finding, Released, Withheld
from knutepunkt.analysis.disclosure.statements import Kind, Statement, TableRequest
from knutepunkt.analysis.disclosure.told_categories import judge_odds
from knutepunkt.analysis.disclosure.witness import SolverStopped


@dataclass(frozen=True)
class Judgement:
    """The gate's answer: what may be shown, what stays behind, and the proof.

    Attributes:
        released: the figures that may be shown, in the order they were asked for.
        withheld: the others; ``detail`` is for the operator and never depends on an answer.
        findings: what the second person reads: codes and numbers, true of the release as a whole.
        statements: what the ledger stores of the release.
        contributors: the record sets the vault keeps, by key.
        document: the release as data, as the certificate's hash covers it.
        certificate: see ``certificate.certificate``.
        witnesses: integer problems solved, for the operator. How many depends on which rungs were
            tried, so it stands in nothing that is read.
    """

    released: tuple[Released, ...]
    withheld: tuple[Withheld, ...]
    findings: tuple[Finding, ...]
    statements: tuple[Statement, ...]
    contributors: dict[str, RecordSet]
    document: dict[str, Any]
    certificate: dict[str, Any]
    witnesses: int = 0

    def figure(self, table: str, cell: str) -> Released | None:
        """The released figure of that name, or None where it was withheld."""
        wanted = (table, cell)
        return next((r for r in self.released if (r.table, r.cell) == wanted), None)


JUDGES: dict[Kind, Callable[[TableRequest, Hearing], Ruling | None]] = {
    Kind.FREQUENCY: judge_frequency,
    Kind.MEAN: judge_mean,
    Kind.MODEL: judge_model,
    Kind.ODDS: judge_odds,
    Kind.PARTICIPATION: judge_participation,
    Kind.FLOW: judge_flow,
    Kind.QUOTATION: judge_quotations,
}


def judge(
    requests: Sequence[TableRequest], *, policy: Policy, audience: Audience, ledger: Ledger
) -> Judgement:
    """Judge a planned release together with everything released before.

    Figures are judged in the order given, each at the finest rung of its ladder that passes with
    the ledger and with the figures accepted before it; the whole is then audited once more. The
    function is pure: the same input gives the same judgement, and nothing is stored.

    Args:
        requests: the planned figures, most important first.
        policy: KP-1 or stricter.
        audience: who will read the release.
        ledger: earlier releases, with the contributor sets from the vault.

    Returns:
        The judgement. It never raises: whatever goes wrong withholds, with a cause (P11).
    """
    try:
        policy.check_floor()
        earlier = _earlier(ledger, policy)
    except PolicyBelowFloor as refusal:
        return _nothing(requests, policy, audience, ledger, Cause.POLICY_BELOW_FLOOR, str(refusal))
    except BrokenChain as refusal:
        return _nothing(requests, policy, audience, ledger, Cause.LEDGER_BROKEN, str(refusal))
    except MissingContributors:
        detail = "contributor set missing"
        return _nothing(requests, policy, audience, ledger, Cause.LEDGER_BROKEN, detail)
    hearing = Hearing.opened(policy, audience, len(ledger.entries) + 1, earlier, requests)
    hearing.has_groups = all(r.groups is not None for q in requests for r in q.records)
    rulings: list[Ruling] = []
    withheld: list[Withheld] = []
    for request in requests:
        outcome = _rule(request, hearing)
        if isinstance(outcome, Ruling):
            hearing.accept(outcome)
            rulings.append(outcome)
        else:
            withheld.append(outcome)
    if not _audit(rulings, hearing):
        return _nothing(requests, policy, audience, ledger, Cause.AUDIT_DISAGREES, "")
    return _judgement(tuple(rulings), tuple(withheld), hearing, ledger)


def _earlier(ledger: Ledger, policy: Policy) -> tuple[RecordSet, ...]:
    """Everything published before, from a ledger that is whole (P11)."""
    if policy.applies("P11"):
        return ledger.verified_sets()
    return tuple(ledger.contributors.values())


def _rule(request: TableRequest, hearing: Hearing) -> Ruling | Withheld:
    """The ruling on one figure; anything unexpected withholds it."""
    name = (request.table, request.cell)
    if not all(records.closed for records in request.records) and hearing.policy.applies("P7"):
        return Withheld(*name, Cause.ROUND_OPEN)
    if any(records.round in hearing.shut for records in request.records):
        return Withheld(*name, Cause.PROTECTION)
    try:
        ruling = JUDGES[request.kind](request, hearing)
    except TooManyComparisons:
        return Withheld(*name, Cause.TOO_MANY_COMPARISONS)
    except SolverStopped:
        return Withheld(*name, Cause.SOLVER_STOPPED)
    except Exception as error:  # P11: no error may let a figure out, or name an answer
        return Withheld(*name, Cause.NOT_EXPRESSIBLE, type(error).__name__)
    return ruling or Withheld(*name, Cause.PROTECTION)


def _audit(rulings: list[Ruling], hearing: Hearing) -> bool:
    """The whole release once more, from the other end: every pair of sets, names unique."""
    names = [(r.released.table, r.released.cell) for r in rulings]
    if len(set(names)) != len(names):
        return False
    afresh = PublishedSets(hearing.policy, hearing.places, hearing.earlier)
    try:
        return not afresh.would_single_out(hearing.accepted)
    except TooManyComparisons:
        return False


def _judgement(
    rulings: tuple[Ruling, ...],
    withheld: tuple[Withheld, ...],
    hearing: Hearing,
    ledger: Ledger,
) -> Judgement:
    released = tuple(ruling.released for ruling in rulings)
    statements = tuple(ruling.statement for ruling in rulings)
    findings = _findings(released, withheld, hearing)
    document = release_document(released, tuple((w.table, w.cell) for w in withheld))
    proof = certificate(
        policy=hearing.policy,
        audience=hearing.audience,
        ledger_root=ledger.root,
        ledger_length=len(ledger.entries),
        document=document,
        statements=tuple(statement.as_json() for statement in statements),
        findings=findings,
        has_groups=hearing.has_groups,
    )
    contributors = {record_set.key: record_set for record_set in hearing.accepted}
    return Judgement(
        released,
        withheld,
        findings,
        statements,
        contributors,
        document,
        proof,
        witnesses=hearing.budget.used,
    )


def _findings(
    released: tuple[Released, ...], withheld: tuple[Withheld, ...], hearing: Hearing
) -> tuple[Finding, ...]:
    """What the second person may read: the rules that hold, and what the release itself shows."""
    policy = hearing.policy
    by_rung = [figure.rung for figure in released]
    t = ("threshold", hearing.threshold)
    groups = (("groups", policy.groups),) if hearing.has_groups else ()
    coalition = (Finding("coalition", (("members", policy.coalition),)),)
    return (
        Finding("contributors", (t, *groups)),
        Finding("difference", (t,)),
        *(coalition if hearing.has_groups else ()),
        Finding("shown", (("figures", len(released)),)),
        *(
            Finding(str(rung), (("figures", by_rung.count(rung)),))
            for rung in Rung
            if rung in by_rung
        ),
        Finding("withheld", (("figures", len(withheld)),)),
    )


def _nothing(
    requests: Sequence[TableRequest],
    policy: Policy,
    audience: Audience,
    ledger: Ledger,
    cause: Cause,
    detail: str,
) -> Judgement:
    """Everything withheld for one cause."""
    withheld = tuple(Withheld(r.table, r.cell, cause, detail) for r in requests)
    hearing = Hearing.opened(policy, audience, len(ledger.entries) + 1, (), ())
    return _judgement((), withheld, hearing, ledger)
