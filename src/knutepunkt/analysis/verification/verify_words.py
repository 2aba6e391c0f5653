"""What may a page say: every text of a report in one language, written anew from its data?

Part of ``verify_release.py``; standard library alone. The sentences come from the catalogue beside
this file (``words/*.toml``, the same for every report); what is filled in comes from report.json.
Texts are compared without spaces and capitals, so that a line may be broken anywhere.
"""

from __future__ import annotations

import itertools
import re
import string
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
HERE = Path(__file__).parent
LEADS = ("question", "outcome", "round", "answers", "theme", "theme_share")
COUNTED = {
    "nb": "to tre fire fem seks sju åtte ni ti elleve tolv",
    "nn": "to tre fire fem seks sju åtte ni ti elleve tolv",
    "en": "two three four five six seven eight nine ten eleven twelve",
}
MONTHS = {
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "en": "January February March April May June July August September October November December",
}
SHARES = {  # of ten, near, between, next to none, nearly all, at least, at most
    "nb": ("{} av 10", "omtrent {} av 10", "mellom {} og {} av 10", "færre enn 1 av 10",
           "mer enn 9 av 10", "minst {} av {}", "høyst {} av {}"),
    "nn": ("{} av 10", "om lag {} av 10", "mellom {} og {} av 10", "færre enn 1 av 10",
           "meir enn 9 av 10", "minst {} av {}", "høgst {} av {}"),
    "en": ("{} in 10", "about {} in 10", "between {} and {} in 10", "fewer than 1 in 10",
           "more than 9 in 10", "at least {} in {}", "at most {} in {}"),
}  # fmt: skip

