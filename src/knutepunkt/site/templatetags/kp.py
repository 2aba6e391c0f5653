"""Which small pieces do pages put together: states, dates, breadcrumbs, fields, errors?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, CheckboxInput
from django.template import Context
from django.utils.functional import Promise

from knutepunkt.shared.errors import Refusal
from knutepunkt.shared.wording import (
    date_in_words,
    list_in_words,
    number_in_words,
    time_in_words,
)
from knutepunkt.site.shell import Shell, shell_for

register = template.Library()

#: Colours a state may have. Danger is for what is lost or broken, never for what is merely over.
TONES = {"neutral", "accent", "brand1", "brand2", "danger"}


@register.simple_tag(takes_context=True)
def kp_shell(context: Context) -> Shell:
    """Give the frame what it needs: sender, languages, the words of this role."""
    return shell_for(context.get("request"))


@register.filter
def kp_date(day: dt.date | None) -> str:
    """Say a date in words: 30. november 2026."""
    return date_in_words(day) if day else ""


@register.filter
def kp_time(moment: dt.datetime | dt.time | None) -> str:
    """Say a time: kl. 18.30."""
    return time_in_words(moment) if moment else ""


@register.filter
def kp_number_word(number: int | None, gender: str = "common") -> str:
    """Say a number in words up to twelve; the gender matters for one."""
    return "" if number is None else number_in_words(int(number), gender)


@register.filter
def kp_list(parts: Iterable[object]) -> str:
    """Join with commas and "and"."""
    return list_in_words(list(parts))


@register.filter
def kp_is_checkbox(field: BoundField) -> bool:
    """Say whether the label belongs after the box."""
    return isinstance(field.field.widget, CheckboxInput)


@register.inclusion_tag("site/parts/state.html")
def kp_state(
    word: str | Promise, then: str | Promise = "", tone: str = "neutral"
) -> dict[str, Any]:
    """Show a state as a word, and what happens next as a sentence."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"kp_state has no tone {tone!r}; use {sorted(TONES)}")
    text = str(word)
    return {"word": text[:1].upper() + text[1:], "then": then, "tone": tone}


@register.inclusion_tag("site/parts/breadcrumb.html")
def kp_breadcrumb(*parts: object) -> dict[str, Any]:
    """Show where the page is: label, address, label, address, ..., label of this page."""
    labels, addresses = parts[0::2], parts[1::2]
    steps = [
        (label, addresses[index] if index < len(addresses) else "")
        for index, label in enumerate(labels)
    ]
    return {"steps": steps}


@register.inclusion_tag("site/parts/empty.html")
def kp_empty(
    sentence: str | Promise, address: str = "", label: str | Promise = "", variant: str = "primary"
) -> dict[str, Any]:
    """Show an empty list: one sentence, and the one thing to do."""
    return {"sentence": sentence, "address": address, "label": label, "variant": variant}


@register.inclusion_tag("site/parts/why_not.html")
def kp_why_not(sentence: str | Promise | Refusal) -> dict[str, Any]:
    """Show, where a button would have been, the sentence of why it is not there."""
    return {"sentence": str(sentence)}


@register.inclusion_tag("site/parts/pages.html", takes_context=True)
def kp_pages(context: Context, page: Page[Any], parameter: str = "side") -> dict[str, Any]:
    """Show links to the page before and the page after, keeping the rest of the address."""

    def address(number: int) -> str:
        query = context["request"].GET.copy()
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "before": address(page.previous_page_number()) if page.has_previous() else "",
        "after": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("site/parts/form.html")
def kp_form(form: BaseForm) -> dict[str, Any]:
    """Show a whole form: what is to be mended first, then its fields."""
    return {"form": form}


@register.inclusion_tag("site/parts/field.html")
def kp_field(field: BoundField) -> dict[str, Any]:
    """Show one field with label, explanation and what is to be mended."""
    return {"field": field}


@register.inclusion_tag("site/parts/errors.html")
def kp_errors(*forms: BaseForm) -> dict[str, Any]:
    """List what is to be mended in the forms, each linked to its field."""
    mistakes: list[tuple[str, str]] = []
    for form in forms:
        for name, errors in form.errors.items():
            if name not in form.fields:
                mistakes += [(str(error), "") for error in errors]
                continue
            field = form[name]
            mistakes += [(f"{field.label}: {error}", _target(field)) for error in errors]
    return {"mistakes": mistakes}


def _target(field: BoundField) -> str:
    """Return the id of the first thing in the field that takes focus."""
    if field.field.widget.use_fieldset:
        return f"{field.auto_id}_0"
    return field.id_for_label or str(field.auto_id)
