"""Do the PDFs keep what PDF/UA-1 (ISO 14289-1) asks and a program can see?

No validator is run here; each test names the clause it looks at, in the file itself. What needs a
person (whether an alternative text says what the picture says) is not looked at.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from lxml import etree
from pypdf import PdfReader
from pypdf.generic import ContentStream

from knutepunkt.evaluations.presenters.printing import methods_pdf_of, pdf_of, summary_pdf_of
from tests.unit.analysis.report.sample import reported

EDITIONS = {"report": pdf_of, "methods": methods_pdf_of, "summary": summary_pdf_of}
LANGUAGES = ("nb", "nn", "en")
NAMES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
#: Structure types of ISO 32000-1 that may be used without a role map.
STANDARD = frozenset(
    [
        "Document",
        "Part",
        "Art",
        "Sect",
        "Div",
        "BlockQuote",
        "Caption",
        "TOC",
        "TOCI",
        "Index",
        "NonStruct",
        "P",
        "H1",
        "H2",
        "H3",
        "H4",
        "H5",
        "H6",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "Table",
        "TR",
        "TH",
        "TD",
        "THead",
        "TBody",
        "TFoot",
        "Span",
        "Quote",
        "Note",
        "Reference",
        "Link",
        "Figure",
        "Formula",
    ]
)


@cache
def _report() -> Any:
    return reported()[0]


@cache
def _pdf(edition: str, language: str) -> PdfReader:
    return PdfReader(io.BytesIO(EDITIONS[edition](_report(), language)))


@pytest.fixture(params=itertools.product(EDITIONS, LANGUAGES), ids="-".join)
def pdf(request: pytest.FixtureRequest) -> tuple[PdfReader, str, str]:
    edition, language = request.param
    return _pdf(edition, language), edition, language


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    kids = kids if isinstance(kids, list) else [kids]
    found = [kid.get_object() if hasattr(kid, "get_object") else kid for kid in kids]
    return [kid for kid in found if isinstance(kid, dict) and "/S" in kid]


def _elements(element: Any) -> Iterator[Any]:
    for kid in _kids(element):
        yield kid
        yield from _elements(kid)


def _tree(pdf: PdfReader) -> Any:
    return pdf.trailer["/Root"]["/StructTreeRoot"]


def _all(pdf: PdfReader, kind: str) -> list[Any]:
    return [each for each in _elements(_tree(pdf)) if each["/S"] == f"/{kind}"]


def _attribute(element: Any, owner: str, name: str) -> Any:
    held = element.get("/A", [])
    for each in held if isinstance(held, list) else [held]:
        found = each.get_object()
        if found.get("/O") == f"/{owner}" and f"/{name}" in found:
            return found[f"/{name}"]
    return None


def test_5_it_says_that_it_is_pdf_ua_and_what_it_is_called(pdf: Any) -> None:
    found, edition, language = pdf
    root = found.trailer["/Root"]
    meta = etree.fromstring(root["/Metadata"].get_object().get_data())
    assert [each.text for each in meta.iterfind(".//pdfuaid:part", NAMES)] == ["1"]
    titles = [each.text for each in meta.iterfind(".//dc:title//rdf:li", NAMES)]
    assert titles == [found.metadata.title]
    assert titles[0]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    if edition != "summary":
        assert titles == [_report().title.in_language(language)]


def test_7_1_it_is_tagged_and_not_locked(pdf: Any) -> None:
    found, _edition, _language = pdf
    root = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    suspects = root["/MarkInfo"].get("/Suspects")
    assert suspects is None or suspects.value is False
    assert not found.is_encrypted
    roles = _tree(found).get("/RoleMap", {})
    for element in _elements(_tree(found)):
        kind = element["/S"]
        assert str(roles.get(kind, kind))[1:] in STANDARD


def test_7_2_the_language_is_declared(pdf: Any) -> None:
    found, _edition, language = pdf
    assert found.trailer["/Root"]["/Lang"] == language


def _outside(page: Any, reader: PdfReader) -> list[str]:
    """Operators that paint outside every marked piece of content."""
    paints = {b"Tj", b"TJ", b"'", b'"', b"f", b"F", b"f*", b"B", b"S", b"s", b"b", b"Do", b"sh"}
    depth, found = 0, []
    for _operands, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
        if operator in (b"BDC", b"BMC"):
            depth += 1
        elif operator == b"EMC":
            depth -= 1
        elif operator in paints and depth == 0:
            found.append(operator.decode())
    return found


def test_7_1_everything_painted_is_tagged_or_an_artifact(pdf: Any) -> None:
    found, _edition, _language = pdf
    for page in found.pages:
        assert _outside(page, found) == []
        assert "/StructParents" in page


def _marked(page: Any, reader: PdfReader) -> list[tuple[str, int | None]]:
    """The tag of every marked piece of a page, and its number in the structure."""
    found = []
    for operands, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
        if operator == b"BMC":
            found.append((str(operands[0]), None))
        elif operator == b"BDC":
            held = operands[1]
            if isinstance(held, str):
                held = page["/Resources"]["/Properties"][held].get_object()
            found.append((str(operands[0]), held.get("/MCID")))
    return found


def _parents(found: PdfReader) -> dict[int, Any]:
    """The parent tree: for each page and each link, what it belongs to."""

    def leaves(node: Any) -> Iterator[Any]:
        for kid in node.get("/Kids", []):
            yield from leaves(kid.get_object())
        held = node.get("/Nums", [])
        yield from zip(held[::2], held[1::2], strict=True)

    return {int(key): value.get_object() for key, value in leaves(_tree(found)["/ParentTree"])}


def test_7_1_every_marked_piece_stands_in_the_structure_or_is_an_artifact(pdf: Any) -> None:
    found, _edition, _language = pdf
    parents = _parents(found)
    known = {each.indirect_reference.idnum for each in _elements(_tree(found))}
    for page in found.pages:
        owners = parents[int(page["/StructParents"])]
        pieces = [(tag, number) for tag, number in _marked(page, found) if tag != "/Artifact"]
        assert pieces
        # A piece inside another without a number (a span of another language) is part of that one.
        numbers = [number for _tag, number in pieces if number is not None]
        assert len(numbers) == len(set(numbers))
        for number in numbers:
            assert owners[number].idnum in known
        # And nothing in the structure points at a piece that is not there.
        assert {at for at, one in enumerate(owners) if one is not None} == set(numbers)


def test_7_18_every_link_says_where_it_leads_and_stands_in_the_structure(pdf: Any) -> None:
    found, _edition, _language = pdf
    parents = _parents(found)
    links = [
        each.get_object()
        for page in found.pages
        for each in page.get("/Annots", [])
        if each.get_object()["/Subtype"] == "/Link"
    ]
    for link in links:
        assert str(link["/Contents"]).strip()
        assert parents[int(link["/StructParent"])]["/S"] == "/Link"


def test_7_6_lists_hold_items_and_items_hold_a_body(pdf: Any) -> None:
    found, _edition, _language = pdf
    for each in _all(found, "L"):
        kinds = {kid["/S"] for kid in _kids(each)}
        assert kinds <= {"/LI", "/L", "/Caption"}
    for each in _all(found, "LI"):
        assert "/LBody" in [kid["/S"] for kid in _kids(each)]


def test_7_9_notes_have_names_of_their_own(pdf: Any) -> None:
    found, _edition, _language = pdf
    names = [each["/ID"] for each in _all(found, "Note")]
    assert len(names) == len(set(names))


def test_7_3_every_figure_has_words(pdf: Any) -> None:
    found, edition, _language = pdf
    figures = _all(found, "Figure")
    assert len(figures) >= 3
    assert all(len(each["/Alt"].strip()) > 20 for each in figures)
    assert all(_attribute(each, "Layout", "BBox") for each in figures)
    if edition == "methods":
        assert len(figures) >= len(_report().figures)


def test_7_4_headings_skip_no_level(pdf: Any) -> None:
    found, _edition, _language = pdf
    names = [each["/S"] for each in _elements(_tree(found))]
    levels = [int(name[2:]) for name in names if re.fullmatch(r"/H\d", name)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


def test_7_5_tables_are_even_and_every_cell_knows_its_header(pdf: Any) -> None:
    found, edition, _language = pdf
    tables = _all(found, "Table")
    assert bool(tables) is (edition == "methods")
    for table in tables:
        rows = [each for each in _elements(table) if each["/S"] == "/TR"]
        heads = [each for row in rows for each in _kids(row) if each["/S"] == "/TH"]
        assert heads
        assert all(_attribute(each, "Table", "Scope") == "/Column" for each in heads)
        known = {each["/ID"] for each in heads}
        cells = [each for row in rows for each in _kids(row) if each["/S"] == "/TD"]
        for cell in cells:
            named = _attribute(cell, "Table", "Headers")
            assert named
            assert set(named) <= known
        assert _area(cells) == len(heads) * (len(rows) - 1)


def _area(cells: list[Any]) -> int:
    """How many places of the grid the cells fill."""
    spans = [
        (_attribute(each, "Table", "RowSpan") or 1) * (_attribute(each, "Table", "ColSpan") or 1)
        for each in cells
    ]
    return sum(spans)


def test_7_18_pages_are_read_in_the_order_of_the_structure(pdf: Any) -> None:
    found, _edition, _language = pdf
    assert all(page["/Tabs"] == "/S" for page in found.pages)


def _fonts(resources: Any) -> Iterator[Any]:
    for font in resources.get("/Font", {}).values():
        yield font.get_object()
    for drawn in resources.get("/XObject", {}).values():
        yield from _fonts(drawn.get_object().get("/Resources", {}))


def test_7_21_fonts_are_inside_and_can_be_read_back_as_text(pdf: Any) -> None:
    found, _edition, _language = pdf
    fonts = [font for page in found.pages for font in _fonts(page["/Resources"])]
    assert fonts
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        described = inner["/FontDescriptor"].get_object()
        assert any(key.startswith("/FontFile") for key in described)
        assert "/ToUnicode" in font
