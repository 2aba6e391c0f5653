"""Which disclosure policy does an organisation follow? KP-1, or a stricter one; never a laxer."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from knutepunkt.analysis.disclosure import Policy, PolicyBelowFloor, kp1
from knutepunkt.shared.errors import Refusal

#: The table of the file whose numbers hold for every organisation.
EVERYONE = "all"


class PolicyRefused(Refusal):
    """The installation's policy file asks for less protection than KP-1, or cannot be read.

    ``reason`` is for the operator.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(
            _(
                "The report could not be made, because the rules of this installation are not in "
                "order. Nothing is lost. Tell those who run the installation."
            )
        )
        self.reason = reason


def policy_of(organisation: str, *, sensitive: bool) -> Policy:
    """Return the policy of an organisation (its slug), strict where the theme asks for it.

    Raises:
        PolicyRefused: a number in the file is unknown or laxer than KP-1, or the file is unreadable.
    """
    policy = kp1()
    for table in (EVERYONE, organisation):
        policy = _stricter(policy, table, _tables().get(table, {}))
    return policy.for_theme(sensitive=sensitive)


def policy_problem() -> str:
    """Return what is wrong with the policy file, for the operator; empty when nothing is."""
    try:
        for organisation in [EVERYONE, *_tables()]:
            policy_of(organisation, sensitive=False)
    except PolicyRefused as refused:
        return refused.reason
    return ""


def _tables() -> dict[str, dict[str, float]]:
    path: Path | None = settings.POLICY_FILE
    if path is None:
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise PolicyRefused(f"{path} cannot be read as TOML ({problem}). Mend it.") from problem
    if not all(isinstance(table, dict) for table in found.values()):
        raise PolicyRefused(f"{path} holds numbers outside a table. Put them under [{EVERYONE}].")
    return found


def _stricter(policy: Policy, table: str, numbers: dict[str, float]) -> Policy:
    try:
        return policy.stricter(**numbers)
    except PolicyBelowFloor as refused:
        raise PolicyRefused(
            f"[{table}] in the policy file: {refused} is unknown, no number of its kind, or laxer "
            "than KP-1. Make it stricter, or remove it."
        ) from refused
