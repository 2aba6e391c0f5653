"""What does the report tell of open answers, and what of them stays inside?"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np

from knutepunkt.analysis.coding import CodedAnswers, CodedText
from knutepunkt.analysis.disclosure import Ledger, Rung, kp1
from knutepunkt.analysis.measurement import cohen_kappa, gwet_ac1
from knutepunkt.analysis.report import Report, build_report, from_json, to_json
from knutepunkt.analysis.report.sentences import cell
from knutepunkt.analysis.report.values import Band, Number, Quoted, Range, Sentence
from tests.unit.analysis.report.sample import RATES, WRITTEN, centre, coded

DESIGN, FRAME = centre()


def reported(found: CodedAnswers | None) -> Report:
    return build_report(DESIGN, FRAME, Ledger(), kp1(), coded=found)[0]


@cache
def as_coded() -> Report:
    """The report by the codes of the sample, made once."""
    return reported(coded(DESIGN, FRAME))


def with_codings(found: CodedAnswers, **changed: object) -> CodedAnswers:
    rounds = {name: replace(each, **changed) for name, each in found.rounds.items()}  # type: ignore[arg-type]
    return CodedAnswers(found.codebook, rounds)


def quoted(report: Report) -> list[Quoted]:
    ids = {table.id for table in report.tables}
    rows = report.table("T14").rows if "T14" in ids else ()
    return [value for row in rows for value in row.cells if isinstance(value, Quoted)]


def test_a_report_without_coding_says_nothing_of_open_answers() -> None:
    report = reported(None)
    assert {"T13", "T14"}.isdisjoint(table.id for table in report.tables)
    assert "words" not in [section.id for section in report.sections]


def test_each_theme_has_its_number_with_agreement_in_numbers_and_words() -> None:
    table = as_coded().table("T13")
    assert [row.key for row in table.rows] == [f"{code}@r1" for code in RATES]
    names = [column.id for column in table.columns]
    row = dict(zip(names, table.rows[0].cells, strict=True))
    assert isinstance(row["share"], Number)
    assert 35 <= row["share"].value <= 55
    assert isinstance(row["agreement"], Number)
    assert 0.7 <= row["agreement"].value <= 1
    assert isinstance(row["agreement_said"], Sentence)


def test_the_coefficients_others_report_stand_in_a_table_of_their_own() -> None:
    found = coded(DESIGN, FRAME)
    report = reported(found)
    table, alphas = report.table("T13-coders"), report.table("T13")
    names = [column.id for column in table.columns]
    [texts] = found.rounds.values()
    assert [row.key for row in table.rows] == [row.key for row in alphas.rows]
    first = dict(zip(names, table.rows[0].cells, strict=True))
    assert texts.second is not None
    codes = np.array(
        [
            [float("not_alone" in one[t.text.id].codes) for one in (texts.first, texts.second)]
            for t in texts.texts
        ]
    )
    wanted = {"kappa": cohen_kappa(codes[:, 0], codes[:, 1]), "ac1": gwet_ac1(codes)}
    for name, each in wanted.items():
        value, interval = first[name], first[f"{name}_interval"]
        assert isinstance(value, Number)
        assert isinstance(interval, Range)
        assert abs(value.value - each.value) < 0.0051
        assert abs(interval.low - each.interval.low) < 0.0051
    # A theme that is only a band has none of the three.
    rare = dict(zip(names, table.rows[-1].cells, strict=True))
    assert not [value for value in rare.values() if isinstance(value, Number | Range)]


def test_one_coder_has_no_such_table() -> None:
    ids = {table.id for table in reported(coded(DESIGN, FRAME, second=False)).tables}
    assert "T13" in ids
    assert "T13-coders" not in ids


def test_a_rare_theme_is_a_band_without_agreement_and_without_words() -> None:
    report = as_coded()
    row = report.table("T13").rows[-1]
    share, agreement = row.cells[2], row.cells[4]
    assert isinstance(share, Band)
    assert not share.at_least
    assert not isinstance(agreement, Number)
    assert not any(
        WRITTEN["time"] in each.words and "alone" in each.words for each in quoted(report)
    )
    assert all(
        not key.startswith("time@") for key in (r.key for r in report.table("T14").rows)
    ) or (
        all(
            not isinstance(c, Quoted)
            for r in report.table("T14").rows
            if r.key.startswith("time@")
            for c in r.cells
        )
    )


def test_up_to_two_quotations_stand_beside_each_number_in_their_own_language() -> None:
    report = as_coded()
    words = quoted(report)
    assert 2 <= len(words) <= 4
    assert cell(words[0], "nb").startswith("«")
    assert cell(words[0], "en").endswith("(Bokmål)")
    assert from_json(to_json(report)) == report


def test_nobody_is_quoted_who_did_not_say_yes() -> None:
    assert not quoted(reported(coded(DESIGN, FRAME, consents=0.0)))


def test_one_coder_gives_numbers_and_no_words() -> None:
    report = reported(coded(DESIGN, FRAME, second=False))
    assert not quoted(report)
    assert "agreement" not in [column.id for column in report.table("T13").columns]


def test_either_coder_alone_keeps_a_text_from_being_quoted() -> None:
    found = coded(DESIGN, FRAME, consents=1.0)
    [texts] = found.rounds.values()
    assert quoted(reported(found))
    says_no = {key: replace(each, fit=False) for key, each in texts.first.items()}
    assert not quoted(reported(with_codings(found, first=says_no)))
    assert texts.second is not None
    identifies = {key: replace(each, identifies=True) for key, each in texts.second.items()}
    assert not quoted(reported(with_codings(found, second=identifies)))


def test_words_that_name_a_place_or_a_group_are_not_quoted() -> None:
    found = coded(DESIGN, FRAME, consents=1.0)
    named = with_codings(found, names=frozenset({"alene", "kjende"}))
    assert not quoted(reported(named))


def test_the_participant_counts_once_however_many_texts() -> None:
    found = coded(DESIGN, FRAME)
    [texts] = found.rounds.values()
    more = []
    first, second = dict(texts.first), dict(texts.second or {})
    for written in texts.texts:
        twin = replace(written, text=replace(written.text, id=f"{written.text.id}b"))
        more.append(twin)
        first[twin.text.id] = first[written.text.id]
        second[twin.text.id] = second[written.text.id]
    doubled = with_codings(found, texts=(*texts.texts, *more), first=first, second=second)
    assert reported(doubled).table("T13") == reported(found).table("T13")


def test_what_was_settled_counts_and_what_was_not_needs_both() -> None:
    found = coded(DESIGN, FRAME, slips=0.0)
    [texts] = found.rounds.values()
    nobody = {key: CodedText() for key in texts.first}
    unsettled = reported(with_codings(found, second=nobody)).table("T13")
    assert not any(isinstance(value, Number) for row in unsettled.rows for value in row.cells[2:])
    settled = reported(with_codings(found, second=nobody, settled=texts.first)).table("T13")
    assert settled.rows[0].cells[2] == reported(found).table("T13").rows[0].cells[2]


def test_consent_changes_nothing_but_the_quotations() -> None:
    """The numbers, and the plan the gate judges, are the same whoever consented."""
    released = []
    for consents in (0.0, 0.5, 1.0):
        found = coded(DESIGN, FRAME, consents=1.0)
        [texts] = found.rounds.values()
        kept = tuple(
            replace(each, text=replace(each.text, may_quote=at < consents * len(texts.texts)))
            for at, each in enumerate(texts.texts)
        )
        _, judgement = build_report(
            DESIGN, FRAME, Ledger(), kp1(), coded=with_codings(found, texts=kept)
        )
        document = judgement.document
        shown = [f for f in document["figures"] if f["table"] != "T14"]
        planned = {(f["table"], f["cell"]) for f in (*document["figures"], *document["withheld"])}
        released.append((json.dumps(shown), planned))
    assert released[0] == released[1] == released[2]


def test_no_word_of_a_text_stands_anywhere_but_in_its_quotation() -> None:
    found = coded(DESIGN, FRAME, consents=0.5)
    report, judgement = build_report(DESIGN, FRAME, Ledger(), kp1(), coded=found)
    told = {each.words for each in quoted(report)}
    everything = to_json(report) + json.dumps(
        [judgement.document, judgement.certificate], ensure_ascii=False
    )
    [texts] = found.rounds.values()
    for written in texts.texts:
        if not any(written.text.words in words for words in told):
            assert written.text.words not in everything
        assert written.text.id not in everything


def test_several_rounds_stand_below_each_other_and_words_come_from_the_last() -> None:
    design, frame = centre(rounds=2)
    report, judgement = build_report(design, frame, Ledger(), kp1(), coded=coded(design, frame))
    assert "round" in [column.id for column in report.table("T13").columns]
    assert {f.cell.split("@")[1] for f in judgement.released if f.rung is Rung.QUOTATIONS} == {"r2"}


def test_every_planned_figure_is_counted_in_one_form_quotations_too() -> None:
    report = as_coded()
    told = {
        row.key: row.cells[1].value
        for row in report.table("T16").rows
        if isinstance(row.cells[1], Number)
    }
    forms = ("full", "merged", "banded", "only_n", "withheld")
    assert quoted(report)
    assert sum(told[form] for form in forms) == told["planned"]
