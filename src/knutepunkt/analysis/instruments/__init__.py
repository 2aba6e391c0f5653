"""Questionnaires as data: items, scales, skip rules, scoring and versions."""

from knutepunkt.analysis.instruments.answers import answers_frame, answers_from_form
from knutepunkt.analysis.instruments.catalogue import PARTICIPANT_SURVEY, read_catalogue
from knutepunkt.analysis.instruments.codes import DOES_NOT_APPLY, PREFER_NOT_TO_SAY
from knutepunkt.analysis.instruments.for_browser import definition_for_browser
from knutepunkt.analysis.instruments.instrument import Instrument
from knutepunkt.analysis.instruments.items import Item, ItemKind, Part
from knutepunkt.analysis.instruments.own_questions import OwnQuestion, QuestionRisk
from knutepunkt.analysis.instruments.problems import InstrumentRefused, Problem
from knutepunkt.analysis.instruments.response_sets import (
    MergedCategory,
    ResponseOption,
    ResponseSet,
)
from knutepunkt.analysis.instruments.scales import Scale, ScaleRole
from knutepunkt.analysis.instruments.scoring import outside_codes, score, score_expressions
from knutepunkt.analysis.instruments.skip_rules import Operator, SkipRule
from knutepunkt.analysis.instruments.texts import Texts
from knutepunkt.analysis.instruments.translations import (
    blank_file,
    languages_of,
    pieces,
    with_translations,
)
from knutepunkt.analysis.instruments.validator import (
    AnswerFault,
    AnswersRefused,
    validate_answers,
)

__all__ = [
    "DOES_NOT_APPLY",
    "PARTICIPANT_SURVEY",
    "PREFER_NOT_TO_SAY",
    "AnswerFault",
    "AnswersRefused",
    "Instrument",
    "InstrumentRefused",
    "Item",
    "ItemKind",
    "MergedCategory",
    "Operator",
    "OwnQuestion",
    "Part",
    "Problem",
    "QuestionRisk",
    "ResponseOption",
    "ResponseSet",
    "Scale",
    "ScaleRole",
    "SkipRule",
    "Texts",
    "answers_frame",
    "answers_from_form",
    "blank_file",
    "definition_for_browser",
    "languages_of",
    "outside_codes",
    "pieces",
    "read_catalogue",
    "score",
    "score_expressions",
    "validate_answers",
    "with_translations",
]
