"""Do the components write the words and the markup they promise?"""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils.translation import override
from lxml import html

from knutepunkt.shared.errors import NotNow


def written(source: str, **names: object) -> html.HtmlElement:
    """Return what a template writes, parsed."""
    with override("nb"):
        text = Template("{% load kp %}" + source).render(Context(names))
    return html.fragment_fromstring(text, create_parent="div")


class SmallForm(forms.Form):
    """One field of each way of being labelled."""

    name = forms.CharField(label="Navn", help_text="Bare dere ser navnet.")
    size = forms.ChoiceField(
        label="Størrelse", choices=[("a", "Liten"), ("b", "Stor")], widget=forms.RadioSelect
    )
    is_agreed = forms.BooleanField(label="Ja", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_has_label_explanation_and_error_tied_to_it() -> None:
    page = written("{{ form }}", form=SmallForm({"name": ""}))
    box = page.xpath("//input[@name='name']")[0]
    assert box.get("class") == "ds-input"
    assert box.get("aria-invalid") == "true"
    for id_ in box.get("aria-describedby").split():
        assert page.xpath(f"//*[@id='{id_}']"), id_
    assert page.xpath(f"//label[@for='{box.get('id')}']")[0].text_content().strip() == "Navn"


def test_each_link_of_the_error_summary_leads_to_something_that_takes_focus() -> None:
    page = written("{{ form }}", form=SmallForm({}))
    targets = page.xpath("//*[contains(@class,'ds-error-summary')]//a/@href")
    assert len(targets) == 2
    for target in targets:
        assert page.xpath(f"//input[@id='{target[1:]}']"), target


def test_choices_stand_in_a_fieldset_with_a_legend_and_a_label_each() -> None:
    page = written("{{ form }}", form=SmallForm())
    fieldset = page.xpath("//fieldset")[0]
    assert fieldset.xpath("./legend")[0].text_content().strip() == "Størrelse"
    for box in fieldset.xpath(".//input"):
        assert fieldset.xpath(f".//label[@for='{box.get('id')}']")


def test_ids_are_used_once() -> None:
    page = written("{{ form }}", form=SmallForm({}))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_a_hidden_field_is_written_without_decoration() -> None:
    page = written("{{ form }}", form=SmallForm({"secret": "x"}))
    hidden = page.xpath("//input[@name='secret']")
    assert len(hidden) == 1
    assert hidden[0].get("class") is None


def test_an_optional_field_says_so() -> None:
    class Note(forms.Form):
        note = forms.CharField(label="Merknad", required=False)

    assert "kan stå tomt" in written("{{ form }}", form=Note()).text_content()


def test_what_a_person_typed_is_escaped_and_kept() -> None:
    page = written("{{ form }}", form=SmallForm({"name": "<b>'\""}))
    assert page.xpath("//input[@name='name']/@value") == ["<b>'\""]


def test_a_state_is_a_word_and_what_happens_next() -> None:
    page = written("{% kp_state 'lukket' 'Rapporten kan lages.' 'brand1' %}")
    assert page.xpath("//*[@class='ds-tag']")[0].text == "Lukket"
    assert "Rapporten kan lages." in page.text_content()


def test_a_state_has_no_tone_of_its_own_invention() -> None:
    with pytest.raises(TemplateSyntaxError):
        written("{% kp_state 'lukket' '' 'purple' %}")


def test_a_refusal_stands_where_the_button_would_have_been() -> None:
    page = written("{% kp_why_not refusal %}", refusal=NotNow("Undersøkelsen er lukket."))
    assert page.text_content().strip() == "Undersøkelsen er lukket."
    assert not page.xpath("//button")


def test_the_breadcrumb_ends_with_the_page_itself() -> None:
    page = written("{% kp_breadcrumb 'Min side' '/a/' 'Høst' %}")
    assert page.xpath("//a/@href") == ["/a/"]
    assert page.xpath("//*[@aria-current='page']")[0].text == "Høst"


def test_dates_and_numbers_in_templates() -> None:
    page = written(
        "{{ day|kp_date }}, {{ at|kp_time }}, {{ n|kp_number_word }}, {{ names|kp_list }}",
        day=dt.date(2026, 11, 30),
        at=dt.time(18, 30),
        n=5,
        names=["Marit", "Samir"],
    )
    assert page.text_content() == "30.\u00a0november 2026, kl. 18.30, fem, Marit og Samir"


def test_pages_keep_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/grupper/?tema=sorg&side=2")
    page = written(
        "{% kp_pages page %}", page=Paginator(range(50), 20).get_page(2), request=request
    )
    assert page.xpath("//a/@href") == ["?tema=sorg&side=1", "?tema=sorg&side=3"]


def test_one_page_needs_no_links() -> None:
    request = RequestFactory().get("/")
    page = written("{% kp_pages page %}", page=Paginator([1], 20).get_page(1), request=request)
    assert not page.xpath("//a")
