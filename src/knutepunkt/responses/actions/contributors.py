"""How is it remembered who a released statement rests on?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from knutepunkt.responses.models import ROWS_AT_ONCE, ContributorSet
from knutepunkt.responses.queries import sealed_round

VAULT = "vault"


def remember_contributors(
    *, release_ref: UUID, round_ref: UUID, record_sets: Mapping[str, Mapping[str, Any]]
) -> None:
    """Keep each record set of a release as the gate writes it (``RecordSet.as_json``), by its key.

    It names answers by ``OpenedAnswer.answer_ref``, made at the close, in the order of their random
    ids, so that their order says nothing. Done twice for the same release is done once.
    """
    with transaction.atomic(using=VAULT):
        sealed_round(round_ref, for_update=True)
        ContributorSet.objects.filter(release_ref=release_ref, round_ref=round_ref).delete()
        ContributorSet.objects.bulk_create(
            (
                ContributorSet(
                    release_ref=release_ref,
                    round_ref=round_ref,
                    record_set_ref=key,
                    record_set=dict(record_set),
                )
                for key, record_set in sorted(record_sets.items())
            ),
            batch_size=ROWS_AT_ONCE,
        )
