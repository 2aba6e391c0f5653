"""How do a file and its design become the frame, instrument and design that a report is made of?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from knutepunkt.analysis.coding import WrittenText
from knutepunkt.analysis.instruments import Instrument, ItemKind
from knutepunkt.cli.existing.answers import outcomes
from knutepunkt.cli.existing.asked import check_rounds
from knutepunkt.cli.existing.description import Description
from knutepunkt.cli.existing.ordering import rounds_in_time
from knutepunkt.cli.existing.problems import BadInput, Place
from knutepunkt.cli.existing.questionnaire import instrument_of, items_of
from knutepunkt.cli.existing.reading import Table
from knutepunkt.cli.existing.texts import texts_in

NO_GROUPS = "none"
ONLY_ROUND = "1"


@dataclass(frozen=True)
class Prepared:
    """The answers in the form the analysis takes, one row per participant and round."""

    frame: pl.DataFrame
    instrument: Instrument
    rounds: tuple[str, ...]
    has_groups: bool
    linked: bool
    texts: Mapping[str, tuple[WrittenText, ...]] = field(default_factory=dict, repr=False)
    remarks: tuple[str, ...] = ()

    def times(self) -> tuple[float | None, ...]:
        """Where each round lies in time: its own name, where all the names are numbers."""
        try:
            return tuple(float(name) for name in self.rounds)
        except ValueError:
            return (None,) * len(self.rounds)


def prepare(table: Table, description: Description) -> Prepared:
    """Check every column the design names, and lay the answers out.

    Raises:
        BadInput: a column is missing, a value is no number or outside its range, a person
            stands twice in a round, or a round is not among those named in order.
    """
    _columns_exist(table, description)
    frame = _without_missing(table, description)
    frame = _identified(table, frame, description)
    _one_home_each(table, frame)
    texts = texts_in(table, frame, description)
    frame = outcomes(table, frame, description)
    _nobody_twice(table, frame)
    rounds = _rounds(table, frame, description)
    keep = ["participant", "round", *(["group"] if _has_groups(description) else [])]
    keep += ["organisation"] if description.columns.organisation else []
    ids = [item.id for item in items_of(description) if item.kind is not ItemKind.FREE_TEXT]
    return Prepared(
        frame=frame.select(*keep, *ids),
        instrument=instrument_of(description),
        rounds=rounds,
        has_groups=_has_groups(description),
        linked=description.columns.person is not None and len(rounds) > 1,
        texts=texts,
        remarks=(*differing_in_case(frame), *check_rounds(table, frame, description, rounds)),
    )


def label(column: pl.Expr) -> pl.Expr:
    """A name as its reader sees it: spaces around and between, and how letters are coded, aside.

    A name of nothing but spaces is no name.
    """
    text = column.cast(pl.String).str.normalize("NFC")
    return text.str.replace_all(r"\s+", " ").str.strip_chars().replace("", None)


def differing_in_case(frame: pl.DataFrame) -> tuple[str, ...]:
    """A sentence for each two groups whose names differ in capital letters alone.

    They count as two: a program cannot know, and one group taken for two is protected as two.
    """
    if "group" not in frame.columns:
        return ()
    alike: dict[str, list[str]] = {}
    for name in frame["group"].unique().sort().to_list():
        alike.setdefault(name.casefold(), []).append(name)
    return tuple(
        f"The groups {' and '.join(map(repr, names))} differ only in capital letters and count as "
        f"{len(names)} groups. If they are one, write them alike in the file."
        for names in alike.values()
        if len(names) > 1
    )


def _has_groups(description: Description) -> bool:
    return description.columns.group != NO_GROUPS


def _named_columns(description: Description) -> list[str]:
    columns = description.columns
    named = [columns.person, columns.round, columns.group if _has_groups(description) else None]
    named.append(columns.organisation)
    named += [item for scale in description.scales for item in scale.items]
    named += [score.column for score in description.scores]
    named += [column for score in description.scores for column in score.columns.values()]
    named += [question.column for question in description.questions]
    for text in description.texts:
        named += [text.column, text.ids, text.may_quote]
    return [name for name in named if name]


def _columns_exist(table: Table, description: Description) -> None:
    for name in _named_columns(description):
        if name not in table.columns:
            known = ", ".join(table.columns[:30])
            raise BadInput(
                Place(table.file, 1, name),
                "The design names this column and the file does not have it.",
                f"The file's columns are: {known}.",
            )


def _without_missing(table: Table, description: Description) -> pl.DataFrame:
    """Turn the values that mean "no answer" into nulls, in the columns that hold answers."""
    columns = description.columns
    keys = {columns.person, columns.group, columns.organisation, columns.round}
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
    return table.frame.with_columns(changes)


def _identified(table: Table, frame: pl.DataFrame, description: Description) -> pl.DataFrame:
    """Add who, where and when as text; a row without a group or a person is named and refused."""
    columns = description.columns
    person = pl.col(columns.person) if columns.person else pl.col("_row")
    wanted = [label(person).alias("participant")]
    if _has_groups(description):
        wanted.append(label(pl.col(columns.group)).alias("group"))
    if columns.organisation:
        wanted.append(label(pl.col(columns.organisation)).alias("organisation"))
    frame = frame.with_columns(wanted)
    for key, name in (
        ("participant", columns.person),
        ("group", columns.group),
        ("organisation", columns.organisation),
    ):
        if key in frame.columns and frame[key].null_count():
            row = int(frame.filter(pl.col(key).is_null())["_row"][0])
            raise BadInput(
                Place(table.file, row, name),
                "There is no value here.",
                "Fill it in or drop the row.",
            )
    if description.is_wide:
        return _unpivoted(frame, description)
    time = label(pl.col(columns.round)) if columns.round else pl.lit(ONLY_ROUND)
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


def _one_home_each(table: Table, frame: pl.DataFrame) -> None:
    """Refuse a group that stands in two organisations: it could not be compared with itself."""
    if "organisation" not in frame.columns or "group" not in frame.columns:
        return
    homes = frame.group_by("group").agg(pl.col("organisation").n_unique().alias("homes"))
    strange = homes.filter(pl.col("homes") > 1)
    if strange.height:
        group = str(strange["group"].sort()[0])
        row = int(frame.filter(pl.col("group") == group)["_row"][0])
        raise BadInput(
            Place(table.file, row),
            f"The group {group!r} stands in two organisations.",
            "Give groups names that are their own in the whole file.",
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
    given = pl.DataFrame({"name": description.columns.rounds_in_order}, schema={"name": pl.String})
    ordered: list[str] = given.select(label(pl.col("name")))["name"].to_list()
    if not ordered:
        return _rounds_by_name(table, found, description)
    unknown = [name for name in found if name not in ordered]
    if unknown:
        raise BadInput(
            Place(table.file, column=description.columns.round),
            f"The round {unknown[0]!r} is not among rounds_in_order.",
            "Add it where it belongs in time.",
        )
    return tuple(name for name in ordered if name in found)


def _rounds_by_name(table: Table, found: list[str], description: Description) -> tuple[str, ...]:
    rounds = rounds_in_time(found)
    if rounds is None:
        named = ", ".join(repr(name) for name in sorted(found))
        raise BadInput(
            Place(table.file, column=description.columns.round),
            f"The names of the rounds do not tell which came first: {named}.",
            "Write them under [columns], first to last: rounds_in_order = [...].",
        )
    return rounds
