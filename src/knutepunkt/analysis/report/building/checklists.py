"""How does the study answer what reporting guidelines ask (STROBE, CHERRIES, GRAMMS)?

The points are in our own words and numbered as in the guidelines. Each answer states what this study
did, from its protocol and configuration, or names the tables that show it. What was not done, and
what the protocol does not say, is said as such; nothing is left to fill in from memory.
Sources: von Elm et al. (2007); Eysenbach (2004); O'Cathain, Murphy and Nicholl (2008).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from knutepunkt.analysis.instruments.items import ItemKind
from knutepunkt.analysis.report.building import conduct
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import Material
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import Sentence, Value, Verbatim

Told = Callable[[Material], list[Sentence]]
Where = str | tuple[str, ...] | Told
"""A section of the report by name, tables of which those that exist are named ("not done" where none
does), or sentences about how the study was carried out."""

STROBE: dict[str, Where] = {
    "1": conduct.design, "2": "not_stated", "3": conduct.aims, "4": conduct.design,
    "5": conduct.setting, "6": conduct.participants, "7": conduct.questions, "8": ("T5", "T4"),
    "9": "who", "10": conduct.size, "11": conduct.scoring, "12": ("T6", "T8", "T12", "T4"),
    "13": ("T1",), "14": ("T3",), "15": ("T4", "T5"), "16": ("T6", "T8"),
    "17": ("T10", "T11", "T7", "T9"), "18": "findings", "19": "withheld", "20": "benefit",
    "21": conduct.applies_to, "22": "not_stated",
}  # fmt: skip
CHERRIES: dict[str, Where] = {
    "design": conduct.design, "approval": "not_stated", "consent": conduct.consent,
    "protection": conduct.protection, "development": conduct.development,
    "recruitment": conduct.recruitment, "administration": conduct.administration,
    "voluntary": conduct.voluntary, "items": conduct.questions, "rate": ("T1", "T2"),
    "twice": conduct.twice, "incomplete": "missing", "analysis": conduct.weighting,
}  # fmt: skip
GRAMMS: dict[str, Where] = {
    "why": conduct.own_words,
    "design": conduct.same_form,
    "each": ("T13",),
    "joined": ("T14",),
    "limits": ("T14",),
}
GRAMMS_CODED: dict[str, Where] = {**GRAMMS, "limits": "joint_coded"}


def checklists(material: Material, tables: Collection[str]) -> tuple[Table, ...]:
    """C-STROBE and C-CHERRIES always; C-GRAMMS where the study asked anything in people's own words."""
    found = [
        _checklist(material, "strobe", STROBE, tables),
        _checklist(material, "cherries", CHERRIES, tables),
    ]
    if any(item.kind is ItemKind.FREE_TEXT for item in material.instrument.items):
        points = GRAMMS_CODED if "T13" in tables else GRAMMS
        found.append(_checklist(material, "gramms", points, tables))
    return tuple(found)


def _checklist(
    material: Material, name: str, points: Mapping[str, Where], tables: Collection[str]
) -> Table:
    rows = tuple(
        Row(f"{name}-{point}", (Sentence(f"{name}.{point}"), _answer(material, where, tables)))
        for point, where in points.items()
    )
    return Table(
        f"C-{name.upper()}",
        Sentence(f"table.{name}"),
        columns("point", "where"),
        rows,
        (Sentence("note.checklist"),),
    )


def _answer(material: Material, where: Where, tables: Collection[str]) -> Value:
    if isinstance(where, str):
        return Sentence("did.not_stated" if where == "not_stated" else f"where.{where}")
    if callable(where):
        return _joined(where(material))
    there = [name for name in sorted(tables) if name in where or name.split("-")[0] in where]
    return Verbatim(", ".join(there)) if there else Sentence("where.not_done")


def _joined(told: list[Sentence]) -> Sentence:
    """Several sentences as one."""
    found = told[0]
    for each in told[1:]:
        found = Sentence("where.both", {"first": found, "second": each})
    return found
