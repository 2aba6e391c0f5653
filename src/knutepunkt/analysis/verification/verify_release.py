#!/usr/bin/env python3
"""Does a released report keep what its certificate says, as far as the two can tell?

    python verify_release.py certificate.json --release FOLDER

FOLDER holds release.json, entry.json, report.json and tables/*.json and *.csv, and may hold the
report as report.html, report.pdf, methods.pdf, summary.pdf, report.docx and figures/*.svg. This file
and those beside it need Python's standard library alone, and pypdf where a PDF is to be read. They
share no code with the program that made the release.

Exit 0: every check holds. 1: at least one does not. 2: something could not be read.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from verify_pages import PAGES, READS_PDF, page_problems  # type: ignore[import-not-found]
from verify_report import quotation_problems, report_problems, table_problems  # type: ignore[import-not-found]

Json = dict[str, Any]
Problems = Iterator[str]

# KP-1: each number, and whether a higher (+1) or a lower (-1) one protects more.
FLOOR: dict[str, tuple[float, int]] = {
    "threshold_centre": (5, 1), "threshold_wide": (10, 1), "groups": (3, 1),
    "largest_share": (0.5, -1), "disjoint_subsets": (3, 1), "comparisons": (2_000_000, -1),
    "coalition": (2, 1), "group_size": (10, 1), "solver_seconds": (2.0, -1),
    "witnesses": (4000, -1), "coarse_below": (100, 1), "coarse_step": (5, 1),
    "mean_decimals": (1, -1), "deviation_from": (20, 1), "p_classes_below": (50, 1),
    "spare_observations": (10, 1), "variance_groups": (6, 1), "quotation_readers": (2, 1),
    "quotation_people": (2, 1),
}  # fmt: skip
FIXED: Json = {
    "class_cut": 0.5,
    "p_class_cuts": [0.001, 0.01, 0.05, 0.10],
    "band_tenths": [9.5, 9.0, 8.0, 7.0, 6.0],
    "perturbation": "none",
}
FIGURE_KEYS = {"table", "cell", "kind", "rung", "n", "categories", "band", "class", "numbers",
               "counts", "responses", "quotations"}  # fmt: skip
PARTS = {  # what each form holds besides n; every other part must be empty
    "categories": {"categories", "numbers"}, "band": {"band"}, "class": {"class"}, "only_n": set(),
    "figures": {"numbers", "counts", "responses"}, "quotations": {"quotations"},
}  # fmt: skip
STEPS = {"coefficient": 0.01, "variance": 0.01, "p_value": 0.001, "degrees": 1.0, "trait": 1.0}
KINDS = {*STEPS, "mean", "limit", "deviation", "median", "share"}
NEEDS_VAULT = {
    "P1": "that every figure rests on enough participants from enough groups",
    "P3": "that no part of a population, found by subtraction, answered alike",
    "P4": "that no two sets of people in any two releases differ by a few",
    "P5": "that a coalition inside a group cannot work out what the others answered",
    "P6": "that a model left observations to spare, and groups enough for a variance",
    "P7": "that the rounds were closed",
    "P9": "that each quotation had consent and two readers",
}


def canonical(content: Any) -> bytes:
    """The bytes a hash is taken of: JSON with sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest(content: Any) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def on_grid(value: float, step: float) -> bool:
    return abs(value / step - round(value / step)) < 1e-6


class Case:
    """The certificate, and everything in the folder of the release."""

    def __init__(self, certificate: Path, release: Path) -> None:
        self.certificate: Json = read(certificate)
        self.document: Json = read(release / "release.json")
        self.entry: Json = read(release / "entry.json")
        self.report: Json = read(release / "report.json")
        self.release = release
        self.folder = release / "tables"
        self.tables = {p.stem: read(p) for p in sorted(self.folder.glob("*.json"))}
        self.policy: Json = self.certificate["policy"]
        self.t: int = self.certificate["threshold"]
        self.figures: dict[str, Json] = {name_of(f): f for f in self.document["figures"]}

    def step(self, n: float) -> float:
        """How finely n and percentages may be told (P6)."""
        return float(self.policy["coarse_step"]) if n < self.policy["coarse_below"] else 1.0

    def most(self, n: float) -> float:
        """The largest number of people a told n may stand for."""
        return n + self.step(n) / 2 if n < self.policy["coarse_below"] else n


