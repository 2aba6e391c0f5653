"""Where do the typefaces lie that printed sheets are set in?"""

from __future__ import annotations

from pathlib import Path

#: Source Sans 3 (regular, semibold, italic) and Source Serif 4 (semibold); both under the SIL OFL.
TYPEFACES = Path(__file__).resolve().parent
