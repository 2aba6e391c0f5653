"""Does the verifier find a number that somebody changed, added or hid in what people read?"""

from __future__ import annotations

import importlib
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject, NumberObject, TextStringObject

from knutepunkt.analysis.disclosure import Ledger, kp1
from knutepunkt.analysis.report import RoundDesign, build_report, to_json
from knutepunkt.evaluations.presenters.files import files_of
from tests.unit.analysis.report.sample import centre

SOURCE = Path(sys.modules["knutepunkt.analysis.disclosure"].__file__ or "").parents[1]
Edit = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def pages() -> Iterator[ModuleType]:
    """The part of the program that reads pages, loaded alone."""
    sys.path.insert(0, str(SOURCE / "verification"))
    yield importlib.import_module("verify_pages")
    sys.path.remove(str(SOURCE / "verification"))


def with_counties(asked: RoundDesign) -> RoundDesign:
    """Half of the groups in each of two counties, so that there is a map."""
    places = ("Oslo", "Vestland")
    groups = tuple(replace(g, county=places[i % 2]) for i, g in enumerate(asked.groups))
    return replace(asked, groups=groups)


@pytest.fixture(scope="module")
def made() -> tuple[dict[str, Any], dict[str, bytes]]:
    """A report as data, and its files in bokmål."""
    design, frame = centre(rounds=2, groups=14)
    design = replace(design, rounds=tuple(with_counties(each) for each in design.rounds))
    report, _ = build_report(design, frame, Ledger(), kp1())
    return json.loads(to_json(report)), files_of(report, "nb")


def problems(
    pages: ModuleType, report: dict[str, Any], folder: Path, files: dict[str, bytes]
) -> list[str]:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return list(pages.page_problems(report, "nb", folder))


def test_a_map_and_a_spread_between_groups_hold_as_they_were_made(
    pages: ModuleType, tmp_path: Path
) -> None:
    homes = ["Vestland"] * 6 + ["Oslo"] * 4 + ["Møre og Romsdal"] * 3 + ["Agder"] * 2 + ["Troms"]
    design, frame = centre(groups=len(homes))
    only = design.rounds[0]
    groups = tuple(replace(g, county=home) for g, home in zip(only.groups, homes, strict=True))
    placed = replace(design, rounds=(replace(only, groups=groups),))
    report, _ = build_report(placed, frame, Ledger(), kp1())
    assert {"F2", "F6"} <= {figure.id for figure in report.figures}
    assert problems(pages, json.loads(to_json(report)), tmp_path, files_of(report, "nb")) == []


READ = ("report.html", "report.pdf", "methods.pdf", "summary.pdf", "report.docx")


def test_every_file_as_it_was_made_holds_the_report_and_no_more(
    pages: ModuleType, made: tuple[dict[str, Any], dict[str, bytes]], tmp_path: Path
) -> None:
    report, files = made
    read = {n: c for n, c in files.items() if n in READ or n.endswith((".svg", ".png"))}
    assert set(READ) < set(read)
    assert "figures/F1.png" in read
    assert problems(pages, report, tmp_path, read) == []


def in_html(before: str, after: str) -> Edit:
    def edit(content: bytes) -> bytes:
        text = content.decode()
        assert re.search(before, text)
        return re.sub(before, after, text, count=1).encode()

    return edit


def in_word(part: str, before: str, after: str) -> Edit:
    def edit(content: bytes) -> bytes:
        written = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(written, "w") as kept:
            for name in given.namelist():
                text = given.read(name)
                if name == part:
                    assert re.search(before.encode(), text)
                    text = re.sub(before.encode(), after.encode(), text, count=1)
                kept.writestr(name, text)
        return written.getvalue()

    return edit


def word_with_a_comment(content: bytes) -> bytes:
    document = Document(io.BytesIO(content))
    run = document.paragraphs[0].runs[0]
    document.add_comment(run, text="Egentlig 63 av 71.", author="x", initials="x")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def in_pdf(change: Callable[[PdfWriter], None]) -> Edit:
    def edit(content: bytes) -> bytes:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
        change(writer)
        written = io.BytesIO()
        writer.write(written)
        return written.getvalue()

    return edit


def retitled(writer: PdfWriter) -> None:
    writer.add_metadata({"/Subject": "63 av 71"})


def attached(writer: PdfWriter) -> None:
    writer.add_attachment("answers.csv", b"participant,answer\n1,3\n")


def described(writer: PdfWriter) -> None:
    """Another number in the text for those who do not see a drawing."""
    for number in range(1, len(writer._objects) + 1):
        found = writer.get_object(number)
        if hasattr(found, "get") and isinstance(found.get("/Alt"), str):
            found[NameObject("/Alt")] = TextStringObject(str(found["/Alt"]) + " Det er 63 %.")
            return
    raise AssertionError("no alternative text")


