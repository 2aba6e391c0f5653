"""What does the server hand over of closed rounds whose key lies with somebody else?"""

from __future__ import annotations

from collections.abc import Sequence

from knutepunkt.analysis.disclosure.ledger import LedgerEntry
from knutepunkt.evaluations.extract import design_of, ledger_alone
from knutepunkt.evaluations.extract.bundles import pack
from knutepunkt.evaluations.extract.texts import names_of
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.responses.queries import sealed_content
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.queries.rounds import frame_design


def bundle_of(
    planned: Evaluation, rounds: Sequence[Round], entries: Sequence[LedgerEntry]
) -> bytes:
    """Return the sealed bundle from which a report like the planned one can be made elsewhere.

    ``planned`` is not stored: it says which survey, for whom. Raises the vault's refusals where a
    round is open or its key destroyed.
    """
    in_order = sorted(rounds, key=lambda asked: asked.number)
    asked = {one.pk: [group.ref for group in frame_design(one).groups] for one in in_order}
    return pack(
        design_of(planned, in_order),
        [sealed_content(one.pk) for one in in_order],
        asked,
        # Who was behind what was told stays where the key is; of these rounds nothing was told here.
        ledger_alone(entries, [one.pk for one in in_order]),
        names_of(in_order[-1]),
    )
