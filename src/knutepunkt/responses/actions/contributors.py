"""How is it remembered who a released statement rests on?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from knutepunkt.responses.models import ContributorSet
from knutepunkt.responses.queries import sealed_round

VAULT = "vault"


def remember_contributors(
    *, release_ref: UUID, round_ref: UUID, record_sets: Mapping[str, Iterable[UUID]]
) -> None:
    """Keep, for each record set of a release, the references of the answers in it.

    The references are those of ``OpenedAnswer.answer_ref``, made at the close; they are sorted, so
    that their order says nothing. Done twice for the same release is done once.
    """
    with transaction.atomic(using=VAULT):
        sealed_round(round_ref, for_update=True)
        ContributorSet.objects.filter(release_ref=release_ref, round_ref=round_ref).delete()
        ContributorSet.objects.bulk_create(
            ContributorSet(
                release_ref=release_ref,
                round_ref=round_ref,
                record_set_ref=name,
                members=sorted(str(member) for member in members),
            )
            for name, members in sorted(record_sets.items())
        )
