"""What did each participant say by code, how far do the coders agree, and what may be quoted?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from knutepunkt.analysis.coding.codebook import Codebook
from knutepunkt.analysis.coding.naming import identifying_words
from knutepunkt.analysis.coding.settling import settled_codes
from knutepunkt.analysis.coding.texts import CodedText, Coding, OpenText, WrittenText
from knutepunkt.analysis.measurement.coder_agreement import (
    CoderAgreement,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
)
from knutepunkt.analysis.measurement.refusals import MeasurementRefused


@dataclass(frozen=True, eq=False)
class CodedRound:
    """The coded texts of one round.

    `second` is None where one person coded alone. `settled` holds what the two agreed on
    afterwards. `names` are the words that name a group, a place or somebody (`words_of_names`).
    """

    texts: tuple[WrittenText, ...] = field(repr=False)
    first: Coding = field(repr=False)
    second: Coding | None = field(default=None, repr=False)
    settled: Coding = field(default_factory=dict, repr=False)
    names: frozenset[str] = field(default=frozenset(), repr=False)

    def writers(self) -> tuple[str, ...]:
        """Everybody who wrote a text, in the order of their ids."""
        return tuple(sorted({each.participant for each in self.texts}))

    def codes_of(self, text: OpenText) -> frozenset[str]:
        """The codes that count for a text."""
        return settled_codes(text.id, self.first, self.second, self.settled)

    def said(self, code: str, participants: Sequence[str]) -> npt.NDArray[np.float64]:
        """Shape (n,): 1 for who said it in any text, 0 for who wrote and did not, NaN for no text."""
        by_person = self._by_person
        return np.array(
            [
                float(any(code in self.codes_of(text) for text in by_person[one]))
                if one in by_person
                else np.nan
                for one in participants
            ]
        )

    def agreement(self, code: str) -> CoderAgreement | None:
        """Krippendorff's alpha (nominal) on whether each participant said it; None with one coder.

        The unit is the participant: a coder says that somebody said it when any of the texts is
        given the code. None too where nobody or everybody is said to, since chance agreement is
        then 1. Formula and interval: `measurement.coder_agreement.krippendorff_alpha`.
        """
        return self._measured(code, krippendorff_alpha)

    def kappa(self, code: str) -> CoderAgreement | None:
        """Cohen's kappa of the same; None likewise."""
        return self._measured(code, lambda codes: cohen_kappa(codes[:, 0], codes[:, 1]))

    def steady_agreement(self, code: str) -> CoderAgreement | None:
        """Gwet's AC1 of the same, which stays steady where a code is rare; None likewise."""
        return self._measured(code, gwet_ac1)

    def _measured(
        self, code: str, measure: Callable[[npt.NDArray[np.float64]], CoderAgreement]
    ) -> CoderAgreement | None:
        if self.second is None:
            return None
        by_person = self._by_person
        codes = [
            [
                float(any(code in coding.get(t.id, CodedText()).codes for t in by_person[one]))
                for coding in (self.first, self.second)
            ]
            for one in self.writers()
        ]
        try:
            return measure(np.array(codes, dtype=float).reshape(-1, 2))
        except MeasurementRefused:
            return None

    def readers_who_found_fit(self, text: OpenText) -> frozenset[str]:
        """The coders who marked a text as fit to be quoted; none where either says it identifies."""
        codings = [each for each in (self.first, self.second) if each is not None]
        said = [coding.get(text.id, CodedText()) for coding in codings]
        if any(each.identifies for each in said):
            return frozenset()
        return frozenset(f"reader-{place}" for place, each in enumerate(said, 1) if each.fit)

    def names_somebody(self, text: OpenText) -> bool:
        """Whether the words name a group, a place or somebody, as far as a program can tell."""
        return bool(identifying_words(text.words, self.names))

    @cached_property
    def _by_person(self) -> dict[str, list[OpenText]]:
        found: dict[str, list[OpenText]] = defaultdict(list)
        for each in self.texts:
            found[each.participant].append(each.text)
        return found


@dataclass(frozen=True, eq=False)
class CodedAnswers:
    """The codebook, and by round id the coded texts; rounds nobody coded are not there."""

    codebook: Codebook
    rounds: Mapping[str, CodedRound]

    @property
    def coders(self) -> int:
        """How many coded: two, or one where any round was coded by one alone."""
        return 1 if any(each.second is None for each in self.rounds.values()) else 2
