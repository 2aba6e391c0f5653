"""How do a file and its design become the frame, instrument and design that a report is made of?"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

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
    QuestionDescription,
    ScaleDescription,
    ScoreDescription,
)
from knutepunkt.cli.existing.problems import BadInput, Place
from knutepunkt.cli.existing.reading import Table

NO_GROUPS = "none"
ONLY_ROUND = "1"
#: Rows are shown as a spreadsheet counts them: the heading is row 1.
FIRST_ROW = 2


@dataclass(frozen=True)
class Prepared:
    """The answers in the form the analysis takes, one row per participant and round."""

    frame: pl.DataFrame
    instrument: Instrument
    rounds: tuple[str, ...]
    has_groups: bool
    linked: bool


def prepare(table: Table, description: Description) -> Prepared:
    """Check every column the design names, and lay the answers out.

    Raises:
        BadInput: a column is missing, a value is no number or outside its range, a person
            stands twice in a round, or a round is not among those named in order.
    """
    _columns_exist(table, description)
    frame = _without_missing(table, description)
    frame = _identified(table, frame, description)
    frame = _outcomes(table, frame, description)
    _nobody_twice(table, frame)
    rounds = _rounds(table, frame, description)
    keep = ["participant", "round", *(["group"] if _has_groups(description) else [])]
    ids = [item.id for item in _items(description)]
    return Prepared(
        frame=frame.select(*keep, *ids),
        instrument=instrument_of(description),
        rounds=rounds,
        has_groups=_has_groups(description),
        linked=description.columns.person is not None and len(rounds) > 1,
    )


def _has_groups(description: Description) -> bool:
    return description.columns.group != NO_GROUPS


def _named_columns(description: Description) -> list[str]:
    columns = description.columns
    named = [columns.person, columns.round, columns.group if _has_groups(description) else None]
    named += [item for scale in description.scales for item in scale.items]
    named += [score.column for score in description.scores]
    named += [column for score in description.scores for column in score.columns.values()]
    named += [question.column for question in description.questions]
    return [name for name in named if name]


def _columns_exist(table: Table, description: Description) -> None:
    for name in _named_columns(description):
        if name not in table.frame.columns:
            known = ", ".join(table.frame.columns[:30])
            raise BadInput(
                Place(table.file, 1, name),
                "The design names this column and the file does not have it.",
                f"The file's columns are: {known}.",
            )


def _without_missing(table: Table, description: Description) -> pl.DataFrame:
    """Turn the values that mean "no answer" into nulls, in the columns that hold answers."""
    columns = description.columns
    keys = {columns.person, columns.group, columns.round}
    changes = []
    for name in set(_named_columns(description)) - keys:
        values = [*description.missing.values, *description.missing.by_column.get(name, ())]
        dtype = table.frame.schema[name]
        same_kind = [value for value in values if isinstance(value, str) == (dtype == pl.String)]
        if same_kind:
            literal = pl.Series(same_kind, dtype=pl.String if dtype == pl.String else pl.Float64)
            column = pl.col(name) if dtype == pl.String else pl.col(name).cast(pl.Float64)
            changes.append(
                pl.when(column.is_in(literal.implode()))
                .then(None)
                .otherwise(pl.col(name))
                .alias(name)
            )
    return table.frame.with_row_index("_row", offset=FIRST_ROW).with_columns(changes)


def _identified(table: Table, frame: pl.DataFrame, description: Description) -> pl.DataFrame:
    """Add who, where and when as text; a row without a group or a person is named and refused."""
    columns = description.columns
    person = pl.col(columns.person) if columns.person else pl.col("_row")
    wanted = [person.cast(pl.String).alias("participant")]
    if _has_groups(description):
        wanted.append(pl.col(columns.group).cast(pl.String).alias("group"))
    frame = frame.with_columns(wanted)
    for key, name in (("participant", columns.person), ("group", columns.group)):
        if key in frame.columns and frame[key].null_count():
            row = int(frame.filter(pl.col(key).is_null())["_row"][0])
            raise BadInput(
                Place(table.file, row, name),
                "There is no value here.",
                "Fill it in or drop the row.",
            )
    if description.is_wide:
        return _unpivoted(frame, description)
    time = pl.col(columns.round).cast(pl.String) if columns.round else pl.lit(ONLY_ROUND)
    return frame.with_columns(time.alias("round"))


def _unpivoted(frame: pl.DataFrame, description: Description) -> pl.DataFrame:
    """Lay rounds that stand beside each other below each other."""
    names: dict[str, None] = {}
    for score in description.scores:
        names |= dict.fromkeys(score.columns)
    parts = []
    for name in names:
        scores = [
            pl.col(score.columns[name]).alias(f"_{score.id}")
            if name in score.columns
            else pl.lit(None, dtype=pl.Float64).alias(f"_{score.id}")
            for score in description.scores
            if score.columns
        ]
        parts.append(frame.with_columns(*scores, pl.lit(name).alias("round")))
    long = pl.concat(parts, how="vertical_relaxed")
    outcomes = [f"_{score.id}" for score in description.scores if score.columns]
    # Somebody who left before a round has no row in it, as in a file laid out row by row.
    return long.filter(pl.any_horizontal(pl.col(outcomes).is_not_null()))


def _outcomes(table: Table, frame: pl.DataFrame, description: Description) -> pl.DataFrame:
    wanted: list[pl.Series] = []
    for scale in description.scales:
        wanted += [_codes(table, frame, scale, item) for item in scale.items]
    for score in description.scores:
        source = score.column or f"_{score.id}"
        named = score.column or "/".join(score.columns.values())
        values = _numbers(table, frame, source, named)
        _within(table, frame, values, score.low, score.high, named)
        wanted.append(values.alias(_item_id(score.id)))
    for question in description.questions:
        wanted.append(_options(table, frame, question))
    return frame.select(
        "_row", "participant", "round", *(["group"] if "group" in frame.columns else [])
    ).with_columns(wanted)


def _numbers(table: Table, frame: pl.DataFrame, column: str, named: str) -> pl.Series:
    values = frame[column]
    if values.dtype == pl.String:
        numbers = values.str.strip_chars().str.replace(",", ".").cast(pl.Float64, strict=False)
        wrong = frame.filter(values.is_not_null() & numbers.is_null())
        if wrong.height:
            raise BadInput(
                Place(table.file, int(wrong["_row"][0]), named),
                f"{wrong[column][0]!r} is not a number.",
                "Correct it, or list it under [missing].",
            )
        return numbers
    return values.cast(pl.Float64)


def _within(
    table: Table, frame: pl.DataFrame, values: pl.Series, low: float, high: float, named: str
) -> None:
    outside = frame.filter(values.is_not_null() & ~values.is_between(low, high).fill_null(False))
    if outside.height:
        row = int(outside["_row"][0])
        value = values.filter(frame["_row"] == row).drop_nulls()
        raise BadInput(
            Place(table.file, row, named),
            f"{float(value[0]):g} lies outside {low:g} to {high:g}.",
            "Correct it, widen low and high, or list it under [missing].",
        )


def _codes(table: Table, frame: pl.DataFrame, scale: ScaleDescription, item: str) -> pl.Series:
    """Return the item's answers as codes 1..k, whatever number the file starts from."""
    values = _numbers(table, frame, item, item)
    _within(table, frame, values, scale.low, scale.high, item)
    broken = frame.filter(values.is_not_null() & (values != values.round()))
    if broken.height:
        raise BadInput(
            Place(table.file, int(broken["_row"][0]), item),
            "An item of a scale is a whole number.",
            "Describe a column with decimals under [[scores]].",
        )
    return (values - (scale.low - 1)).cast(pl.Int8).alias(_item_id(item))


