"""Part 4, first half: what does a file say, seen or hidden?

Every file becomes the same few things (``Found``). Web page, drawing and the parts of a Word file are
markup, and one reader reads them all; PDF is read by pypdf; of a picture (PNG) only what surrounds
the pixels can be read.
"""

from __future__ import annotations

import io
import itertools
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any

READS_PDF = find_spec("pypdf") is not None
# How a thing looks and where it stands: no text in any of these attributes.
LOOKS = """class id for d x y x1 x2 y1 y2 cx cy r dx dy width height viewbox points stroke stroke-width
    stroke-dasharray stroke-opacity fill font-size font-weight font-family text-anchor transform rowspan
    colspan scope role lang charset xmlns patternunits aria-labelledby aria-describedby tabindex loading
    decoding open style uri"""
FORM = set(LOOKS.split())
WORD_FORM = ("w:", "r:", "xmlns:", "xsi:", "mc:")
# Marks that do not end a text, as no mark of Word's does inside a paragraph.
INLINE = {"span", "strong", "em", "b", "i", "small", "sup", "sub", "abbr", "br", "wbr", "tspan"}
WORD_ENDS = {"w:p", "w:tr", "w:tbl"}
FORBIDDEN = {"script", "iframe", "object", "embed"}
# Parts of a Word file that say how it looks.
WORD_LOOKS = ("word/styles", "word/settings", "word/fontTable", "word/webSettings", "word/theme",
             "word/numbering", "[Content_Types]", "_rels/", "word/_rels", "customXml/",
             "docProps/app", "docProps/thumbnail")  # fmt: skip
# Marks of a PDF's objects: what fonts and places are called, and the file's own fingerprint.
PDF_FORM = ("/ID", "/Registry", "/Ordering", "/Lang", "/Dest")


@dataclass
class Drawing:
    """What a drawing is called, how large it is, and its texts in the order they are drawn."""

    id: str
    sides: tuple[str, str]
    texts: list[str] = field(default_factory=list)


@dataclass
class Found:
    """The texts of one file; tables as rows of one text each; what is wrong with its form."""

    texts: list[str] = field(default_factory=list)
    tables: list[list[str]] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Markup(HTMLParser):
    """Reads every text of a web page, a drawing or a part of a Word file, also what nobody sees."""

    def __init__(self, found: Found) -> None:
        super().__init__(convert_charrefs=True)
        self.found = found
        self.inside = ""
        self.text: list[str] = []
        self.row: list[str] | None = None
        self.drawing: Drawing | None = None

    def end_text(self, tag: str) -> None:
        """A text ends where a tag opens or closes, unless the tag stands inside a sentence."""
        if tag in INLINE or (tag.startswith("w:") and tag not in WORD_ENDS):
            return
        text = "".join(self.text).strip()
        self.text = []
        if text and self.drawing is not None and self.inside == "text":
            self.drawing.texts.append(text)
        elif text:
            (self.found.texts if self.row is None else self.row).append(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.end_text(tag)
        if tag not in INLINE:
            self.inside = tag
        named = {name: value or "" for name, value in attrs}
        words = (v for n, v in named.items() if n not in FORM and not n.startswith(WORD_FORM))
        self.found.texts += [value for value in words if value]
        if tag in FORBIDDEN:
            self.found.problems.append(f"<{tag}> stands in it")
        if tag == "svg":
            sides = (named.get("width", ""), named.get("height", ""))
            self.drawing = Drawing(named.get("aria-labelledby", ""), sides)
            self.found.drawings.append(self.drawing)
        if tag in ("table", "w:tbl"):
            self.found.tables.append([])
        if tag in ("tr", "w:tr"):
            self.row = []

    def handle_endtag(self, tag: str) -> None:
        self.end_text(tag)
        if tag in ("tr", "w:tr") and self.row is not None and self.found.tables:
            self.found.tables[-1].append("".join(self.row))
            self.row = None
        if tag == "svg":
            self.drawing = None
        if tag not in INLINE:
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "style":
            data = " ".join(re.findall(r"content\s*:\s*([^;}]*)", data))
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.texts.append(data)

    handle_pi = unknown_decl = handle_comment

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self.found.problems.append("it declares entities")


def read_markup(content: bytes, found: Found | None = None) -> Found:
    """A web page, a drawing, or one more part of a Word file."""
    markup = Markup(Found() if found is None else found)
    markup.feed(content.decode("utf-8"))
    markup.close()
    markup.end_text("")
    return markup.found


def read_word(content: bytes) -> Found:
    """A Word file: every part of it that is not form, and what surrounds its pictures."""
    found = Found()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"word/media/[\w.]+\.png", name):
                picture = read_picture(archive.read(name))
                found.pictures += picture.pictures
                found.problems += picture.problems
            elif name.startswith(WORD_LOOKS):
                continue
            elif name.endswith(".xml"):
                read_markup(archive.read(name), found)
            else:
                found.problems.append(f"{name} is no part of a report")
    return found


