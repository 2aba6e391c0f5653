"""Is an own question rated by how easily its answer points to one person?"""

from __future__ import annotations

import pytest

from knutepunkt.analysis.instruments import ItemKind, OwnQuestion, Texts
from knutepunkt.surveys.policies.risk import RISK_SENTENCES, risk_of
from knutepunkt.surveys.vocabulary import Risk


def same(text: str) -> Texts:
    return Texts(nb=text, nn=text, en=text)


YES_NO = (same("Ja"), same("Nei"))


@pytest.mark.parametrize(
    ("question", "risk"),
    [
        (OwnQuestion(ItemKind.SCALE, same("Lokalet er lett å komme til"), scale="A"), Risk.LOW),
        (OwnQuestion(ItemKind.SINGLE_CHOICE, same("Passer dagen?"), YES_NO), Risk.LOW),
        (OwnQuestion(ItemKind.SINGLE_CHOICE, same("Hvilken kommune?"), YES_NO), Risk.MEDIUM),
        (
            OwnQuestion(ItemKind.SINGLE_CHOICE, same("Hvilken dag?"), tuple(map(same, "abcd"))),
            Risk.MEDIUM,
        ),
        (
            OwnQuestion(
                ItemKind.SINGLE_CHOICE, same("Hva er yrket ditt?"), tuple(map(same, "abcd"))
            ),
            Risk.HIGH,
        ),
        (OwnQuestion(ItemKind.FREE_TEXT, same("Hva mer?")), Risk.HIGH),
    ],
)
def test_rated_by_kind_and_by_what_others_know(question, risk):
    assert risk_of(question) == risk
    assert RISK_SENTENCES[risk]
