"""Does the verifier find every way a release can depart from its certificate?

Each forgery is made by somebody who also makes all hashes anew, except where the hashes themselves
are what is tried; so it is the check on the content that must find it.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import importlib
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from knutepunkt.analysis.disclosure import Audience, append, kp1
from knutepunkt.analysis.disclosure.policy import FIXED, STRICTER_DIRECTION
from knutepunkt.analysis.report import to_json
from knutepunkt.analysis.verification import PROGRAM, program_files
from knutepunkt.evaluations.presenters.tables import csv_of, json_of
from tests.unit.analysis.report.sample import reported

Files = dict[str, Any]
SOURCE = Path(sys.modules["knutepunkt.analysis.verification"].__file__ or "").parent


@pytest.fixture(scope="module")
def verifier() -> Iterator[ModuleType]:
    """The program, loaded as its own files alone."""
    sys.path.insert(0, str(SOURCE))
    yield importlib.import_module("verify_release")
    sys.path.remove(str(SOURCE))


def made(audience: Audience = Audience.CENTRE, **sizes: Any) -> Files:
    """A release as the product makes it: JSON as values, CSV as text."""
    report, judgement = reported(audience=audience, **sizes)
    entry = append(
        (),
        release="r1",
        audience=str(audience),
        policy_hash=judgement.certificate["policy_hash"],
        statements=judgement.statements,
        seal=judgement.certificate["seal"],
    )
    files: Files = {
        "certificate.json": judgement.certificate,
        "release.json": judgement.document,
        "entry.json": entry.as_json(),
        "report.json": json.loads(to_json(report)),
    }
    for table in report.tables:
        files[f"tables/{table.id}.json"] = json.loads(json_of(table, "nb"))
        files[f"tables/{table.id}.csv"] = csv_of(table, "nb")
    return json.loads(json.dumps(files))


@pytest.fixture(scope="module")
def two_rounds() -> Files:
    """Two rounds of about a hundred answers, for the centre."""
    return made(rounds=2)


@pytest.fixture(scope="module")
def small_and_public() -> Files:
    """One round of fewer than fifty answers, for everyone: bands, classes and coarse numbers."""
    return made(Audience.PUBLIC, rounds=2, groups=8, response=0.75)


def found(verifier: ModuleType, files: Files, folder: Path, only: str = "") -> dict[str, list[str]]:
    """What each check says, by the name of the check."""
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content if name.endswith("csv") else json.dumps(content))
    case = verifier.Case(folder / "certificate.json", folder)
    checks = [check for check in verifier.CHECKS if only in (check.__name__, "")]
    return {check.__name__: list(check(case)) for check in checks}


def sha(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def hashed_anew(files: Files) -> Files:
    """All hashes as a careful forger leaves them."""
    proof, entry = files["certificate.json"], files["entry.json"]
    proof["policy_hash"] = sha(proof["policy"])
    proof["release_hash"] = sha(files["release.json"])
    proof["seal"] = sha({k: v for k, v in proof.items() if k != "seal"})
    entry |= {
        "seal": proof["seal"],
        "policy_hash": proof["policy_hash"],
        "statements": proof["statements"],
        "audience": proof["audience"],
    }
    entry["hash"] = sha({k: v for k, v in entry.items() if k != "hash"})
    files["report.json"]["certificate"] = proof["seal"]
    return files


@pytest.mark.parametrize("release", ["two_rounds", "small_and_public"])
def test_a_release_as_it_was_made_passes_every_check(
    release: str, verifier: ModuleType, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    checks = found(verifier, request.getfixturevalue(release), tmp_path)
    assert checks == {check: [] for check in checks}


def figure(files: Files, **wanted: Any) -> Any:
    """The first figure with these parts; a part given as True must be filled."""
    for each in files["release.json"]["figures"]:
        if all(bool(each[k]) if v is True else each[k] == v for k, v in wanted.items()):
            return each
    raise LookupError(wanted)


def number(files: Files, kind: str) -> Any:
    """The first number of a kind that is told as a value."""
    return next(
        n
        for f in files["release.json"]["figures"]
        for n in f["numbers"]
        if n["kind"] == kind and "value" in n
    )


def policy(name: str, value: Any) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files["certificate.json"]["policy"][name] = value

    return change


def threshold_of_the_centre(files: Files) -> None:
    files["certificate.json"]["threshold"] = 5


def fewer_counted(files: Files) -> None:
    files["certificate.json"]["withheld"] += 1


def twice(files: Files) -> None:
    files["release.json"]["figures"].append(files["release.json"]["figures"][0])
    files["certificate.json"]["figures"] += 1


def other_place_in_the_ledger(files: Files) -> None:
    files["entry.json"]["sequence"] = 7


def other_root(files: Files) -> None:
    files["entry.json"]["previous"] = "1" * 64


def finer_rung(files: Files) -> None:
    figure(files, band=True)["rung"] = "figures"


def other_codes(files: Files) -> None:
    figure(files, band=True)["band"]["codes"] = [5]


def something_more(files: Files) -> None:
    files["release.json"]["figures"][0]["extra"] = 1


def a_groups_answer(files: Files) -> None:
    figure(files, band=True)["responses"] = [{"group": "g1", "low": 0.5, "high": 1.0, "groups": 1}]


def group_named_to_everyone(files: Files) -> None:
    figure(files, responses=True)["responses"][0]["group"] = "g1"


def finer_class(files: Files) -> None:
    figure(files, responses=True)["responses"][0]["low"] = 0.7


def exact_n(files: Files) -> None:
    figure(files, band=True)["n"] = 43


def tiny_n(files: Files) -> None:
    figure(files, band=True)["n"] = 5


def small_count(files: Files) -> None:
    counts = figure(files, kind="flow")["counts"]
    counts[:] = [{"name": "used", "kind": "count", "value": 5.0}]


def fewer_than_three(files: Files) -> None:
    figure(files, **{"class": True})["class"]["fewer_than"] = 3


def hundred_per_cent(files: Files) -> None:
    cells = figure(files, categories=True)["categories"]
    for cell, percent in zip(cells, [100.0, *[0.0] * len(cells)], strict=False):
        cell["percent"] = percent


def small_category(files: Files) -> None:
    cells = figure(files, categories=True)["categories"]
    move = cells[0]["percent"] - 1
    cells[0]["percent"], cells[1]["percent"] = 1.0, cells[1]["percent"] + move


def not_a_hundred(files: Files) -> None:
    figure(files, categories=True)["categories"][0]["percent"] += 9


def decimals(files: Files) -> None:
    figure(files, categories=True)["categories"][0]["percent"] += 0.4


def overlapping(files: Files) -> None:
    cells = figure(files, categories=True)["categories"]
    cells[0]["codes"] = cells[1]["codes"]


def cut_of_its_own(files: Files) -> None:
    figure(files, band=True)["band"]["low_tenths"] = 8.7


def cut_too_near(files: Files) -> None:
    band = next(f for f in files["release.json"]["figures"] if f["band"])["band"]
    band |= {"low_tenths": 9.5, "high_tenths": 10.0}


def finer_mean(files: Files) -> None:
    number(files, "mean")["value"] += 0.04


def group_effect(files: Files) -> None:
    number(files, "mean")["kind"] = "group_effect"


def exact_p(files: Files) -> None:
    for each in files["release.json"]["figures"]:
        for told in each["numbers"]:
            if told["kind"] == "p_value":
                told.pop("low")
                told.pop("high")
                told["value"] = 0.031
                return
    raise LookupError


def other_p_class(files: Files) -> None:
    for each in files["release.json"]["figures"]:
        for told in each["numbers"]:
            if told["kind"] == "p_value":
                told["low"] = told["high"] - 0.0001
                return
    raise LookupError


def first_number(part: Any) -> Any:
    """The first number of the report that comes from a figure."""
    if isinstance(part, dict):
        if part.get("is") == "Number" and part["source"]["statement"]:
            return part
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            hit = first_number(each)
            if hit is not None:
                return hit
    return None


def number_in_the_report(files: Files) -> None:
    first_number(files["report.json"]["sections"])["value"] = 77.0


def number_without_source(files: Files) -> None:
    first_number(files["report.json"])["source"] = {
        "is": "Source",
        "query": "BEN1",
        "statement": None,
        "model": None,
    }


def number_of_a_withheld_figure(files: Files) -> None:
    first_number(files["report.json"])["source"]["statement"] = "T4/secret"


def figure_left_out_of_the_report(files: Files) -> None:
    kept = figure(files, kind="flow")
    text = json.dumps(files["report.json"])
    name = f"{kept['table']}/{kept['cell']}"
    files["report.json"] = json.loads(text.replace(f'"{name}"', '"T4/elsewhere"'))


def other_certificate(files: Files) -> None:
    files["report.json"]["certificate"] = "0" * 64


def row_in_json(files: Files) -> None:
    files["tables/T1.json"]["rows"].append(files["tables/T1.json"]["rows"][0])


def number_in_json(files: Files) -> None:
    files["tables/T1.json"]["rows"][0]["count"] = 999


def column_in_json(files: Files) -> None:
    files["tables/T1.json"]["rows"][0]["exact"] = 3


def number_in_csv(files: Files) -> None:
    lines = files["tables/T1.csv"].splitlines()
    lines[1] = ",".join([*lines[1].split(",")[:-4], "999", "", "", ""])
    files["tables/T1.csv"] = "\n".join(lines) + "\n"


def columns_of_csv(files: Files) -> None:
    lines = files["tables/T1.csv"].splitlines()
    more = [lines[0] + ",exact", *(f"{line},3" for line in lines[1:])]
    files["tables/T1.csv"] = "\n".join(more) + "\n"


def word_in_csv(files: Files) -> None:
    lines = files["tables/T1.csv"].splitlines()
    key, _, rest = lines[1].split(",", 2)
    files["tables/T1.csv"] = "\n".join([lines[0], f"{key},Egentlig 63,{rest}", *lines[2:]]) + "\n"


def word_in_json(files: Files) -> None:
    files["tables/T1.json"]["caption"] += " Egentlig 63."


def note_in_json(files: Files) -> None:
    files["tables/T1.json"]["notes"].append("Egentlig 63.")


def table_in_another_language(files: Files) -> None:
    files["tables/T3.json"]["language"] = "en"


def other_format(files: Files) -> None:
    files["certificate.json"]["format"] = "knutepunkt-certificate-0"


def withheld_as_well(files: Files) -> None:
    told = files["release.json"]["figures"][0]
    files["release.json"]["withheld"].append({name: told[name] for name in ("table", "cell")})
    files["certificate.json"]["withheld"] += 1


def statement_left_out(files: Files) -> None:
    files["certificate.json"]["statements"].pop()


def key_of_another(files: Files) -> None:
    statement = next(s for s in files["certificate.json"]["statements"] if s["sets"])
    statement["sets"][0]["key"] = "1:T99:other:n"


def unknown_form(files: Files) -> None:
    files["release.json"]["figures"][0]["rung"] = "exact"


def two_forms(files: Files) -> None:
    figure(files, band=True)["class"] = {"codes": [1], "fewer_than": 10, "at_least": None}


def no_form(files: Files) -> None:
    figure(files, band=True)["band"] = None


def group_with_a_number(files: Files) -> None:
    figure(files, responses=True)["responses"][0]["n"] = 7


def n_left_out(files: Files) -> None:
    figure(files, band=True)["n"] = None


def exact_count(files: Files) -> None:
    counts = figure(files, kind="flow")["counts"]
    counts[:] = [{"name": "used", "kind": "count", "value": 43.0}]


def count_of_another_kind(files: Files) -> None:
    figure(files, kind="flow")["counts"][0]["kind"] = "exact"


def class_that_says_nothing(files: Files) -> None:
    figure(files, **{"class": True})["class"] |= {"fewer_than": None, "at_least": None}


def class_that_says_both(files: Files) -> None:
    figure(files, **{"class": True})["class"] |= {"fewer_than": 10, "at_least": 10}


def at_least_three(files: Files) -> None:
    figure(files, **{"class": True})["class"] |= {"fewer_than": None, "at_least": 3}


def band_on_both_sides(files: Files) -> None:
    figure(files, band=True)["band"] |= {"low_tenths": 0.0, "high_tenths": 10.0}


def trait_in_between(files: Files) -> None:
    number(files, "mean").update(kind="trait", value=0.5)


def deviation_of_ten(files: Files) -> None:
    told = next(
        f
        for f in files["release.json"]["figures"]
        if any(n["kind"] == "mean" for n in f["numbers"])
    )
    told["n"] = 10
    next(n for n in told["numbers"] if n["kind"] == "mean")["kind"] = "deviation"


def mean_without_a_value(files: Files) -> None:
    del number(files, "mean")["value"]


def infinite_mean(files: Files) -> None:
    number(files, "mean")["value"] = float("inf")


def words_without_a_number(files: Files) -> None:
    figure(files, band=True)["quotations"] = [{"words": "Takk."}]


def three_quotations(files: Files) -> None:
    figure(files, band=True)["quotations"] = [{"words": each} for each in "abc"]


def quoted_in_the_report(files: Files, statement: str | None) -> None:
    source = {"is": "Source", "query": "said", "statement": statement, "model": None}
    words = {"is": "Quoted", "words": "Takk.", "language": "nb", "source": source}
    files["report.json"]["sections"].append({"is": "Section", "id": "x", "blocks": [words]})


def words_that_nobody_said(files: Files) -> None:
    told = files["release.json"]["figures"][0]
    quoted_in_the_report(files, f"{told['table']}/{told['cell']}")


def words_of_a_withheld_figure(files: Files) -> None:
    quoted_in_the_report(files, "T14/secret")


def words_without_a_source(files: Files) -> None:
    quoted_in_the_report(files, None)


def a_model_that_did_not_fit(files: Files) -> None:
    said = {"is": "Sentence", "message": "flag.singular", "parameters": {}}
    files["report.json"]["sections"].append({"is": "Section", "id": "x", "blocks": [said]})


def table_left_out(files: Files) -> None:
    del files["tables/T1.csv"]


def table_too_many(files: Files) -> None:
    files["tables/T99.json"] = {"id": "T99", "rows": []}
    files["tables/T99.csv"] = "row\n"


FLOOR = {name: (kp1().as_json()[name], stricter) for name, stricter in STRICTER_DIRECTION.items()}
FORGERIES: list[tuple[str, str, Callable[[Files], None]]] = [
    *[
        ("two_rounds", "policy_holds", policy(name, value))
        for name, value in (
            *((each, number - laxer) for each, (number, laxer) in FLOOR.items()),
            *((each, "another") for each in FIXED),
        )
    ],
    ("small_and_public", "threshold_holds", threshold_of_the_centre),
    ("two_rounds", "threshold_holds", policy("sensitive_theme", True)),
    ("two_rounds", "document_is_the_one", fewer_counted),
    ("two_rounds", "document_is_the_one", twice),
    ("two_rounds", "seal_holds", other_format),
    ("two_rounds", "document_is_the_one", withheld_as_well),
    ("two_rounds", "entry_is_chained", other_place_in_the_ledger),
    ("two_rounds", "entry_is_chained", other_root),
    ("small_and_public", "statements_match", finer_rung),
    ("two_rounds", "statements_match", statement_left_out),
    ("two_rounds", "statements_match", key_of_another),
    ("small_and_public", "statements_match", other_codes),
    ("two_rounds", "forms_hold", something_more),
    ("two_rounds", "forms_hold", unknown_form),
    ("small_and_public", "forms_hold", two_forms),
    ("small_and_public", "forms_hold", no_form),
    ("two_rounds", "forms_hold", group_with_a_number),
    ("small_and_public", "forms_hold", a_groups_answer),
    ("small_and_public", "forms_hold", group_named_to_everyone),
    ("two_rounds", "forms_hold", finer_class),
    ("small_and_public", "numbers_of_people_hold", exact_n),
    ("small_and_public", "numbers_of_people_hold", n_left_out),
    ("small_and_public", "numbers_of_people_hold", exact_count),
    ("small_and_public", "numbers_of_people_hold", count_of_another_kind),
    ("small_and_public", "numbers_of_people_hold", class_that_says_nothing),
    ("small_and_public", "numbers_of_people_hold", class_that_says_both),
    ("small_and_public", "numbers_of_people_hold", at_least_three),
    ("small_and_public", "numbers_of_people_hold", tiny_n),
    ("small_and_public", "numbers_of_people_hold", small_count),
    ("small_and_public", "numbers_of_people_hold", fewer_than_three),
    ("two_rounds", "shares_hold", hundred_per_cent),
    ("two_rounds", "shares_hold", small_category),
    ("two_rounds", "shares_hold", not_a_hundred),
    ("two_rounds", "shares_hold", decimals),
    ("two_rounds", "shares_hold", overlapping),
    ("small_and_public", "bands_hold", cut_of_its_own),
    ("small_and_public", "bands_hold", band_on_both_sides),
    ("small_and_public", "bands_hold", cut_too_near),
    ("two_rounds", "computed_numbers_hold", finer_mean),
    ("two_rounds", "computed_numbers_hold", trait_in_between),
    ("two_rounds", "computed_numbers_hold", deviation_of_ten),
    ("two_rounds", "computed_numbers_hold", mean_without_a_value),
    ("two_rounds", "computed_numbers_hold", infinite_mean),
    ("small_and_public", "words_hold", words_without_a_number),
    ("small_and_public", "words_hold", three_quotations),
    ("two_rounds", "computed_numbers_hold", group_effect),
    ("small_and_public", "computed_numbers_hold", exact_p),
    ("small_and_public", "computed_numbers_hold", other_p_class),
    ("two_rounds", "report_holds", number_in_the_report),
    ("two_rounds", "report_holds", words_that_nobody_said),
    ("two_rounds", "report_holds", words_of_a_withheld_figure),
    ("two_rounds", "report_holds", words_without_a_source),
    ("two_rounds", "report_holds", a_model_that_did_not_fit),
    ("two_rounds", "report_holds", number_without_source),
    ("two_rounds", "report_holds", number_of_a_withheld_figure),
    ("two_rounds", "report_holds", figure_left_out_of_the_report),
    ("two_rounds", "tables_hold", row_in_json),
    ("two_rounds", "tables_hold", columns_of_csv),
    ("two_rounds", "tables_hold", word_in_csv),
    ("two_rounds", "tables_hold", word_in_json),
    ("two_rounds", "tables_hold", note_in_json),
    ("two_rounds", "tables_hold", table_in_another_language),
    ("two_rounds", "tables_hold", number_in_json),
    ("two_rounds", "tables_hold", column_in_json),
    ("two_rounds", "tables_hold", number_in_csv),
    ("two_rounds", "tables_hold", table_left_out),
    ("two_rounds", "tables_hold", table_too_many),
]


@pytest.mark.parametrize(
    ("release", "check", "forgery"),
    FORGERIES,
    ids=[f"{check}-{forgery.__name__}-{i}" for i, (_, check, forgery) in enumerate(FORGERIES)],
)
def test_a_forgery_is_found_by_its_own_check(
    release: str,
    check: str,
    forgery: Callable[[Files], None],
    verifier: ModuleType,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    files = copy.deepcopy(request.getfixturevalue(release))
    forgery(files)
    assert found(verifier, hashed_anew(files), tmp_path, check)[check]


HASHES: list[tuple[str, str, str, Any]] = [
    ("seal_holds", "certificate.json", "audience", "public"),
    ("seal_holds", "certificate.json", "format", "another"),
    ("policy_holds", "certificate.json", "policy_hash", "0" * 64),
    ("document_is_the_one", "release.json", "format", "another"),
    ("entry_is_chained", "entry.json", "hash", "0" * 64),
    ("entry_is_chained", "entry.json", "seal", "0" * 64),
    ("entry_is_chained", "entry.json", "audience", "public"),
    ("report_holds", "report.json", "certificate", "0" * 64),
]
SAID = re.compile(r"yield f?\"([^\"]+)\"", re.MULTILINE)


def test_every_fault_that_a_check_can_state_is_stated_of_some_forgery(
    verifier: ModuleType, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A check of parts 1 to 3 that no forgery provokes would not be missed when it breaks."""
    made: list[tuple[str, Files]] = []
    few = [each for each in FORGERIES if each[1] != "policy_holds"]
    for release, check, forgery in (FORGERIES[0], FORGERIES[len(FLOOR)], *few):
        files = copy.deepcopy(request.getfixturevalue(release))
        forgery(files)
        made.append((check, hashed_anew(files)))
    for check, name, key, value in HASHES:
        files = copy.deepcopy(request.getfixturevalue("two_rounds"))
        files[name][key] = value
        made.append((check, files))
    folders = (tmp_path / str(place) for place in range(len(made)))
    stated = [
        fault
        for (check, files), folder in zip(made, folders, strict=True)
        for fault in found(verifier, files, folder, check)[check]
    ]
    programs = (SOURCE / f"verify_{part}.py" for part in ("release", "figures", "report"))
    faults = {each for path in programs for each in SAID.findall(path.read_text())}
    words = {fault: max(re.split(r"\{[^}]*\}", fault), key=len) for fault in faults}
    never = {f for f in faults if not any(words[f] in each for each in stated)}
    # These say what was not read; they are no faults.
    assert {each for each in never if not each.startswith("files that are")} == set()


