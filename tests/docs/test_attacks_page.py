"""Does the page about attacks say what the suite measured, and is every attack on it?"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tools.attacks_page import (
    ATTACKS,
    PAGE,
    STORED,
    WITHOUT_FIGURE,
    page_of,
    put_together,
)

ROOT = Path(__file__).resolve().parents[2]
ROWS = json.loads(STORED.read_text(encoding="utf-8"))["figures"]


def test_the_page_is_written_from_the_stored_figures() -> None:
    assert PAGE.read_text(encoding="utf-8") == page_of(ROWS)
    assert put_together(ROWS) == ROWS


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_has_a_figure_that_is_promised_or_a_reason(attack: str) -> None:
    kinds = {row["kind"] for row in ROWS if row["attack"] == attack}
    assert (attack in WITHOUT_FIGURE) != bool(kinds & {"promised", "measured"})


def test_what_is_promised_is_kept() -> None:
    for row in ROWS:
        if row["kind"] == "promised":
            assert row["exact"] == 0, row
            assert row["hits"] / row["tries"] - row["chance"] <= 0.02, row


def test_every_attack_of_the_suite_is_on_the_page() -> None:
    """Ids named where the suite measures stand on the page, and the other way round."""
    sources = [p.read_text(encoding="utf-8") for p in (ROOT / "tests/attacks").rglob("*.py")]
    named = set(re.findall(r'"(A\d{1,2})"', "\n".join(sources)))
    assert {row["attack"] for row in ROWS} == named
    assert named | set(WITHOUT_FIGURE) == set(ATTACKS)
