"""With which colours, lines and hatchings are figures drawn?"""

from __future__ import annotations

from dataclasses import dataclass

INK = "#2D2B29"
QUIET = "#605D59"
RULE = "#B9B2A9"
PAPER = "#FFFFFF"
ACCENT = "#1F5A57"


@dataclass(frozen=True)
class Tone:
    """One step from least to most favourable: its colour, what is read on it, and its hatching.

    `hatch` is the direction of the lines that tell the two ends apart without colour.
    """

    fill: str
    text: str
    hatch: str = ""


TONES = {
    -2: Tone("#8A3F22", PAPER, "down"),
    -1: Tone("#D99A7E", INK),
    0: Tone("#E4E1DD", INK),
    1: Tone("#7FB0AC", INK),
    2: Tone(ACCENT, PAPER, "up"),
}

DASHES = ("", "7 4", "2 4", "10 4 2 4", "4 2")
"""Lines of a trajectory are told apart by dashes and marks as well as by where they end."""
