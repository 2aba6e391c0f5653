"""What stands on slips, posters, letters, reminders and envelopes?

Covers name the group, for the person who hands the sheets out; nothing else does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knutepunkt.shared.wording import date_in_words
from knutepunkt.surveys.actions.slips import PrintedSlips
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.presenters.typesetting import (
    qr_code,
    short_address,
    slip_address,
    typeset,
)
from knutepunkt.surveys.vocabulary import Channel


def slip_question() -> tuple[str, str]:
    """Return the slip's sentence in two: the question, and what to know before answering."""
    sentence = _(
        "What has the group meant to you? Answering is voluntary. It takes about ten minutes, "
        "and you do not give your name."
    )
    question, _mark, about = sentence.partition("? ")
    return f"{question}?", about


def slips_pdf(
    asked_round: Round, printed: Sequence[PrintedSlips], *, is_large: bool = False
) -> bytes:
    """Return slips for scissors: eight to a page, or four in large print; a cover per group."""
    count_steps = [
        _("Cut along the lines, and fold every slip with the print inside."),
        _("Mix the slips and let everyone draw one. Then nobody knows who got which."),
        _("Say that answering is voluntary, and that you do not see who answers."),
        _("Bring slips that are left over back to the centre."),
    ]
    content = {
        **_common(asked_round),
        **_paper_slip_texts(asked_round),
        "large": is_large,
        "draw": _("Draw a slip from the pile."),
        "steps": count_steps,
        "batches": [_batch(each) for each in printed],
    }
    return typeset("slips", content, title=_("Slips"))


def posters_pdf(asked_round: Round, printed: Sequence[PrintedSlips]) -> bytes:
    """Return one poster per group, each after its cover."""
    content = {
        **_common(asked_round),
        "steps": [
            _("Hang the poster where only this group meets, and take it down after the deadline."),
            _("Everyone uses the same code, so we cannot know that each answers only once."),
        ],
        "batches": [_batch(each) for each in printed],
    }
    return typeset("poster", content, title=_("Code on the wall"))


def letters_pdf(asked_round: Round, printed: Sequence[PrintedSlips]) -> bytes:
    """Return letters to former participants for window envelopes, after a cover per group."""
    centre = asked_round.survey.organisation.name
    content = {
        **_common(asked_round),
        "greeting": _("Survey from {centre}").format(centre=centre),
        "paragraphs": [
            _("You receive this letter because you have been in touch with us."),
            " ".join(slip_question()),
            _(
                "Your answer is locked before it is stored. We do not store names, addresses or "
                "times with it. The report only shows figures for many people together."
            ),
            _("The code below can be used once. We do not know which code you have got."),
        ],
        "paper_instead": _(
            "Would you rather answer on paper, or do you want no more letters? Get in touch with us."
        ),
        "steps": [
            _("Write one address on each letter, in the field for the window."),
            _(
                "Mix the letters before you write the addresses, and do not note who gets which code."
            ),
            _("Use plain envelopes, without anything that tells about a group."),
        ],
        "batches": [_batch(each) for each in printed],
    }
    return typeset("letters", content, title=_("Letters"))


def envelopes_pdf(asked_round: Round, address: Sequence[str]) -> bytes:
    """Return a sheet of return address labels."""
    content = {
        "centre": asked_round.survey.organisation.name,
        "address": list(address),
        "how": _("Seal the envelope. Do not write your name on it."),
    }
    return typeset("envelopes", content, title=_("Return envelopes"))


def reminder_paragraphs(asked_round: Round) -> list[str]:
    """Return the one reminder, the same for all groups, as it is printed or sent."""
    _question, about = slip_question()
    return [
        _(
            "Our survey is open until {date}. If you have drawn a slip and want to answer, there "
            "is still time."
        ).format(date=date_in_words(asked_round.closes_on)),
        about,
        _(
            "We do not know who has answered, so everyone gets this reminder. Thank you if you have."
        ),
        _("Have you lost your slip? Ask for a new one. You need not say why."),
    ]


def reminder_pdf(asked_round: Round) -> bytes:
    """Return the reminder as two notes on a page."""
    content = {
        "centre": asked_round.survey.organisation.name,
        "question": slip_question()[0],
        "paragraphs": reminder_paragraphs(asked_round),
    }
    return typeset("reminder", content, title=_("Reminder"))


def sheets_for(
    asked_round: Round, printed: Sequence[PrintedSlips], *, is_large: bool = False
) -> list[tuple[Channel, bytes]]:
    """Return one PDF for each way the groups get the survey, in a fixed order."""
    made: list[tuple[Channel, bytes]] = []
    for channel in Channel:
        chosen = [each for each in printed if each.channel == channel]
        if not chosen:
            continue
        if channel == Channel.LETTER:
            made.append((channel, letters_pdf(asked_round, chosen)))
        elif channel == Channel.WALL:
            made.append((channel, posters_pdf(asked_round, chosen)))
        else:
            made.append((channel, slips_pdf(asked_round, chosen, is_large=is_large)))
    return made


def _common(asked_round: Round) -> dict[str, Any]:
    question, about = slip_question()
    return {
        "centre": asked_round.survey.organisation.name,
        "question": question,
        "about": about,
        "deadline": _("Answer by {date}.").format(date=_unbroken(asked_round.closes_on)),
        "short_address": short_address(),
        "or_type": _("Scan the code, or type:"),
        "qr_alt": _("Square code that opens the survey on a phone"),
        "languages": _("The questions are in Bokmål, Nynorsk and English."),
        "cover_for": _("For the one who hands them out"),
        "never": _("Do not write down codes or names. Each slip gives one answer."),
        "cover_away": _(
            "This page names the group. Keep it apart, and throw it away when all is handed out."
        ),
    }


def _unbroken(day: dt.date) -> str:
    return date_in_words(day).replace(" ", "\u00a0")


def _paper_slip_texts(asked_round: Round) -> dict[str, str]:
    survey = asked_round.survey
    comes_again = survey.follows_people and asked_round.number < survey.planned_rounds
    why = _(
        "With these words you can delete your answer until the deadline. They do not show what "
        "you answered."
    )
    if comes_again:
        why = _("Write these words on the next form, and we find your answer again.") + " " + why
    return {
        "regret": _("Your card") if comes_again else _("Might you change your mind?"),
        "regret_why": why,
        "tear": _("Tear off this half and keep it."),
        "paper_how": _("Put this half in the envelope together with your answers."),
    }


def _batch(printed: PrintedSlips) -> dict[str, Any]:
    count = len(printed.codes)
    if printed.channel == Channel.LETTER:
        amount = ngettext("%(count)s letter", "%(count)s letters", count)
    else:
        amount = ngettext("%(count)s slip", "%(count)s slips", count)
    words = printed.words or ("",) * count
    return {
        "group": printed.asked.group.name,
        "count": amount % {"count": count},
        "slips": [
            {"code": code, "qr": qr_code(slip_address(code)), "words": receipt}
            for code, receipt in zip(printed.codes, words, strict=True)
        ],
    }
