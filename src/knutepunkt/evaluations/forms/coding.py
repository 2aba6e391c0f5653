"""What does a person fill in to appoint coders, and a coder to code?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from knutepunkt.analysis.coding import (
    Codebook,
    CodebookFault,
    CodedText,
    Difference,
    OpenText,
    SheetFaults,
    read_codebook,
    read_sheet,
    shipped_codebook,
)
from knutepunkt.analysis.coding.sheet import FIT, IDENTIFIES
from knutepunkt.evaluations.coding_faults import codebook_sentence, sheet_sentence
from knutepunkt.evaluations.coding_sheets import SheetNotRead, rows_of
from knutepunkt.evaluations.policies import CannotCode, require_two_people
from knutepunkt.evaluations.queries import possible_coders
from knutepunkt.evaluations.vocabulary import field_of
from knutepunkt.people.models import Person
from knutepunkt.surveys.models import Round

LARGEST_SHEET = 2 * 1024 * 1024


class AppointForm(forms.Form):
    """Which two people read, and by which codes."""

    one = forms.ModelChoiceField(
        label=_("First coder"),
        queryset=Person.objects.none(),
        empty_label=_("Nobody chosen"),
        error_messages={"required": _("Choose who codes.")},
    )
    other = forms.ModelChoiceField(
        label=_("Second coder"),
        queryset=Person.objects.none(),
        empty_label=_("Nobody chosen"),
        error_messages={"required": _("Choose who codes.")},
    )
    codebook = forms.CharField(
        label=_("Codebook"),
        help_text=_(
            "One code on each line: a short name, a colon, and the theme in three languages with | "
            "between. Change it as you like. It cannot be changed once the coders are appointed."
        ),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        max_length=12_000,
        error_messages={"required": _("There are no codes. Write one on each line.")},
    )

    def __init__(self, asked: Round, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(pk__in=[each.pk for each in possible_coders(asked)])
        for name in ("one", "other"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = people.order_by("name")
        self.fields["codebook"].initial = shipped_codebook().as_lines()

    def clean_codebook(self) -> Codebook:
        """The codebook, or the line that is wrong."""
        try:
            return read_codebook(str(self.cleaned_data["codebook"]))
        except CodebookFault as fault:
            raise forms.ValidationError(codebook_sentence(fault)) from fault

    def clean(self) -> dict[str, Any]:
        """Two different people."""
        cleaned = super().clean() or {}
        one, other = cleaned.get("one"), cleaned.get("other")
        if one is not None and other is not None:
            try:
                require_two_people(one, other)
            except CannotCode as refused:
                self.add_error("other", str(refused))
        return cleaned


class ReplaceForm(forms.Form):
    """Who codes in somebody's place."""

    person = forms.ModelChoiceField(
        label=_("Who codes instead?"),
        queryset=Person.objects.none(),
        empty_label=_("Nobody chosen"),
        error_messages={"required": _("Choose who codes.")},
    )

    def __init__(self, asked: Round, taken: Iterable[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        coders = {each.pk for each in taken}
        people = [each.pk for each in possible_coders(asked) if each.pk not in coders]
        field.queryset = Person.objects.filter(pk__in=people).order_by("name")


class SheetForm(forms.Form):
    """A coding sheet that comes back."""

    sheet = forms.FileField(
        label=_("The filled-in sheet (.xlsx or CSV)"),
        error_messages={"required": _("Choose the file with your coding.")},
    )

    def clean_sheet(self) -> Any:
        """Refuse files that are too large to be a coding sheet."""
        sheet = self.cleaned_data["sheet"]
        if sheet.size > LARGEST_SHEET:
            raise forms.ValidationError(
                _(
                    "The file is larger than 2 MB. Upload the sheet as it was downloaded, with marks."
                )
            )
        return sheet

    def coding(
        self, texts: Iterable[OpenText], codebook: Codebook, language: str
    ) -> tuple[dict[str, CodedText], list[str]]:
        """What the sheet says, or the sentences about what is wrong; then nothing is kept."""
        try:
            rows = rows_of(self.cleaned_data["sheet"].read())
            return read_sheet(rows, texts, codebook), []
        except SheetNotRead as refused:
            return {}, [str(refused)]
        except SheetFaults as found:
            sentences = [sheet_sentence(each, codebook, language) for each in found.faults]
            return {}, sentences


def marks_in(
    posted: QueryDict, texts: Iterable[OpenText], codebook: Codebook
) -> tuple[dict[str, CodedText], dict[str, str]]:
    """What the boxes of one page say, and by text what is wrong."""
    marks, errors = {}, {}
    for text in texts:
        codes = frozenset(code for code in codebook.ids if field_of(text.id, code) in posted)
        identifies = field_of(text.id, IDENTIFIES) in posted
        fit = field_of(text.id, FIT) in posted and text.may_quote
        marks[text.id] = CodedText(codes, identifies, fit)
        if fit and identifies:
            errors[text.id] = str(
                _("A text where somebody can be recognised is not quoted. Tick one of the two.")
            )
    return marks, errors


def settled_in(posted: QueryDict, found: Iterable[Difference]) -> dict[str, CodedText]:
    """What the two settled on for the texts of one page: what both gave, and what was ticked."""
    return {
        each.text.id: CodedText(
            (each.first.codes & each.second.codes)
            | {code for code in each.in_dispute if field_of(each.text.id, code) in posted}
        )
        for each in found
    }