def read(path: Path) -> Json:
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{path.name} is not what it should be")
    return found


def name_of(figure: Json) -> str:
    return f"{figure['table']}/{figure['cell']}"


def seal_holds(case: Case) -> Problems:
    """The certificate has not been changed since it was sealed."""
    content = {key: value for key, value in case.certificate.items() if key != "seal"}
    if digest(content) != case.certificate.get("seal"):
        yield "the seal is not the hash of the certificate"
    if case.certificate.get("format") != "knutepunkt-certificate-1":
        yield "the certificate has another format than this program reads"


def policy_holds(case: Case) -> Problems:
    """The policy is the one that was hashed, and no number is laxer than KP-1."""
    if digest(case.policy) != case.certificate["policy_hash"]:
        yield "the policy is not the one that was hashed"
    for name, (floor, direction) in FLOOR.items():
        if (case.policy[name] - floor) * direction < 0:
            yield f"{name} is {case.policy[name]}, laxer than {floor}"
    for name, wanted in FIXED.items():
        if case.policy[name] != wanted:
            yield f"{name} is not as KP-1 fixes it"


def threshold_holds(case: Case) -> Problems:
    """The threshold is the one for this audience; a sensitive theme takes the stricter one."""
    wide = case.policy["sensitive_theme"] or case.certificate["audience"] != "centre"
    centre = case.policy["threshold_centre"]
    wanted = max(centre, case.policy["threshold_wide"]) if wide else centre
    if case.t != wanted:
        yield f"the threshold is {case.t}, and should be {wanted}"


def document_is_the_one(case: Case) -> Problems:
    """release.json is what the certificate was given for."""
    if digest(case.document) != case.certificate["release_hash"]:
        yield "release.json is not the document that was hashed"
    withheld = [name_of(w) for w in case.document["withheld"]]
    names = [name_of(f) for f in case.document["figures"]] + withheld
    if len(set(names)) != len(names):
        yield "a figure stands twice"
    counted = (len(case.document["figures"]), len(withheld))
    if counted != (case.certificate["figures"], case.certificate["withheld"]):
        yield "there are more or fewer figures than the certificate counts"


def entry_is_chained(case: Case) -> Problems:
    """The ledger's entry is unchanged, follows the root in the certificate, and names the seal."""
    content = {key: value for key, value in case.entry.items() if key != "hash"}
    if digest(content) != case.entry["hash"]:
        yield "the entry's hash is not the hash of the entry"
    before = case.certificate["ledger"]
    wanted = {
        "sequence": before["releases_before"] + 1, "previous": before["root_before"],
        "audience": case.certificate["audience"], "policy_hash": case.certificate["policy_hash"],
        "statements": case.certificate["statements"], "seal": case.certificate["seal"],
    }  # fmt: skip
    for name, value in wanted.items():
        if case.entry.get(name) != value:
            yield f"the entry's {name} is not the certificate's"


def statements_match(case: Case) -> Problems:
    """Each figure has the statement that the ledger remembers, about the same categories."""
    said = {name_of(s): s for s in case.certificate["statements"]}
    if list(said) != list(case.figures):
        yield "the statements do not name the figures of the release"
        return
    start = f"{case.certificate['ledger']['releases_before'] + 1}:"
    for name, figure in case.figures.items():
        statement = said[name]
        told = [cell["codes"] for cell in figure["categories"]]
        told += [figure[part]["codes"] for part in ("band", "class") if figure[part]]
        kept = [row["codes"] for row in statement["sets"] if row["codes"] is not None]
        if (statement["rung"], statement["kind"], kept) != (figure["rung"], figure["kind"], told):
            yield f"{name}: the ledger remembers something else"
        prefix = f"{start}{figure['table']}:{figure['cell']}:"
        if not all(row["key"].startswith(prefix) for row in statement["sets"]):
            yield f"{name}: a set has a key that is not its own"


def forms_hold(case: Case) -> Problems:
    """Each figure has one form, and nothing in it speaks of a group's answers (P2)."""
    for name, figure in case.figures.items():
        if set(figure) != FIGURE_KEYS or figure["rung"] not in PARTS:
            yield f"{name}: it holds something that is no part of a figure"
            continue
        parts = FIGURE_KEYS - {"table", "cell", "kind", "rung", "n"}
        filled = {part for part in parts if figure[part]}
        if not filled <= PARTS[figure["rung"]] or (figure["rung"] != "only_n" and not filled):
            yield f"{name}: it tells something else than its form allows"
        if bool(figure["responses"]) != (figure["kind"] == "participation"):
            yield f"{name}: a group is named, or counted, where it may not be"
        yield from (f"{name}: {problem}" for problem in responses_hold(case, figure))