def overprinted(writer: PdfWriter) -> None:
    """A number that nobody sees: white, and small."""
    page = writer.pages[0]
    font = next(iter(PdfReader(io.BytesIO(PLAIN)).pages[0]["/Resources"]["/Font"].values()))
    page["/Resources"]["/Font"][NameObject("/Own")] = font.get_object().clone(writer)
    stream = DecodedStreamObject()
    stream.set_data(page.get_contents().get_data() + b"\nBT /Own 1 Tf 3 Tr 9 9 Td (63 av 71) Tj ET")
    page[NameObject("/Contents")] = writer._add_object(stream)


def _plain_pdf() -> bytes:
    """One page with the standard font, for a text that is put on top."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</Font<</F 4 0 R>>>>>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    body, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%bendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 5\n0000000000 65535 f \n"
    return (
        body + head + table + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)
    )


def pictured(writer: PdfWriter) -> None:
    """A picture of a number, which no program reads."""
    stream = DecodedStreamObject()
    stream.set_data(b"\0")
    stream.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(1),
            NameObject("/Height"): NumberObject(1),
        }
    )
    writer._add_object(stream)


def with_chunk(content: bytes) -> bytes:
    """A text inside a picture, where pictures say who made them."""
    data = b"Comment\x0063 av 71"
    chunk = b"tEXt" + data
    made = struct.pack(">I", len(data)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return content[:33] + made + content[33:]


def of_pixels(width: int, height: int, after: bytes = b"") -> bytes:
    """A white picture."""

    def part(name: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + crc

    head = struct.pack(">II5B", width, height, 8, 6, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\xff" * 4 * width) * height + after)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", pixels) + part(b"IEND", b"")


def repainted(content: bytes) -> bytes:
    """Another picture of the same size."""
    return of_pixels(*struct.unpack(">II", content[16:24]))


def with_picture(change: Edit) -> Edit:
    """A Word file where the first picture is changed."""

    def edit(content: bytes) -> bytes:
        written = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(written, "w") as kept:
            for name in given.namelist():
                data = given.read(name)
                kept.writestr(name, change(data) if name == "word/media/image1.png" else data)
        return written.getvalue()

    return edit


def with_part(name: str) -> Edit:
    def edit(content: bytes) -> bytes:
        written = io.BytesIO(content)
        with zipfile.ZipFile(written, "a") as kept:
            kept.writestr(name, "1,3")
        return written.getvalue()

    return edit


def lines_swapped(content: bytes) -> bytes:
    """Two lines of a table in each other's place."""
    text = content.decode()
    start = text.index("<tbody>")
    first, second = re.findall(r"<tr>.*?</tr>", text[start:], re.DOTALL)[:2]
    assert first != second
    return (text[:start] + text[start:].replace(first, "@", 1).replace(second, first, 1).replace("@", second, 1)).encode()  # fmt: skip


def marks_swapped(content: bytes) -> bytes:
    """The first and the last number of a drawing in each other's place."""
    text = content.decode()
    shown = re.findall(r">(\d+)</text>", text)
    first, last = shown[0], shown[-1]
    assert first != last
    before, _, after = text.rpartition(f">{last}</text>")
    text = f"{before}>{first}</text>{after}"
    return text.replace(f">{first}</text>", f">{last}</text>", 1).encode()