@pytest.mark.parametrize(("check", "name", "key", "value"), HASHES)
def test_a_changed_hash_is_found(
    check: str,
    name: str,
    key: str,
    value: Any,
    verifier: ModuleType,
    two_rounds: Files,
    tmp_path: Path,
) -> None:
    files = copy.deepcopy(two_rounds)
    assert files[name][key] != value
    files[name][key] = value
    assert found(verifier, files, tmp_path)[check]


def test_exit_codes(verifier: ModuleType, two_rounds: Files, tmp_path: Path) -> None:
    arguments = [str(tmp_path / "certificate.json"), "--release", str(tmp_path)]
    assert verifier.main(arguments) == 2
    found(verifier, two_rounds, tmp_path)
    assert verifier.main(arguments) == 0
    (tmp_path / "tables/T1.csv").unlink()
    assert verifier.main(arguments) == 1
    (tmp_path / "release.json").write_text("[]")
    assert verifier.main(arguments) == 2


def test_it_says_which_clauses_need_the_vault(
    verifier: ModuleType, two_rounds: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found(verifier, two_rounds, tmp_path)
    verifier.main([str(tmp_path / "certificate.json"), "--release", str(tmp_path)])
    said = capsys.readouterr().out
    assert all(f"  {clause}: " in said for clause in two_rounds["certificate.json"]["needs_vault"])


def test_the_program_uses_the_standard_library_and_a_reader_of_pdf_alone() -> None:
    own = {name.removesuffix(".py") for name in PROGRAM} | {"pypdf"}
    for text in (content for name, content in program_files().items() if name in PROGRAM):
        for node in ast.walk(ast.parse(text)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            roots = {name.split(".")[0] for name in names}
            assert roots <= own | set(sys.stdlib_module_names), roots


def test_the_floor_in_the_program_is_the_policy_of_the_product(verifier: ModuleType) -> None:
    numbers = kp1().as_json()
    assert {
        name: (numbers[name], direction) for name, direction in STRICTER_DIRECTION.items()
    } == verifier.FLOOR
    assert {name: numbers[name] for name in FIXED} == verifier.FIXED
