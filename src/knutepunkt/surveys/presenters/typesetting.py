"""How does a sheet become a PDF: accessible, with our own typefaces, the same every time?

A sheet is a typst file beside this module. What it shows is handed over as JSON, never pasted into
the file, so that no group's name can be read as an instruction. The document carries no date, so
the same content gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

from knutepunkt.shared.typefaces import TYPEFACES
from knutepunkt.shared.wording import reader_language

SHEETS = Path(__file__).resolve().parent / "sheets"


def typeset(sheet: str, content: Mapping[str, Any], *, title: str) -> bytes:
    """Return the sheet filled with content, in the language that is active.

    The standard is PDF/UA-1: tagged, with title, language and alternative texts.
    """
    language = reader_language()
    handed = {**content, "title": title, "lang": language}
    return typst.compile(
        SHEETS / f"{sheet}.typ",
        root=SHEETS,
        font_paths=[TYPEFACES],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(handed, ensure_ascii=False)},
        format="pdf",
        pdf_standards=["ua-1"],
    )


def short_address() -> str:
    """Return the address a person types by hand: without the protocol, down to ``/s``."""
    return settings.SITE_URL.split("://", 1)[-1] + "/s"


def slip_address(code: str) -> str:
    """Return the full address in a slip's QR code."""
    return f"{settings.SITE_URL}/s/{code}"


def qr_code(address: str) -> str:
    """Return the address as a QR code (SVG), sturdy enough for a folded slip."""
    drawn = segno.make(address, error="m", micro=False)
    return str(drawn.svg_inline(border=0, scale=4, dark="#000", light=None))
