"""Can a scale be a number that was scored elsewhere, and only then?"""

from __future__ import annotations

import polars as pl
import pytest

from knutepunkt.analysis.instruments import (
    Instrument,
    InstrumentRefused,
    Item,
    ItemKind,
    Part,
    Scale,
    ScaleRole,
    Texts,
    score,
)


def same(text: str) -> Texts:
    return Texts(nb=text, nn=text, en=text)


def held(*, low: float = 0, high: float = 63, items: tuple[str, ...] = ("bdi",)) -> Instrument:
    return Instrument(
        id="held",
        version="1",
        title=same("Held"),
        intro=same("Held"),
        licence="-",
        source="-",
        parts=(Part("all", same("All")),),
        items=tuple(
            Item(name, ItemKind.NUMBER, "all", same(name), minimum=0, maximum=63)
            for name in ("bdi", "age")
        ),
        response_sets=(),
        scales=(Scale("BDI", same("BDI"), items, ScaleRole.OUTCOME, low=low, high=high),),
    )


def test_a_number_is_its_own_score() -> None:
    instrument = held()
    instrument.check()
    frame = pl.DataFrame({"bdi": [12.5, None, 63.0], "age": [30.0, 40.0, 50.0]})
    assert score(frame, instrument)["BDI"].to_list() == [12.5, None, 63.0]


@pytest.mark.parametrize("wrong", [held(high=60), held(items=("bdi", "age"))])
def test_other_ends_or_several_numbers_are_refused(wrong: Instrument) -> None:
    with pytest.raises(InstrumentRefused):
        wrong.check()
