"""How does a design become a questionnaire, so that one report serves both doors?"""

from __future__ import annotations

from knutepunkt.analysis.instruments import (
    Instrument,
    Item,
    ItemKind,
    Part,
    ResponseOption,
    ResponseSet,
    Scale,
    ScaleRole,
    Texts,
)
from knutepunkt.cli.existing.description import (
    Description,
    ScaleDescription,
    ScoreDescription,
)


def item_id(name: str) -> str:
    """Return the item's id in the instrument: the column's name, in the letters an id may have."""
    cleaned = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name)
    return f"i_{cleaned}"[:32]


def same_text(text: str) -> Texts:
    """Words from somebody else's file: the same in every language."""
    return Texts(nb=text, nn=text, en=text)


def items_of(description: Description) -> tuple[Item, ...]:
    """The questions the design describes, each once."""
    items = [
        Item(
            id=item_id(name),
            kind=ItemKind.SCALE,
            part="answers",
            texts=same_text(name),
            response_set=f"s_{scale.id}"[:32],
            reversed=name in scale.reversed,
        )
        for scale in description.scales
        for name in scale.items
    ]
    items += [_number_item(score) for score in description.scores]
    items += [
        Item(
            id=item_id(question.id),
            kind=ItemKind.SCALE if question.ordered else ItemKind.SINGLE_CHOICE,
            part="answers",
            texts=same_text(question.name),
            response_set=f"q_{question.id}"[:32],
            harm=question.harm,
            sensitive=question.sensitive,
        )
        for question in description.questions
    ]
    items += [
        Item(
            id=item_id(text.id),
            kind=ItemKind.FREE_TEXT,
            part="answers",
            texts=same_text(text.name),
            consent_to_quote=text.may_quote is not None,
        )
        for text in description.texts
    ]
    return tuple({item.id: item for item in items}.values())


def _number_item(score: ScoreDescription) -> Item:
    return Item(
        id=item_id(score.id),
        kind=ItemKind.NUMBER,
        part="answers",
        texts=same_text(score.name),
        minimum=score.low,
        maximum=score.high,
        whole_numbers=False,
    )


def _scored_name(scale: ScaleDescription) -> str:
    """The scale's name; where the file does not count from one, how its scores are written."""
    if scale.low == 1:
        return scale.name
    return f"{scale.name} ({scale.low}–{scale.high} → 1–{scale.high - scale.low + 1})"


def _scales(description: Description) -> tuple[Scale, ...]:
    scored = [
        Scale(
            id=scale.id,
            texts=same_text(_scored_name(scale)),
            items=tuple(item_id(item) for item in scale.items),
            role=ScaleRole.OUTCOME,
            minimum_answered=scale.minimum_answered,
            low=1.0,
            high=float(scale.high - scale.low + 1),
            smallest_change=scale.smallest_change,
            primary=scale.primary,
        )
        for scale in description.scales
    ]
    held = [
        Scale(
            id=score.id,
            texts=same_text(score.name),
            items=(item_id(score.id),),
            role=ScaleRole.OUTCOME,
            low=score.low,
            high=score.high,
            smallest_change=score.smallest_change,
            primary=score.primary,
        )
        for score in description.scores
    ]
    return (*scored, *held)


def _response_sets(description: Description) -> tuple[ResponseSet, ...]:
    sets = [
        ResponseSet(
            id=f"s_{scale.id}"[:32],
            options=tuple(
                ResponseOption(code, same_text(str(scale.low + code - 1)))
                for code in range(1, scale.high - scale.low + 2)
            ),
        )
        for scale in description.scales
    ]
    sets += [
        ResponseSet(
            id=f"q_{question.id}"[:32],
            options=tuple(
                ResponseOption(code, same_text(text))
                for code, text in enumerate(question.options.values(), start=1)
            ),
            ordered=question.ordered,
        )
        for question in description.questions
    ]
    return tuple(sets)


def instrument_of(description: Description) -> Instrument:
    """The questionnaire the design describes."""
    return Instrument(
        id="existing",
        version="1",
        title=same_text(description.study.title),
        intro=same_text(description.study.title),
        licence="as the file",
        source="existing answers",
        parts=(Part("answers", same_text(description.study.title)),),
        items=items_of(description),
        response_sets=_response_sets(description),
        scales=_scales(description),
    )
