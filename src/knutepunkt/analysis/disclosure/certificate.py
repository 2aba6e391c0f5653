"""How does a release prove what it was judged by?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from knutepunkt.analysis.disclosure.ledger import digest
from knutepunkt.analysis.disclosure.policy import Audience, Policy
from knutepunkt.analysis.disclosure.released import Finding, Released

FORMAT = "knutepunkt-certificate-1"
NEEDS_VAULT = ("P1", "P3", "P4", "P5", "P6", "P7", "P9")


def software_hash() -> str:
    """SHA-256 over the gate's own files, in the order of their names."""
    total = hashlib.sha256()
    package = resources.files("knutepunkt.analysis.disclosure")
    sources = [item for item in package.iterdir() if item.name.endswith(".py")]
    for source in sorted(sources, key=lambda item: item.name):
        total.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return total.hexdigest()


def release_document(
    released: tuple[Released, ...], withheld: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    """The release as data: every figure as told, and the names of those that are not."""
    return {
        "format": "knutepunkt-release-1",
        "figures": [figure.as_json() for figure in released],
        "withheld": [{"table": table, "cell": cell} for table, cell in withheld],
    }


def certificate(
    *,
    policy: Policy,
    audience: Audience,
    ledger_root: str,
    ledger_length: int,
    document: dict[str, Any],
    statements: tuple[dict[str, Any], ...],
    findings: tuple[Finding, ...],
    has_groups: bool,
) -> dict[str, Any]:
    """The certificate of a release: what it was judged by and the hash of what it says.

    It is sealed by its own hash ("seal"); ``ledger_root`` is the ledger before this release.
    Nothing here depends on which rungs were tried or failed: the solver's limits stand here, not
    how often it was asked.
    """
    content: dict[str, Any] = {
        "format": FORMAT,
        "policy": policy.as_json(),
        "policy_hash": policy.hash,
        "audience": str(audience),
        "threshold": policy.threshold(audience),
        "ledger": {"root_before": ledger_root, "releases_before": ledger_length},
        "adversaries": {
            "public": True,
            "coalitions_up_to": policy.coalition,
            "over": "every published cell, every group size",
        },
        "solver": {
            "problems_at_most": policy.witnesses,
            "seconds_each_at_most": policy.solver_seconds,
            "unfinished": "withheld",
        },
        "design": {"groups": has_groups},
        "software_hash": software_hash(),
        "release_hash": digest(document),
        "figures": len(document["figures"]),
        "withheld": len(document["withheld"]),
        "statements": list(statements),
        "findings": [{"code": f.code, "numbers": dict(f.numbers)} for f in findings],
        "needs_vault": list(NEEDS_VAULT),
    }
    return {**content, "seal": digest(content)}


def is_sealed(stored: Mapping[str, Any]) -> bool:
    """Whether a certificate still is what its seal was taken of."""
    content = {key: value for key, value in stored.items() if key != "seal"}
    return bool(stored.get("seal") == digest(content))
