"""How does a described file become the study that the report is about?"""

from __future__ import annotations

import datetime as dt

from knutepunkt.analysis.disclosure import Audience, policy_for
from knutepunkt.analysis.report import Design, Measure, Norm, Protocol, RoundDesign
from knutepunkt.cli.existing import description as described
from knutepunkt.cli.existing.asked import asked_in
from knutepunkt.cli.existing.description import Description, Outcome, ScaleDescription
from knutepunkt.cli.existing.preparing import Prepared
from knutepunkt.cli.existing.questionnaire import item_id, same_text


def design_of(
    prepared: Prepared, description: Description, *, day: dt.date, design_hash: str
) -> Design:
    """The study. The file knows who answered, not who was asked.

    Raises DesignFault when the rounds are out of order, InstrumentRefused when the questionnaire
    contradicts itself.
    """
    prepared.instrument.check()
    study = description.study
    times = prepared.times()
    return Design(
        title=same_text(study.title),
        organisation=same_text(study.organisation),
        instrument=prepared.instrument,
        rounds=tuple(
            _round(prepared, description, name, at, day)
            for name, at in zip(prepared.rounds, times, strict=True)
        ),
        protocol=Protocol(
            hash=design_hash,
            locked_on=day,
            dated=day,
            measures={each.id: _measure(each) for each in _outcomes(description)},
        ),
        audience=Audience(study.audience),
        has_groups=prepared.has_groups,
        linked=prepared.linked,
        sensitive_theme=study.sensitive,
        retrospective=study.retrospective,
        slips=False,
        adjusted_for=tuple(_column_of(description, each) for each in study.adjust_for),
        retest=study.retest,
        attendance=None if study.attendance is None else item_id(study.attendance),
    )


def _column_of(description: Description, name: str) -> str:
    """The column of the frame that holds a question's codes, or the scores of a scale or score."""
    outcomes = {each.id for each in _outcomes(description)}
    return name if name in outcomes else item_id(name)


def _outcomes(description: Description) -> tuple[Outcome, ...]:
    return (*description.scales, *description.scores)


def _measure(outcome: Outcome) -> Measure:
    source = outcome.reliability_source
    # Scores of items are written from one upwards, and the cut-off follows them.
    moved = outcome.low - 1 if isinstance(outcome, ScaleDescription) else 0
    return Measure(
        reliability=outcome.reliability,
        source=None if source is None else same_text(source),
        cutoff=None if outcome.limit is None else outcome.limit - moved,
        troubled=_norm(outcome.troubled, moved),
        well=_norm(outcome.well, moved),
        lower_is_better=outcome.lower_is_better,
    )


def _norm(found: described.Norm | None, moved: int) -> Norm | None:
    return None if found is None else Norm(found.mean - moved, found.sd)


def _round(
    prepared: Prepared, description: Description, name: str, at: float | None, day: dt.date
) -> RoundDesign:
    everyone = prepared.frame["participant"].n_unique()
    return RoundDesign(
        id=name,
        label=same_text(name),
        closed=day,
        invited=everyone if prepared.linked else None,
        known_groups=_groups(prepared, description, name),
        at=at,
        asked=asked_in(description, name),
    )


def _groups(prepared: Prepared, description: Description, name: str) -> int | None:
    """How many groups a round has; not told where they are so small that it lists the members."""
    if not prepared.has_groups:
        return None
    here = prepared.frame.filter(prepared.frame["round"] == name)
    count = here["group"].n_unique()
    policy = policy_for(sensitive_theme=description.study.sensitive)
    least = policy.threshold(Audience(description.study.audience))
    told = count >= policy.groups and here.height / count >= least
    return count if told else None
