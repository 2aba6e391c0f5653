"""Does the page hold the report's own words and figures, and nothing from elsewhere?"""

from __future__ import annotations

import re

import pytest
from lxml import html

from knutepunkt.analysis.report.sentences import fill
from knutepunkt.evaluations.presenters.web import web_file
from tests.unit.analysis.report.sample import reported


@pytest.fixture(scope="module")
def report():
    return reported()[0]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_page_is_whole_in_each_language(report, language):
    page = html.fromstring(web_file(report, language))
    assert page.get("lang") == language
    headings = [each.text_content().strip() for each in page.iter("h2")]
    assert headings == [fill(section.heading, language) for section in report.sections]
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_file_fetches_nothing_and_is_the_same_every_time(report):
    first = web_file(report, "nb")
    assert first == web_file(report, "nb")
    assert not re.findall(r"<(?:script|link|img|iframe)\b|\bstyle=|@import|url\(http", first)


def test_links_stand_only_where_an_address_is_given(report):
    assert "<a " not in web_file(report, "nb")
    linked = html.fromstring(web_file(report, "nb", address=lambda name, kind: f"t/{name}.{kind}"))
    assert "t/T4-BEN.csv" in linked.xpath("//a/@href")