def read_pdf(content: bytes) -> Found:
    """A PDF: the text of its pages one after the other, and every text string of its objects."""
    from pypdf import PdfReader

    found = Found()
    reader = PdfReader(io.BytesIO(content))
    found.pages = [page.extract_text() for page in reader.pages]
    numbers = (n for objects in reader.xref.values() for n in objects)
    for number in {*numbers, *reader.xref_objStm}:
        read_object(reader.get_object(number), found)
    return found


def read_object(made: Any, found: Found) -> None:
    """One object of a PDF and what it holds; what it refers to is an object of its own."""
    from pypdf.generic import StreamObject, TextStringObject

    if isinstance(made, dict):
        if made.get("/Type") == "/EmbeddedFile" or made.get("/Subtype") == "/Image":
            found.problems.append("a file or a picture is attached")
        if isinstance(made, StreamObject) and made.get("/Subtype") == "/XML":
            texts = re.findall(r">([^<>]+)<", made.get_data().decode("utf-8", "replace"))
            found.texts += [text for text in texts if "DocumentID" not in text]
        for value in (value for key, value in made.items() if key not in PDF_FORM):
            read_object(value, found)
    elif isinstance(made, list):
        for value in made:
            read_object(value, found)
    elif isinstance(made, TextStringObject):
        found.texts.append(str(made))


def read_picture(content: bytes) -> Found:
    """A picture (PNG), which may hold nothing besides its pixels. The pixels are not read."""
    found = Found(pictures=[content])
    names, pixels, place = [], b"", 8
    while place < len(content):
        size, name = struct.unpack(">I4s", content[place : place + 8])
        names.append(name)
        pixels += content[place + 8 : place + 8 + size] if name == b"IDAT" else b""
        place += size + 12
    if [name for name, _ in itertools.groupby(names)] != [b"IHDR", b"IDAT", b"IEND"]:
        found.problems.append("a picture holds something besides its pixels")
    width, height = struct.unpack(">II", content[16:24])
    unpacked = zlib.decompressobj()
    if len(unpacked.decompress(pixels)) != height * (1 + 4 * width) or unpacked.unused_data:
        found.problems.append("a picture holds more or fewer pixels than it says")
    return found


READERS: dict[str, Callable[[bytes], Found]] = {
    ".svg": read_markup, ".png": read_picture, ".html": read_markup, ".docx": read_word,
    ".pdf": read_pdf,
}  # fmt: skip
# In this order: a Word file has pictures of the drawings, and a PDF has the drawings in its text.
FILES = ("figures/*.svg", "figures/*.png", "report.html", "report.docx", "report.pdf", "methods.pdf", "summary.pdf")  # fmt: skip


def files_in(folder: Path) -> list[Path]:
    """The files of a release that are read here, drawings first."""
    found = [path for pattern in FILES for path in sorted(folder.glob(pattern))]
    return [path for path in found if READS_PDF or path.suffix != ".pdf"]
