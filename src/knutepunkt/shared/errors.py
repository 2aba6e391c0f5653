"""What does a person read when something cannot be done?"""

from __future__ import annotations

from django.utils.functional import Promise


class Refusal(Exception):
    """Something was not done; carries the one sentence the person reads.

    Subclasses are named for the state they found (``RoundClosed``). The sentence says what
    happened, why, and what to do, and is the same on a button's explanation and in an error.
    """

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class NotPermitted(Refusal):
    """The person's roles do not allow this (a question of who, answered before what state)."""


class NotNow(Refusal):
    """The person may do this, but the thing is not in a state where it can be done."""
