"""Compile every room's translations (.po to .mo) without the gettext programs."""

from __future__ import annotations

import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]


def compile_all(root: Path = ROOT / "src") -> int:
    """Write a .mo beside every .po that is newer; return how many were written."""
    written = 0
    for source in sorted(root.rglob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        polib.pofile(str(source), check_for_duplicates=True).save_as_mofile(str(target))
        written += 1
    return written


if __name__ == "__main__":
    sys.stdout.write(f"Translations compiled: {compile_all()} file(s).\n")
