"""Is the language clear, kind and idiomatic in bokmål and nynorsk?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import polib
import pytest

from tests.docs.catalogues import SOURCE, Said, blank, entries, key, said
from tools.check_messages import used_in_templates

HERE = Path(__file__).parent
REVIEWED = tomllib.loads((HERE / "reviewed.toml").read_text("utf-8"))
SENTENCES = tomllib.loads((HERE / "sentences.toml").read_text("utf-8"))["sentence"]
LANGUAGES = ("nb", "nn")

BOKMAL_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
        ikke hva hvem hvor hvordan hvorfor hvis hvilken hvilke hvilket jeg fra noen noe mye uke
        dere vært være gjøre bare sammen ble blitt svarene kun nå vet ennå samme gikk ga fikk selv
        """,
    )
)
BOKMAL_PATTERNS = [
    re.compile(p) for p in (r"selvhjelp\w*", r"spørre\w*", r"\w+else", r"\w+het", r"\w+lige")
]

NEVER = re.compile(
    r"\b(ugyldig\w*|feilet|feila|mislykk?\w+|mislukka|ulovlig\w*|ulovleg\w*|advarsel\w*|"
    r"åtvaring\w*|pasient\w*|klient\w*|brukeren|brukerne|brukere|brukaren|brukarar|brukarane|"
    r"respondent\w*|bølg\w+)\b",
    re.IGNORECASE,
)
#: Words for those who build, never for those who answer.
NEVER_TO_PARTICIPANTS = re.compile(
    r"\b(token\w*|autentiser\w*|datasett\w*|anonymiser\w*|krypter\w*|pseudonym\w*|hash\w*|"
    r"blindsignatur\w*|runde\w*|helt anonym\w*|heilt anonym\w*)\b",
    re.IGNORECASE,
)
LONGEST_SENTENCE = 25
FILLED = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def bokmal_forms(texts: Iterable[Said]) -> list[str]:
    """Return nynorsk texts that hold bokmål forms."""
    allowed = set(REVIEWED["nynorsk_words"])
    found = []
    for text in texts:
        for word in text.words:
            looks = word in BOKMAL_WORDS or any(p.fullmatch(word) for p in BOKMAL_PATTERNS)
            if looks and word not in allowed:
                found.append(f"{text.room}: «{word}» in {text.text!r}")
    return found


def converted(nb: Iterable[polib.POEntry], nn: Iterable[polib.POEntry]) -> list[str]:
    """Return texts over three words that are the same in bokmål and nynorsk, unless reviewed."""
    bokmal = {key(entry): entry.msgstr for entry in nb if entry.msgstr}
    same = [entry.msgstr for entry in nn if entry.msgstr and bokmal.get(key(entry)) == entry.msgstr]
    return [
        text
        for text in same
        if len(Said("", "nn", "", text).words) > 3 and text not in REVIEWED["same_in_both"]
    ]


def matching(texts: Iterable[Said], pattern: re.Pattern[str]) -> list[str]:
    """Return the texts that hold a word nobody should meet."""
    return [
        f"{text.room} ({text.language}): «{hit.group(0)}» in {text.text!r}"
        for text in texts
        if (hit := pattern.search(text.text))
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_translated_and_nothing_is_guessed(language: str) -> None:
    unfinished = [
        f"{room}: {entry.msgid!r}"
        for room, entry in entries(language)
        if entry.fuzzy or not entry.translated()
    ]
    assert unfinished == []


def test_both_languages_translate_the_same_texts() -> None:
    nb = {(room, *key(entry)) for room, entry in entries("nb")}
    nn = {(room, *key(entry)) for room, entry in entries("nn")}
    assert nb ^ nn == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_the_same_in_each_language(language: str) -> None:
    names = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
    wrong = [
        f"{text.room}: {text.source!r} -> {text.text!r}"
        for text in said(language)
        if not set(names.findall(text.text))
        <= set(names.findall(text.source)) | {"%(number)s", "%(count)s", "{number}", "{count}"}
    ]
    assert wrong == []


def test_nynorsk_holds_no_bokmal_forms() -> None:
    assert bokmal_forms(said("nn")) == []


def test_nynorsk_is_written_and_not_converted() -> None:
    nb = [entry for _room, entry in entries("nb")]
    nn = [entry for _room, entry in entries("nn")]
    assert converted(nb, nn) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_blamed_alarmed_or_labelled(language: str) -> None:
    assert matching(said(language), NEVER) == []


def read_by_participants() -> set[str]:
    """Return the English source of what stands on pages of participants and the public."""
    sources = {path.name: path.read_text("utf-8") for path in SOURCE.rglob("templates/**/*.html")}

    def extends(name: str, wanted: str) -> bool:
        found = re.search(r"{%\s*extends [\"']([^\"']+)[\"']", sources.get(name, ""))
        base = found.group(1).rsplit("/", 1)[-1] if found else ""
        return base == wanted or (bool(base) and base != name and extends(base, wanted))

    return {
        message
        for message, place in used_in_templates(SOURCE)
        if extends(Path(place).name, "answering.html") or "templates/site/" in place
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_participants_read_everyday_words(language: str) -> None:
    theirs = read_by_participants()
    assert len(theirs) > 50
    texts = [text for text in said(language) if text.source in theirs]
    assert matching(texts, NEVER_TO_PARTICIPANTS) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_thanks_has_an_exclamation_mark(language: str) -> None:
    loud = [
        text.text
        for text in said(language)
        if "!" in text.text.replace("Takk!", "") and text.text not in REVIEWED["exclamations"]
    ]
    assert loud == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language: str) -> None:
    long = [
        f"{text.room}: {sentence!r}"
        for text in said(language)
        for sentence in re.split(r"(?<=[.?!:])\s+", FILLED.sub("x", text.text))
        if len(sentence.split()) > LONGEST_SENTENCE
    ]
    assert long == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_key_sentences_are_word_for_word(language: str) -> None:
    known = {blank(text.source): blank(text.text) for text in said(language)}
    changed = [
        f"{sentence['moment']}: {known[blank(sentence['en'])]!r}"
        for sentence in SENTENCES
        if blank(sentence["en"]) in known
        and known[blank(sentence["en"])] != blank(sentence[language])
    ]
    assert changed == []


PLANTED = Said("site", "nn", "x", "Dette er ikke en undersøkelse for brukerne, advarsel")


def test_planted_faults_are_noticed() -> None:
    assert len(bokmal_forms([PLANTED])) == 2
    assert matching([PLANTED], NEVER)
    assert matching([Said("s", "nb", "x", "Svaret krypteres")], NEVER_TO_PARTICIPANTS)
    entry = polib.POEntry(msgid="x", msgstr="Dette er fire ord")
    assert converted([entry], [entry]) == ["Dette er fire ord"]
    short = polib.POEntry(msgid="x", msgstr="Tre ord her")
    assert converted([short], [short]) == []
