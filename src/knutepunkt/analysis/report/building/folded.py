"""What stands folded at the end: what cannot be shown, the method, and the certificate?"""

from __future__ import annotations

from collections.abc import Mapping

from knutepunkt.analysis.disclosure import Kind, Rung
from knutepunkt.analysis.report.building.change import DESCRIBED, has_change, model_row
from knutepunkt.analysis.report.building.material import Material
from knutepunkt.analysis.report.building.privacy import counts, gate_number, rounding_note
from knutepunkt.analysis.report.building.standing import primary_scale
from knutepunkt.analysis.report.structure import (
    Block,
    Figure,
    FigureHere,
    Paragraph,
    Section,
    Table,
    TableHere,
)
from knutepunkt.analysis.report.values import Day, Number, Sentence, Source, Unit, Value, Verbatim

FACT = Source("protocol")
METHODS = (
    *("T1", "T2", "T5", "T5-retest", "T6", "T6-rounds", "T6-trend", "T6-odds"),
    *("T6-pairs", "T6-links"),
)
LATER = ("T12-flow", "T12", "T10", "T11", "T13-coders", "K1", "C-STROBE", "C-CHERRIES", "C-GRAMMS")
"""Tables for the methods reader that stand behind a figure where one could be drawn."""


def withheld_section(material: Material) -> Section:
    """One paragraph, not a list of holes."""
    found = counts(material)
    coarser = found["merged"] + found["banded"] + found["only_n"]
    if not _tells_of_answers(material):
        sentences = [Sentence("withheld.everything"), Sentence("withheld.few")]
    elif coarser + found["withheld"] == 0:
        sentences = [Sentence("withheld.nothing"), rounding_note(material)]
    else:
        counted = "counted" if found["withheld"] else "counted_all"
        words = {
            "planned": gate_number(found["planned"]),
            "full": gate_number(found["full"]),
            "coarser": gate_number(coarser),
            "withheld": gate_number(found["withheld"]),
        }
        sentences = [
            Sentence("withheld.few"),
            Sentence(f"withheld.{counted}", words),
            rounding_note(material),
        ]
    return Section(
        "withheld", Sentence("heading.withheld"), (Paragraph(tuple(sentences)),), folded=True
    )


def _tells_of_answers(material: Material) -> bool:
    """Whether any figure about what people answered came out; who was asked is another matter."""
    return any(
        each.kind not in (Kind.FLOW, Kind.PARTICIPATION) and each.rung is not Rung.ONLY_N
        for each in material.judgement.released
    )


def method_section(
    material: Material, tables: Mapping[str, Table], figures: Mapping[str, Figure]
) -> Section:
    """How the figures were made, and every table that stands nowhere else."""
    blocks: list[Block] = [
        Paragraph((Sentence("method.lead"),)),
        Paragraph(tuple(_protocol(material))),
        Paragraph(tuple(_choices(material))),
        Paragraph(tuple(_figures(material))),
    ]
    blocks += [TableHere(name) for name in METHODS if name in tables]
    blocks += [FigureHere(name) for name in ("F5-sd", "F5-mid") if name in figures]
    blocks += [FigureHere("F6")] if "F6" in figures else []
    blocks += [TableHere(name) for name in ("T8", "T8-groups", "T9") if name in tables]
    blocks += [FigureHere(name) for name in ("F8", "F9", "F7") if name in figures]
    behind = {figure.table for figure in figures.values()}
    blocks += [TableHere(name) for name in LATER if name in tables and name not in behind]
    return Section("method", Sentence("heading.method"), tuple(blocks), folded=True)


def _protocol(material: Material) -> list[Sentence]:
    protocol, instrument = material.design.protocol, material.instrument
    locked: dict[str, Value] = {
        "day": Day(protocol.locked_on),
        "hash": Verbatim(protocol.hash[:16]),
    }
    form: dict[str, Value] = {
        "title": instrument.title,
        "version": Verbatim(instrument.plain_version),
    }
    deviations = [Sentence("method.deviation", {"text": text}) for text in protocol.deviations]
    return [
        Sentence("method.protocol", locked),
        *(deviations or [Sentence("method.no_deviation")]),
        Sentence("method.instrument", form),
    ]


def _choices(material: Material) -> list[Sentence]:
    scale = primary_scale(material.design)
    chosen = []
    if scale is not None:
        chosen.append(Sentence("method.primary", {"scale": scale.texts}))
    chosen.append(Sentence("method.findings_rule"))
    if material.design.is_single:
        chosen.append(Sentence("method.single_primary"))
    elif scale is not None and scale.smallest_change is not None:
        smallest = Number(scale.smallest_change, Unit.SCORE, FACT, 1)
        chosen.append(Sentence("method.smallest", {"smallest": smallest}))
    return chosen


def _figures(material: Material) -> list[Sentence]:
    told = [Sentence("method.shares_no_groups")]
    if material.design.has_groups:
        told = [Sentence("method.shares"), Sentence("method.shares_wide")]
    scales = material.instrument.scales
    if scales:
        least = Verbatim(scales[0].minimum_answered)
        told.append(Sentence("method.scoring", {"least": least}))
    told.append(Sentence("method.missing"))
    if has_change(material):
        rows = dict.fromkeys(
            row for place in material.plan.places("T6") if (row := model_row(material, place))
        )
        if set(rows) - {DESCRIBED}:
            told.append(Sentence(f"method.{_model_message(material)}"))
        told += [_row(row) for row in rows]
    return told


def _row(row: str) -> Sentence:
    return Sentence("method.row", {"id": Verbatim(row), "row": Sentence(f"row.{row}")})


def _model_message(material: Material) -> str:
    if not material.design.has_groups:
        return "change_model_persons"
    return "change_model" if material.design.linked else "change_model_unlinked"


def approver_section() -> Section:
    """What the certificate says, for whoever wishes to check."""
    return Section(
        "approver",
        Sentence("heading.approver"),
        (
            Paragraph((Sentence("approver.lead"), Sentence("approver.verify"))),
            TableHere("T16"),
        ),
        folded=True,
    )
