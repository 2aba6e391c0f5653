"""What can be done to the vault? Everything is a verb; one module for each noun.

Nothing here writes an audit event: who did what is recorded by the room that calls, no finer than
the round, in the main database.
"""

from knutepunkt.responses.actions.closing import CloseReport, close_round, finish_closing
from knutepunkt.responses.actions.codings import keep_coding
from knutepunkt.responses.actions.contributors import remember_contributors
from knutepunkt.responses.actions.following import delete_answers, destroy_cards, keep_links
from knutepunkt.responses.actions.intake import Delivery, receive
from knutepunkt.responses.actions.rewrapping import KeyStanding, key_standings, rewrap
from knutepunkt.responses.actions.rounds import destroy_round, enough_answers, open_round
from knutepunkt.responses.actions.slips import hand_out, void
from knutepunkt.responses.actions.withdrawal import queue_deletion, withdraw

__all__ = [
    "CloseReport",
    "Delivery",
    "KeyStanding",
    "close_round",
    "delete_answers",
    "destroy_cards",
    "destroy_round",
    "enough_answers",
    "finish_closing",
    "hand_out",
    "keep_coding",
    "keep_links",
    "key_standings",
    "open_round",
    "queue_deletion",
    "receive",
    "remember_contributors",
    "rewrap",
    "void",
    "withdraw",
]
