"""What does a coder see of an open answer, and what does a coder say of it?"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Bytes of a text's name: enough that no two of a round are ever the same.
NAME_BYTES = 10


@dataclass(frozen=True)
class OpenText:
    """One text as a coder sees it. The id joins to nothing else the coder can reach.

    `question` is an item id, `may_quote` the writer's consent to this text being quoted, and
    `language` the one its writer answered in ("" where that is not known).
    """

    id: str
    question: str
    words: str = field(repr=False)
    may_quote: bool = False
    language: str = ""


def name_of_text(key: bytes, about: str) -> str:
    """The name of the text that stands at ``about``; without the key nobody can tell where."""
    digest = hmac.digest(key, about.encode(), "sha256")
    return base64.b32encode(digest[:NAME_BYTES]).decode("ascii").lower()


@dataclass(frozen=True)
class WrittenText:
    """A text and who wrote it: for the analysis alone, never for a coder."""

    participant: str
    text: OpenText


@dataclass(frozen=True)
class CodedText:
    """What one coder says of one text: its codes, whether it identifies somebody, whether it is
    fit to be quoted."""

    codes: frozenset[str] = frozenset()
    identifies: bool = False
    fit: bool = False


Coding = Mapping[str, CodedText]
"""By text id, what one coder says of each text."""


def coding_to_json(coding: Coding) -> dict[str, Any]:
    """A coding as plain values, in the order of the ids."""
    return {
        text_id: {
            "codes": sorted(each.codes),
            "identifies": each.identifies,
            "fit": each.fit,
        }
        for text_id, each in sorted(coding.items())
    }


def coding_from_json(stored: Mapping[str, Any]) -> dict[str, CodedText]:
    """A coding as it was before `coding_to_json`."""
    return {
        text_id: CodedText(frozenset(each["codes"]), each["identifies"], each["fit"])
        for text_id, each in stored.items()
    }