def _options(table: Table, frame: pl.DataFrame, question: QuestionDescription) -> pl.Series:
    codes = {value: code for code, value in enumerate(question.options, start=1)}
    values = frame[question.column]
    text = values.cast(pl.String).str.replace(r"\.0$", "")
    unknown = frame.filter(text.is_not_null() & ~text.is_in(list(codes)))
    if unknown.height:
        raise BadInput(
            Place(table.file, int(unknown["_row"][0]), question.column),
            f"{unknown[question.column][0]!r} is not among the options.",
            f"Add it to options of {question.id}, or list it under [missing].",
        )
    return text.replace_strict(codes, default=None, return_dtype=pl.Int8).alias(
        _item_id(question.id)
    )


def _nobody_twice(table: Table, frame: pl.DataFrame) -> None:
    twice = frame.filter(pl.struct("participant", "round").is_duplicated())
    if twice.height:
        row = int(twice.sort("participant", "round", "_row")["_row"][1])
        raise BadInput(
            Place(table.file, row),
            "The same person stands twice in the same round.",
            "Keep one of the rows, or name the round's column in the design.",
        )


def _rounds(table: Table, frame: pl.DataFrame, description: Description) -> tuple[str, ...]:
    found = frame["round"].unique(maintain_order=True).to_list()
    if description.is_wide:
        return tuple(found)
    if None in found:
        row = int(frame.filter(pl.col("round").is_null())["_row"][0])
        raise BadInput(
            Place(table.file, row, description.columns.round), "No round.", "Fill it in."
        )
    ordered = description.columns.rounds_in_order
    if not ordered:
        return tuple(sorted(found, key=_natural))
    unknown = [name for name in found if name not in ordered]
    if unknown:
        raise BadInput(
            Place(table.file, column=description.columns.round),
            f"The round {unknown[0]!r} is not among rounds_in_order.",
            "Add it where it belongs in time.",
        )
    return tuple(name for name in ordered if name in found)


