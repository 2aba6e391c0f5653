"""Where did the two coders differ, and which codes count?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from knutepunkt.analysis.coding.texts import CodedText, Coding, OpenText


@dataclass(frozen=True)
class Difference:
    """A text the two coders gave different codes: what each of them said."""

    text: OpenText
    first: CodedText
    second: CodedText

    @property
    def in_dispute(self) -> frozenset[str]:
        """The codes that one of them gave and the other did not."""
        return self.first.codes ^ self.second.codes


def differences(texts: Iterable[OpenText], first: Coding, second: Coding) -> tuple[Difference, ...]:
    """The texts whose codes differ, in the order of their ids.

    Whether a text identifies somebody or is fit to be quoted is no difference to settle: either
    coder alone can keep a text from being quoted.
    """
    found = []
    for text in sorted(texts, key=lambda each: each.id):
        one, other = (coding.get(text.id, CodedText()) for coding in (first, second))
        if one.codes != other.codes:
            found.append(Difference(text, one, other))
    return tuple(found)


def settled_codes(
    text_id: str, first: Coding, second: Coding | None, settled: Coding
) -> frozenset[str]:
    """The codes that count for a text.

    What the two settled together; otherwise the codes both gave it. With one coder, what that one
    says.
    """
    if text_id in settled:
        return settled[text_id].codes
    one = first.get(text_id, CodedText()).codes
    return one if second is None else one & second.get(text_id, CodedText()).codes
