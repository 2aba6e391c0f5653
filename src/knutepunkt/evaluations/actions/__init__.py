"""What can be done with a report: make, propose, approve, send back, correct, retract."""

from knutepunkt.evaluations.actions.approving import approve, send_back
from knutepunkt.evaluations.actions.asking import (
    accept_review,
    accept_review_with_account,
    ask_colleague,
    invite_reviewer,
)
from knutepunkt.evaluations.actions.calibrating import ask_calibration
from knutepunkt.evaluations.actions.ending import correct, retract
from knutepunkt.evaluations.actions.handing import hand_over
from knutepunkt.evaluations.actions.making import make_again, make_evaluation

__all__ = [
    "accept_review",
    "accept_review_with_account",
    "approve",
    "ask_calibration",
    "ask_colleague",
    "correct",
    "hand_over",
    "invite_reviewer",
    "make_again",
    "make_evaluation",
    "retract",
    "send_back",
]
