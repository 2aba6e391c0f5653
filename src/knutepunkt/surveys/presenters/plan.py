"""What does the plan for a report say, in sentences to read before it is locked?"""

from __future__ import annotations

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from knutepunkt.shared.wording import number_in_words, reader_language
from knutepunkt.surveys.models import Protocol
from knutepunkt.surveys.queries.instruments import instrument_of


def plan_in_sentences(protocol: Protocol) -> list[str]:
    """Return what is decided: who is asked, what comes first, when a scale counts, what is held."""
    plan = protocol.content
    asked, rounds = plan["population"], plan["rounds"]["planned"]
    sentences = [
        ngettext(
            "%(groups)s groups with %(members)s members are asked in %(rounds)s round.",
            "%(groups)s groups with %(members)s members are asked in %(rounds)s rounds.",
            rounds,
        )
        % {
            "groups": number_in_words(asked["groups"]).capitalize(),
            "members": asked["members"],
            "rounds": number_in_words(rounds),
        },
        _("The report looks at “%(scale)s” first.") % {"scale": _title_of(protocol)},
    ]
    smallest = plan["smallest_change"]
    if smallest is not None:
        points = f"{smallest:g}" if get_language() == "en" else f"{smallest:g}".replace(".", ",")
        sentences.append(
            _("A change of %(points)s points or more is said to matter.") % {"points": points}
        )
    sentences += [
        _("A person counts on a scale when at least %(share)s of its questions are answered.")
        % {"share": plan["missing"]["scales"]},
        _("No figure rests on too few people, and no group is shown by itself."),
    ]
    if plan["questions"]["own_questions"]:
        sentences.append(_("Your own questions are told of one by one."))
    return sentences


def _title_of(protocol: Protocol) -> str:
    """Return the name of the scale the report looks at first, in the reader's language."""
    first = protocol.content["primary_outcome"]
    scales = instrument_of(protocol.survey).scales
    scale = next(each for each in scales if each.id == first)
    return scale.texts.in_language(reader_language())
