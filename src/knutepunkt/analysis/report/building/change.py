"""How does the report tell about change between rounds (T6, T7, T8, F4, F5)?"""

from __future__ import annotations

from knutepunkt.analysis.report.building.material import Material
from knutepunkt.analysis.report.structure import Finding


def change_finding(material: Material) -> Finding | None:
    return None