QUOTED = {"nb": "«{}»", "en": "“{}”"}
NAMES = {
    "nb": {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk", "se": "nordsamisk"},
    "en": {"nb": "Bokmål", "nn": "Nynorsk", "en": "English", "se": "Northern Sámi"},
}


def plain(text: str) -> str:
    """A text as it is compared: no spaces, no capitals, no hyphen after a letter or a digit."""
    undivided = re.sub(r"(?<=\w)[\u00ad\u2010\u2011-]\s*", "", text)
    return re.sub(r"[\s\u00ad]+", "", undivided).casefold()


def messages() -> dict[str, Json]:
    """Every sentence of the catalogue by its name, in three languages."""
    beside = HERE / "words"
    folder = beside if beside.is_dir() else HERE.parent / "report" / "catalogue"
    found: dict[str, Json] = {}
    for path in sorted(folder.glob("*.toml")):
        for area, texts in tomllib.loads(path.read_text(encoding="utf-8")).items():
            found |= {f"{area}.{name}": text for name, text in texts.items()}
    return found


@dataclass
class Writer:
    """Writes the values of a report in one language, by the rules the report prints."""

    language: str
    catalogue: dict[str, Json] = field(default_factory=messages)

    def digits(self, value: float, decimals: int) -> str:
        written = f"{abs(value):.{decimals}f}"
        sign = "−" if value < 0 and float(written) else ""
        return sign + (written if self.language == "en" else written.replace(".", ","))

    def number(self, value: Json) -> str:
        percent = "%" if value["unit"] == "percent" else ""
        if value["is"] == "Number":
            return self.digits(value["value"], value["decimals"]) + percent
        low, high = (self.digits(value[end], value["decimals"]) for end in ("low", "high"))
        between = "–" if percent else {"en": " to "}.get(self.language, " til ")
        return f"{low}{between}{high}{percent}"

    def share(self, percent: float) -> str:
        """A percentage in people: the tenth it is near, or those on either side."""
        of_ten, near, between, few, nearly_all, *_ = SHARES[self.language]
        if 0 < percent < 8 or 92 < percent < 100:
            return few if percent < 8 else nearly_all
        tenth = round(percent / 10)
        if abs(percent - 10 * tenth) <= 2:
            return (of_ten if percent == 10 * tenth else near).format(tenth)
        return between.format(int(percent // 10), int(percent // 10) + 1)

    def band(self, value: Json) -> str:
        parts = 10 if value["percent"] % 10 == 0 else 20
        words = SHARES[self.language][5 if value["at_least"] else 6]
        return words.format(round(value["percent"] * parts / 100), parts)

    def day(self, text: str) -> str:
        year, month, day = text.split("-")
        name = MONTHS["en" if self.language == "en" else "nb"].split()[int(month) - 1]
        return f"{int(day)}{'' if self.language == 'en' else '.'} {name} {year}"

    def written(self, value: Json, form: str = "table") -> str:
        """A value as a table has it ("table"), a sentence ("", "lower") or as people ("share")."""
        shape = value["is"]
        if shape == "Sentence":
            return self.sentence(value)
        if shape in ("Number", "Range"):
            return self._number(value, form)
        if shape == "Band":
            return self.band(value)
        if shape in ("Below", "AtLeast"):
            name = "below" if shape == "Below" else "at_least"
            ending = "_digits" if form == "table" else ""
            count = {"is": "Number", "value": value["threshold"], "decimals": 0, "unit": "count"}
            return self.filled(f"value.{name}{ending}", {"threshold": count})
        if shape in ("Withheld", "NotMade"):
            return self.filled("value.withheld" if shape == "Withheld" else "value.not_made", {})
        if shape == "Quoted":
            return self.quotation(value)
        return str(value[self.language] if shape == "Texts" else self._verbatim(value))

    def quotation(self, value: Json) -> str:
        """Somebody's words as they were written, with their language where it is another."""
        said = (QUOTED["en"] if self.language == "en" else QUOTED["nb"]).format(
            value["words"].strip()
        )
        named = NAMES["en" if self.language == "en" else "nb"].get(value["language"])
        other = named is not None and value["language"] != self.language
        return f"{said} ({named})" if other else said

    def _number(self, value: Json, form: str) -> str:
        if form == "share" and value["unit"] == "percent" and value["is"] == "Number":
            return self.share(value["value"])
        if form in ("", "lower", "share") and value["unit"] == "count" and value["is"] == "Number":
            count = value["value"]
            if value["decimals"] == 0 and count in range(2, 13):
                return COUNTED[self.language].split()[int(count) - 2]
        return self.number(value)

    def _verbatim(self, value: Json) -> str:
        return self.day(value["value"]) if value["is"] == "Day" else str(value["value"])

    def sentence(self, value: Json) -> str:
        return self.filled(value["message"], value["parameters"])

    def filled(self, message: str, parameters: Json) -> str:
        text = self.catalogue[message][self.language]
        parts = []
        for before, name, form, _ in string.Formatter().parse(text):
            parts.append(before)
            if name:
                parts.append(self.written(parameters[name], form or ""))
        return "".join(parts)


@dataclass
class Allowed:
    """What the report says, in the form it is compared in.

    ``texts``: sentences, labels and cells. ``numbers``: those that are a number and no more, which
    must be the whole of what is read; ``sentences`` may stand among others. ``rows``: by table, its heads and its lines. ``lines``:
    the same lines as a printed page may have them, where a lead stands beside several. ``figures``:
    by figure, what each mark may be written as, in the order of its lines.
    """

    texts: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    sentences: set[str] = field(default_factory=set)
    rows: dict[str, list[str]] = field(default_factory=dict)
    lines: set[str] = field(default_factory=set)
    figures: dict[str, list[set[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, report: Json, writer: Writer) -> Allowed:
        found = cls()
        for value in values(report):
            text = plain(writer.written(value))
            found.texts.add(text)
            if value["is"] == "Sentence":
                found.sentences.add(text)
            elif value["is"] not in ("Texts", "Verbatim", "Day"):
                found.numbers.add(text)
        fixed = (m[writer.language] for m in writer.catalogue.values())
        found.texts |= {plain(text) for text in fixed if "{" not in text}
        dated = {"is": "Day", "value": report["dated"]}
        found.texts |= {plain(writer.filled("shell.dated", {"day": dated})), *dates(report)}
        found.texts |= set(numbered(report, writer))
        found.texts |= {plain(text) for text in caption(report, writer)}
        found.texts |= {plain(text) for text in downloads(report, writer)}
        for table in report["tables"]:
            found.rows[table["id"]] = rows_of(table, writer)
            found.lines |= set(printed(table, writer))
            named = writer.written(table["caption"])
            found.texts |= {plain(f"{table['id']}{mark}{named}") for mark in ("", ":")}
        for figure in report["figures"]:
            found.figures[figure["id"]] = marks_of(figure, writer)
        return found


def values(part: Any) -> Iterator[Json]:
    """Every value of a report that is written somewhere."""
    if isinstance(part, dict):
        if part.get("is") in ("Sentence", "Texts", "Verbatim", "Day", "Band", "Below", "AtLeast",
                              "Number", "Range"):  # fmt: skip
            yield part
        for inner in part.values():
            yield from values(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from values(inner)


def caption(report: Json, writer: Writer) -> Iterator[str]:
    """The text that is ready for an annual report: it repeats who answered."""
    words = {"title": report["title"], "organisation": report["organisation"]}
    told = report["who_answered"]["parameters"]
    if {"n", "handed"} <= told.keys() and told["n"]["is"] == told["handed"]["is"] == "Number":
        yield writer.filled("caption.annual", {**words, "n": told["n"], "handed": told["handed"]})
    yield writer.filled("caption.annual_plain", words)


def downloads(report: Json, writer: Writer) -> Iterator[str]:
    """What leads to a table or a figure that lies beside the page."""
    for kind, parts, formats in (("table", report["tables"], ("csv", "json")),
                                 ("figure", report["figures"], ("png", "svg"))):  # fmt: skip
        for name, ending in ((part["id"], each) for part in parts for each in formats):
            yield f"{kind}s/{name}.{ending}"
            words = {"format": {"is": "Verbatim", "value": ending.upper()},
                     kind: {"is": "Verbatim", "value": name}}  # fmt: skip
            yield writer.filled(f"shell.download_{kind}", words)


def rows_of(table: Json, writer: Writer) -> list[str]:
    """Heads and lines as one text each. A lead that reaches over several lines stands on the first."""
    found = [plain("".join(writer.written(c["heading"]) for c in table["columns"]))]
    before = None
    for row in table["rows"]:
        subject = row["key"].partition("#")[0] if "#" in row["key"] else None
        joined = subject is not None and subject == before
        cells = zip(table["columns"], row["cells"], strict=True)
        leads = LEADS if joined else ()
        found.append(plain("".join(writer.written(v) for c, v in cells if c["id"] not in leads)))
        before = subject
    return found


def printed(table: Json, writer: Writer) -> Iterator[str]:
    """Lines of a printed table: a lead over several lines stands before any of them, in any order."""
    for row in table["rows"]:
        cells = [(c["id"], writer.written(v)) for c, v in zip(table["columns"], row["cells"], strict=True)]  # fmt: skip
        yield plain("".join(text for _, text in cells))
        if "#" not in row["key"]:
            continue
        lead = [text for name, text in cells if name in LEADS]
        rest = "".join(text for name, text in cells if name not in LEADS)
        yield plain(rest)
        for order in itertools.permutations(lead):
            yield plain("".join(order))
            yield plain("".join(order) + rest)


def dates(report: Json) -> set[str]:
    """The date of the report, as the properties of a file have it."""
    day = report["dated"]
    return {plain(day), plain(f"{day}T00:00:00Z"), plain(f"D:{day.replace('-', '')}000000Z")}


def numbered(report: Json, writer: Writer) -> Iterator[str]:
    """The findings with the number they have in a list."""
    blocks = next(s["blocks"] for s in report["sections"] if s["id"] == "findings")
    for place, block in enumerate(blocks, start=1):
        yield plain(f"{place}{writer.written(block['sentence'])}")
        yield plain(f"{place}.{writer.written(block['sentence'])}")


def marks_of(figure: Json, writer: Writer) -> list[set[str]]:
    """What each mark of a drawing may read: with its label, whole, or without the sign."""
    found = []
    for line in figure["lines"]:
        if line["note"]:
            found.append({plain(writer.written(line["note"]))})
        for mark in line["marks"]:
            label, whole = writer.written(mark["label"]), writer.written(mark["value"])
            found.append({plain(t) for t in (f"{label}: {whole}", whole, whole.rstrip("% "))})
    return found
