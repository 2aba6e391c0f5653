"""Do the printed sheets say what they must, and never which group?"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable

import pytest
import typst
import zxingcpp
from django.utils import translation
from PIL import Image
from pypdf import PdfReader

from knutepunkt.surveys.actions.planning import plan_survey
from knutepunkt.surveys.actions.slips import PrintedSlips
from knutepunkt.surveys.models import Round, RoundGroup
from knutepunkt.surveys.presenters.questionnaire import questionnaire_pdf
from knutepunkt.surveys.presenters.slips import (
    envelopes_pdf,
    letters_pdf,
    posters_pdf,
    reminder_pdf,
    sheets_for,
    slips_pdf,
)
from knutepunkt.surveys.queries.instruments import instrument_of
from knutepunkt.surveys.vocabulary import ELEMENTS, Channel
from tests.unit.surveys.conftest import make_group, make_theme

pytestmark = pytest.mark.django_db

NAME = "Etterlatte etter selvmord"
CODES = ("K7M-4PX-9AC", "B2C-DEF-GHJ", "M3N-PQR-STX")
WORDS = ("fjell kopp stein båt lue and ost",) * 3


@pytest.fixture
def asked(centre, coordinator, plan) -> RoundGroup:
    group = make_group(centre, NAME, theme=make_theme("selvmord-x"))
    plan = dataclasses.replace(
        plan, asked=(dataclasses.replace(plan.asked[0], group=group, members=3),)
    )
    asked_round = plan_survey(organisation=centre, plan=plan, by=coordinator)
    return asked_round.asked_groups.get()


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_slips_name_the_group_on_the_cover_alone(asked, language, is_large):
    printed = PrintedSlips(asked, Channel.SLIPS, CODES)
    with translation.override(language):
        cover, *slips = pages(slips_pdf(asked.round, [printed], is_large=is_large))
    assert NAME in cover
    assert not any(code in cover for code in CODES)
    text = "".join(slips)
    assert NAME not in text
    assert "selvmord" not in text
    assert all(code in "".join(text.split()) for code in CODES)
    assert "2026" in text


def test_letters_and_posters_name_the_group_on_the_cover_alone(asked):
    for make, channel in ((letters_pdf, Channel.LETTER), (posters_pdf, Channel.WALL)):
        cover, *rest = pages(make(asked.round, [PrintedSlips(asked, channel, CODES)]))
        assert NAME in cover
        assert len(rest) == len(CODES)
        assert not any("selvmord" in page for page in rest)


def test_a_paper_slip_has_words_to_keep_and_a_code_to_send(asked):
    printed = PrintedSlips(asked, Channel.PAPER, CODES, WORDS)
    text = " ".join("".join(pages(slips_pdf(asked.round, [printed]))[1:]).split())
    assert text.count("fjell kopp stein") == 3


def test_no_two_sheets_are_mixed(asked):
    printed = [
        PrintedSlips(asked, Channel.LETTER, CODES),
        PrintedSlips(asked, Channel.SLIPS, CODES),
    ]
    assert [channel for channel, _pdf in sheets_for(asked.round, printed)] == [
        Channel.SLIPS,
        Channel.LETTER,
    ]


def every_sheet(asked_round: Round, asked: RoundGroup) -> dict[str, bytes]:
    return {
        "slips": slips_pdf(asked_round, [PrintedSlips(asked, Channel.SLIPS, CODES)]),
        "large": slips_pdf(asked_round, [PrintedSlips(asked, Channel.SLIPS, CODES)], is_large=True),
        "paper slips": slips_pdf(asked_round, [PrintedSlips(asked, Channel.PAPER, CODES, WORDS)]),
        "letters": letters_pdf(asked_round, [PrintedSlips(asked, Channel.LETTER, CODES)]),
        "posters": posters_pdf(asked_round, [PrintedSlips(asked, Channel.WALL, CODES[:1])]),
        "envelopes": envelopes_pdf(asked_round, ["Storgata 1", "5000 Bergen"]),
        "reminder": reminder_pdf(asked_round),
        "questions": questionnaire_pdf(asked_round),
        "large questions": questionnaire_pdf(asked_round, is_large=True),
    }


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_sheet_is_accessible_and_the_same_each_time(asked, language):
    with translation.override(language):
        first, again = every_sheet(asked.round, asked), every_sheet(asked.round, asked)
    for name, pdf in first.items():
        document = PdfReader(io.BytesIO(pdf))
        root = document.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"], name
        assert root["/Lang"] == language, name
        assert document.metadata is not None
        assert document.metadata.title, name
        assert b"pdfuaid" in root["/Metadata"].get_object().get_data(), name
        assert pdf == again[name], name


@pytest.mark.parametrize("is_large", [False, True])
def test_the_paper_form_asks_every_question_in_three_languages(asked, is_large):
    instrument = instrument_of(asked.round.survey)
    for language in ("nb", "nn", "en"):
        with translation.override(language):
            text = "".join(pages(questionnaire_pdf(asked.round, is_large=is_large)))
        flat = "".join(text.split()).replace("\u00ad", "").replace("-", "")
        for item in instrument.items:
            wanted = "".join(item.texts.in_language(language).split()).replace("-", "")
            assert wanted in flat, (language, item.id)
        assert NAME not in text


def drawn(monkeypatch: pytest.MonkeyPatch, make: Callable[[], object]) -> list[Image.Image]:
    """Return the pages of the sheet that is made, as a printer draws them (150 dots to the inch)."""
    compiled, pages = typst.compile, []

    def draw(*given, **named):
        standards = named.pop("pdf_standards")
        pages.extend(compiled(*given, **{**named, "format": "png", "ppi": 150}))
        return compiled(*given, **named, pdf_standards=standards)

    with monkeypatch.context() as patched:
        patched.setattr(typst, "compile", draw)
        make()
    return [Image.open(io.BytesIO(page)) for page in pages]


@pytest.mark.parametrize(
    ("channel", "is_large"),
    [
        (Channel.SLIPS, False),
        (Channel.SLIPS, True),
        (Channel.PAPER, False),
        (Channel.LETTER, False),
        (Channel.WALL, False),
    ],
)
def test_every_code_is_read_from_the_printed_page(asked, settings, monkeypatch, channel, is_large):
    """By another's decoder, from the page as it is printed: what a phone's camera opens."""
    settings.SITE_URL = "https://undersokelse.sildrehuset.example"
    words = WORDS if channel == Channel.PAPER else ()
    printed = [PrintedSlips(asked, channel, CODES, words)]
    _cover, *pages = drawn(monkeypatch, lambda: sheets_for(asked.round, printed, is_large=is_large))
    read = [code.text for page in pages for code in zxingcpp.read_barcodes(page)]
    assert sorted(read) == sorted(f"{settings.SITE_URL}/s/{code}" for code in CODES)


def test_a_followed_round_asks_for_the_card_on_paper(asked):
    survey = asked.round.survey
    assert "Sju ord" not in "".join(pages(questionnaire_pdf(asked.round)))
    survey.follows_people = survey.asks_about_oneself = True
    survey.planned_rounds = 3
    first = " ".join("".join(pages(questionnaire_pdf(asked.round))).split())
    asked.round.number = 2
    second = " ".join("".join(pages(questionnaire_pdf(asked.round))).split())
    for element in ELEMENTS:
        assert str(element.question) in first
    assert "Sju ord" not in first, "nobody has a card yet"
    assert "Sju ord" in second
    slip = " ".join("".join(pages(slips_pdf(asked.round, [paper_slip(asked)]))).split())
    assert "Skriv disse ordene på det neste skjemaet" in slip


def paper_slip(asked: RoundGroup) -> PrintedSlips:
    return PrintedSlips(asked, Channel.PAPER, CODES, WORDS)


def test_a_centre_with_a_sami_name_is_printed_letter_for_letter(asked):
    name = "Ŧáŋččat – guovddáš ŠŽĐ"
    asked.round.survey.organisation.name = name
    printed = PrintedSlips(asked, Channel.SLIPS, CODES[:1])
    _cover, slip = pages(slips_pdf(asked.round, [printed]))
    assert "".join(name.split()) in "".join(slip.split())
