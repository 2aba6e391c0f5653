"""How often did an attack succeed, against how often guessing does?"""

from __future__ import annotations

import json
import math
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

LIMIT = 0.02
GATE = "KP-1"


@dataclass(frozen=True)
class Measured:
    """An attack's tries, its hits, what chance would have hit, and its exact disclosures.

    ``tries`` counts people or figures tried; ``hits`` those the attacker got right; ``chance`` is
    the share the same attacker gets right with what is public or what he knew before. ``exact``
    counts those he could prove. ``against`` is what was attacked.
    """

    attack: str
    tries_to: str
    tries: int
    hits: int
    chance: float
    exact: int
    against: str = GATE

    @property
    def advantage(self) -> float:
        """Success minus chance."""
        return self.hits / self.tries - self.chance

    @property
    def half_width(self) -> float:
        """Half of the 95 % interval of the success rate (normal, at least half a try)."""
        p = min(max(self.hits / self.tries, 0.5 / self.tries), 1 - 0.5 / self.tries)
        return 1.96 * math.sqrt(p * (1 - p) / self.tries)

    def write_down(self, part: str = "", *, kind: str = "measured") -> Measured:
        """Keep the figure for the page in docs, where the run asks for that.

        Parts of one measurement, told apart by ``part``, are put together on the page. ``kind`` is
        "promised" (must be harmless), "alternative" (must succeed) or "measured" (no promise).
        """
        folder = os.environ.get("KNUTEPUNKT_ATTACK_FIGURES")
        if folder:
            row = {**asdict(self), "kind": kind}
            name = re.sub(r"\W+", "_", f"{self.attack}-{part}-{self.against}-{self.tries_to}")
            Path(folder, f"{name[:150]}.json").write_text(
                json.dumps(row, ensure_ascii=False, default=int)
            )
        return self


def assert_harmless(measured: Measured) -> None:
    """At most two percentage points above chance, and nothing exact."""
    measured.write_down(kind="promised")
    assert measured.exact == 0, measured
    assert measured.advantage <= LIMIT, measured


def assert_succeeds(measured: Measured, *, exact: bool = True) -> None:
    """The attack has teeth: against this it proves something, or is far better than chance."""
    measured.write_down(kind="alternative")
    assert (measured.exact > 0) if exact else (measured.advantage > 5 * LIMIT), measured
