"""In which order is the report read, and what stands under each heading?"""

from __future__ import annotations

from collections.abc import Iterable

from knutepunkt.analysis.instruments.scales import ScaleRole
from knutepunkt.analysis.report.building.change import has_change
from knutepunkt.analysis.report.building.findings import findings
from knutepunkt.analysis.report.building.folded import (
    approver_section,
    method_section,
    withheld_section,
)
from knutepunkt.analysis.report.building.individual import deteriorated
from knutepunkt.analysis.report.building.material import Material
from knutepunkt.analysis.report.building.participation import (
    answered_without_slip,
    handed_out,
    unreadable,
)
from knutepunkt.analysis.report.planning.kinds import Part, items_of
from knutepunkt.analysis.report.structure import (
    Block,
    Figure,
    FigureHere,
    MarginNote,
    Paragraph,
    Section,
    Table,
    TableHere,
)
from knutepunkt.analysis.report.values import Number, Sentence, Source, Unit


class Drawn:
    """The tables and figures that were made, by id: what a section may place."""

    def __init__(self, tables: Iterable[Table], figures: Iterable[Figure]) -> None:
        self.tables = {table.id: table for table in tables}
        self.figures = {figure.id: figure for figure in figures}

    def place(self, *names: str) -> list[Block]:
        """The places of those figures and tables that exist, in this order."""
        blocks: list[Block] = []
        for name in names:
            if name in self.figures:
                blocks.append(FigureHere(name))
            elif name in self.tables:
                blocks.append(TableHere(name))
        return blocks


def sections(material: Material, drawn: Drawn) -> tuple[Section, ...]:
    """All sections in the order they are read; method, approver and withheld are folded."""
    return (
        Section("findings", Sentence("heading.findings"), findings(material)),
        _benefit(material, drawn),
        _helped(material, drawn),
        _difficult(material, drawn),
        *_words(material, drawn),
        _who(material, drawn),
        _use(),
        withheld_section(material),
        method_section(material, drawn.tables, drawn.figures),
        approver_section(),
    )


def paragraph(*messages: str) -> Paragraph:
    """A paragraph of sentences without parameters."""
    return Paragraph(tuple(Sentence(message) for message in messages))


def note(*messages: str) -> MarginNote:
    """A margin note of sentences without parameters."""
    return MarginNote(tuple(Sentence(message) for message in messages))


def _figures_of(material: Material, *roles: ScaleRole) -> list[str]:
    return [f"F3-{scale.id}" for scale in material.instrument.scales if scale.role in roles]


def _benefit(material: Material, drawn: Drawn) -> Section:
    perceived = _figures_of(material, ScaleRole.PERCEIVED_CHANGE)
    blocks: list[Block] = []
    if perceived:
        blocks += [paragraph("benefit.perceived"), note("benefit.recall", "benefit.survivors")]
    else:
        blocks.append(paragraph("benefit.plain"))
    blocks += drawn.place(*perceived)
    if has_change(material):
        blocks += [paragraph("benefit.change_among"), note("benefit.associated")]
        blocks += drawn.place("F4")
    blocks += drawn.place(*_figures_of(material, ScaleRole.OUTCOME), "F3-other")
    blocks.append(note("benefit.no_comparison"))
    return Section("benefit", Sentence("heading.benefit"), tuple(blocks))


def _helped(material: Material, drawn: Drawn) -> Section:
    if not items_of(material.instrument, Part.MECHANISM):
        blocks: list[Block] = [paragraph("helped.none_asked")]
    else:
        blocks = [
            paragraph("helped.lead"),
            *drawn.place(*_figures_of(material, ScaleRole.MECHANISM)),
        ]
    return Section("helped", Sentence("heading.helped"), tuple(blocks))


def _difficult(material: Material, drawn: Drawn) -> Section:
    if not items_of(material.instrument, Part.HARM):
        blocks: list[Block] = [paragraph("difficult.none_asked")]
    else:
        blocks = [
            paragraph("difficult.lead", "difficult.counts"),
            *drawn.place("F3-harm"),
            note("difficult.phone"),
        ]
    if "T7" in drawn.tables:
        blocks += [Paragraph(deteriorated(material)), TableHere("T7", folded=True)]
    return Section("difficult", Sentence("heading.difficult"), tuple(blocks))


def _words(material: Material, drawn: Drawn) -> tuple[Section, ...]:
    """What people wrote themselves; no section where nobody coded it."""
    if "T13" not in drawn.tables:
        return ()
    coders = "words.lead_two" if material.design.coders > 1 else "words.lead_one"
    blocks: list[Block] = [paragraph("words.asked", coders), note("words.unit")]
    if "T14" in drawn.tables:
        blocks += [paragraph("words.quoted"), TableHere("T14"), note("words.own_language")]
    blocks.append(TableHere("T13", folded="T14" in drawn.tables))
    return (Section("words", Sentence("heading.words"), tuple(blocks)),)


def _who(material: Material, drawn: Drawn) -> Section:
    blocks: list[Block] = []
    handed = handed_out(material, material.design.last.id)
    if material.design.has_groups and isinstance(handed, Number) and material.design.slips:
        groups = Number(len(material.design.last.groups), Unit.COUNT, Source("design.groups"))
        words = {"handed": handed, "groups": groups}
        slips = "slips_single" if material.design.is_single else "slips"
        blocks.append(Paragraph((Sentence(f"who.{slips}", words),)))
    if not material.design.has_groups:
        blocks.append(paragraph("who.no_groups"))
    blocks += drawn.place("F1", "F2")
    if "T3" in drawn.tables:
        asked_own = any(item.own for item in items_of(material.instrument, Part.BACKGROUND))
        # What the centre asked itself is looked for, so it is not folded away.
        blocks += [paragraph("who.own")] if asked_own else []
        blocks.append(TableHere("T3", folded=not asked_own))
    if answered_without_slip(material):
        blocks.append(note("who.without_slip"))
    if material.design.slips:
        blocks.append(note(unreadable(material)))
    heading = Sentence("heading.unknown")
    unknown = [Sentence("who.unknown"), Sentence("who.missing")]
    blocks.append(Paragraph(tuple(unknown), heading))
    if material.design.retrospective:
        blocks.append(note("who.left"))
    return Section("who", Sentence("heading.who"), tuple(blocks))


def _use() -> Section:
    return Section(
        "use",
        Sentence("heading.use"),
        tuple(
            paragraph(f"use.{name}") for name in ("share", "difficult", "cite", "compare", "again")
        ),
    )
