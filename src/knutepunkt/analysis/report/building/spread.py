"""How does the report draw how much groups differ, without telling of any group (F6)?"""

from __future__ import annotations

from knutepunkt.analysis.report.building.change import model_row
from knutepunkt.analysis.report.building.material import Material, range_of
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.planning.variance import MIDDLE
from knutepunkt.analysis.report.structure import Figure, FigureKind, Line, Mark
from knutepunkt.analysis.report.values import Range, Sentence, Unit, Value, Verbatim


def spread_figure(material: Material) -> Figure | None:
    """F6: the model's distribution of groups around the mean of all; None below twelve groups."""
    found = [(place, _middle(material, place)) for place in material.plan.places("T8")]
    known = [(place, middle) for place, middle in found if isinstance(middle, Range)]
    if not known:
        return None
    lines = tuple(_line(material, place, middle) for place, middle in known)
    told = [
        Sentence("figure.alt_spread", {"line": line.label, "middle": line.marks[0].value})
        for line in lines
    ]
    reach = max(0.5, *(2.5 * middle.high for _, middle in known))
    return Figure(
        "F6",
        FigureKind.SPREAD,
        Sentence("figure.spread"),
        lines,
        "T8",
        (
            Sentence("figure.alt_kind_spread"),
            *told,
            Sentence("figure.alt_table", {"table": Verbatim("T8")}),
        ),
        low=-reach,
        high=reach,
        reference=0.0,
    )


def _middle(material: Material, place: Place) -> Value:
    model = model_row(material, place)
    released = material.released(place)
    return range_of(place, released, MIDDLE, unit=Unit.RELIABILITY, decimals=2, model=model)


def _line(material: Material, place: Place, middle: Range) -> Line:
    mark = Mark("middle", Sentence("figure.middle"), middle)
    return Line(place.subject, material.instrument.scale(place.subject).texts, (mark,))
