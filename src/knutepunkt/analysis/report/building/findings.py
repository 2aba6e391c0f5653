"""Which three findings stand first, and in which words?

The rule is fixed and printed in the method: the primary result, what most people confirmed about
the meetings, and the difficulty most people named. Nothing is picked because it looks good.
"""

from __future__ import annotations

from collections.abc import Sequence

from knutepunkt.analysis.instruments.items import Item
from knutepunkt.analysis.report.building.bars import last_place
from knutepunkt.analysis.report.building.change import change_finding
from knutepunkt.analysis.report.building.favourable import Spoken, spoken_of
from knutepunkt.analysis.report.building.material import Material, number_of
from knutepunkt.analysis.report.building.standing import primary_scale
from knutepunkt.analysis.report.planning.kinds import Part, items_of
from knutepunkt.analysis.report.structure import Finding
from knutepunkt.analysis.report.values import Number, Sentence, Source, Unit


def findings(material: Material) -> tuple[Finding, ...]:
    """Three findings, or fewer with one sentence for those that cannot be shown."""
    found = [_primary(material), _meetings(material), _difficulty(material)]
    shown = [each for each in found if each is not None]
    if len(shown) < 3:
        shown.append(Finding(Sentence("finding.none")))
    return tuple(shown)


def _primary(material: Material) -> Finding | None:
    if not material.design.is_single:
        changed = change_finding(material)
        if changed is not None:
            return changed
    scale = primary_scale(material.design)
    if scale is None:
        return _first_said(material, (*items_of(material.instrument, Part.OTHER),))
    items = tuple(material.instrument.item(name) for name in scale.items)
    return _first_said(material, items) or _mean(material)


def _first_said(material: Material, items: Sequence[Item]) -> Finding | None:
    """The first question in the order of the questionnaire whose share was released."""
    for item in items:
        spoken = _spoken(material, item)
        if spoken is not None:
            return Finding(share_sentence(material, spoken), figure_of(material, item), item.id)
    return None


def _mean(material: Material) -> Finding | None:
    scale = primary_scale(material.design)
    place = scale and material.place("T5", f"{scale.id}@{material.design.last.id}")
    if scale is None or not place:
        return None
    mean = number_of(place, material.released(place), "mean")
    if not isinstance(mean, Number):
        return None
    ends = {
        name: Number(value, Unit.PLAIN, Source("instrument.scale.range"))
        for name, value in (("low", scale.low), ("high", scale.high))
    }
    return Finding(Sentence("finding.mean", {"scale": scale.texts, "mean": mean, **ends}))


def _meetings(material: Material) -> Finding | None:
    items = items_of(material.instrument, Part.MECHANISM)
    known = [each for each in (_spoken(material, item) for item in items) if each is not None]
    if not known:
        return None
    best = max(known, key=lambda each: each.least)  # the first of the largest
    return Finding(share_sentence(material, best), figure_of(material, best.item), best.item.id)


def _difficulty(material: Material) -> Finding | None:
    items = items_of(material.instrument, Part.HARM)
    if not items:
        return Finding(Sentence("finding.no_harm_asked"))
    known = [each for each in (_spoken(material, item) for item in items) if each is not None]
    if not known:
        return Finding(Sentence("finding.harm_withheld"))
    # A class says less than a share: among classes alone, the first question stands.
    worst = max(known, key=lambda each: (isinstance(each.value, Number), each.least))
    return Finding(share_sentence(material, worst), figure_of(material, worst.item), worst.item.id)


def _spoken(material: Material, item: Item) -> Spoken | None:
    place = last_place(material, item)
    return None if place is None else spoken_of(material, item, place)


def share_sentence(material: Material, spoken: Spoken) -> Sentence:
    """The sentence about one question's favourable cell (its harm, for harm)."""
    words = {"category": spoken.category, "item": spoken.item.texts}
    if spoken.item.harm and spoken.said is not None:
        told = {"share": spoken.value, "said": spoken.said, "item": spoken.item.texts}
        return Sentence("finding.harm_said", told)
    return Sentence(f"finding.{_kind(material, spoken.item)}", {"share": spoken.value, **words})


def _kind(material: Material, item: Item) -> str:
    if item.harm:
        return "harm"
    if item in items_of(material.instrument, Part.PERCEIVED):
        return "perceived"
    return "mechanism" if item in items_of(material.instrument, Part.MECHANISM) else "outcome"


def figure_of(material: Material, item: Item) -> str:
    """The id of the figure that draws a question."""
    if item.harm:
        return "F3-harm"
    scale = next((s for s in material.instrument.scales if item.id in s.items), None)
    return f"F3-{scale.id}" if scale is not None else "F3-other"
