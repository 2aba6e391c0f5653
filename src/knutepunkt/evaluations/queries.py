"""Which reports are there, for whom, who codes open answers, and is the ledger whole?"""

from __future__ import annotations

import json
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from knutepunkt.analysis.disclosure import BrokenChain, verify_chain
from knutepunkt.analysis.disclosure.certificate import is_sealed
from knutepunkt.analysis.disclosure.ledger import LedgerEntry
from knutepunkt.analysis.models.policy import Method, choose
from knutepunkt.analysis.report import from_json
from knutepunkt.analysis.report.calibration import Shape, shape_of
from knutepunkt.evaluations.ledger_copy import CopyDamaged, kept_releases
from knutepunkt.evaluations.lifecycle import (
    CODING,
    COMPARING,
    CORRECTED,
    PROPOSED,
    RELEASED,
    RETRACTED,
)
from knutepunkt.evaluations.models import (
    Calibration,
    Coder,
    Evaluation,
    Release,
    ReviewInvitation,
    TextCoding,
)
from knutepunkt.evaluations.policies import CODERS, can_code, those_who_made
from knutepunkt.evaluations.vocabulary import Audience
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.policies import same_human
from knutepunkt.people.queries import digest_of, people_with_role
from knutepunkt.surveys.lifecycle import CLOSED
from knutepunkt.surveys.models import Round, Survey
from knutepunkt.surveys.queries.consent import asks_in_own_words

SHARED = (RELEASED, CORRECTED, RETRACTED)


def evaluations_of(organisation: Organisation) -> QuerySet[Evaluation]:
    """Return the organisation's reports, newest first."""
    return (
        Evaluation.objects.filter(organisation=organisation)
        .select_related("survey", "made_by", "approver", "corrects")
        .prefetch_related("rounds")
    )


def shared_reports(organisation: Organisation) -> QuerySet[Evaluation]:
    """Return the reports that have been shared, newest first, retracted ones included."""
    return evaluations_of(organisation).filter(state__in=SHARED)


def public_reports() -> QuerySet[Evaluation]:
    """Return the reports everyone may read, newest first; replaced ones are left out."""
    return (
        Evaluation.objects.filter(state=RELEASED, audience=Audience.PUBLIC)
        .select_related("survey", "organisation", "release")
        .prefetch_related("rounds")
        .order_by("-release__released_on", "pk")
    )


def waiting_for(person: Person) -> QuerySet[Evaluation]:
    """Return the reports that wait for this person's approval."""
    return (
        Evaluation.objects.filter(state=PROPOSED, approver=person)
        .select_related("survey", "organisation", "made_by")
        .prefetch_related("rounds")
        .order_by("made_on", "pk")
    )


def approved_by(person: Person) -> QuerySet[Evaluation]:
    """Return the reports this person has approved, newest first."""
    return (
        Evaluation.objects.filter(release__approved_by=person)
        .select_related("survey", "organisation", "release")
        .prefetch_related("rounds")
        .order_by("-release__released_on", "pk")
    )


def surveys_with_closed_rounds(organisation: Organisation) -> list[Survey]:
    """Return the surveys a report can be made of."""
    return list(
        Survey.objects.filter(
            organisation=organisation,
            rounds__state=CLOSED,
            rounds__answers_destroyed_on__isnull=True,
        )
        .distinct()
        .order_by("title", "pk")
    )


def closed_rounds_of(survey: Survey) -> QuerySet[Round]:
    """Return the survey's closed rounds in order."""
    return Round.objects.filter(
        survey=survey, state=CLOSED, answers_destroyed_on__isnull=True
    ).order_by("number")


def possible_approvers(evaluation: Evaluation) -> list[Person]:
    """Return colleagues at the organisation who can be asked; never one who made the report."""
    colleagues = people_with_role(evaluation.organisation)
    makers = those_who_made(evaluation)
    return [person for person in colleagues if not any(same_human(person, each) for each in makers)]


def open_review_invitation(evaluation: Evaluation) -> ReviewInvitation | None:
    """Return the invitation somebody outside has not answered yet."""
    return evaluation.review_invitations.filter(used_at=None).order_by("-expires_at").first()


def review_invitation_behind(token: str, *, for_update: bool = False) -> ReviewInvitation | None:
    """Return the review a link leads to, while it is unused and its time has not run out."""
    found = ReviewInvitation.objects.filter(
        digest=digest_of(token), used_at=None, expires_at__gt=timezone.now()
    )
    if for_update:
        return found.select_for_update().first()
    return found.select_related("evaluation__organisation", "evaluation__survey").first()


def releases_of(organisation: Organisation) -> QuerySet[Release]:
    """Return the organisation's entries of the ledger, newest first."""
    return (
        Release.objects.filter(organisation=organisation)
        .select_related("evaluation__survey", "approved_by")
        .order_by("-sequence")
    )


def ledger_entries() -> tuple[LedgerEntry, ...]:
    """Return every entry of the release ledger in order."""
    return tuple(release.as_entry() for release in Release.objects.order_by("sequence"))


def drafts_of(evaluation: Evaluation) -> list[UUID]:
    """Return the reports of the same survey that were made, shown to staff, and never shared.

    The report itself is among them: what was seen of it before it was made again was seen.
    """
    drafts = Evaluation.objects.filter(survey=evaluation.survey, release=None)
    return list(drafts.order_by("pk").values_list("pk", flat=True))


