"""How is an answer sealed, and how is it opened again?

Three covers, each an age file brought to a fixed length, so that no length tells anything:

- the *letter*: the participant's answers, sealed to the round, in the browser or by the server;
- the *envelope*: group and letter, sealed to the round by the server (the participant cannot name
  another group, and letters from browser and server look alike);
- the *transport cover*: the envelope, sealed to the round's transport key while it is open.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import pyrage

from knutepunkt.responses.refusals import AnswerTooLong, NotSealed

#: Room for the letter's content. One size for all answers of a round, decided when it opens: a size
#: that followed the answer would tell the few long ones apart.
SIZES = (8192, 16384, 65536)
USUAL_SIZE = SIZES[1]
#: Room for what a second letter holds: one size in every study.
CARD_SIZE = 1024
#: An age header with one recipient is 200 bytes, plus a random stanza some writers add.
_AGE_MARGIN = 768
_HEADER = 128
_PREFIX = 4
_REF = 16
_AGE_MAGIC = b"age-encryption.org/v1\n"


@dataclass(frozen=True)
class OpenedAnswer:
    """What one envelope held: the group, whether a slip stood behind it, and the content."""

    answer_ref: UUID
    group_ref: UUID
    by_slip: bool
    content: dict[str, object]


def fitting_size(largest_content: int) -> int:
    """Return the smallest fixed size that holds a content of so many bytes."""
    for size in SIZES:
        if largest_content + _PREFIX <= size:
            return size
    raise AnswerTooLong()


def letter_size(size: int) -> int:
    """Return the fixed length in bytes of a letter in a round of this size."""
    return size + _AGE_MARGIN


def envelope_size(size: int) -> int:
    """Return the fixed length in bytes of an envelope in a round of this size."""
    return letter_size(size) + _HEADER + _AGE_MARGIN


def fill(content: bytes, length: int) -> bytes:
    """Return content with its length in front and zeros behind, ``length`` bytes in all."""
    if len(content) + _PREFIX > length:
        raise AnswerTooLong()
    return len(content).to_bytes(_PREFIX, "big") + content.ljust(length - _PREFIX, b"\0")


def unfill(filled: bytes) -> bytes:
    """Return the content of ``fill``; raise ``NotSealed`` where the length cannot be true."""
    length = int.from_bytes(filled[:_PREFIX], "big")
    if length > len(filled) - _PREFIX:
        raise NotSealed()
    return filled[_PREFIX : _PREFIX + length]


def seal_letter(content: dict[str, object], recipient: str, size: int) -> bytes:
    """Seal a participant's answers to the round, as the browser would."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return _encrypt(fill(text, size), recipient)


def check_letter(letter: bytes, size: int) -> None:
    """Raise ``NotSealed`` or ``AnswerTooLong`` where this cannot be a letter of the round."""
    if not letter.startswith(_AGE_MAGIC) or len(letter) < size:
        raise NotSealed()
    if len(letter) + _PREFIX > letter_size(size):
        raise AnswerTooLong()


def seal_card(content: dict[str, object], recipient: str) -> bytes:
    """Seal a second letter to the study, as the browser would; an empty one looks the same."""
    return seal_letter(content, recipient, CARD_SIZE)


def filled_card(letter: bytes) -> bytes:
    """Return a second letter at its one length; raise ``NotSealed`` where it cannot be one."""
    check_letter(letter, CARD_SIZE)
    return fill(letter, letter_size(CARD_SIZE))


def open_card(filled: bytes, identity: pyrage.x25519.Identity) -> dict[str, object]:
    """Open a second letter; raise ``NotSealed`` where what was sent is none."""
    try:
        content = json.loads(unfill(_decrypt(unfill(filled), identity)))
    except (ValueError, RecursionError) as damaged:
        raise NotSealed() from damaged
    if not isinstance(content, dict):
        raise NotSealed()
    return content


def seal_text(text: bytes, recipient: str) -> bytes:
    """Seal what the evaluation keeps beside the answers."""
    return _encrypt(text, recipient)


def open_text(sealed: bytes, identity: pyrage.x25519.Identity) -> bytes:
    """Open what ``seal_text`` sealed; raise ``NotSealed`` with another key."""
    return _decrypt(sealed, identity)


def seal_envelope(
    letter: bytes, *, group_ref: UUID, by_slip: bool, recipient: str, size: int
) -> bytes:
    """Put group and letter in an envelope for the round."""
    check_letter(letter, size)
    header = json.dumps({"group": group_ref.hex, "slip": by_slip}).encode("ascii")
    inside = fill(header, _HEADER) + fill(letter, letter_size(size))
    return fill(_encrypt(inside, recipient), envelope_size(size))


def cover(envelope: bytes, transport_recipient: str) -> bytes:
    """Put the transport cover on."""
    return fill(_encrypt(envelope, transport_recipient), len(envelope) + _AGE_MARGIN)


def uncover(covered: bytes, transport: pyrage.x25519.Identity) -> bytes:
    """Take the transport cover off."""
    return _decrypt(unfill(covered), transport)


def seal_together(
    rows: Sequence[tuple[UUID, bytes]], *, recipient: str, size: int, room: int
) -> bytes:
    """Seal a round's envelopes as one, with room for so many that its length counts none of them.

    Rows of their own, some of them empty, would not do: whoever fetches them twice would see which
    are new. Room is doubled where more answered than it holds.
    """
    each = _REF + envelope_size(size)
    while room < len(rows):
        room *= 2
    content = size.to_bytes(_PREFIX, "big") + b"".join(ref.bytes + row for ref, row in rows)
    return _encrypt(fill(content, 2 * _PREFIX + room * each), recipient)


def open_together(sealed: bytes, identity: pyrage.x25519.Identity) -> list[tuple[UUID, bytes]]:
    """Take out what ``seal_together`` sealed; raise ``NotSealed`` where it is not whole."""
    content = unfill(_decrypt(sealed, identity))
    each = _REF + envelope_size(int.from_bytes(content[:_PREFIX], "big"))
    rows = (content[at : at + each] for at in range(_PREFIX, len(content), each))
    return [(UUID(bytes=row[:_REF]), row[_REF:]) for row in rows]


def open_envelope(
    answer_ref: UUID, envelope: bytes, identity: pyrage.x25519.Identity
) -> OpenedAnswer:
    """Open envelope and letter; raise ``NotSealed`` where what was sent is no answer."""
    inside = _decrypt(unfill(envelope), identity)
    try:
        header = json.loads(unfill(inside[:_HEADER]))
        content = json.loads(unfill(_decrypt(unfill(inside[_HEADER:]), identity)))
    except (ValueError, RecursionError) as damaged:
        raise NotSealed() from damaged
    if not isinstance(content, dict):
        raise NotSealed()
    return OpenedAnswer(answer_ref, UUID(header["group"]), bool(header["slip"]), content)


def _encrypt(content: bytes, recipient: str) -> bytes:
    return bytes(pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(recipient)]))


def _decrypt(sealed: bytes, identity: pyrage.x25519.Identity) -> bytes:
    try:
        return bytes(pyrage.decrypt(sealed, [identity]))
    except pyrage.DecryptError as damaged:
        raise NotSealed() from damaged
