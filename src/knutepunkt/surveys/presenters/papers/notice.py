"""What are participants told about the processing, before they answer?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from knutepunkt.shared.wording import date_in_words, reader_language
from knutepunkt.surveys.models import Survey
from knutepunkt.surveys.policies.retention import ANSWERS
from knutepunkt.surveys.presenters.papers.paper import Paper, Section, kept_for
from knutepunkt.surveys.queries.consent import (
    CONSENT_SENTENCES,
    asks_in_own_words,
    consent_content,
    purposes_of,
)
from knutepunkt.surveys.queries.label import label_of
from knutepunkt.surveys.vocabulary import KeyHolding, Label


def notice_of(survey: Survey) -> Paper:
    """Return the notice, in the language of the moment."""
    centre = survey.organisation
    return Paper(
        title=_("To you who are asked"),
        lead=_("{centre} asks what the group has meant to you.").format(centre=centre.name),
        sections=(
            Section(
                _("Who is responsible"),
                (
                    _("{centre} decides why and how we ask.").format(centre=centre.name),
                    _("You can ask us here: {contact}.").format(
                        contact=centre.email or centre.telephone or centre.name
                    ),
                ),
            ),
            Section(
                _("Why we ask"),
                (
                    _("We want to know what those who take part have gained, and what was hard."),
                    _("Answering is voluntary, and you can skip every question."),
                ),
            ),
            Section(_("What we store"), _stored(survey)),
            Section(_("What you agree to"), _consents(survey)),
            Section(_("How long"), _how_long(survey)),
            Section(_("What you can do"), _rights(survey)),
        ),
    )


def _stored(survey: Survey) -> tuple[str, ...]:
    said = [
        _(
            "Your answer is locked before it is stored. We do not store names, addresses or times "
            "with it. The report only shows figures for many people together."
        ),
        _(
            "If you write about something only your group knows, someone may recognise you. "
            "Please leave out names, places and details."
        ),
    ]
    if asks_in_own_words(survey):
        said.append(
            _(
                "Two people who start no groups may read what you write in your own words. They see "
                "neither your group nor your other answers."
            )
        )
    if survey.key_holding == KeyHolding.SERVER:
        said.append(
            _("Whoever runs the server can open the answers after the close, not see whose.")
        )
    else:
        said.append(_("The key lies with the researcher, and not on the server."))
    if label_of(survey) is Label.IDENTIFIABLE:
        said.append(_("One of the questions asks who you are. You can leave it open."))
    return tuple(said)


def _consents(survey: Survey) -> tuple[str, ...]:
    last = survey.rounds.exclude(consent=None).order_by("number").last()
    content = last.consent.content if last is not None and last.consent else consent_content(survey)
    language = reader_language()
    return tuple(
        content.get(purpose.value, {}).get(language) or str(CONSENT_SENTENCES[purpose])
        for purpose in purposes_of(survey)
    )


def _how_long(survey: Survey) -> tuple[str, ...]:
    said = [
        _("Answers are destroyed {time} after the survey has closed for the last time.").format(
            time=kept_for(ANSWERS)
        ),
        _("The report stays, because nobody can be recognised in it."),
    ]
    last = survey.rounds.order_by("number").last()
    if last is not None:
        said.insert(0, _("You can answer until {date}.").format(date=date_in_words(last.closes_on)))
    return tuple(said)


def _rights(survey: Survey) -> tuple[str, ...]:
    after = (
        _("After the close your card still finds your answer, and you can ask us to delete it.")
        if survey.follows_people
        else _("After the close nobody can tell which answer is yours, so it cannot be deleted.")
    )
    return (
        _("Until the close you can delete your answer with the words you got."),
        after,
        _("You can complain to the Norwegian Data Protection Authority, datatilsynet.no."),
        _(
            "If things are difficult now, call 116 123 at any hour. If a life is in danger, call 113."
        ),
    )
