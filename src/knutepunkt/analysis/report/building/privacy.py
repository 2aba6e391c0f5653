"""How does the report tell what protected the answers (T16)?"""

from __future__ import annotations

from collections import Counter

from knutepunkt.analysis.disclosure import Rung
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import Material
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import Number, Sentence, Source, Unit, Value, Verbatim

GATE = Source("gate.certificate")


def counts(material: Material) -> dict[str, int]:
    """How many planned figures came out in which form; group classes and flow count as shown."""
    rungs = Counter(each.rung for each in material.judgement.released)
    merged = sum(
        1 for each in material.judgement.released if _is_merged(material, each.table, each.cell)
    )
    banded = rungs[Rung.BAND] + rungs[Rung.CLASS]
    planned = len(material.judgement.released) + len(material.judgement.withheld)
    full = rungs[Rung.CATEGORIES] + rungs[Rung.FIGURES] + rungs[Rung.QUOTATIONS] - merged
    return {
        "planned": planned,
        "full": full,
        "merged": merged,
        "banded": banded,
        "only_n": rungs[Rung.ONLY_N],
        "withheld": len(material.judgement.withheld),
    }


def _is_merged(material: Material, table: str, cell: str) -> bool:
    place = material.place(table, cell)
    released = material.judgement.figure(table, cell)
    if place is None or released is None or not released.categories:
        return False
    try:
        item = material.instrument.item(place.subject)
    except KeyError:
        return False
    return len(released.categories) < len(material.instrument.response_set_of(item).codes)


def gate_number(value: float) -> Number:
    """A number about the gate's work, not about answers."""
    return Number(value, Unit.COUNT, GATE)


def privacy_table(material: Material) -> Table:
    """T16: policy, what was merged and withheld, the ledger's root, and what was tried."""
    proof = material.judgement.certificate
    policy = material.policy
    rows: list[tuple[str, Value]] = [
        ("policy", Verbatim(policy.version)),
        ("policy_hash", Verbatim(policy.hash)),
        ("audience", Sentence(f"audience.{material.design.audience.value}")),
        ("threshold", gate_number(material.threshold)),
    ]
    if material.design.has_groups:
        rows.append(("groups", gate_number(policy.groups)))
    else:
        rows.append(("no_groups", Sentence("privacy.no_groups_said")))
    rows += [(name, gate_number(count)) for name, count in counts(material).items()]
    rows += [
        ("adversaries", _adversaries(material)),
        ("earlier", gate_number(proof["ledger"]["releases_before"])),
        ("ledger", Verbatim(proof["ledger"]["root_before"])),
        ("software", Verbatim(proof["software_hash"])),
        ("protocol", Verbatim(material.design.protocol.hash)),
        ("instrument", Verbatim(material.instrument.hash)),
    ]
    return Table(
        "T16",
        Sentence("table.T16"),
        columns("part", "content"),
        tuple(Row(key, (Sentence(f"privacy.{key}"), value)) for key, value in rows),
        (rounding_note(material),),
    )


def _adversaries(material: Material) -> Sentence:
    members = gate_number(material.policy.coalition)
    return Sentence("privacy.adversaries_said", {"members": members})


def rounding_note(material: Material) -> Sentence:
    """How numbers are rounded under the policy's limit."""
    policy = material.policy
    return Sentence(
        "withheld.rounded",
        {"limit": gate_number(policy.coarse_below), "step": gate_number(policy.coarse_step)},
    )
