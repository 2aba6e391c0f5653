"""How does a questionnaire get one more language, a file for each of its pieces?

A piece is what a translator thinks of at once: a question, a set of answers, a part, the opening. Its
file holds the bokmål wording it was made from and the new one. When a wording changes, its file no
longer fits and says so; all others stay.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, reduce

from knutepunkt.analysis.instruments.instrument import Instrument
from knutepunkt.analysis.instruments.items import Item, Part
from knutepunkt.analysis.instruments.problems import InstrumentRefused, Problem
from knutepunkt.analysis.instruments.response_sets import ResponseSet
from knutepunkt.analysis.instruments.texts import REQUIRED_LANGUAGES, Texts

CODE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Piece:
    """One file: its name without ending, and its texts by key."""

    name: str
    texts: Mapping[str, Texts]


def pieces(instrument: Instrument) -> tuple[Piece, ...]:
    """Everything of the questionnaire that a participant reads, one piece for each file."""
    return (
        Piece("opening", {"title": instrument.title, "intro": instrument.intro}),
        *(Piece(f"part.{part.id}", _of_part(part)) for part in instrument.parts),
        *(Piece(f"question.{item.id}", {"text": item.texts}) for item in instrument.items),
        *(Piece(f"answers.{each.id}", _of_set(each)) for each in instrument.response_sets),
    )


@lru_cache(maxsize=64)
def languages_of(instrument: Instrument) -> tuple[str, ...]:
    """The languages in which everything is written that a participant reads, Norwegian ones first.

    A centre's own questions may lack a further language; they are then shown in bokmål.
    """
    own = {
        name
        for item in instrument.items
        if item.own
        for name in (f"question.{item.id}", f"answers.{item.id}", f"part.{item.part}")
    }
    shared = [
        texts.languages
        for piece in pieces(instrument)
        if piece.name not in own
        for texts in piece.texts.values()
    ]
    common = frozenset.intersection(*shared)
    return (*REQUIRED_LANGUAGES, *sorted(common - set(REQUIRED_LANGUAGES)))


def blank_file(piece: Piece, language: str) -> str:
    """The piece's file as TOML: bokmål, and what there is in the new language or empty texts."""
    lines = [
        "# Write the new wording under [translation]. Leave [bokmal] as it is.",
        "",
        "[bokmal]",
    ]
    lines += [f"{_quoted(key)} = {_quoted(texts.nb)}" for key, texts in piece.texts.items()]
    lines += ["", "[translation]"]
    lines += [
        f"{_quoted(key)} = {_quoted(texts.written_in(language))}"
        for key, texts in piece.texts.items()
    ]
    return "\n".join(lines) + "\n"


def with_translation(instrument: Instrument, language: str, files: Mapping[str, str]) -> Instrument:
    """A new version with one more language. `files` maps a piece's name to its file's text.

    Raises `InstrumentRefused` with every file that is missing, is not TOML, was made from another
    wording or has an empty one.
    """
    if not CODE.fullmatch(language) or language in REQUIRED_LANGUAGES:
        what = f"{language!r} is not the ISO code of a further language."
        raise InstrumentRefused([Problem("language", what, "Write it in two or three letters.")])
    problems: list[Problem] = []
    wordings: dict[tuple[str, str], str] = {}
    for piece in pieces(instrument):
        found = _read(piece, files.get(piece.name), problems)
        wordings |= {(piece.name, key): text for key, text in found.items()}
    if problems:
        raise InstrumentRefused(problems)

    def told(name: str) -> Callable[[str, Texts], Texts]:
        return lambda key, texts: texts.with_wording(language, wordings[name, key])

    return _rewritten(instrument, told, version=f"{instrument.version}+{language}")


def with_translations(
    instrument: Instrument, languages: Mapping[str, Mapping[str, str]]
) -> Instrument:
    """The same with several languages, in the order of their codes."""
    return reduce(
        lambda made, code: with_translation(made, code, languages[code]),
        sorted(languages),
        instrument,
    )


def _read(piece: Piece, text: str | None, problems: list[Problem]) -> dict[str, str]:
    path = f"{piece.name}.toml"
    if text is None:
        problems.append(Problem(path, "The file is missing.", "Write the blank files again."))
        return {}
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(path, f"It is not TOML: {error}.", "Mend the line."))
        return {}
    made_from, wordings = content.get("bokmal", {}), content.get("translation", {})
    for key, texts in piece.texts.items():
        problems.extend(_faults(f"{path}, {key}", texts, made_from.get(key), wordings.get(key)))
    return {key: str(wordings.get(key, "")).strip() for key in piece.texts}


def _faults(path: str, texts: Texts, made_from: object, wording: object) -> Iterator[Problem]:
    if made_from != texts.nb:
        what = f"It was made from another wording than {texts.nb!r}."
        yield Problem(path, what, "Read the wording again, and copy the new one to [bokmal].")
    if not isinstance(wording, str) or not wording.strip():
        yield Problem(path, "There is no translation.", "Write it under [translation].")


Telling = Callable[[str], Callable[[str, Texts], Texts]]


def _rewritten(instrument: Instrument, told: Telling, *, version: str) -> Instrument:
    opening = told("opening")
    made = replace(
        instrument,
        version=version,
        title=opening("title", instrument.title),
        intro=opening("intro", instrument.intro),
        parts=tuple(_part(part, told(f"part.{part.id}")) for part in instrument.parts),
        items=tuple(_item(item, told(f"question.{item.id}")) for item in instrument.items),
        response_sets=tuple(
            _set(each, told(f"answers.{each.id}")) for each in instrument.response_sets
        ),
        based_on=instrument.hash,
    )
    made.check()
    return made


def _of_part(part: Part) -> dict[str, Texts]:
    return {"heading": part.texts, **({"lead": part.lead} if part.lead else {})}


def _of_set(each: ResponseSet) -> dict[str, Texts]:
    options = {str(option.code): option.texts for option in each.options}
    return {**({"lead": each.lead} if each.lead else {}), **options}


def _part(part: Part, say: Callable[[str, Texts], Texts]) -> Part:
    lead = say("lead", part.lead) if part.lead else None
    return replace(part, texts=say("heading", part.texts), lead=lead)


def _item(item: Item, say: Callable[[str, Texts], Texts]) -> Item:
    return replace(item, texts=say("text", item.texts))


def _set(each: ResponseSet, say: Callable[[str, Texts], Texts]) -> ResponseSet:
    options = tuple(
        replace(option, texts=say(str(option.code), option.texts)) for option in each.options
    )
    return replace(each, options=options, lead=say("lead", each.lead) if each.lead else None)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
