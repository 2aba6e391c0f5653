"""Which questions of its own does a centre add, and are they fit to be asked?

What was typed stands on the draft as posted; a page can be left half done and come back to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from knutepunkt.analysis.instruments import ItemKind, OwnQuestion, Texts
from knutepunkt.surveys.policies.repeating import REPEATED, asked_texts, repeats

MOST = 5
MOST_OPTIONS = 7
LANGUAGES = ("nb", "nn", "en")
COUNT = "count"

#: How a question can be answered: a scale of the survey, or a kind.
KINDS: dict[str, tuple[ItemKind, str | None]] = {
    "AGREEMENT": (ItemKind.SCALE, "AGREEMENT"),
    "CHANGE": (ItemKind.SCALE, "CHANGE"),
    "FREQUENCY": (ItemKind.SCALE, "FREQUENCY"),
    "one": (ItemKind.SINGLE_CHOICE, None),
    "several": (ItemKind.MULTIPLE_CHOICE, None),
    "text": (ItemKind.FREE_TEXT, None),
}
KIND_WORDS = (
    ("AGREEMENT", _("From “strongly disagree” to “strongly agree”")),
    ("CHANGE", _("From “much worse” to “much better”, compared with before the group")),
    ("FREQUENCY", _("From “never” to “always”, in the last four meetings")),
    ("one", _("One of the answers you write below")),
    ("several", _("One or more of the answers you write below")),
    ("text", _("In their own words")),
)
LANGUAGE_WORDS = {
    "nb": _("bokmål"),
    "nn": _("nynorsk"),
    "en": pgettext_lazy("language in a sentence", "English"),
}


@dataclass(frozen=True)
class QuestionRow:
    """The fields of one question."""

    number: int
    kind: forms.BoundField
    texts: tuple[forms.BoundField, ...]
    options: tuple[forms.BoundField, ...]


class OwnQuestionsForm(forms.Form):
    """Up to five questions; the number of them stands in a field of its own."""

    def __init__(self, typed: Mapping[str, Sequence[str]] | None) -> None:
        kept = QueryDict(mutable=True)
        for name, values in (typed or {}).items():
            kept.setlist(name, list(values))
        self.count = _count(kept.get(COUNT))
        super().__init__(kept)
        for number in range(1, self.count + 1):
            self._add(number)

    def _add(self, number: int) -> None:
        self.fields[f"kind-{number}"] = forms.ChoiceField(
            label=_("How is it answered?"), choices=KIND_WORDS
        )
        for language in LANGUAGES:
            word = LANGUAGE_WORDS[language]
            self.fields[f"text-{language}-{number}"] = forms.CharField(
                label=_("The question in {language}").format(language=word),
                required=False,
                max_length=200,
            )
            self.fields[f"options-{language}-{number}"] = forms.CharField(
                label=_("The answers in {language}").format(language=word),
                help_text=_("One on each line, two to seven."),
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    @property
    def rows(self) -> list[QuestionRow]:
        """The questions, each with its fields."""
        return [
            QuestionRow(
                number,
                self[f"kind-{number}"],
                tuple(self[f"text-{language}-{number}"] for language in LANGUAGES),
                tuple(self[f"options-{language}-{number}"] for language in LANGUAGES),
            )
            for number in range(1, self.count + 1)
        ]

    @property
    def may_add(self) -> bool:
        """Whether there is room for one more."""
        return self.count < MOST

    def clean(self) -> dict[str, Any]:
        """Check that each question has words, and answers to choose from where it needs them."""
        cleaned: dict[str, Any] = super().clean() or {}
        asked = asked_texts()
        for number in range(1, self.count + 1):
            words = self._texts(cleaned, number)
            if not any(words):
                self.add_error(f"text-nb-{number}", _("Write the question, or take it away."))
            elif repeats(words, [*asked, *(self._texts(cleaned, n) for n in range(1, number))]):
                self.add_error(f"text-nb-{number}", REPEATED)
            if cleaned.get(f"kind-{number}") in ("one", "several"):
                self._check_options(cleaned, number)
        return cleaned

    def _check_options(self, cleaned: Mapping[str, Any], number: int) -> None:
        written = [each for each in self._options(cleaned, number) if each]
        name = f"options-nb-{number}"
        if not written or not 2 <= len(written[0]) <= MOST_OPTIONS:
            self.add_error(name, _("Write from two to seven answers, one on each line."))
        elif len({len(each) for each in written}) > 1:
            self.add_error(
                name, _("Write the same number of answers in each language, in the same order.")
            )

    @staticmethod
    def _texts(cleaned: Mapping[str, Any], number: int) -> list[str]:
        return [str(cleaned.get(f"text-{each}-{number}") or "").strip() for each in LANGUAGES]

    @staticmethod
    def _options(cleaned: Mapping[str, Any], number: int) -> list[list[str]]:
        typed = (str(cleaned.get(f"options-{each}-{number}") or "") for each in LANGUAGES)
        return [[line.strip() for line in each.splitlines() if line.strip()] for each in typed]

    def questions(self) -> tuple[OwnQuestion, ...]:
        """Return the questions; the form must be valid.

        A language left empty shows the words of the first one that is written.
        """
        return tuple(self._question(number) for number in range(1, self.count + 1))

    def _question(self, number: int) -> OwnQuestion:
        kind, scale = KINDS[self.cleaned_data[f"kind-{number}"]]
        options: tuple[Texts, ...] = ()
        if kind in (ItemKind.SINGLE_CHOICE, ItemKind.MULTIPLE_CHOICE):
            written = self._options(self.cleaned_data, number)
            first = next(each for each in written if each)
            options = tuple(
                _texts([lines[place] if lines else first[place] for lines in written])
                for place in range(len(first))
            )
        texts = self._texts(self.cleaned_data, number)
        return OwnQuestion(kind=kind, texts=_texts(texts), options=options, scale=scale)


def with_one_more(typed: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return what was typed, with room for one more question."""
    count = min(MOST, _count(_first(typed, COUNT)) + 1)
    return {name: list(values) for name, values in typed.items()} | {COUNT: [str(count)]}


def without(typed: Mapping[str, Sequence[str]], number: int) -> dict[str, list[str]]:
    """Return what was typed, with one question taken away and the later ones moved up."""
    count = _count(_first(typed, COUNT))
    kept: dict[str, list[str]] = {COUNT: [str(max(0, count - 1))]}
    for name, values in typed.items():
        stem, _dash, place = name.rpartition("-")
        if not place.isdigit() or int(place) == number:
            continue
        kept[f"{stem}-{int(place) - (int(place) > number)}"] = list(values)
    return kept


def _texts(words: Sequence[str]) -> Texts:
    first = next(each for each in words if each)
    nb, nn, en = (each or first for each in words)
    return Texts(nb=nb, nn=nn, en=en)


def _count(text: str | None) -> int:
    return min(MOST, int(text)) if text and text.isdigit() else 0


def _first(typed: Mapping[str, Sequence[str]], name: str) -> str | None:
    return next(iter(typed.get(name, ())), None)
