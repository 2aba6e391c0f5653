"""What would a first design for this file look like?"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import unicodedata
from collections.abc import Iterable

import polars as pl

from knutepunkt.cli.existing.drafting_questions import MOST_OPTIONS, is_question, question_lines
from knutepunkt.cli.existing.ordering import rounds_in_time
from knutepunkt.cli.existing.reading import Table

_PERSON = re.compile(r"^(id|person|pid|subject|subj|respondent|deltaker|rowname|case|s)$", re.I)
_GROUP = re.compile(
    r"^(grp|group|gruppe?|platoon|team|class|cluster|centre|center|school|unit|dept)$", re.I
)
_ROUND = re.compile(r"^(round|runde|wave|bølge|time|tid|day|days|month|week|visit|occasion)$", re.I)
_ITEM = re.compile(r"^(?P<stem>[A-Za-zÆØÅæøå]+_?)0*(?P<number>\d+)$")
_WIDE = re.compile(r"^(?P<stem>\w+?)[._](?P<round>pre|post|t?\d+\w*|base\w*|follow\w*|w\d+)$", re.I)
_ROWS = re.compile(r"^(rowname|rownames|index|_row)$", re.I)
#: With fewer groups than this no figure can be shown (P1).
FEWEST_GROUPS = 3
#: Whole numbers in this range are years, not something to take a mean of.
YEARS = range(1900, 2101)
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "Ae", "Ø": "O", "Å": "A"})


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
    left = [name for name in rest if name not in taken and name not in scores]
    # Rounds that stand beside each other and questions asked once do not go into one design.
    asked = [] if wide else [name for name in left if is_question(frame, name)]
    ids = _identifiers([*scales, *wide, *scores, *asked])
    lines = [
        *_heading(table, day, person, group, round_),
        *_scale_lines(table, scales, ids),
        *_wide_lines(frame, wide, ids),
        *_score_lines(table, scores, ids),
        *question_lines(table, {name: ids[name] for name in asked}),
        *_left_out([name for name in left if name not in asked]),
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
    if not frame[name].dtype.is_numeric() or frame[name].drop_nulls().n_unique() <= 2:
        return False
    low, high = _range(frame, [name])
    return not (_whole(frame[name]) and low in YEARS and high in YEARS)


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
        '# adjust_for = ["age"]   # questions or scores that organisations are adjusted for',
        '# retest = ["test", "retest"]   # two rounds with no change expected between them (T5-retest)',
        "sensitive = false        # true when membership itself must be guarded: the stricter set",
        "",
        "[columns]",
        f"person = {_quoted(person)}"
        if person
        else '# person = "..."   # leave out when each row is one person',
        _group_line(table.frame, group),
        '# organisation = "..."  # where the file holds several; they are set beside each other (T9)',
        f"round = {_quoted(round_)}"
        if round_
        else '# round = "..."    # leave out when there is one round',
        _rounds_line(table.frame, round_),
        "",
        "[missing]",
        "values = []              # numbers or words that mean: no answer, for example 9 or 99",
        "",
    ]


def _group_line(frame: pl.DataFrame, group: str | None) -> str:
    if group is None:
        return 'group = "none"          # "none": the design has no groups; the report says so'
    few = frame[group].n_unique() < FEWEST_GROUPS
    note = (
        '   # too few to show anything; "none" where these are no groups of people' if few else ""
    )
    return f"group = {_quoted(group)}{note}"


def _rounds_line(frame: pl.DataFrame, round_: str | None) -> str:
    if round_ is None:
        return '# rounds_in_order = ["before", "after"]'
    names = frame[round_].drop_nulls().cast(pl.String).unique(maintain_order=True).to_list()
    known = rounds_in_time(names)
    listed = ", ".join(_quoted(name) for name in known or names)
    return f"rounds_in_order = [{listed}]" + ("" if known else "   # guessed: first to last?")


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
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    cleaned = re.sub(r"[^A-Za-z0-9]+", "_", plain.encode("ascii", "ignore").decode()).strip("_")[
        :30
    ]
    return cleaned if cleaned[:1].isalpha() else f"x{cleaned}"


def _identifiers(names: Iterable[str]) -> dict[str, str]:
    """Give every name an identifier of its own, also where two are spelt nearly alike."""
    given: dict[str, str] = {}
    for name in names:
        first = chosen = _identifier(name)
        tries = 1
        while chosen in given.values():
            tries += 1
            chosen = f"{first[:28]}_{tries}"
        given[name] = chosen
    return given


def _scale_lines(table: Table, scales: dict[str, list[str]], ids: dict[str, str]) -> list[str]:
    lines = []
    for stem, items in scales.items():
        low, high = _range(table.frame, items)
        lines += [
            "[[scales]]               # items that are scored together",
            f"id = {_quoted(ids[stem])}",
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


def _wide_lines(
    frame: pl.DataFrame, wide: dict[str, dict[str, str]], ids: dict[str, str]
) -> list[str]:
    lines = []
    for stem, columns in wide.items():
        low, high = _round_ends(frame, columns.values())
        named = ", ".join(
            f"{_quoted(name)} = {_quoted(column)}" for name, column in columns.items()
        )
        lines += [
            "[[scores]]               # a number the file holds, one column per round in order of time",
            f"id = {_quoted(ids[stem])}",
            f"name = {_quoted(stem)}",
            f"columns = {{ {named} }}",
            f"low = {low}                  # the lowest and highest score that can be had",
            f"high = {high}",
            "# lower_is_better = true  # and for telling one person's change from the measure's error:",
            "# reliability = 0.88      # known from elsewhere; cutoff = 14 where there is one, or",
            "# troubled = { mean = 22.0, sd = 9.0 }   # how those with and without the trouble score,",
            "# well = { mean = 7.5, sd = 6.0 }        # and the cut-off is worked out",
            "",
        ]
    return lines


def _score_lines(table: Table, names: list[str], ids: dict[str, str]) -> list[str]:
    lines = []
    for name in names:
        low, high = _round_ends(table.frame, [name])
        title = table.column_labels.get(name, name)
        lines += [
            "[[scores]]",
            f"id = {_quoted(ids[name])}",
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
        "# Not used, because they hold text or a single value. A closed question is written so:",
        "# [[questions]]",
        f"# id = {_quoted(_identifier(names[0]))}",
        f"# name = {_quoted(names[0])}",
        f"# column = {_quoted(names[0])}",
        '# options = { "1" = "no", "2" = "yes" }',
        f"# Columns: {', '.join(names)}",
    ]
