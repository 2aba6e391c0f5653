"""Which results did the protocol name beforehand, and which are exploratory?"""

from __future__ import annotations

from knutepunkt.analysis.instruments.scales import Scale, ScaleRole
from knutepunkt.analysis.report.design import Design
from knutepunkt.analysis.report.structure import Standing
from knutepunkt.analysis.report.values import Sentence


def primary_scale(design: Design) -> Scale | None:
    """The scale of the primary result.

    The one the protocol names; otherwise, for several rounds the instrument's primary outcome and
    for a single round its perceived change; otherwise the first scale.
    """
    scales = design.instrument.scales
    named = [scale for scale in scales if scale.id == design.protocol.primary]
    perceived = [scale for scale in scales if scale.role is ScaleRole.PERCEIVED_CHANGE]
    outcome = [scale for scale in scales if scale.primary]
    inner = perceived if design.is_single else outcome
    return next(iter([*named, *inner, *outcome, *scales]), None)


def standing_of(design: Design, scale: Scale) -> Standing:
    """How a scale stands to the protocol."""
    primary = primary_scale(design)
    if primary is not None and primary.id == scale.id:
        return Standing.PRIMARY
    return Standing.SECONDARY if scale.role is ScaleRole.OUTCOME else Standing.EXPLORATORY


def standing_words(standing: Standing) -> Sentence:
    """The words for a standing."""
    return Sentence(f"value.{standing.value}")
