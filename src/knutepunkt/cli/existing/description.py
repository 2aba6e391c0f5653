"""What does a design file say about a file of answers?

The design is TOML. It names the columns, the rounds, what counts as missing, and what to report:
questions (frequencies), scales (items that the program scores) and scores (numbers the file holds).
"""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from knutepunkt.analysis.measurement import clinical_cutoff
from knutepunkt.cli.existing.problems import BadInput, Place

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]


class Strict(BaseModel):
    """A part of the design: unknown words are refused, so that a slip of the pen is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Study(Strict):
    """What the report is called, for whom it is, and how strict the gate must be.

    `attendance` is the id of the question about how often people come, most often first.
    `adjust_for` names questions, scales or scores that organisations are adjusted for. `retest`
    names two rounds, the earlier first, between which nobody was expected to change.
    """

    title: str
    organisation: str = "—"
    audience: Literal["centre", "funder", "public"] = "centre"
    sensitive: bool = False
    dated: dt.date | None = None
    retrospective: bool = False
    attendance: str | None = None
    retest: tuple[str, str] | None = None
    adjust_for: tuple[str, ...] = ()


class Columns(Strict):
    """Which columns say who, in which group, in which organisation, in which round."""

    person: str | None = None
    group: str
    organisation: str | None = None
    round: str | None = None
    rounds_in_order: tuple[str, ...] = ()


class Missing(Strict):
    """Which values mean that there is no answer, in every column or in one."""

    values: tuple[float | str, ...] = ()
    by_column: dict[str, tuple[float | str, ...]] = Field(default_factory=dict)


class Asked(Strict):
    """What every question has in common.

    `rounds` names the rounds in which it was asked; without it, it was asked in all of them.
    """

    id: Identifier
    name: str
    rounds: tuple[str, ...] = ()


class Norm(Strict):
    """How some people known from elsewhere scored."""

    mean: float
    sd: float = Field(gt=0)


class Outcome(Asked):
    """What scales and scores have in common.

    `cutoff` is the score where those with the trouble and those without it meet; or `troubled` and
    `well` say how both scored elsewhere, and it is worked out.
    """

    smallest_change: float | None = Field(default=None, gt=0)
    primary: bool = False
    lower_is_better: bool = False
    reliability: float | None = Field(default=None, ge=0, lt=1)
    reliability_source: str | None = None
    cutoff: float | None = None
    troubled: Norm | None = None
    well: Norm | None = None

    @model_validator(mode="after")
    def _one_cutoff(self) -> Outcome:
        if (self.troubled is None) != (self.well is None):
            raise ValueError("give both troubled and well, each with mean and sd, or neither")
        if self.troubled is None or self.well is None:
            return self
        if self.cutoff is not None:
            raise ValueError("give either cutoff, or troubled and well")
        gap = self.well.mean - self.troubled.mean
        if not (gap < 0 if self.lower_is_better else gap > 0):
            raise ValueError(
                "well does not score better than troubled; look at lower_is_better and the means"
            )
        return self

    @property
    def limit(self) -> float | None:
        """The cut-off, given or worked out (Jacobson and Truax's criterion c)."""
        if self.troubled is None or self.well is None:
            return self.cutoff
        return clinical_cutoff(self.troubled.mean, self.troubled.sd, self.well.mean, self.well.sd)


class ScaleDescription(Outcome):
    """Items that are scored together as a mean."""

    items: tuple[str, ...] = Field(min_length=1)
    reversed: tuple[str, ...] = ()
    low: int
    high: int
    minimum_answered: str = "2/3"

    @model_validator(mode="after")
    def _reversed_are_items(self) -> ScaleDescription:
        unknown = [item for item in self.reversed if item not in self.items]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is reversed and not among the items")
        if self.low >= self.high:
            raise ValueError("low must be below high")
        return self


class ScoreDescription(Outcome):
    """A number the file already holds: one column, or one column per round."""

    column: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    low: float
    high: float

    @model_validator(mode="after")
    def _one_or_many(self) -> ScoreDescription:
        if bool(self.column) == bool(self.columns):
            raise ValueError("give either column or columns (one per round)")
        if self.columns and self.rounds:
            raise ValueError("columns names the rounds already: leave rounds out")
        if self.low >= self.high:
            raise ValueError("low must be below high")
        return self


class QuestionDescription(Asked):
    """A closed question that is reported as frequencies."""

    column: str
    options: dict[str, str] = Field(min_length=2)
    ordered: bool = True
    harm: bool = False
    sensitive: bool = True


class TextDescription(Asked):
    """A column of open answers, coded in sheets of their own.

    `ids` names a column that holds each text's id, where the file has one; `may_quote` one that
    says whether the text may be quoted (yes, ja, true, 1, x).
    """

    column: str
    ids: str | None = None
    may_quote: str | None = None
    language: str = ""


class Description(Strict):
    """The whole design file. `names` are of groups, places and people no quotation may hold."""

    study: Study
    columns: Columns
    missing: Missing = Missing()
    scales: tuple[ScaleDescription, ...] = ()
    scores: tuple[ScoreDescription, ...] = ()
    questions: tuple[QuestionDescription, ...] = ()
    texts: tuple[TextDescription, ...] = ()
    names: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _something_to_report(self) -> Description:
        ids = [one.id for one in self.scales]
        ids += [one.id for one in self.scores] + [one.id for one in self.questions]
        ids += [one.id for one in self.texts]
        if not ids:
            raise ValueError("there is nothing to report: add scales, scores or questions")
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"the id {twice[0]!r} is used twice")
        beside = [one for one in self.scores if one.columns]
        below = [one for one in self.scores if one.column]
        if beside and (below or self.scales or self.questions or self.texts):
            raise ValueError(
                "rounds stand beside each other (columns) in some of it and not in the rest; "
                "describe them in two designs, or lay the file out with one row per round"
            )
        primary = [one.primary for one in self.scales] + [one.primary for one in self.scores]
        if sum(primary) > 1:
            raise ValueError("only one outcome can be primary")
        return self

    @model_validator(mode="after")
    def _study_names_what_is_there(self) -> Description:
        questions = {one.id for one in self.questions}
        ids = {one.id for one in (*self.scales, *self.scores, *self.texts)} | questions
        if self.study.attendance is not None and self.study.attendance not in questions:
            raise ValueError(f"attendance {self.study.attendance!r} is no question")
        strange = [one for one in self.study.adjust_for if one not in ids]
        if strange:
            raise ValueError(f"adjust_for {strange[0]!r} is no question, scale or score")
        if self.study.adjust_for and self.columns.organisation is None:
            raise ValueError("adjust_for needs columns.organisation")
        if self.study.retest is not None and self.columns.person is None:
            raise ValueError("retest needs columns.person, to find the same people again")
        return self

    @property
    def is_wide(self) -> bool:
        """Whether rounds stand beside each other, one column per round."""
        return any(score.columns for score in self.scores)


def read_description(path: Path) -> Description:
    """Read and check a design file.

    Raises:
        BadInput: it is missing, is no TOML, or says something that cannot be.
    """
    place = Place(path.name)
    if not path.is_file():
        raise BadInput(
            place, "There is no such design.", "Make a first one with --draft-design DATA."
        )
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadInput(place, f"It is not TOML ({problem}).", "Correct that line.") from problem
    try:
        return Description.model_validate(content)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "design"
        message = first["msg"].removeprefix("Value error, ")
        raise BadInput(
            Place(path.name, column=where), f"{message}.", "Correct it and run again."
        ) from problem
