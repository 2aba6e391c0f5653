"""What stands under the title: when was asked, and who answered?"""

from __future__ import annotations

from knutepunkt.analysis.report.building.material import Material
from knutepunkt.analysis.report.building.participation import handed_out, is_rounded, used
from knutepunkt.analysis.report.design import Design
from knutepunkt.analysis.report.sentences import WITHHELD
from knutepunkt.analysis.report.values import Day, Number, Sentence, Source, Unit


def period(design: Design) -> Sentence:
    """When the rounds were open."""
    first, last = design.rounds[0], design.last
    if first.opened is None or last.closed is None:
        return Sentence("lead.period_unknown")
    days = {"opened": Day(first.opened), "closed": Day(last.closed)}
    if design.is_single and first.opened == last.closed:
        return Sentence("lead.period_day", {"opened": days["opened"]})
    if design.is_single:
        return Sentence("lead.period_one", days)
    rounds = Number(len(design.rounds), Unit.COUNT, Source("design.rounds"))
    return Sentence("lead.period_rounds", {"rounds": rounds, **days})


def who_answered(material: Material) -> Sentence:
    """How many answered in the last round, of how many who were asked."""
    last = material.design.last.id
    n, handed = used(material, last), handed_out(material, last)
    if not isinstance(n, Number):
        return WITHHELD
    about = "_about" if is_rounded(material, n) else ""
    if not isinstance(handed, Number):
        return Sentence(f"lead.who{about}", {"n": n})
    return Sentence(f"lead.who{about}_of", {"n": n, "handed": handed})
