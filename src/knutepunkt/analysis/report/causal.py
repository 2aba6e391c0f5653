"""Does a sentence claim a cause where the design can only show a difference or an association?"""

from __future__ import annotations

import re
from typing import Final

from knutepunkt.analysis.report import wording
from knutepunkt.analysis.report.sentences import Template, catalogue, fill
from knutepunkt.analysis.report.values import Sentence, Verbatim

# Whole words or stems (a star): what says that one thing brought about another.
CAUSAL_WORDS: Final = {
    "nb": (
        "effekt* virkning* virket virker virke påvirk* innvirk* årsak* forårsak* skyldes skyldtes "
        "medfør* resulter* bidr* bidro* hjalp hjulpet hjelper utløs* skapte skaper fremkall* "
        "utbytte gevinst* forbedret forbedrer kurer* helbred* derfor dermed"
    ),
    "nn": (
        "effekt* verknad* verka verkar verke påverk* innverk* årsak* skuldast "
        "medfør* resulter* bidr* bidrog hjelpte hjelpt hjelper hjelpte utløys* skapte skaper "
        "framkall* utbytte gevinst* forbetra forbetrar kurer* lækj* derfor dermed"
    ),
    "en": (
        "effect* impact* influenc* caus* because due produc* lead* led result* contribut* "
        "help helps helped benefit* improv* heal* cure* therefore thus hence thanks"
    ),
}
CAUSAL_PHRASES: Final = {
    "nb": (
        "fører til",
        "førte til",
        "på grunn av",
        "takket være",
        "som følge av",
        "gjør at",
        "gjorde at",
        "ført til",
    ),
    "nn": (
        "fører til",
        "førte til",
        "på grunn av",
        "takka vere",
        "som følgje av",
        "gjer at",
        "gjorde at",
        "ført til",
    ),
    "en": (
        "as a consequence",
        "owing to",
        "brings about",
        "brought about",
        "makes people",
        "made people",
    ),
}
# "Change" is two measurements apart. One round has none, so it may only be perceived.
CHANGE_WORDS: Final = {
    "nb": (r"\bendring\w*", r"\bopplevd\w* endring\w*"),
    "nn": (r"\bendring\w*", r"\bopplevd\w* endring\w*"),
    "en": (r"\bchang(?:e|es)\b", r"\b(?:perceived|detectable) changes?\b"),
}


def _pattern(language: str) -> re.Pattern[str]:
    stems = [re.escape(word).replace(r"\*", r"\w*") for word in CAUSAL_WORDS[language].split()]
    phrases = [re.escape(phrase) for phrase in CAUSAL_PHRASES[language]]
    return re.compile(r"\b(?:" + "|".join([*phrases, *stems]) + r")\b", re.IGNORECASE)


_PATTERNS: Final = {language: _pattern(language) for language in wording.LANGUAGES}
_QUOTED: Final = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")


class CausalClaim(ValueError):
    """A sentence of the report claims a cause."""


def causal_words(text: str, language: str) -> tuple[str, ...]:
    """The causal words in a text, in order; words inside quotation marks are somebody else's."""
    return tuple(match.group(0) for match in _PATTERNS[language].finditer(_QUOTED.sub("", text)))


def unperceived_change(text: str, language: str) -> tuple[str, ...]:
    """The uses of "change" that are not "perceived change", for a report on a single round."""
    change, perceived = CHANGE_WORDS[language]
    rest = re.sub(perceived, "", _QUOTED.sub("", text), flags=re.IGNORECASE)
    return tuple(match.group(0) for match in re.finditer(change, rest, re.IGNORECASE))


def faults(template: Template) -> dict[str, tuple[str, ...]]:
    """The causal words of one message per language; none when it is marked as reviewed."""
    if template.reviewed:
        return {}
    found = {
        language: causal_words(template.in_language(language), language)
        for language in wording.LANGUAGES
    }
    return {language: words for language, words in found.items() if words}


def guard(sentence: Sentence, *, rounds: int) -> None:
    """Raise `CausalClaim` when a sentence claims a cause, or calls one round's answers a change.

    What is filled in counts as well, apart from what stands between quotation marks.
    """
    template = catalogue()[sentence.message]
    for language in wording.LANGUAGES:
        text = fill(sentence, language)
        words = () if template.reviewed else causal_words(text, language)
        if rounds == 1 and not template.reviewed:
            words += unperceived_change(text, language)
        if words:
            raise CausalClaim(f"{sentence.message} ({language}): {', '.join(words)}")


def blank(template: Template) -> Sentence:
    """The message with every parameter filled by a neutral mark, for reading it alone."""
    names = template.parameters["nb"]
    return Sentence(template.id, {name: Verbatim("…") for name in names})