def responses_hold(case: Case, figure: Json) -> Problems:
    cut = case.policy["class_cut"]
    for response in figure["responses"]:
        if set(response) != {"group", "low", "high", "groups"}:
            yield "a group's participation is told with something more"
        elif (response["low"], response["high"]) not in ((0.0, cut), (cut, 1.0)):
            yield "a group's participation is told more finely than in two classes"
        elif response["group"] is not None and case.certificate["audience"] != "centre":
            yield "a group is named to others than the centre"


def numbers_of_people_hold(case: Case) -> Problems:
    """n is rounded as P6 says and reaches the threshold; small counts are classes."""
    for name, figure in case.figures.items():
        n = figure["n"]
        if n is not None and not on_grid(n, case.step(n)):
            yield f"{name}: n is told too finely"
        if n is not None and case.most(n) < case.t:
            yield f"{name}: n is below the threshold"
        if n is None and figure["kind"] not in ("flow", "participation", "quotation"):
            yield f"{name}: n is missing"
        for count in figure["counts"]:
            yield from (f"{name}: {problem}" for problem in count_holds(case, count))
        if figure["class"]:
            yield from (f"{name}: {problem}" for problem in class_holds(case, figure["class"]))


def count_holds(case: Case, count: Json) -> Problems:
    if "fewer_than" in count:
        yield from class_holds(case, count)
    elif count["kind"] not in ("count", "public"):
        yield "a count has an unknown kind"
    elif count["kind"] == "count" and not on_grid(count["value"], case.step(count["value"])):
        yield "a count is told too finely"
    elif count["kind"] == "count" and case.most(count["value"]) < case.t:
        yield "a count below the threshold is told"


def class_holds(case: Case, told: Json) -> Problems:
    fewer, at_least = told["fewer_than"], told["at_least"]
    if (fewer is None) == (at_least is None):
        yield "a class says neither fewer nor at least"
    elif fewer not in (None, case.t):
        yield "a class says fewer than something else than the threshold"
    elif at_least is not None and at_least < case.t:
        yield "a class says at least fewer than the threshold"


def shares_hold(case: Case) -> Problems:
    """Categories are disjoint, add up, lie between 0 and 100 and may each hold t people (P3, P6)."""
    for name, figure in case.figures.items():
        cells, n = figure["categories"], figure["n"] or 0
        # Of 98 people n reads 100 too, and percentages are coarse.
        step = case.step(n if n > case.policy["coarse_below"] else 0)
        codes = [code for cell in cells for code in cell["codes"]]
        if len(codes) != len(set(codes)):
            yield f"{name}: two categories overlap"
        if cells and abs(sum(cell["percent"] for cell in cells) - 100) > len(cells) * step / 2:
            yield f"{name}: the categories do not add up to 100 per cent"
        for cell in cells:
            yield from (f"{name}: {problem}" for problem in share_holds(case, cell, n))


def share_holds(case: Case, cell: Json, n: float) -> Problems:
    percent, step = cell["percent"], case.step(n)
    ends = [end for end in (cell["low"], cell["high"]) if end is not None]
    if not all(on_grid(value, step) for value in (percent, *ends)):
        yield "a percentage is told too finely"
    if not 0 < percent < 100:
        yield "a category is told at 0 or 100 per cent"
    for share in (percent, 100 - percent):
        if (share + case.step(n - 1) / 2) / 100 * case.most(n) < case.t:
            yield "a category, or the rest, cannot hold the threshold"


def bands_hold(case: Case) -> Problems:
    """A band's cut is one of the fixed ones, and n alone leaves a whole group beyond it."""
    margin = max(case.t, case.policy["group_size"] if case.certificate["design"]["groups"] else 0)
    for name, figure in case.figures.items():
        band = figure["band"]
        if not band:
            continue
        low, high = band["low_tenths"], band["high_tenths"]
        cut = round(low if high == 10.0 else 10.0 - high, 6)
        if (low == 0.0) == (high == 10.0) or cut not in case.policy["band_tenths"]:
            yield f"{name}: the cut is none of the fixed ones"
        beyond = math.floor(case.most(figure["n"]) * (10.0 - cut) / 10.0 + 1e-9)
        if beyond < margin + case.policy["coalition"]:
            yield f"{name}: so few people do not allow this cut"


