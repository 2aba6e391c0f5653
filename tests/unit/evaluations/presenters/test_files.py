"""Do PDF, pictures, CSV and JSON tell what the report tells, and nothing more?"""

from __future__ import annotations

import csv
import io
import json
import os
import pickle
import re
import subprocess
import sys

import pytest
from docx import Document
from lxml import etree
from pypdf import PdfReader

from knutepunkt.analysis.disclosure import Ledger, append, policy_for
from knutepunkt.analysis.report import build_report, from_json, to_json
from knutepunkt.analysis.report.sentences import cell, fill
from knutepunkt.analysis.report.values import Band, Number, Range
from knutepunkt.analysis.report.walk import everything_in
from knutepunkt.evaluations.presenters.drawing.draw import alternative_text, draw
from knutepunkt.evaluations.presenters.files import every_file
from knutepunkt.evaluations.presenters.printing import (
    methods_pdf_of,
    pdf_of,
    png_of,
    summary_pdf_of,
)
from knutepunkt.evaluations.presenters.tables import csv_of, json_of
from knutepunkt.evaluations.presenters.word import docx_of
from tests.unit.analysis.report.sample import centre, reported

LANGUAGES = ("nb", "nn", "en")


@pytest.fixture(scope="module")
def report():
    return reported()[0]


def _read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("edition", [pdf_of, methods_pdf_of])
def test_the_pdf_holds_its_sections_and_is_the_same_every_time(report, language, edition):
    pdf = edition(report, language)
    found = _read(pdf)
    text = " ".join(page.extract_text() for page in found.pages)
    for section in report.sections:
        is_there = edition is methods_pdf_of or not section.folded or section.id == "withheld"
        assert fill(section.heading, language) in text or not is_there
    assert ("CR2" in text) is (edition is methods_pdf_of)
    assert pdf == edition(report, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_is_one_page_in_large_print(report, language):
    assert len(_read(summary_pdf_of(report, language)).pages) == 1


def test_pictures_are_the_same_every_time(report):
    for figure in report.figures:
        drawing = draw(figure, "nb")
        assert drawing == draw(figure, "nb")
        assert png_of(drawing).startswith(b"\x89PNG")
    assert png_of(drawing) == png_of(drawing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_drawing_is_named_and_says_in_words_what_it_shows(report, language):
    for figure in report.figures:
        drawn = etree.fromstring(draw(figure, language).encode())
        names = {etree.QName(each).localname: each.text for each in drawn[:2]}
        assert names == {
            "title": fill(figure.title, language),
            "desc": alternative_text(figure, language),
        }


def _known(report):
    """Every number of the report, as whole numbers and decimals are written."""
    found = set()
    for part in everything_in(report):
        if isinstance(part, Number):
            found.add(part.value)
        elif isinstance(part, Range):
            found |= {part.low, part.high}
        elif isinstance(part, Band):
            found |= {part.percent, part.percent / 10}
    return found


def test_no_number_is_drawn_that_is_not_in_the_report(report):
    known = _known(report)
    for figure in report.figures:
        drawn = etree.fromstring(draw(figure, "en").encode())
        labels = {
            label
            for line in figure.lines
            for label in (line.label.en if hasattr(line.label, "en") else "",)
        }
        for each in drawn.iter("{*}text"):
            if any(each.text in label for label in labels):
                continue
            for digits in re.findall(r"\d+(?:\.\d+)?", each.text):
                assert float(digits) in known | {10.0}, each.text


def test_tables_as_csv_hold_the_released_numbers(report):
    table = report.table("T4-BEN")
    rows = list(csv.DictReader(io.StringIO(csv_of(table, "nb"))))
    assert [row["row"] for row in rows] == [row.key for row in table.rows]
    assert rows[0]["share"] == f"{table.rows[0].cells[-2].value:.0f}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_as_json_document_their_columns(report, language):
    for table in report.tables:
        found = json.loads(json_of(table, language))
        assert all(column["description"] for column in found["columns"])
        assert len(found["rows"]) == len(table.rows)


def test_the_word_file_has_headings_tables_and_described_pictures(report):
    found = Document(io.BytesIO(docx_of(report, "nn")))
    headings = [p.text for p in found.paragraphs if p.style.name == "Heading 1"]
    assert headings[1:-1] == [fill(section.heading, "nn") for section in report.sections]
    assert headings[-1] == "Tabellar"
    assert len(found.inline_shapes) == len(report.figures)
    for shape in found.inline_shapes:
        assert shape._inline.docPr.get("descr")
    first = found.tables[0]
    assert first.rows[0].cells[0].text


def test_word_cells_stand_in_their_own_column():
    made = reported(rounds=2)[0]
    flow = made.table("T1")
    found = Document(io.BytesIO(docx_of(made, "nb"))).tables
    written = next(t for t in found if t.rows[0].cells[0].text == "Trinn")
    for row, line in zip(flow.rows, written.rows[1:], strict=True):
        assert line.cells[0].text == cell(row.cells[0], "nb")
        assert line.cells[2].text == cell(row.cells[2], "nb")


@pytest.mark.parametrize("rounds", [1, 3])
def test_every_file_is_the_same_when_made_again(rounds):
    made = reported(rounds=rounds)[0]
    first, second = every_file(made), every_file(from_json(to_json(made)))
    assert [name for name in first if first[name] != second[name]] == []
    for language in LANGUAGES:
        assert {f"{language}/report.{kind}" for kind in ("html", "pdf", "docx")} <= set(first)


ELSEWHERE = """
import hashlib, os, pickle, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knutepunkt.config.settings")
import django
django.setup()
from knutepunkt.analysis.report import from_json
from knutepunkt.evaluations.presenters.checking import checking_archive
from knutepunkt.evaluations.presenters.files import files_of
text, judged, entry = pickle.loads(sys.stdin.buffer.read())
report = from_json(text)
made = files_of(report, "nb") | {"check.zip": checking_archive(report, judged, entry, "nb")}
for name in sorted(made):
    print(name, hashlib.sha256(made[name]).hexdigest())
"""


def test_word_file_archive_and_the_rest_are_the_same_bytes_in_another_process():
    """Another order of hashes, another time zone, another moment: the same bytes."""
    made, judged = build_report(*centre(groups=8), Ledger(), policy_for())
    proof = judged.certificate
    entry = append(
        (), release="r", audience="centre", policy_hash=proof["policy_hash"],
        statements=judged.statements, seal=proof["seal"],
    )  # fmt: skip
    kept = {"certificate": proof, "document": judged.document}
    given = pickle.dumps((to_json(made), kept, entry))
    said = []
    for seed, zone in (("1", "Europe/Oslo"), ("2", "Pacific/Kiritimati")):
        around = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone}
        ran = subprocess.run(
            [sys.executable, "-c", ELSEWHERE],
            input=given,
            env=around,
            capture_output=True,
            check=True,
        )
        said.append(ran.stdout.decode().splitlines())
    assert said[0] == said[1]
    names = {line.split(" ")[0] for line in said[0]}
    assert {"check.zip", "report.docx", "report.pdf", "figures/F1.png"} <= names
