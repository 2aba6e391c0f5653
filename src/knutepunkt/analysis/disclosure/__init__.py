"""The gate: what may be shown about people, judged with all that was shown before."""

from knutepunkt.analysis.disclosure.gate import Judgement, judge
from knutepunkt.analysis.disclosure.ladder import Band, Ladder, Rung
from knutepunkt.analysis.disclosure.ledger import (
    BrokenChain,
    Ledger,
    LedgerEntry,
    append,
    verify_chain,
)
from knutepunkt.analysis.disclosure.policy import (
    Audience,
    Policy,
    PolicyBelowFloor,
    kp1,
    policy_for,
)
from knutepunkt.analysis.disclosure.record_sets import RecordSet
from knutepunkt.analysis.disclosure.released import (
    Cause,
    CountClass,
    Finding,
    Released,
    ReleasedCell,
    ReleasedQuotation,
    ResponseClass,
    Withheld,
)
from knutepunkt.analysis.disclosure.rounding import ReleasedNumber
from knutepunkt.analysis.disclosure.statements import (
    Component,
    Count,
    GroupResponse,
    Kind,
    ModelSize,
    Number,
    NumberKind,
    Quotation,
    Records,
    Statement,
    TableRequest,
    Variable,
)

__all__ = [
    "Audience",
    "Band",
    "BrokenChain",
    "Cause",
    "Component",
    "Count",
    "CountClass",
    "Finding",
    "GroupResponse",
    "Judgement",
    "Kind",
    "Ladder",
    "Ledger",
    "LedgerEntry",
    "ModelSize",
    "Number",
    "NumberKind",
    "Policy",
    "PolicyBelowFloor",
    "Quotation",
    "RecordSet",
    "Records",
    "Released",
    "ReleasedCell",
    "ReleasedNumber",
    "ReleasedQuotation",
    "ResponseClass",
    "Rung",
    "Statement",
    "TableRequest",
    "Variable",
    "Withheld",
    "append",
    "judge",
    "kp1",
    "policy_for",
    "verify_chain",
]
