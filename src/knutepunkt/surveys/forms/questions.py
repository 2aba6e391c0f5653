"""What does a centre write when it asks something of its own?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from knutepunkt.analysis.instruments import ItemKind, OwnQuestion, Texts

MOST_QUESTIONS = 5
MOST_OPTIONS = 7
LONGEST_QUESTION = 200
#: How a question can be answered: the word in the form, the kind, the scale of the shipped survey.
ANSWERED_BY: dict[str, tuple[ItemKind, str | None]] = {
    "agree": (ItemKind.SCALE, "AGREEMENT"),
    "often": (ItemKind.SCALE, "FREQUENCY"),
    "list": (ItemKind.SINGLE_CHOICE, None),
    "text": (ItemKind.FREE_TEXT, None),
}
LANGUAGES = ("nb", "nn", "en")


class OwnQuestionForm(forms.Form):
    """One question of the centre's own. A language left empty shows the question as first written."""

    answered_by = forms.ChoiceField(
        label=_("How is it answered?"),
        widget=forms.RadioSelect,
        choices=[
            ("agree", _("A statement to agree or disagree with")),
            ("often", _("How often, in the last four meetings")),
            ("list", _("A list to choose one from")),
            ("text", _("In one's own words")),
        ],
    )
    text_nb = forms.CharField(
        label=_("The question in Bokmål"), max_length=LONGEST_QUESTION, required=False
    )
    text_nn = forms.CharField(
        label=_("The question in Nynorsk"), max_length=LONGEST_QUESTION, required=False
    )
    text_en = forms.CharField(
        label=_("The question in English"), max_length=LONGEST_QUESTION, required=False
    )
    options_nb = forms.CharField(
        label=_("The list in Bokmål"),
        help_text=_("Only for a list: one answer on each line, from two to seven."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    options_nn = forms.CharField(
        label=_("The list in Nynorsk"),
        help_text=_("The same answers in the same order."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    options_en = forms.CharField(
        label=_("The list in English"),
        help_text=_("The same answers in the same order."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Check that there is a question, and for a list that the languages match."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.get(f"text_{code}") for code in LANGUAGES):
            self.add_error("text_nb", _("Write the question in at least one language."))
        if cleaned.get("answered_by") == "list":
            self._check_lists(cleaned)
        return cleaned

    def _check_lists(self, cleaned: dict[str, Any]) -> None:
        lists = {code: _lines(cleaned.get(f"options_{code}", "")) for code in LANGUAGES}
        written = {code: lines for code, lines in lists.items() if lines}
        if not written:
            self.add_error("options_nb", _("Write the answers, one on each line."))
            return
        lengths = {len(lines) for lines in written.values()}
        for code, lines in written.items():
            if not 2 <= len(lines) <= MOST_OPTIONS:
                self.add_error(f"options_{code}", _("Write from two to seven answers."))
            elif len(lengths) > 1:
                self.add_error(
                    f"options_{code}",
                    _("The lists have different numbers of answers. Write the same in each."),
                )

    def question(self) -> OwnQuestion:
        """Return the question; the form must be valid."""
        kind, scale = ANSWERED_BY[self.cleaned_data["answered_by"]]
        options: tuple[Texts, ...] = ()
        if kind is ItemKind.SINGLE_CHOICE:
            lists = {code: _lines(self.cleaned_data[f"options_{code}"]) for code in LANGUAGES}
            length = max(len(lines) for lines in lists.values())
            options = tuple(
                _texts({code: lines[at] for code, lines in lists.items() if lines})
                for at in range(length)
            )
        text = _texts({code: self.cleaned_data[f"text_{code}"] for code in LANGUAGES})
        return OwnQuestion(kind=kind, texts=text, options=options, scale=scale)

    @property
    def is_begun(self) -> bool:
        """Whether anything has been written."""
        names = [f"{field}_{code}" for field in ("text", "options") for code in LANGUAGES]
        return any(self.data.get(name, "").strip() for name in names)


def question_to_text(question: OwnQuestion) -> str:
    """Return a question as it is kept in a draft."""
    return json.dumps(
        {
            "kind": question.kind.value,
            "texts": _plain(question.texts),
            "options": [_plain(option) for option in question.options],
            "scale": question.scale,
        },
        ensure_ascii=False,
    )


def questions_of(typed: Mapping[str, Sequence[str]]) -> list[OwnQuestion]:
    """Return the questions kept in a draft's page."""
    found = []
    for text in typed.get("question", ()):
        kept = json.loads(text)
        found.append(
            OwnQuestion(
                kind=ItemKind(kept["kind"]),
                texts=Texts(**kept["texts"]),
                options=tuple(Texts(**option) for option in kept["options"]),
                scale=kept["scale"],
            )
        )
    return found


def _plain(texts: Texts) -> dict[str, str]:
    return {code: texts.in_language(code) for code in LANGUAGES}


def _texts(written: Mapping[str, str]) -> Texts:
    """Return the wording in all languages; where one is missing, the first that is written."""
    first = next(text for text in written.values() if text)
    return Texts(**{code: written.get(code) or first for code in LANGUAGES})


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
