"""What would a first design for this file look like?"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterable

import polars as pl

from knutepunkt.cli.existing.reading import Table

_PERSON = re.compile(r"^(id|person|pid|subject|subj|respondent|deltaker|rowname|case|s)$", re.I)
_GROUP = re.compile(
    r"^(grp|group|gruppe?|platoon|team|class|cluster|centre|center|school|unit|dept)$", re.I
)
_ROUND = re.compile(r"^(round|runde|wave|bølge|time|tid|day|days|month|week|visit|occasion)$", re.I)
_ITEM = re.compile(r"^(?P<stem>[A-Za-zÆØÅæøå]+_?)0*(?P<number>\d+)$")
_WIDE = re.compile(r"^(?P<stem>\w+?)[._](?P<round>pre|post|t?\d+\w*|base\w*|follow\w*|w\d+)$", re.I)
_ROWS = re.compile(r"^(rowname|rownames|index|_row)$", re.I)
MOST_OPTIONS = 11


def draft_design(table: Table, day: dt.date) -> str:
    """Return a commented design that runs as it stands on tidy files, and says what to check.

    `day` is the date the report will bear until somebody changes it.
    """
    frame = table.frame.select(table.columns)
    person, group, round_ = (_first(frame, kind) for kind in (_PERSON, _GROUP, _ROUND))
    if round_ is None and person is not None and frame[person].n_unique() < frame.height:
        round_ = _repeating_column(frame, person)
    keys = {person, group, round_}
    rest = [name for name in frame.columns if name not in keys and not _ROWS.match(name)]
    wide = _wide(frame, rest)
    taken = {column for columns in wide.values() for column in columns.values()}
    scales = _scales(frame, [name for name in rest if name not in taken])
    taken |= {item for items in scales.values() for item in items}
    scores = [name for name in rest if name not in taken and _is_score(frame, name)]
    lines = [
        *_heading(table, day, person, group, round_),
        *_scale_lines(table, scales),
        *_wide_lines(frame, wide),
        *_score_lines(table, scores),
        *_left_out([n for n in rest if n not in taken and n not in scores]),
    ]
    return "\n".join(lines) + "\n"


def _first(frame: pl.DataFrame, pattern: re.Pattern[str]) -> str | None:
    return next((name for name in frame.columns if pattern.match(name)), None)


def _repeating_column(frame: pl.DataFrame, person: str) -> str | None:
    """Find a column that tells a person's rows apart."""
    for name in frame.columns:
        few = frame[name].n_unique() <= 20
        if name != person and few and not frame.select(person, name).is_duplicated().any():
            return name
    return None


def _whole(values: pl.Series) -> bool:
    if not values.dtype.is_numeric():
        return False
    held = values.drop_nulls()
    return bool(held.is_empty() or (held.cast(pl.Float64) == held.cast(pl.Float64).round()).all())


def _is_score(frame: pl.DataFrame, name: str) -> bool:
    return frame[name].dtype.is_numeric() and frame[name].n_unique() > 2


