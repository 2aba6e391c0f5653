"""What stands in the record of processing that the centre must keep?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from knutepunkt.shared.wording import reader_language
from knutepunkt.surveys.models import Survey
from knutepunkt.surveys.presenters.papers.paper import Paper, Section, clock_header, clock_rows
from knutepunkt.surveys.queries.instruments import instrument_of
from knutepunkt.surveys.queries.label import LABEL_SENTENCES, label_of
from knutepunkt.surveys.vocabulary import Channel, KeyHolding


def processing_of(survey: Survey) -> Paper:
    """Return the record, in the language of the moment."""
    centre = survey.organisation
    label = label_of(survey)
    contact = ", ".join(each for each in (centre.name, centre.number, centre.email) if each)
    return Paper(
        title=_("Record of processing"),
        lead=_("Made from how “{survey}” is set up.").format(survey=survey.title),
        sections=(
            Section(_("Responsible"), (contact,)),
            Section(
                _("Purpose"),
                (
                    _(
                        "To find out what self-help groups give those who take part, and what is hard."
                    ),
                ),
            ),
            Section(
                _("Legal basis"),
                (
                    _("Consent, given by sending the answer (Article 6 (1) (a))."),
                    _(
                        "Answers may tell of health, so the consent is explicit (Article 9 (2) (a))."
                    ),
                ),
            ),
            Section(_("Whom it concerns"), _people(survey)),
            Section(_("What is processed"), _what(survey)),
            Section(_("How anonymous it is"), (str(label.label), str(LABEL_SENTENCES[label]))),
            Section(
                _("Who receives it"),
                (
                    _("Nobody receives single answers. Reports pass the gate and a second person."),
                    _("Nothing is sent out of the country by the system."),
                ),
            ),
            Section(
                _("How long it is kept"),
                (_("Each clock runs by itself, and it is written down when one has run out."),),
                clock_header(),
                clock_rows(),
            ),
            Section(_("How it is protected"), _measures(survey)),
        ),
    )


def _people(survey: Survey) -> tuple[str, ...]:
    said = [_("People who take part, or took part, in the groups that are asked.")]
    if survey.is_sensitive:
        said.append(_("Some groups have a theme that is sensitive by itself."))
    said.append(_("Those who work at the centre, with name and e-mail address."))
    return tuple(said)


def _what(survey: Survey) -> tuple[str, ...]:
    language, instrument = reader_language(), instrument_of(survey)
    own = [item.texts for item in instrument.items if item.own]
    form = f"{instrument.title.in_language(language)} {instrument.plain_version}"
    said = [
        _(
            "Answers to the questionnaire “{version}”, with free text where somebody writes it."
        ).format(version=form)
    ]
    if own:
        said.append(
            _("Questions of the centre's own: {questions}").format(
                questions=" · ".join(texts.in_language(language) for texts in own)
            )
        )
    said.append(_("Which slips were used, until the close. Not names, addresses or times."))
    return tuple(said)


def _measures(survey: Survey) -> tuple[str, ...]:
    channels = set(survey.rounds.values_list("asked_groups__channel", flat=True))
    said = [
        _("Answers are sealed with the round's key and lie in a database of their own."),
        _(
            "At the close they are shuffled, and everything that ties a slip to an answer is deleted."
        ),
        _("Every figure is judged together with all figures shown before."),
        _("Whoever makes a report cannot approve it."),
    ]
    if survey.key_holding == KeyHolding.OFFLINE:
        said.append(_("The key that opens the answers is not on the server."))
    if Channel.PAPER in channels:
        said.append(_("Answers on paper are typed by two people, and the paper is destroyed."))
    if Channel.WALL in channels:
        said.append(_("Answers by the code on the wall never count towards what can be shown."))
    return tuple(said)
