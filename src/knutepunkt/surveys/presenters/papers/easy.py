"""What are participants told, in easy words: one idea a line, eight words or fewer?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from knutepunkt.shared.wording import date_in_words
from knutepunkt.surveys.models import Survey
from knutepunkt.surveys.presenters.papers.paper import Paper, Section
from knutepunkt.surveys.queries.label import label_of
from knutepunkt.surveys.vocabulary import Label


def easy_notice_of(survey: Survey) -> Paper:
    """Return the easy notice, in the language of the moment."""
    centre = survey.organisation
    last = survey.rounds.order_by("number").last()
    until: tuple[str, ...] = ()
    if last is not None:
        until = (_("The last day is {date}.").format(date=date_in_words(last.closes_on)),)
    return Paper(
        title=_("About the survey, in easy words"),
        lead=centre.name,
        sections=(
            Section(
                _("What is it?"),
                (
                    _("You are or were in a group."),
                    _("We ask how the group was."),
                    _("You choose if you will answer."),
                    _("You can skip any question."),
                    *until,
                ),
            ),
            Section(_("What happens to my answer?"), _what_happens(survey)),
            Section(
                _("Can I change my mind?"),
                (
                    _("Yes, until the survey closes."),
                    _("You get some words at the end."),
                    _("Keep the words."),
                    _("With the words you can delete your answer."),
                    *(() if survey.follows_people else (_("After the close we cannot find it."),)),
                ),
            ),
            Section(
                _("Is it hard right now?"),
                (_("Call 116 123."), _("Somebody answers day and night.")),
            ),
        ),
    )


def _what_happens(survey: Survey) -> tuple[str, ...]:
    said = [
        _("We lock your answer."),
        _("We do not ask for your name.")
        if label_of(survey) is not Label.IDENTIFIABLE
        else _("One question asks who you are."),
        _("Many answers become one report."),
        _("The report does not show your answer."),
        _("Do not write names in the answer."),
    ]
    if survey.follows_people:
        said.append(_("We ask you again later."))
    return tuple(said)