def _wide(frame: pl.DataFrame, names: Iterable[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name in names:
        match = _WIDE.match(name)
        if match and frame[name].dtype.is_numeric():
            found.setdefault(match["stem"], {})[match["round"]] = name
    return {stem: columns for stem, columns in found.items() if len(columns) > 1}


def _scales(frame: pl.DataFrame, names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        match = _ITEM.match(name)
        if match and _whole(frame[name]) and frame[name].n_unique() <= MOST_OPTIONS + 1:
            found.setdefault(match["stem"].rstrip("_"), []).append(name)
    return {stem: items for stem, items in found.items() if len(items) > 1}


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _heading(
    table: Table, day: dt.date, person: str | None, group: str | None, round_: str | None
) -> list[str]:
    return [
        f"# A first design for {table.file}, made from its {len(table.columns)} columns.",
        "# Read every line: the program guesses, you know.",
        "",
        "[study]",
        f"title = {_quoted(table.file.rsplit('.', 1)[0])}",
        'organisation = "—"',
        'audience = "centre"      # centre, funder or public; a wider audience is shown less',
        f"dated = {day.isoformat()}       # the date the report bears, the same however often it is made",
        "sensitive = false        # true when membership itself must be guarded: the stricter set",
        "",
        "[columns]",
        f"person = {_quoted(person)}"
        if person
        else '# person = "..."   # leave out when each row is one person',
        f"group = {_quoted(group or 'none')}"
        + ("" if group else '          # "none": the design has no groups; the report says so'),
        f"round = {_quoted(round_)}"
        if round_
        else '# round = "..."    # leave out when there is one round',
        '# rounds_in_order = ["before", "after"]',
        "",
        "[missing]",
        "values = []              # numbers or words that mean: no answer, for example 9 or 99",
        "",
    ]


def _range(frame: pl.DataFrame, names: Iterable[str]) -> tuple[float, float]:
    held = pl.concat([frame[name].drop_nulls().cast(pl.Float64) for name in names])
    if held.is_empty():
        return 0.0, 1.0
    return float(held.min() or 0.0), float(held.max() or 0.0)  # type: ignore[arg-type]


def _round_ends(frame: pl.DataFrame, names: Iterable[str]) -> tuple[int, int]:
    """Widen to round numbers: the ends of a score are known beforehand, not read off people.

    A measurement with decimals has no end in sight, so it gets one step more on either side.
    """
    columns = list(names)
    low, high = _range(frame, columns)
    step = 10 ** max(0, math.floor(math.log10(max(abs(low), abs(high), 1.0))))
    step = step if high > 10 else 1
    below, above = math.floor(low / step) * step, math.ceil(high / step) * step
    if step > 1 and not all(_whole(frame[name]) for name in columns):
        below, above = (max(0, below - step) if low >= 0 else below - step), above + step
    return below, above


def _identifier(name: str) -> str:
    cleaned = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return cleaned if cleaned[:1].isalpha() else f"x{cleaned}"


def _scale_lines(table: Table, scales: dict[str, list[str]]) -> list[str]:
    lines = []
    for stem, items in scales.items():
        low, high = _range(table.frame, items)
        lines += [
            "[[scales]]               # items that are scored together",
            f"id = {_quoted(_identifier(stem))}",
            f"name = {_quoted(stem)}",
            f"items = [{', '.join(_quoted(item) for item in items)}]",
            "reversed = []            # items that count from the other end",
            f"low = {low:.0f}                  # ends of the answer scale, not of the answers given",
            f"high = {high:.0f}",
            'minimum_answered = "2/3"',
            "# smallest_change = 0.3  # the smallest difference that matters, in points",
            "",
        ]
    return lines


def _wide_lines(frame: pl.DataFrame, wide: dict[str, dict[str, str]]) -> list[str]:
    lines = []
    for stem, columns in wide.items():
        low, high = _round_ends(frame, columns.values())
        named = ", ".join(
            f"{_quoted(name)} = {_quoted(column)}" for name, column in columns.items()
        )
        lines += [
            "[[scores]]               # a number the file holds, one column per round in order of time",
            f"id = {_quoted(_identifier(stem))}",
            f"name = {_quoted(stem)}",
            f"columns = {{ {named} }}",
            f"low = {low}                  # the lowest and highest score that can be had",
            f"high = {high}",
            "# lower_is_better = true  # and for telling one person's change from the measure's error:",
            "# reliability = 0.88      # known from elsewhere; cutoff = 14 where there is one",
            "",
        ]
    return lines


def _score_lines(table: Table, names: list[str]) -> list[str]:
    lines = []
    for name in names:
        low, high = _round_ends(table.frame, [name])
        title = table.column_labels.get(name, name)
        lines += [
            "[[scores]]",
            f"id = {_quoted(_identifier(name))}",
            f"name = {_quoted(title)}",
            f"column = {_quoted(name)}",
            f"low = {low}                  # the lowest and highest score that can be had",
            f"high = {high}",
            "",
        ]
    return lines


def _left_out(names: list[str]) -> list[str]:
    if not names:
        return []
    return [
        "# Not used, because they hold text or two values only. A closed question is written so:",
        "# [[questions]]",
        f"# id = {_quoted(_identifier(names[0]))}",
        f"# name = {_quoted(names[0])}",
        f"# column = {_quoted(names[0])}",
        '# options = { "1" = "no", "2" = "yes" }',
        f"# Columns: {', '.join(names)}",
    ]
