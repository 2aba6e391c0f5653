"""What is a first draft of the impact assessment, with the risks that are left in figures?"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from knutepunkt.shared.wording import date_in_words, reader_language
from knutepunkt.surveys.models import Survey
from knutepunkt.surveys.presenters.papers.attacks import Figure, attack_figures, measured_on
from knutepunkt.surveys.presenters.papers.paper import Paper, Section
from knutepunkt.surveys.queries.instruments import instrument_of
from knutepunkt.surveys.queries.label import LABEL_SENTENCES, label_of
from knutepunkt.surveys.vocabulary import Channel, KeyHolding, Label


def assessment_of(survey: Survey) -> Paper:
    """Return the draft, in the language of the moment."""
    label = label_of(survey)
    return Paper(
        title=_("Data protection impact assessment, draft"),
        lead=_(
            "A draft made from how “{survey}” is set up. The centre reads it, adds what it knows, and decides."
        ).format(survey=survey.title),
        sections=(
            Section(
                _("Why it is needed"),
                (
                    _("Being a member of a self-help group is sensitive by itself."),
                    _("The groups are small, and everyone in them knows the others."),
                    *((_("A theme here is marked as sensitive."),) if survey.is_sensitive else ()),
                ),
            ),
            Section(
                _("Why we do not ask for less"),
                (
                    _("Names, addresses and times are not stored, because the report needs none."),
                    _("Age and gender are in wide classes, last, and may be skipped."),
                ),
            ),
            Section(_("How anonymous it is"), (str(label.label), str(LABEL_SENTENCES[label]))),
            Section(
                _("What could go wrong, and what is done"),
                (),
                (_("Risk"), _("What is done")),
                _risks(survey),
            ),
            Section(_("The risk that is left"), _residual_words(), _residual_header(), _residual()),
            Section(
                _("What the centre decides"),
                (
                    _("Is the benefit worth the risk that is left? ______________________"),
                    _("Who was asked for advice, and when? ______________________"),
                    _("Decided by, and date: ______________________"),
                ),
            ),
        ),
    )


def _risks(survey: Survey) -> tuple[tuple[str, str], ...]:
    channels = set(survey.rounds.values_list("asked_groups__channel", flat=True))
    own_text = any(item.own and not item.is_closed for item in instrument_of(survey).items)
    known: tuple[tuple[bool, str, str], ...] = (
        (
            True,
            _("Somebody in the group works out what another has answered."),
            _("No figures for single groups. Every figure is checked against what members know."),
        ),
        (
            True,
            _("Somebody with the database finds whose an answer is."),
            _("After the close nothing ties a slip to an answer, not even in a backup."),
        ),
        (
            True,
            _("While the survey is open, whoever runs the server notes which slip is used."),
            _("Slips are folded, shuffled and drawn. No slip's state is shown to anyone."),
        ),
        (
            True,
            _("Free text gives its writer away."),
            _("Participants are told so where they write. Single texts are not in the report."),
        ),
        (
            survey.key_holding == KeyHolding.SERVER,
            _("Whoever runs the server reads answers after the close."),
            _("They see no names. Hold the key offline where that is not enough."),
        ),
        (
            own_text,
            _("A question of the centre's own asks for free text."),
            _("The question was rated before it was asked. Ask only what is needed."),
        ),
        (
            label_of(survey) is Label.IDENTIFIABLE,
            _("A question of the centre's own asks who somebody is."),
            _("Take the question away, or explain here why it is needed."),
        ),
        (
            survey.follows_people,
            _("Answers of one person over several rounds tell more than one answer does."),
            _("They are joined by a card only that person has, and only to be counted."),
        ),
        (
            Channel.PAPER in channels,
            _("Those who type paper answers recognise a handwriting."),
            _("Let people type who do not know the groups. Destroy the paper afterwards."),
        ),
        (
            Channel.LETTER in channels,
            _("A letter tells others at the address of the group."),
            _("Neither envelope nor letter names a group or its theme."),
        ),
        (
            Channel.WALL in channels,
            _("One person answers several times by the code on the wall."),
            _("Such answers never count towards the limit, and the report says so."),
        ),
    )
    return tuple((risk, done) for is_there, risk, done in known if is_there)


def _residual_words() -> tuple[str, ...]:
    day = dt.date.fromisoformat(measured_on())
    return (
        _("We attack our own reports and count how often it works. Last measured on {day}.").format(
            day=date_in_words(day)
        ),
        _(
            "The limit is two percentage points better than guessing, and nothing known for certain."
        ),
        _(
            "About three members who put everything together, and questions aimed at one person, we promise nothing."
        ),
    )


def _residual_header() -> tuple[str, ...]:
    return (
        _("Attack"),
        _("Tries"),
        _("Better than guessing (percentage points)"),
        _("Known for certain"),
    )


def _residual() -> tuple[tuple[str, ...], ...]:
    return tuple(
        (f"{each.attack} {each.words}", str(each.tries), _points(each), str(each.exact))
        for each in attack_figures()
    )


def _points(figure: Figure) -> str:
    text = f"{figure.points:+.1f} ± {figure.uncertain:.1f}".replace("-", "−")
    is_english = reader_language() == "en"
    return text if is_english else text.replace(".", ",")
