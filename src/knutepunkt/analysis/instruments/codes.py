"""How is an answer to a closed question stored as a small whole number?

Options carry the codes 1..k. No answer is null. Two answers stand outside the options and are
negative, so that no scale can mistake them for a point on it.
"""

from __future__ import annotations

from typing import Final

DOES_NOT_APPLY: Final = -1
PREFER_NOT_TO_SAY: Final = -2
OUTSIDE_THE_OPTIONS: Final = (DOES_NOT_APPLY, PREFER_NOT_TO_SAY)
LARGEST_CODE: Final = 120  # codes live in an eight-bit column