def _natural(name: str) -> tuple[int, float, str]:
    try:
        return (0, float(name), name)
    except ValueError:
        return (1, 0.0, name)


def _item_id(name: str) -> str:
    """Return the item's id in the instrument: the column's name, in the letters an id may have."""
    cleaned = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name)
    return f"i_{cleaned}"[:32]


def _same(text: str) -> Texts:
    return Texts(nb=text, nn=text, en=text)


def _items(description: Description) -> tuple[Item, ...]:
    items = [
        Item(
            id=_item_id(name),
            kind=ItemKind.SCALE,
            part="answers",
            texts=_same(name),
            response_set=f"s_{scale.id}"[:32],
            reversed=name in scale.reversed,
        )
        for scale in description.scales
        for name in scale.items
    ]
    items += [_number_item(score) for score in description.scores]
    items += [
        Item(
            id=_item_id(question.id),
            kind=ItemKind.SCALE if question.ordered else ItemKind.SINGLE_CHOICE,
            part="answers",
            texts=_same(question.name),
            response_set=f"q_{question.id}"[:32],
            harm=question.harm,
            sensitive=question.sensitive,
        )
        for question in description.questions
    ]
    return tuple({item.id: item for item in items}.values())


def _number_item(score: ScoreDescription) -> Item:
    return Item(
        id=_item_id(score.id),
        kind=ItemKind.NUMBER,
        part="answers",
        texts=_same(score.name),
        minimum=score.low,
        maximum=score.high,
        whole_numbers=False,
    )


def _scales(description: Description) -> tuple[Scale, ...]:
    scored = [
        Scale(
            id=scale.id,
            texts=_same(scale.name),
            items=tuple(_item_id(item) for item in scale.items),
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
            texts=_same(score.name),
            items=(_item_id(score.id),),
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
                ResponseOption(code, _same(str(scale.low + code - 1)))
                for code in range(1, scale.high - scale.low + 2)
            ),
        )
        for scale in description.scales
    ]
    sets += [
        ResponseSet(
            id=f"q_{question.id}"[:32],
            options=tuple(
                ResponseOption(code, _same(text))
                for code, text in enumerate(question.options.values(), start=1)
            ),
            ordered=question.ordered,
        )
        for question in description.questions
    ]
    return tuple(sets)


def instrument_of(description: Description) -> Instrument:
    """Return the questionnaire the design describes, so that one report serves both doors."""
    return Instrument(
        id="existing",
        version="1",
        title=_same(description.study.title),
        intro=_same(description.study.title),
        licence="as the file",
        source="existing answers",
        parts=(Part("answers", _same(description.study.title)),),
        items=_items(description),
        response_sets=_response_sets(description),
        scales=_scales(description),
    )
