"""What can be done with a report (make, propose, approve, send back, correct, retract) and with
open answers (read, code, compare, settle)."""

from knutepunkt.evaluations.actions.approving import approve, send_back
from knutepunkt.evaluations.actions.asking import (
    accept_review,
    accept_review_with_account,
    ask_colleague,
    ask_nobody,
    invite_reviewer,
)
from knutepunkt.evaluations.actions.calibrating import ask_calibration
from knutepunkt.evaluations.actions.coding import (
    NotAllRead,
    Reading,
    appoint_coders,
    hand_in,
    keep_marks,
    keep_settled,
    place_left,
    read_differences,
    read_texts,
    replace_coder,
    settle,
)
from knutepunkt.evaluations.actions.ending import correct, retract
from knutepunkt.evaluations.actions.handing import hand_over
from knutepunkt.evaluations.actions.making import make_again, make_evaluation

__all__ = [
    "NotAllRead",
    "Reading",
    "accept_review",
    "accept_review_with_account",
    "appoint_coders",
    "approve",
    "ask_calibration",
    "ask_colleague",
    "ask_nobody",
    "correct",
    "hand_in",
    "hand_over",
    "invite_reviewer",
    "keep_marks",
    "keep_settled",
    "make_again",
    "make_evaluation",
    "place_left",
    "read_differences",
    "read_texts",
    "replace_coder",
    "retract",
    "send_back",
    "settle",
]
