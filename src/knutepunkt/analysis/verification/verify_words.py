"""Part 5: what may a page say? Every text of a report in one language, written anew from its data.

The sentences come from the catalogue beside this file (``words/*.toml``, the same for every report);
what is filled in comes from report.json. Texts are compared without spaces and capitals, so that a
line may be broken anywhere.
"""

from __future__ import annotations

import itertools
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from verify_figures import Json  # type: ignore[import-not-found]
from verify_report import NUMBERS, ends, walk  # type: ignore[import-not-found]

HERE = Path(__file__).parent
DIGIT = re.compile(r"\d")
# A shorter text could be a part of anything; it must be the whole of what is read.
LEAST_LETTERS = 4
# Columns that say what a line is about, and are written once where several lines are about it.
LEADS = ("question", "outcome", "round", "answers", "theme", "theme_share")
COUNTED = {
    "nb": "to tre fire fem seks sju åtte ni ti elleve tolv",
    "nn": "to tre fire fem seks sju åtte ni ti elleve tolv",
    "en": "two three four five six seven eight nine ten eleven twelve",
}
MONTHS = {
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "nn": "januar februar mars april mai juni juli august september oktober november desember",
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
STATES = {"Withheld": "withheld", "NotMade": "not_made"}
ENDINGS = ("_from", "_to", "_state")
QUOTED = {"nb": "«{}»", "nn": "«{}»", "en": "“{}”"}
NAMES = {
    "nb": {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk", "se": "nordsamisk"},
    "nn": {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk", "se": "nordsamisk"},
    "en": {"nb": "Bokmål", "nn": "Nynorsk", "en": "English", "se": "Northern Sámi"},
}


def plain(text: str) -> str:
    """A text as it is compared: no spaces, no capitals, no hyphen after a letter or a digit."""
    undivided = re.sub(r"(?<=\w)[\u00ad\u2010\u2011-]\s*", "", text)
    return re.sub(r"[\s\u00ad]+", "", undivided).casefold()


class Writer:
    """Writes the values of a report in one language, by the rules the report prints."""

    def __init__(self, language: str) -> None:
        self.language = language
        beside = HERE / "words"
        folder = beside if beside.is_dir() else HERE.parent / "report" / "catalogue"
        self.catalogue: dict[str, str] = {}
        for path in sorted(folder.glob("*.toml")):
            for area, texts in tomllib.loads(path.read_text(encoding="utf-8")).items():
                self.catalogue |= {f"{area}.{name}": text[language] for name, text in texts.items()}

    def written(self, value: Json, form: str = "table") -> str:
        """A value as a table has it ("table"), a sentence ("", "lower") or as people ("share")."""
        shape = value["is"]
        if shape == "Sentence":
            return self.filled(value["message"], value["parameters"])
        if shape in ("Number", "Range"):
            return self.number(value, form)
        if shape == "Band":
            parts = 10 if value["percent"] % 10 == 0 else 20
            words = SHARES[self.language][5 if value["at_least"] else 6]
            return words.format(round(value["percent"] * parts / 100), parts)
        if shape in ("Below", "AtLeast"):
            name = "value.below" if shape == "Below" else "value.at_least"
            count = {"is": "Number", "value": value["threshold"], "decimals": 0, "unit": "count"}
            return self.filled(f"{name}_digits" if form == "table" else name, {"threshold": count})
        if shape in ("Withheld", "NotMade"):
            return self.catalogue["value.withheld" if shape == "Withheld" else "value.not_made"]
        if shape == "Quoted":
            said = QUOTED[self.language].format(value["words"].strip())
            named = NAMES[self.language].get(value["language"])
            other = named is not None and value["language"] != self.language
            return f"{said} ({named})" if other else said
        if shape == "Day":
            year, month, day = value["value"].split("-")
            dot = "" if self.language == "en" else "."
            return f"{int(day)}{dot} {MONTHS[self.language].split()[int(month) - 1]} {year}"
        return str(value[self.language] if shape == "Texts" else value["value"])

    def filled(self, message: str, parameters: Json) -> str:
        """A sentence of the catalogue with its values; a name stands as it is."""
        parts = []
        for before, name, form, _ in string.Formatter().parse(self.catalogue[message]):
            value = parameters[name] if name else ""
            parts += [before, value if isinstance(value, str) else self.written(value, form or "")]
        return "".join(parts)

    def number(self, value: Json, form: str) -> str:
        """A number, or a range from one to another; in a sentence a small count is a word."""
        percent = "%" if value["unit"] == "percent" else ""
        if value["is"] == "Range":
            low, high = (self.digits(value[end], value["decimals"]) for end in ("low", "high"))
            between = "–" if percent else " to " if self.language == "en" else " til "
            return f"{low}{between}{high}{percent}"
        told, decimals = value["value"], value["decimals"]
        if percent and form == "share":
            return self.share(told)
        if value["unit"] == "count" and form != "table" and decimals == 0 and told in range(2, 13):
            return COUNTED[self.language].split()[int(told) - 2]
        return self.digits(told, decimals) + percent

    def digits(self, value: float, decimals: int) -> str:
        written = f"{abs(value):.{decimals}f}"
        sign = "−" if value < 0 and float(written) else ""
        return sign + (written if self.language == "en" else written.replace(".", ","))

    def share(self, percent: float) -> str:
        """A percentage in people: the tenth it is near, or those on either side."""
        of_ten, near, between, few, nearly_all, *_ = SHARES[self.language]
        if 0 < percent < 8 or 92 < percent < 100:
            return few if percent < 8 else nearly_all
        tenth = round(percent / 10)
        if abs(percent - 10 * tenth) <= 2:
            return (of_ten if percent == 10 * tenth else near).format(tenth)
        return between.format(int(percent // 10), int(percent // 10) + 1)


class Allowed:
    """What the report says, in the form it is compared in; texts without a digit are left out.

    ``whole``: what may be the whole of a text that is read. ``inside``: what may stand among others,
    which a number alone may not. ``tables``: heads and lines of each table. ``lines``: the same lines
    as a printed page may have them. ``marks``: by figure, what each mark may read, in their order.
    """

    def __init__(self, report: Json, writer: Writer) -> None:
        self.whole: set[str] = set()
        self.inside: set[str] = set()
        self.tables = {table["id"]: rows_of(table, writer) for table in report["tables"]}
        self.lines = {line for table in report["tables"] for line in printed(table, writer)}
        self.marks = {figure["id"]: marks_of(figure, writer) for figure in report["figures"]}
        for value in walk(report):
            if value["is"] in NUMBERS:
                self.whole.add(plain(writer.written(value)))
            elif value["is"] in ("Sentence", "Texts", "Verbatim", "Day", "Quoted"):
                self.add(writer.written(value), LEAST_LETTERS * (value["is"] != "Sentence"))
        fixed = (text for text in writer.catalogue.values() if "{" not in text)
        for text in (*fixed, *shell(report, writer), *downloads(report, writer)):
            self.add(text)

    def add(self, text: str, letters: int = LEAST_LETTERS) -> None:
        written = plain(text)
        if DIGIT.search(written):
            self.whole.add(written)
            if sum(map(str.isalpha, written)) >= letters:
                self.inside.add(written)


def shell(report: Json, writer: Writer) -> Iterator[str]:
    """What stands around the report: its date, its findings in a list, captions, who answered."""
    day = report["dated"]
    # As the properties of a file have it.
    yield from (day, f"{day}T00:00:00Z", f"D:{day.replace('-', '')}000000Z")
    yield writer.filled("shell.dated", {"day": {"is": "Day", "value": day}})
    findings = next(s["blocks"] for s in report["sections"] if s["id"] == "findings")
    for place, block in enumerate(findings, start=1):
        yield from (f"{place}{dot}{writer.written(block['sentence'])}" for dot in ("", "."))
    for table in report["tables"]:
        named = writer.written(table["caption"])
        yield from (table["id"], f"{table['id']}{named}", f"{table['id']}:{named}")
        yield from (column["id"] for column in table["columns"])
    words = {"title": report["title"], "organisation": report["organisation"]}
    told = report["who_answered"]["parameters"]
    if {"n", "handed"} <= told.keys() and told["n"]["is"] == told["handed"]["is"] == "Number":
        yield writer.filled("caption.annual", {**words, "n": told["n"], "handed": told["handed"]})
    yield writer.filled("caption.annual_plain", words)


def downloads(report: Json, writer: Writer) -> Iterator[str]:
    """What leads to a table or a figure that lies beside the page."""
    for kind, formats in (("table", ("csv", "json")), ("figure", ("png", "svg"))):
        for part, ending in itertools.product(report[f"{kind}s"], formats):
            yield f"{kind}s/{part['id']}.{ending}"
            words = {"format": ending.upper(), kind: part["id"]}
            yield writer.filled(f"shell.download_{kind}", words)


def rows_of(table: Json, writer: Writer) -> tuple[str, ...]:
    """Heads and lines as one text each. A lead that reaches over several lines stands on the first."""
    found = [plain("".join(writer.written(c["heading"]) for c in table["columns"]))]
    before = None
    for row in table["rows"]:
        subject, joins, _ = row["key"].partition("#")
        cells = zip(table["columns"], row["cells"], strict=True)
        leads = LEADS if joins and subject == before else ()
        found.append(plain("".join(writer.written(v) for c, v in cells if c["id"] not in leads)))
        before = subject if joins else None
    return tuple(found)


def printed(table: Json, writer: Writer) -> Iterator[str]:
    """Lines of a printed table: a lead over several lines stands before any of them."""
    yield plain("".join(writer.written(column["heading"]) for column in table["columns"]))
    for row in table["rows"]:
        cells = [
            (column["id"] in LEADS, writer.written(value))
            for column, value in zip(table["columns"], row["cells"], strict=True)
        ]
        lead = "".join(text for is_lead, text in cells if is_lead)
        rest = "".join(text for is_lead, text in cells if not is_lead)
        whole = "".join(text for _, text in cells)
        yield from map(plain, (whole, lead + rest, lead, rest) if "#" in row["key"] else (whole,))


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


def as_json(table: Json, writer: Writer) -> Json:
    """A table as its JSON file has it."""

    def told(value: Json) -> Any:
        if value["is"] == "Number":
            return round(value["value"], value["decimals"])
        if value["is"] in STATES:
            return {"state": STATES[value["is"]]}
        low, high = from_to(value)
        if low:
            return {"from": float(low), "to": float(high) if high else None}
        return writer.written(value) or None

    columns = table["columns"]
    lines = [(row["key"], zip(columns, row["cells"], strict=True)) for row in table["rows"]]
    return {
        "id": table["id"],
        "language": writer.language,
        "caption": writer.written(table["caption"]),
        "columns": [
            {"id": c["id"]} | {n: writer.written(c[n]) for n in ("heading", "description")}
            for c in columns
        ],
        "endings": {end: writer.catalogue[f"tables.csv{end}"] for end in ENDINGS},
        "rows": [{"row": key} | {c["id"]: told(value) for c, value in line} for key, line in lines],
        "notes": [writer.written(note) for note in table["notes"]],
    }


def as_csv(table: Json, writer: Writer) -> list[list[str]]:
    """A table as its CSV file has it: a number takes four columns, itself, from, to and its state."""
    lines = [["row"]]
    for column in table["columns"]:
        lines[0] += [column["id"] + end for end in (("", *ENDINGS) if column["numeric"] else ("",))]
    for row in table["rows"]:
        lines.append([row["key"]])
        for column, value in zip(table["columns"], row["cells"], strict=True):
            if not column["numeric"]:
                lines[-1].append(writer.written(value))
                continue
            number = f"{value['value']:.{value['decimals']}f}" if value["is"] == "Number" else ""
            lines[-1] += [number, *from_to(value), STATES.get(value["is"], "")]
    return lines


def from_to(value: Json) -> list[str]:
    """From where to where a value lies; empty where an end is open, or where it is a plain number."""
    told = (None, None) if value["is"] == "Number" else ends(value)
    return ["" if end is None else f"{end:.{value.get('decimals', 0)}f}" for end in told]
