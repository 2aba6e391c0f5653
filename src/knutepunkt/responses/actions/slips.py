"""How are slips made and taken back?"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from knutepunkt.responses.codes import code_digest, new_code, typed
from knutepunkt.responses.models import ROWS_AT_ONCE, RetiredCode, SlipMark
from knutepunkt.responses.queries import sealed_round
from knutepunkt.responses.refusals import RoundClosed, SlipUnknown
from knutepunkt.responses.vocabulary import SlipKind

VAULT = "vault"


def hand_out(
    *, round_ref: UUID, group_ref: UUID, count: int, kind: str = SlipKind.SLIP
) -> list[str]:
    """Make ``count`` codes for a group and return them, printed, in no order; only digests stay.

    Which code lay on a slip, in a letter or on a paper form is not kept: all of them count once.
    A code on the wall may be used again and again, and its answers never count toward a threshold.
    """
    if count < 1:
        raise ValueError("at least one slip is handed out")
    with transaction.atomic(using=VAULT):
        if not sealed_round(round_ref, for_update=True).is_open:
            raise RoundClosed()
        codes = _fresh_codes(count)
        SlipMark.objects.bulk_create(
            (
                SlipMark(
                    round_ref=round_ref,
                    group_ref=group_ref,
                    code_digest=digest,
                    is_on_wall=SlipKind(kind) is SlipKind.WALL,
                )
                for digest in codes
            ),
            batch_size=ROWS_AT_ONCE,
        )
    return list(codes.values())


def _fresh_codes(count: int) -> dict[bytes, str]:
    """Codes by digest that no slip has, of an open round or a closed one.

    Codes are short, so that they can be typed: among a million, one is drawn twice.
    """
    found: dict[bytes, str] = {}
    while len(found) < count:
        fresh = (new_code() for _ in range(min(count - len(found), ROWS_AT_ONCE)))
        drawn = {code_digest(code.replace("-", "")): code for code in fresh}
        for slips in (SlipMark, RetiredCode):
            there = slips.objects.filter(code_digest__in=drawn.keys() - found.keys())
            for digest in there.values_list("code_digest", flat=True):
                del drawn[bytes(digest)]
        found |= drawn
    return found


def void(*, code: str) -> None:
    """Take back a spoiled slip. Says nothing about whether it had been used: that is not shown."""
    bare = typed(code)
    if bare is None:
        raise SlipUnknown()
    with transaction.atomic(using=VAULT):
        known = SlipMark.objects.filter(code_digest=code_digest(bare))
        if not known.update(is_void=True):
            raise SlipUnknown()
