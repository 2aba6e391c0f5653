"""Where does the report answer what reporting guidelines ask (STROBE, CHERRIES, GRAMMS)?

The points are in our own words and numbered as in the guidelines. What a study did not do is said
as such; nothing is left for somebody to fill in from memory.
Sources: von Elm et al. (2007); Eysenbach (2004); O'Cathain, Murphy and Nicholl (2008).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from knutepunkt.analysis.instruments.items import ItemKind
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import Material
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import Sentence, Value, Verbatim

# Point -> the section that answers it, or the tables and figures, of which those that exist are
# named. A point that names tables alone is "not done" where none of them exists.
STROBE: dict[str, str | tuple[str, ...]] = {
    "1": "lead", "2": "method", "3": "method", "4": "method", "5": "lead", "6": "who",
    "7": "method", "8": ("T5", "T4"), "9": "who", "10": "method", "11": ("T5",),
    "12": ("T6", "T8", "T12", "T4"), "13": ("T1",), "14": ("T3",), "15": ("T4", "T5"),
    "16": ("T6", "T8"), "17": ("T10", "T11", "T7"), "18": "findings", "19": "withheld",
    "20": "benefit", "21": "who", "22": "protocol",
}  # fmt: skip
CHERRIES: dict[str, str | tuple[str, ...]] = {
    "design": "lead", "approval": "protocol", "consent": "opening", "protection": "approver",
    "development": "method", "recruitment": ("T1",), "administration": "opening",
    "voluntary": "opening", "items": "method", "rate": ("T1", "T2"), "twice": "slips",
    "incomplete": "missing", "analysis": "method",
}  # fmt: skip
GRAMMS: dict[str, str | tuple[str, ...]] = {
    "why": "open",
    "design": "open",
    "each": "open",
    "joined": "joint",
    "limits": "joint",
}


def checklists(material: Material, tables: Collection[str]) -> tuple[Table, ...]:
    """C-STROBE and C-CHERRIES always; C-GRAMMS where the study asked anything in people's own words."""
    found = [
        _checklist("strobe", STROBE, tables),
        _checklist("cherries", CHERRIES, tables),
    ]
    if any(item.kind is ItemKind.FREE_TEXT for item in material.instrument.items):
        found.append(_checklist("gramms", GRAMMS, tables))
    return tuple(found)


def _checklist(
    name: str, points: Mapping[str, str | tuple[str, ...]], tables: Collection[str]
) -> Table:
    rows = tuple(
        Row(f"{name}-{point}", (Sentence(f"{name}.{point}"), _answer(where, tables)))
        for point, where in points.items()
    )
    return Table(
        f"C-{name.upper()}",
        Sentence(f"table.{name}"),
        columns("point", "where"),
        rows,
        (Sentence("note.checklist"),),
    )


def _answer(where: str | tuple[str, ...], tables: Collection[str]) -> Value:
    if isinstance(where, str):
        return Sentence(f"where.{where}")
    there = [name for name in sorted(tables) if name in where or name.split("-")[0] in where]
    return Verbatim(", ".join(there)) if there else Sentence("where.not_done")
