"""Which texts does a file hold, seen or hidden: a web page, a drawing, a Word file, a PDF?

Part of ``verify_release.py``; standard library alone, but for pypdf where there is a PDF to read.
Pixels, and the coordinates of a drawing, are not texts and are not read.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

# How a thing looks and where it stands: no text in any of these.
DRAWN = frozenset(
    [
        "class",
        "id",
        "for",
        "d",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "cx",
        "cy",
        "r",
        "dx",
        "dy",
        "width",
        "height",
        "viewbox",
        "points",
        "stroke",
        "stroke-width",
        "stroke-dasharray",
        "stroke-opacity",
        "fill",
        "font-size",
        "font-weight",
        "font-family",
        "text-anchor",
        "transform",
        "rowspan",
        "colspan",
        "scope",
        "role",
        "lang",
        "charset",
        "xmlns",
        "patternunits",
        "aria-labelledby",
        "aria-describedby",
        "tabindex",
        "loading",
        "decoding",
        "open",
        "style",
    ]
)
BLOCKS = frozenset(
    [
        "p",
        "li",
        "td",
        "th",
        "caption",
        "h1",
        "h2",
        "h3",
        "h4",
        "div",
        "section",
        "summary",
        "figcaption",
        "dt",
        "dd",
        "title",
        "main",
        "article",
        "aside",
        "nav",
        "header",
        "footer",
        "body",
        "html",
        "head",
        "details",
        "figure",
        "table",
        "ul",
        "ol",
        "a",
    ]
)
VOID = frozenset(["meta", "link", "img", "br", "hr", "input", "source", "col", "wbr"])
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VECTOR = "{http://www.w3.org/2000/svg}"


@dataclass
class Drawing:
    """The texts of a drawing in the order they are drawn; what names and describes it."""

    id: str
    texts: list[str] = field(default_factory=list)


@dataclass
class Found:
    """The texts of one file; tables as rows of one text each; what is wrong with its form."""

    texts: list[str] = field(default_factory=list)
    tables: list[list[str]] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """Reads a web page: every text, also in comments and in attributes nobody sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Found()
        self.open: list[str] = []
        self.text: list[str] = []
        self.row: list[str] | None = None
        self.drawing: Drawing | None = None

    def flush(self) -> None:
        text = "".join(self.text).strip()
        self.text = []
        if text and self.drawing is not None and self.open and self.open[-1] == "text":
            self.drawing.texts.append(text)
        elif text and self.row is not None:
            self.row.append(text)
        elif text:
            self.found.texts.append(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS or self.drawing is not None or tag == "svg":
            self.flush()
        named = {name: value or "" for name, value in attrs}
        self.found.texts += [v for n, v in named.items() if n not in DRAWN and v]
        if tag in ("script", "iframe", "object", "embed"):
            self.found.problems.append(f"<{tag}> stands in the page")
        if tag == "svg":
            self.drawing = Drawing(named.get("aria-labelledby", "").split("-title")[0])
        if tag == "table":
            self.found.tables.append([])
        if tag == "tr":
            self.row = []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS or self.drawing is not None:
            self.flush()
        if tag == "tr" and self.row is not None and self.found.tables:
            self.found.tables[-1].append("".join(self.row))
            self.row = None
        if tag == "svg" and self.drawing is not None:
            self.found.drawings.append(self.drawing)
            self.drawing = None
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            data = " ".join(re.findall(r"content\s*:\s*([^;}]*)", data))
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.texts.append(data)


def read_page(content: bytes) -> Found:
    """A web page."""
    page = Page()
    page.feed(content.decode("utf-8"))
    page.close()
    page.flush()
    return page.found


def read_drawing(name: str, content: bytes) -> Found:
    """An SVG file: its texts in order, its title and description, comments and odd attributes."""
    found = Found()
    builder = ElementTree.TreeBuilder(insert_comments=True)
    parser = ElementTree.XMLParser(target=builder)  # noqa: S314 - no entity survives the next check
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return Found(problems=["it declares entities"])
    drawing = Drawing(name)
    for node in ElementTree.fromstring(content, parser=parser).iter():  # noqa: S314
        text = "".join(node.itertext()) if node.tag == f"{VECTOR}text" else node.text or ""
        if node.tag == f"{VECTOR}text":
            drawing.texts.append(text)
        elif node.tag != f"{VECTOR}tspan" and text.strip():
            found.texts.append(text)
        found.texts += [v for n, v in node.attrib.items() if n.lower() not in DRAWN]
    found.drawings.append(drawing)
    return found


def read_word(content: bytes) -> Found:
    """A Word file: every part of it, tables by row, properties and what pictures are called."""
    found = Found()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith(("word/media/", "word/theme/", "docProps/thumbnail")):
                continue
            if not name.endswith((".xml", ".rels")):
                found.problems.append(f"{name} is no part of a report")
                continue
            _read_part(name, archive.read(name), found)
    return found


STYLES = ("word/styles", "word/settings", "word/fontTable", "word/webSettings", "word/numbering",
          "word/stylesWithEffects", "[Content_Types]", "_rels/", "word/_rels", "customXml/",
          "docProps/app")  # fmt: skip


def _read_part(name: str, content: bytes, found: Found) -> None:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        found.problems.append(f"{name} declares entities")
        return
    if name.startswith(STYLES):
        return
    root = ElementTree.fromstring(content)  # noqa: S314 - no entities, see above
    in_tables = set()
    for table in root.iter(f"{WORD}tbl"):
        rows = list(table.iter(f"{WORD}tr"))
        in_tables |= {id(p) for row in rows for p in row.iter(f"{WORD}p")}
        found.tables.append(["".join(t.text or "" for t in r.iter(f"{WORD}t")) for r in rows])
    paragraphs = [p for p in root.iter(f"{WORD}p") if id(p) not in in_tables]
    found.texts += ["".join(t.text or "" for t in p.iter(f"{WORD}t")) for p in paragraphs]
    for node in root.iter():
        if not node.tag.startswith(WORD) and (node.text or "").strip():
            found.texts.append(node.text or "")
        found.texts += [v for n, v in node.attrib.items() if n in ("descr", "title")]


def read_pdf(content: bytes) -> Found:
    """A PDF: the text of its pages one after the other, and every text string of its objects."""
    from pypdf import PdfReader
    from pypdf.generic import StreamObject

    found = Found()
    reader = PdfReader(io.BytesIO(content))
    found.texts = [page.extract_text() for page in reader.pages]
    numbers = sorted(n for objects in reader.xref.values() for n in objects)
    for number in {*numbers, *reader.xref_objStm}:
        made: Any = reader.get_object(number)
        _read_object(made, found)
        if isinstance(made, StreamObject) and made.get("/Type") == "/EmbeddedFile":
            found.problems.append("a file is attached")
        if isinstance(made, StreamObject) and made.get("/Subtype") == "/XML":
            text = made.get_data().decode("utf-8", "replace")
            texts = re.findall(r">([^<>]+)<", text)
            found.texts += [t for t in texts if t.strip() and "DocumentID" not in t]
    return found


def _read_object(made: Any, found: Found) -> None:
    from pypdf.generic import ArrayObject, DictionaryObject, TextStringObject

    if isinstance(made, DictionaryObject):
        # What fonts and marks are called, and the file's own fingerprint.
        hidden = ("/ID", "/Registry", "/Ordering", "/Lang", "/Dest")
        for key, value in made.items():
            if key not in hidden:
                _read_object(value, found)
    elif isinstance(made, ArrayObject):
        for value in made:
            _read_object(value, found)
    elif isinstance(made, TextStringObject):
        found.texts.append(str(made))
