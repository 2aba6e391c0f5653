"""Which people typed the card they were given before?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from knutepunkt.analysis.linking.traces import ALIKE_WORDS, Card, Trace

Pair = tuple[int, int]


def pairs_by_card(earlier: Sequence[Trace], later: Sequence[Trace]) -> tuple[Pair, ...]:
    """Return the pairs that share a card, as positions in the two rounds.

    A card is the same when at least five of its seven words are, in any order: one or two words
    misread, forgotten or exchanged are forgiven. Among random cards of seven words from 1024 five
    shared words come by chance with probability 2e-10 a pair. A card that two people typed (a couple
    that keeps one card, a card found on the floor) gives several pairs; who is meant is not decided
    here.

    Args:
        earlier, later: traces of the two rounds, in any order.

    Returns:
        Pairs (i, j) in ascending order.
    """
    holders: dict[Card, set[int]] = defaultdict(set)
    for i, trace in enumerate(earlier):
        for card in trace.cards:
            holders[card].add(i)
    with_word: dict[str, set[Card]] = defaultdict(set)
    for card in holders:
        for word in card:
            with_word[word].add(card)
    found = {
        (i, j)
        for j, trace in enumerate(later)
        for card in trace.cards
        for known in _same_cards(card, holders, with_word)
        for i in holders[known]
    }
    return tuple(sorted(found))


def _same_cards(
    card: Card, holders: dict[Card, set[int]], with_word: dict[str, set[Card]]
) -> Iterator[Card]:
    if card in holders:
        yield card
        return
    shared = Counter(known for word in set(card) for known in with_word.get(word, ()))
    yield from (known for known, words in shared.items() if words >= ALIKE_WORDS)
