"""How is an SVG document put together, with its title, its description and nothing that varies?"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from knutepunkt.evaluations.presenters.drawing.ink import INK, TONES
from knutepunkt.evaluations.presenters.drawing.type import FAMILY

NEEDS_ESCAPE = re.compile("[&<>\"'\\n\\r\\t]")


def coordinate(value: float) -> str:
    """A coordinate with at most one decimal, so that drawings are the same everywhere."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def quoted(value: float | str) -> str:
    """An attribute in quotation marks; most hold nothing that needs another form."""
    if not isinstance(value, str):
        return f'"{coordinate(value)}"'
    return quoteattr(value) if NEEDS_ESCAPE.search(value) else f'"{value}"'


class Canvas:
    """A drawing that grows downwards; `mark` keeps its ids apart from those of other drawings."""

    def __init__(self, width: float, *, mark: str) -> None:
        self.width = width
        self.mark = mark
        self.parts: list[str] = []

    def add(self, name: str, text: str = "", /, **attributes: float | str) -> None:
        """One element; underscores in attribute names become hyphens, numbers coordinates."""
        written = "".join(
            f" {key.rstrip('_').replace('_', '-')}={quoted(value)}"
            for key, value in attributes.items()
        )
        body = f">{escape(text)}</{name}>" if text else "/>"
        self.parts.append(f"<{name}{written}{body}")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 15,
        fill: str = INK,
        bold: bool = False,
        anchor: str = "start",
    ) -> None:
        """One line of text with its baseline at y."""
        extra: dict[str, float | str] = {"font_weight": "600"} if bold else {}
        if anchor != "start":
            extra["text_anchor"] = anchor
        self.add("text", text, x=x, y=y, font_size=size, fill=fill, **extra)

    def tone_box(self, x: float, y: float, width: float, height: float, tone: int) -> None:
        """A segment in its tone: outlined in ink, hatched at the two ends."""
        self._rect(x, y, width, height, fill=TONES[tone].fill)
        if TONES[tone].hatch:
            self._rect(x, y, width, height, fill=f"url(#{self._hatch_id(tone)})")
        self._rect(x, y, width, height, fill="none", stroke=INK)

    def _rect(self, x: float, y: float, width: float, height: float, **paint: str) -> None:
        self.add("rect", x=x, y=y, width=width, height=height, **paint)

    def open_box(self, x: float, y: float, width: float, height: float) -> None:
        """What is not known: a dashed outline, no fill."""
        self.add(
            "rect", x=x, y=y, width=width, height=height,
            fill="none", stroke=INK, stroke_width=1, stroke_dasharray="4 3",
        )  # fmt: skip

    def _hatch_id(self, tone: int) -> str:
        return f"{self.mark}-hatch-{TONES[tone].hatch}"

    def _hatches(self) -> str:
        paths = {"up": "M-2 2L2 -2M0 8L8 0M6 10L10 6", "down": "M-2 6L2 10M0 0L8 8M6 -2L10 2"}
        drawn = "".join(
            f'<pattern id="{self._hatch_id(tone)}" width="8" height="8" '
            f'patternUnits="userSpaceOnUse"><path d="{paths[TONES[tone].hatch]}" '
            f'stroke="#FFFFFF" stroke-opacity="0.3" stroke-width="1"/></pattern>'
            for tone in (-2, 2)
            if any(f"url(#{self._hatch_id(tone)})" in part for part in self.parts)
        )
        return f"<defs>{drawn}</defs>" if drawn else ""

    def document(
        self, height: float, *, title: str, description: str, language: str, css: str = ""
    ) -> str:
        """The finished SVG: named and described for those who do not see it."""
        size = f"{coordinate(self.width)} {coordinate(height)}"
        names = f"{self.mark}-title {self.mark}-desc" if description else f"{self.mark}-title"
        described = (
            f'<desc id="{self.mark}-desc">{escape(description)}</desc>' if description else ""
        )
        css_class = f" class={quoteattr(css)}" if css else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" '
            f'width="{coordinate(self.width)}" height="{coordinate(height)}" '
            f'role="img" aria-labelledby="{names}" lang="{language}"{css_class} '
            f'font-family="{FAMILY}"><title id="{self.mark}-title">{escape(title)}</title>'
            f"{described}{self._hatches()}{''.join(self.parts)}</svg>"
        )
