"""Do record sets come back as they were written down, each roster once or person by person?"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from knutepunkt.analysis.disclosure import Audience, Kind, Ledger, TableRequest, judge, kp1
from knutepunkt.analysis.disclosure.storing import packed, unpacked
from tests.unit.analysis.disclosure.centres import HARM, answers, frequency, records


def test_sets_are_written_down_with_each_roster_once() -> None:
    data = records(answers([25, 20, 15, 20, 20]))
    alone = replace(records(answers([25, 20, 15, 20, 20]), variable=HARM), groups=None)
    judged = judge(
        [frequency(data), TableRequest("T5", "NEG1", Kind.MEAN, (alone,))],
        policy=kp1(),
        audience=Audience.CENTRE,
        ledger=Ledger(),
    )
    spelt = [replace(s, key=f"0{s.key}", participants=frozenset(s.participants))
             for s in judged.contributors.values()]  # fmt: skip
    stored = json.loads(json.dumps(packed([*judged.contributors.values(), *spelt])))
    assert [each["groups"] is None for each in stored["rosters"]] == [False, True]
    read = unpacked(stored)
    assert list(read) == [*judged.contributors, *(s.key for s in spelt)]
    for own in (*judged.contributors.values(), *spelt):
        assert read[own.key] == own
        assert read[own.key].groups == own.groups
    members = next(iter(stored["contributors"]))["participants"]
    members["bits"] = members["bits"][:-4]
    with pytest.raises(ValueError, match="roster"):
        unpacked(stored)


def test_sets_written_person_by_person_are_still_read() -> None:
    judged = judge(
        [frequency(records(answers([25, 20, 15, 20, 20])))],
        policy=kp1(),
        audience=Audience.CENTRE,
        ledger=Ledger(),
    )
    stored = {"contributors": [each.as_json() for each in judged.contributors.values()]}
    assert unpacked(json.loads(json.dumps(stored))) == judged.contributors