PLAIN = _plain_pdf()
CELL = r'(<td class="[^"]*num[^"]*"[^>]*>)(\d+)'
PLANTED: dict[str, tuple[str, Edit]] = {
    "a cell of a table": ("report.html", in_html(r"(<td[^>]*>\s*)\d+(\s*%)", r"\g<1>63\2")),
    "a hidden column": ("report.html", in_html(r"</td>\s*</tr>", "</td><td hidden>63</td></tr>")),
    "a comment": ("report.html", in_html("</main>", "<!-- 63 --></main>")),
    "a property": ("report.html", in_html("</head>", '<meta name="n" content="63"></head>')),
    "an attribute": ("report.html", in_html("<table", '<table data-n="63"')),
    "a style": ("report.html", in_html("</style>", 'p::after { content: "63" }</style>')),
    "a script": ("report.html", in_html("</body>", "<script>let n = 1</script></body>")),
    "a script without a number": ("report.html", in_html("</body>", "<script>go()</script></body>")),
    "a drawing's text on the page": ("report.html", in_html(r"(<text[^>]*>)\d+(\s?%)", r"\g<1>63\2")),
    "a drawing's text": ("figures/F1.svg", in_html(r"(<text[^>]*>)\d+</text>", r"\g<1>63</text>")),
    "a drawing's description": ("figures/F1.svg", in_html("</desc>", " 63 %.</desc>")),
    "an entity in a drawing": ("figures/F1.svg", in_html("^", '<!DOCTYPE svg [<!ENTITY n "63">]>')),
    "a processing instruction": ("figures/F1.svg", in_html("</svg>", "<?n 63?></svg>")),
    "an unread attribute of a drawing": ("figures/F1.svg", in_html("<text", '<text data-n="63"')),
    "a drawing of something else": ("figures/F1.svg", in_html('aria-labelledby="', 'aria-labelledby="x')),
    "a number on a map": ("figures/F2.svg", in_html(r"(<text[^>]*>)\d+</text>", r"\g<1>63</text>")),
    "a word without a space": ("report.html", in_html("</main>", "<p>tallet63av71oglittmer</p></main>")),
    "the page of another report": ("report.html", in_html("</table>", "</table><table><tr><td>63 av 71</td></tr></table>")),
    "two marks of a drawing": ("figures/F1.svg", marks_swapped),
    "two lines of a table": ("report.html", lines_swapped),
    "a text in a picture": ("figures/F1.png", with_chunk),
    "something after a picture": ("figures/F1.png", lambda content: content + content[8:]),
    "another size of a picture": ("figures/F1.png", lambda _: of_pixels(2, 2)),
    "more pixels than are shown": ("figures/F1.png", lambda content: of_pixels(*struct.unpack(">II", content[16:24]), after=b"63 av 71")),
    "a text in a picture in Word": ("report.docx", with_picture(with_chunk)),
    "another picture in Word": ("report.docx", with_picture(repainted)),
    "a sheet in Word": ("report.docx", with_part("word/embeddings/sheet.xlsx")),
    "an entity in Word": ("report.docx", in_word("word/document.xml", "<w:document", '<!DOCTYPE d [<!ENTITY n "63">]><w:document')),
    "a deleted text in Word": ("report.docx", in_word("word/document.xml", "</w:p>", "<w:del><w:r><w:delText>63</w:delText></w:r></w:del></w:p>")),
    "a text between marks in Word": ("report.docx", in_word("word/document.xml", "</w:p>", "<![CDATA[63]]></w:p>")),
    "a picture in PDF": ("report.pdf", in_pdf(pictured)),
    "a line of a table in Word": ("report.docx", in_word("word/document.xml", r"(<w:t[^>]*>)\d+(?=[\xc2\xa0 ]*%?</w:t>)", r"\g<1>63")),
    "a picture's text in Word": ("report.docx", in_word("word/document.xml", 'descr="', 'descr="63 %. ')),
    "a property in Word": ("report.docx", in_word("docProps/core.xml", "</dc:title>", " 63</dc:title>")),
    "a comment in Word": ("report.docx", word_with_a_comment),
    "a property in PDF": ("report.pdf", in_pdf(retitled)),
    "an attachment in PDF": ("report.pdf", in_pdf(attached)),
    "a picture's text in PDF": ("report.pdf", in_pdf(described)),
    "a hidden text in PDF": ("methods.pdf", in_pdf(overprinted)),
}  # fmt: skip


@pytest.mark.parametrize("where", PLANTED)
def test_one_number_more_is_found(
    where: str, pages: ModuleType, made: tuple[dict[str, Any], dict[str, bytes]], tmp_path: Path
) -> None:
    report, files = made
    name, edit = PLANTED[where]
    changed = edit(files[name])
    assert changed != files[name]
    # The drawings and the page beside it are as they were; only the changed file may be named.
    beside = (".html", ".svg") if name.endswith(".svg") else (".html", ".svg", ".png")
    kept = {n: c for n, c in files.items() if n.endswith(beside)}
    found = problems(pages, report, tmp_path, {**kept, name: changed})
    assert found
    assert all(each.startswith(Path(name).name) for each in found)


@pytest.mark.parametrize("name", READ)
def test_a_number_of_the_report_that_is_changed_is_found_in_each_file(
    name: str, pages: ModuleType, made: tuple[dict[str, Any], dict[str, bytes]], tmp_path: Path
) -> None:
    """The file is of one report, and report.json of another that differs in one number."""
    report, files = made
    other = json.loads(json.dumps(report))
    finding = next(s for s in other["sections"] if s["id"] == "findings")["blocks"][0]["sentence"]
    number = next(v for v in finding["parameters"].values() if v["is"] in ("Number", "Band"))
    key = "value" if number["is"] == "Number" else "percent"
    number[key] = 20.0 if number[key] != 20.0 else 30.0
    assert problems(pages, other, tmp_path, {name: files[name]})