def computed_numbers_hold(case: Case) -> Problems:
    """Means, deviations, p-values and the rest are rounded, classed or kept inside (P6)."""
    for name, figure in case.figures.items():
        for number in figure["numbers"]:
            problems = number_holds(case, number, case.most(figure["n"] or 0))
            yield from (f"{name}, {number['name']}: {problem}" for problem in problems)


def number_holds(case: Case, number: Json, most: float) -> Problems:
    kind, value = number["kind"], number.get("value")
    if kind not in KINDS or (kind == "trait" and value not in (0, 1)):
        yield "a number of this kind is never told"
        return
    if kind in ("deviation", "median") and most < case.policy["deviation_from"]:
        yield "it is told of too few people"
    if value is None:
        yield from number_class_holds(case, number)
        return
    step = STEPS.get(kind, 10.0 ** -case.policy["mean_decimals"])
    if not math.isfinite(value) or not on_grid(value, case.step(most) if kind == "share" else step):
        yield "it is told too finely"
    if kind == "p_value" and most < case.policy["p_classes_below"]:
        yield "p is told as a number, not in classes"


def number_class_holds(case: Case, number: Json) -> Problems:
    cuts = [0.0, *case.policy["p_class_cuts"], 1.0]
    if number["kind"] == "p_value":
        if (number["low"], number["high"]) not in itertools.pairwise(cuts):
            yield "p is told in another class"
    elif number["kind"] != "deviation":
        yield "it has no value"


def words_hold(case: Case) -> Problems:
    """Words are quoted only under a code of which the release says that enough people said it."""
    yield from quotation_problems(case.figures)


def report_holds(case: Case) -> Problems:
    """Every number in the report is one of the release, and every figure is in the report."""
    yield from report_problems(case.report, case.figures, case.certificate["seal"])


def tables_hold(case: Case) -> Problems:
    """Each table, as JSON and as CSV, holds the rows and numbers of the report and no others."""
    yield from table_problems(case.report, case.tables, case.folder)


def pages_hold(case: Case) -> Problems:
    """What people read (web page, PDF, Word, drawings) holds the report's numbers and no others."""
    languages = {table.get("language", "") for table in case.tables.values()} - {""}
    if len(languages) != 1:
        yield "the tables are in more than one language"
        return
    yield from page_problems(case.report, languages.pop(), case.release)


def not_read(release: Path) -> list[str]:
    """Files that are not there, and those that cannot be read here."""
    missing = [name for name in PAGES if not (release / name).is_file()]
    return [*missing, *(["PDF (install pypdf)"] if not READS_PDF else []), "pictures (png)"]


CHECKS: tuple[Callable[[Case], Problems], ...] = (
    seal_holds, policy_holds, threshold_holds, document_is_the_one, entry_is_chained,
    statements_match, forms_hold, numbers_of_people_hold, shares_hold, bands_hold,
    computed_numbers_hold, words_hold, report_holds, tables_hold, pages_hold,
)  # fmt: skip


def verify(certificate: Path, release: Path) -> list[tuple[str, list[str]]]:
    """Each check in words, and what it found."""
    case = Case(certificate, release)
    return [((check.__doc__ or "").strip(), list(check(case))) for check in CHECKS]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("certificate", type=Path)
    parser.add_argument("--release", type=Path, required=True, help="the folder of the release")
    options = parser.parse_args(arguments)
    try:
        found = verify(options.certificate, options.release)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        sys.stderr.write(f"This could not be read as a release: {problem!r}\n")
        return 2
    for sentence, problems in found:
        sys.stdout.write(f"{'FAILS' if problems else 'holds'}  {sentence}\n")
        sys.stdout.writelines(f"         {problem}\n" for problem in problems)
    sys.stdout.write("\nNot checked here, because it needs the vault:\n")
    sys.stdout.writelines(f"  {clause}: {words}\n" for clause, words in NEEDS_VAULT.items())
    sys.stdout.write(f"Not read: {', '.join(not_read(options.release))}.\n")
    return 1 if any(problems for _, problems in found) else 0


if __name__ == "__main__":
    sys.exit(main())
