"""Which codes do participants' pages take? A slip is its own authority and belongs to no account."""

from __future__ import annotations

from . import Centre


def build(centre: Centre) -> None:
    """Fill in a code that was never handed out; what real codes show is tested with the pages."""
    centre.fill("answering-slip", code="K7M-4PX-9AC")