def ledger_trouble() -> str:
    """Say why nothing may be released, for the operator; nothing where the ledger is whole.

    The chain in the database must be whole, and hold every release that the copy outside it knows.
    """
    broken = broken_ledger_entry()
    if broken is not None:
        return f"The release ledger is broken at entry {broken}. Restore it from a backup."
    try:
        kept = kept_releases()  # first: whoever is writing it has then committed
    except CopyDamaged as damaged:
        return (
            f"The copy of the release ledger is damaged ({damaged}). Run: knutepunkt ledger accept"
        )
    entries = ledger_entries()
    if kept is None:
        return (
            "The copy of the release ledger is missing. Run: knutepunkt ledger accept"
            if entries
            else ""
        )
    return _differs(entries, tuple(each.entry for each in kept))


def _differs(entries: tuple[LedgerEntry, ...], kept: tuple[LedgerEntry, ...]) -> str:
    pairs = zip(entries, kept, strict=False)
    other = next((here.sequence for here, there in pairs if here.hash != there.hash), None)
    if other is not None:
        return (
            f"Entry {other} of the release ledger is not the one that was released. "
            "Restore a backup of this site."
        )
    if len(entries) < len(kept):
        return (
            f"The database knows {len(entries)} releases, and {len(kept)} have been made: an older "
            "backup was put back. Run: knutepunkt ledger restore"
        )
    if len(entries) > len(kept):
        return (
            f"The copy of the release ledger knows {len(kept)} of {len(entries)} releases. "
            "Run: knutepunkt ledger accept"
        )
    return ""


def broken_ledger_entry() -> int | None:
    """Return the sequence number of the first broken entry, or nothing when the ledger is whole.

    The chain covers what each release said and the seal of its certificate; the certificate itself
    must still be what was sealed.
    """
    releases = list(Release.objects.order_by("sequence"))
    try:
        verify_chain([release.as_entry() for release in releases])
    except BrokenChain as broken:
        return broken.sequence
    unsealed = (r.sequence for r in releases if not is_sealed(r.certificate))
    return next(unsealed, None)


def shape_told(evaluation: Evaluation) -> Shape | None:
    """Return what T1 of the stored report tells of the study; None where nothing is inferred."""
    if not evaluation.report:
        return None
    flow = from_json(json.dumps(evaluation.report)).table("T1")
    has_groups = any(row.key.endswith("#groups") for row in flow.rows)
    shape = shape_of(flow, has_groups=has_groups)
    if shape is None:
        return None
    row = choose(shape.groups or 0, sum(shape.answered))
    return None if row.method is Method.GROUPS_AS_FIXED else shape


def calibration_of(evaluation: Evaluation) -> Calibration | None:
    """Return what was simulated for the report, finished or under way."""
    return Calibration.objects.filter(evaluation=evaluation).first()


def rounds_to_code(organisation: Organisation, survey: Survey | None = None) -> list[Round]:
    """Return the closed rounds, of one survey or of all, whose open answers nobody has been appointed to read.

    Rounds whose key lies elsewhere are not among them: this server cannot open their texts.
    """
    closed = Round.objects.filter(
        survey__organisation=organisation,
        state=CLOSED,
        answers_destroyed_on__isnull=True,
        text_coding__isnull=True,
    ).select_related("survey__organisation", "survey__instrument")
    if survey is not None:
        closed = closed.filter(survey=survey)
    return [
        asked
        for asked in closed.order_by("-closes_on", "number")
        if not asked.survey.key_recipients and asks_in_own_words(asked.survey)
    ]


def codings_of(organisation: Organisation) -> QuerySet[TextCoding]:
    """Return the organisation's codings with their rounds and coders, newest round first."""
    return (
        TextCoding.objects.filter(organisation=organisation)
        .select_related("round__survey__organisation")
        .prefetch_related("coders__person")
        .order_by("-round__closes_on", "pk")
    )


def codings_by(person: Person) -> list[TextCoding]:
    """Return the codings this person is appointed to, newest round first."""
    found = (
        TextCoding.objects.filter(coders__person=person)
        .select_related("round__survey__organisation")
        .prefetch_related("coders__person")
        .order_by("-round__closes_on", "pk")
    )
    return [coding for coding in found if can_code(person, coding.round)]


def unfinished_codings_by(person: Person) -> list[Coder]:
    """Return the appointments under which this person still has texts to hand in."""
    waiting = Coder.objects.filter(person=person, handed_in_on=None, coding__state=CODING)
    return [
        coder
        for coder in waiting.select_related("coding__round__survey__organisation")
        if can_code(person, coder.coding.round)
    ]


def codings_to_settle_by(person: Person) -> list[TextCoding]:
    """Return the codings where both have handed in, and this person can settle what differs."""
    return [coding for coding in codings_by(person) if coding.state == COMPARING]


def possible_coders(asked: Round) -> list[Person]:
    """Return who can be appointed to read a round's open answers, by name."""
    people = people_with_role(asked.survey.organisation, *CODERS)
    return [person for person in people if can_code(person, asked)]
