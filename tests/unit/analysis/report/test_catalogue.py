"""Is every sentence there in three languages, with the same blanks, and free of causal claims?"""

from __future__ import annotations

import re

import pytest

from knutepunkt.analysis.report.causal import (
    CausalClaim,
    blank,
    causal_words,
    faults,
    guard,
    unperceived_change,
)
from knutepunkt.analysis.report.sentences import UnknownMessage, catalogue, fill, template
from knutepunkt.analysis.report.values import Sentence, Verbatim
from knutepunkt.analysis.report.wording import LANGUAGES

BOKMAAL = re.compile(
    r"\b(ikke|hva|hvem|hvor|hvordan|hvorfor|jeg|fra|noen|noe|mye|uke|dere|vært|gjøre|selvhjelp\w*"
    r"|spørre\w*|\w+else|\w+het|\w+lige?)\b",
    re.IGNORECASE,
)
EXCEPTIONS = {"mogleg", "påliteleg", "frivillig"}
# Sentences a person has read: they deny a cause, name a bias of the sample, or name a section.
REVIEWED = {
    "heading.benefit",
    "heading.helped",
    "benefit.no_comparison",
    "helped.lead",
    "who.left",
    "note.rounded_apart",
    "column.design_effect",
    "withheld.sentence",
    "finding.harm_withheld",
}
EVERY = sorted(catalogue().values(), key=lambda each: each.id)


def test_every_language_has_words_and_fills_in_the_same_names():
    for message in EVERY:
        names = message.parameters
        assert all(message.in_language(language).strip() for language in LANGUAGES), message.id
        assert names["nb"] == names["nn"] == names["en"], message.id


def test_no_message_claims_a_cause():
    assert {each.id: faults(each) for each in EVERY if faults(each)} == {}


def test_reviewed_messages_are_those_somebody_read():
    assert {each.id for each in EVERY if each.reviewed} == REVIEWED


def test_nynorsk_is_written_not_converted():
    for message in EVERY:
        found = {word for word in BOKMAAL.findall(message.nn) if word.lower() not in EXCEPTIONS}
        assert not found, f"bokmål forms in {message.id}: {found}"
        if len(re.sub(r"\{[^}]*\}", "", message.nb).split()) > 6:
            assert message.nn != message.nb, message.id


def test_sentences_are_short():
    for message in EVERY:
        for language in LANGUAGES:
            for sentence in re.split(r"(?<=[.?!])\s", message.in_language(language)):
                assert len(sentence.split()) <= 25, sentence


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Gruppa førte til mer mestring.", "nb", ("førte til",)),
        ("Effekten er stor.", "nb", ("Effekten",)),
        ("Verknaden er stor på grunn av gruppa.", "nn", ("Verknaden", "på grunn av")),
        ("The groups improved coping and caused joy.", "en", ("improved", "caused")),
        ("De som svarte, skårer høyere.", "nb", ()),
        ("8 av 10 svarte «gruppa hjalp meg».", "nb", ()),
    ],
)
def test_causal_words_are_found_outside_quotations(text, language, words):
    assert causal_words(text, language) == words


def test_one_round_is_never_called_change():
    assert unperceived_change("Endringen er stor.", "nb") == ("Endringen",)
    assert unperceived_change("Opplevd endring er noe annet.", "nb") == ()
    assert unperceived_change("The change is large; perceived change is not.", "en") == ("change",)


def test_a_claim_that_is_filled_in_is_caught_too():
    claim = Sentence("figure.answers_to", {"name": Verbatim("effekten av gruppa")})
    with pytest.raises(CausalClaim, match="effekten"):
        guard(claim, rounds=2)


def test_change_is_guarded_in_single_rounds_only():
    sentence = Sentence("benefit.change_among")
    guard(sentence, rounds=3)
    with pytest.raises(CausalClaim, match="endring"):
        guard(sentence, rounds=1)


def test_an_unknown_message_is_named():
    with pytest.raises(UnknownMessage, match=r"no\.such"):
        template("no.such")


def test_a_sentence_begins_with_a_capital():
    for message in EVERY:
        text = fill(blank(message), "nb")
        assert text[:1] == text[:1].upper()


SECTION_TWO = {
    "withheld.sentence": (
        "Vi viser ikke dette tallet, for det kunne ha avslørt hvem som har svart hva.",
        "Vi viser ikkje dette talet, for det kunne ha avslørt kven som har svart kva.",
        "We do not show this figure, because it could have revealed who answered what.",
    ),
    "withheld.merged_two": (
        "Vi har slått sammen svarene i to kategorier, så ingen kan kjennes igjen.",
        "Vi har slått saman svara i to kategoriar, så ingen kan kjennast att.",
        "We have combined the answers into two categories so that nobody can be recognised.",
    ),
    "withheld.band": (
        "Vi gir ikke et mer nøyaktig tall når så få har svart.",
        "Vi gir ikkje eit meir nøyaktig tal når så få har svart.",
        "We give no more exact figure when so few people have answered.",
    ),
}


@pytest.mark.parametrize("message", SECTION_TWO)
def test_agreed_sentences_stand_word_for_word(message):
    assert tuple(template(message).in_language(each) for each in LANGUAGES) == SECTION_TWO[message]
