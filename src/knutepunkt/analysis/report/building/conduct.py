"""How was this survey carried out, as its protocol and configuration have it?

Each sentence states what was done. What the protocol does not say is said to be missing there.
"""

from __future__ import annotations

from knutepunkt.analysis.instruments.items import ItemKind
from knutepunkt.analysis.report.building.lead import period
from knutepunkt.analysis.report.building.material import Material
from knutepunkt.analysis.report.building.participation import handed_out, used
from knutepunkt.analysis.report.building.standing import primary_scale
from knutepunkt.analysis.report.values import (
    Day,
    Number,
    Sentence,
    Source,
    Unit,
    Value,
    Verbatim,
)

INSTRUMENT = Source("instrument.items")
DESIGN = Source("design.rounds")
NOT_STATED = Sentence("did.not_stated")
Said = list[Sentence]


def design(material: Material) -> Said:
    """What kind of study it was."""
    made = material.design
    if made.is_single:
        return [Sentence("did.one_round")]
    rounds = {"rounds": Number(len(made.rounds), Unit.COUNT, DESIGN)}
    return [Sentence("did.same_people" if made.linked else "did.other_people", rounds)]


def aims(material: Material) -> Said:
    """The primary result, and when it was decided."""
    scale, protocol = primary_scale(material.design), material.design.protocol
    if scale is None:
        return [Sentence("did.no_outcome")]
    words: dict[str, Value] = {"scale": scale.texts, "day": Day(protocol.locked_on)}
    return [Sentence("did.outcome", words), Sentence(f"did.{_when(material)}")]


def _when(material: Material) -> str:
    locked, first = material.design.protocol.locked_on, material.design.rounds[0]
    last = material.design.last
    if first.opened is not None and locked < first.opened:
        return "before_opening"
    if last.closed is not None and locked <= last.closed and first.opened is not None:
        return "before_reading"
    return "after"


def setting(material: Material) -> Said:
    """When it was asked."""
    return [period(material.design)]


def participants(material: Material) -> Said:
    """Who could take part."""
    conduct = material.design.conduct
    if conduct is None or conduct.started_from is None or conduct.started_until is None:
        return [NOT_STATED]
    days: dict[str, Value] = {
        "first": Day(conduct.started_from),
        "last": Day(conduct.started_until),
    }
    return [Sentence("did.population", days), *recruitment(material)]


def recruitment(material: Material) -> Said:
    """In which ways people were asked."""
    conduct = material.design.conduct
    if conduct is None or not conduct.channels:
        return [NOT_STATED]
    return [Sentence(f"did.by_{channel}") for channel in conduct.channels]


def size(material: Material) -> Said:
    """How the number of people asked came about."""
    handed = handed_out(material, material.design.last.id)
    if material.design.conduct is None or not isinstance(handed, Number):
        return [NOT_STATED]
    return [Sentence("did.all_asked", {"handed": handed}), Sentence("did.no_sample_size")]


def applies_to(material: Material) -> Said:
    """Whom the figures are about."""
    last = material.design.last.id
    n, handed = used(material, last), handed_out(material, last)
    if isinstance(n, Number) and isinstance(handed, Number):
        return [Sentence("did.applies", {"n": n, "handed": handed})]
    return [Sentence("did.applies_plain")]


def questions(material: Material) -> Said:
    """How many questions there were, and whose."""
    items = material.instrument.items
    every = Number(len(items), Unit.COUNT, INSTRUMENT)
    own = Number(sum(item.own for item in items), Unit.COUNT, INSTRUMENT)
    told = [Sentence("did.questions", {"all": every})]
    told.append(
        Sentence("did.own_questions", {"own": own}) if own.value else Sentence("did.no_own")
    )
    if material.design.conduct is not None:
        told.append(Sentence("did.may_skip"))
    return told


def development(material: Material) -> Said:
    """Which form it was, and whether it was tried."""
    form: dict[str, Value] = {
        "title": material.instrument.title,
        "version": Verbatim(material.instrument.plain_version),
    }
    return [Sentence("did.form", form), Sentence("did.trial_not_stated")]


def consent(material: Material) -> Said:
    """What people agreed to."""
    conduct = material.design.conduct
    if conduct is None:
        return [NOT_STATED]
    quoted = "quotes_asked" if conduct.asks_to_quote else "no_quotes"
    told = [Sentence("did.consent_by_sending"), Sentence(f"did.{quoted}")]
    return [*told, Sentence(f"did.follows_{conduct.follows}")]


def protection(material: Material) -> Said:
    """Where the key lay, and what was shown."""
    conduct = material.design.conduct
    key = [] if conduct is None else [Sentence(f"did.key_{conduct.key}")]
    return [*key, Sentence("where.approver")]


def administration(material: Material) -> Said:
    """Where the form was filled in."""
    conduct = material.design.conduct
    if conduct is None:
        return [NOT_STATED]
    return [Sentence("did.screen_and_paper" if "paper" in conduct.channels else "did.screen")]


def voluntary(material: Material) -> Said:
    """Whether people could leave it."""
    return [Sentence("did.voluntary") if material.design.conduct is not None else NOT_STATED]


def twice(material: Material) -> Said:
    """What kept one person from answering twice."""
    conduct = material.design.conduct
    if conduct is None:
        return [NOT_STATED]
    once = [Sentence("where.slips")] if set(conduct.channels) - {"wall"} else []
    return [*once, *([Sentence("did.wall_often")] if "wall" in conduct.channels else [])]


def scoring(material: Material) -> Said:
    """How answers became scores."""
    scales = material.instrument.scales
    if not scales:
        return [Sentence("did.no_scores")]
    return [Sentence("did.scored", {"least": Verbatim(scales[0].minimum_answered)})]


def weighting(material: Material) -> Said:
    """Whether anything was weighted or adjusted."""
    told = [Sentence("did.no_weights")]
    return [*told, *([Sentence("did.adjusted")] if material.design.adjusted_for else [])]


def own_words(material: Material) -> Said:
    """How many fields there were for people's own words."""
    count = sum(item.kind is ItemKind.FREE_TEXT for item in material.instrument.items)
    fields = Number(count, Unit.COUNT, INSTRUMENT)
    return [Sentence("did.fields", {"fields": fields}), Sentence("did.why_not_stated")]


def same_form(material: Material) -> Said:
    """How the two parts were laid out."""
    del material
    return [Sentence("did.same_form")]
